"""What may stand on the public wall: words about the thing, none by which somebody is found."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core import private_numbers, reasons
from portal.people.models import Person

_PHONE = re.compile(r"1[3-9]\d{9}|(?<!\d)0\d{2,3}\d{7,8}(?!\d)|(?<!\d)\d{7,8}(?!\d)")
# 3栋2单元, 2单元102, 102室, 15-2-301: a building alone is no door.
_DOOR = re.compile(r"\d+(?:栋|幢|号楼|座)\d+|\d+单元|\d{2,4}(?:室|房号|号房)|\d+-\d+-\d+")


def _plain(text: str) -> str:
    """Full-width digits as ASCII; blanks and dots between digits taken out."""
    flat = unicodedata.normalize("NFKC", text)
    return re.sub(r"(?<=\d)[\s.·]+(?=\d)", "", flat)


def problem(text: str, *people: Person) -> str:
    """Why ``text`` must not be public: a number, a door, the full name of one of ``people``; empty where it may."""
    plain = _plain(text)
    tight = re.sub(r"[\s-]", "", plain)
    if _PHONE.search(tight) or private_numbers.problem(text):
        return _("公开的字里不能有电话、证件号和银行卡号。")
    if _DOOR.search(plain.replace(" ", "")):
        return _("公开的字里不能有门牌号。")
    if any(len(person.name) > 1 and person.name in plain for person in people):
        return _("公开的字里不能有真实姓名，可以写“李奶奶”“三栋邻居”。")
    return ""


def check(*, title: str, alias: str, people: list[Person]) -> None:
    """ValidationError by field for a title or alias that must not be public."""
    found = {"title": problem(title, *people), "alias": problem(alias, *people)}
    if not title.strip():
        found["title"] = _("请写一个公开标题，不要带姓名、电话和门牌。")
    elif not found["title"] and len({char for char in title if reasons.is_han(char)}) < reasons.LEAST_HAN:
        found["title"] = _("公开标题至少要有两个汉字，让人看得懂要帮什么。")
    if errors := {field: words for field, words in found.items() if words}:
        raise ValidationError(errors)
