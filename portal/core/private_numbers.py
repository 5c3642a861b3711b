"""Numbers that nobody needs to write into a text that others read: ID numbers and bank card numbers, however typed.

A number may stand in one piece or in groups, with blanks, dashes, dots or other signs between them, in full-width or
other digits. Groups are put together only where that makes a plausible number (a birth date, a card's check digit), so
that a phone beside a door number, a date or a list of prices is left alone.
"""

import re
import unicodedata
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .luhn import check_digit

_GROUP = re.compile(
    r"(?<![A-Za-z\d])[A-Za-z]{3}(?=\d{12}(?!\d))\d+|\d+(?:[Xx](?![A-Za-z\d]))?|(?<![A-Za-z\d])[Xx](?![A-Za-z\d])"
)
_X = str.maketrans("×ХхΧχ", "XXXXX")
_LONGEST_GAP = 3  # signs between two groups of one number
_LONGEST = 19
_PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|(?:010|02\d|0[3-9]\d\d)[\s-]?[2-8]\d{6,7})(?!\d|[Xx](?![A-Za-z\d]))")
_BORN_8 = r"(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_BORN_6 = r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_ID_NUMBER = re.compile(rf"[1-9]\d{{5}}{_BORN_8}\d{{3}}[\dXx]")
_SHORT_ID_NUMBER = re.compile(rf"[1-9]\d{{5}}{_BORN_6}\d{{3}}")
_ID_IN_ONE_PIECE = re.compile(r"\d{17}[\dXx]|[A-Za-z]{3}\d{12}")
_CARD = re.compile(r"[3-9]\d{15,18}|2[2-7]\d{14}")


def holds_id_number(text: str) -> bool:
    """Whether something in ``text`` looks like the number of an identity document of 15 or 18 places (居民身份证, also
    of residents from 港澳台; 外国人永久居留身份证)."""
    return any(_is_id_number(groups) for groups in _neighbours(text))


def holds_card_number(text: str) -> bool:
    """Whether something in ``text`` is 16 to 19 digits that check as a bank card's number does."""
    return any(_is_card_number(groups) for groups in _neighbours(text))


def problem(text: str) -> str:
    """Why ``text`` must not be kept as words that others read, for who typed it; empty where it may. The number is
    not repeated."""
    if holds_id_number(text):
        return _("请不要写身份证号，办事用不着。删掉号码，别的字可以留着。")
    if holds_card_number(text):
        return _("请不要写银行卡号，办事用不着。删掉号码，别的字可以留着。")
    return ""


def refuse(**texts: str) -> None:
    """ValidationError by field where one of ``texts`` holds such a number."""
    if found := {field: words for field, text in texts.items() if (words := problem(text))}:
        raise ValidationError(found)


def fold_digits(text: str) -> str:
    """``text`` with whatever is a digit as 0 to 9, full-width signs as ASCII, and without signs that nobody sees."""
    shown = "".join(char for char in text if unicodedata.category(char) not in {"Cf", "Mn", "Me"})
    flat = unicodedata.normalize("NFKC", shown).translate(_X)
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in flat)


def _is_id_number(groups: list[str]) -> bool:
    whole = "".join(groups)
    if len(groups) == 1 and _ID_IN_ONE_PIECE.fullmatch(whole):
        return True
    short = _SHORT_ID_NUMBER.fullmatch(whole) is not None and _is_typed_as_one(groups)
    return short or _ID_NUMBER.fullmatch(whole) is not None


def _is_card_number(groups: list[str]) -> bool:
    whole = "".join(groups)
    checks = _CARD.fullmatch(whole) is not None and check_digit(whole[:-1]) == whole[-1]
    return checks and _is_typed_as_one(groups)


def _is_typed_as_one(groups: list[str]) -> bool:
    """Whether all but the last are of one length, or have four digits or more: 62 22 02 …, 6222 0202 …, 622202 …"""
    lengths = [len(group) for group in groups[:-1]] or [_LONGEST]
    one_by_one = len(set(lengths)) == 1 and len(groups[-1]) <= lengths[0]
    return one_by_one or min(lengths) >= 4


def _neighbours(text: str) -> Iterator[list[str]]:
    """Every run of groups of digits, of at most 19 places, that ``text`` may be read to hold as one number.

    A group that is a phone belongs to no other number; a gap of letters or of more than three signs parts two groups.
    """
    for row in _rows(_PHONE.sub("電", fold_digits(text))):
        for first in range(len(row)):
            for last in range(first, len(row)):
                groups = row[first : last + 1]
                if sum(map(len, groups)) > _LONGEST:
                    break
                yield groups


def _rows(flat: str) -> Iterator[list[str]]:
    """The groups of ``flat`` that stand beside each other."""
    row: list[str] = []
    end = 0
    for match in _GROUP.finditer(flat):
        gap = flat[end : match.start()]
        if row and (len(gap) > _LONGEST_GAP or any(char.isalnum() for char in gap)):
            yield row
            row = []
        row.append(match[0])
        end = match.end()
    if row:
        yield row
