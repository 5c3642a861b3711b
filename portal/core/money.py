"""Money is an integer of fen (1 yuan = 100 fen). Rounding and splitting happen here and nowhere else."""

import re
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_SIGNS = str.maketrans({"−": "-", "－": "-", "￥": "¥", "，": ","})
_YUAN = re.compile(r"(-?)¥?\s*(-?)(\d{1,12}|\d{1,3}(?:,\d{3}){1,3})(?:\.(\d{1,2}))?(?:\s*元)?")


def format_yuan(fen: int) -> str:
    """``24000`` → ``¥240.00``; a negative amount carries a true minus sign before the currency sign."""
    sign = "−" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    return f"{sign}¥{yuan:,}.{rest:02d}"


def plain_yuan(fen: int) -> str:
    """``24050`` → ``240.50`` and ``24000`` → ``240``: an amount as it stands in a form."""
    yuan, rest = divmod(abs(fen), 100)
    return ("-" if fen < 0 else "") + (f"{yuan}.{rest:02d}" if rest else str(yuan))


def parse_yuan(text: str) -> int:
    """Fen of what a person typed (``240``, ``¥1,200.5``, ``−¥3``). Raises ValidationError for anything else.

    A comma stands between groups of three digits only, so that ``12,5`` is asked again and never taken for 125.
    """
    match = _YUAN.fullmatch(text.translate(_SIGNS).strip())
    if not match or (match[1] and match[2]):
        raise ValidationError(_("请填写金额，例如 240 或 240.50。"))
    fen = int(match[3].replace(",", "")) * 100 + int((match[4] or "0").ljust(2, "0"))
    return -fen if match[1] or match[2] else fen


def split(total: int, parts: int) -> list[int]:
    """``total`` fen in ``parts`` even shares that sum to it exactly; shares differ by one fen at most."""
    if parts < 1:
        raise ValueError("parts must be at least 1")
    return share(total, [1] * parts)


def share(total: int, weights: Sequence[int]) -> list[int]:
    """``total`` fen by integer ``weights``, exact in sum, each share within one fen of its exact value.

    Largest remainder:
    1. give everyone the floor of the exact share;
    2. the fen left over go one each to the largest remainders, the earlier place first.
    """
    whole = sum(weights)
    if whole <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("weights must be non-negative and not all zero")
    floors = [total * weight // whole for weight in weights]
    remainders = [total * weight % whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda place: (-remainders[place], place))
    for place in order[: total - sum(floors)]:
        floors[place] += 1
    return floors
