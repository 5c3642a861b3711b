"""Money is an integer of fen (1 yuan = 100 fen). Rounding and splitting happen here and nowhere else."""

import re
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_YUAN = re.compile(r"^(-?)(\d{1,12})(?:\.(\d{1,2}))?$")


def format_yuan(fen: int) -> str:
    """``24000`` → ``¥240.00``; a negative amount carries a true minus sign before the currency sign."""
    sign = "−" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    return f"{sign}¥{yuan:,}.{rest:02d}"


def parse_yuan(text: str) -> int:
    """Fen of what a person typed (``240``, ``¥1,200.5``). Raises ValidationError for anything else."""
    plain = text.strip().removeprefix("¥").removeprefix("￥").replace(",", "").replace("，", "").removesuffix("元").strip()
    match = _YUAN.match(plain)
    if not match:
        raise ValidationError(_("请填写金额，例如 240 或 240.50。"))
    sign, yuan, rest = match.groups()
    fen = int(yuan) * 100 + int((rest or "0").ljust(2, "0"))
    return -fen if sign else fen


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
