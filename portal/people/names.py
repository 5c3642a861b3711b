"""How a human being is called: letters of any script, and the few signs that stand between them in a name."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.plaintext import clean_text

LONGEST = 40
SHORTEST = 2  # letters
_DOTS = re.compile(r"\s*[\u00b7\u0387\u2022\u2027\u2219\u22c5\u2e31\u30fb\uff65]\s*")
_DOT_BETWEEN_IDEOGRAPHS = re.compile(r"(?<=[\u3400-\u9fff])\s*\.\s*(?=[\u3400-\u9fff])")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0x2019: "'", 0x2010: "-"}
# Newer ideographs than this Python's tables know stand in these planes too.
_IDEOGRAPH_PLANES = range(0x20000, 0x40000)
_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0")  # letters by their category, with nothing to see
_MOST_MARKS = 2  # on one letter


def clean_name(text: str) -> str:
    """A person's name as it is kept: one line, ``·`` between the parts of a name that has them (阿依古丽·买买提).

    Ideographs are left as they are: a rare form is somebody's name. Raises ValidationError that says what is wrong for
    digits, emoji and other signs, for fewer than two letters and for more than forty characters.
    """
    name = " ".join(clean_text(text).replace("\u200d", "").translate(_FULL_WIDTH).split())
    name = _DOT_BETWEEN_IDEOGRAPHS.sub("·", _DOTS.sub("·", name))
    if any(char.isdecimal() or char.isdigit() for char in name):
        raise ValidationError(_("姓名里不能有数字。"), code="digits")
    letters = marks = 0
    last = " "
    for char in name:
        if _is_letter(char):
            letters, marks = letters + 1, 0
        elif unicodedata.category(char) in {"Mn", "Mc"} and letters and marks < _MOST_MARKS:
            marks += 1
            continue
        elif char not in " ·-'." or (last in "·-'" or (last == " " and char != " ")):
            raise ValidationError(
                _("姓名只写文字，不写表情和别的符号。名字中间有点的，写成“阿依古丽·买买提”。"), code="signs"
            )
        last = char
    if letters < SHORTEST or last in "·-'":
        raise ValidationError(_("请把姓名写全，至少两个字。"), code="short")
    if len(name) > LONGEST:
        raise ValidationError(_("姓名最多 40 个字。"), code="long")
    return name


def _is_letter(char: str) -> bool:
    seen = unicodedata.category(char)[0] == "L" and char not in _UNSEEN
    return seen or char == "〇" or ord(char) in _IDEOGRAPH_PLANES
