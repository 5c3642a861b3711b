"""Whether a text holds a phone, an ID or a bank card number, however it was typed: such a number is no word to search
for."""

import re
import unicodedata

from . import private_numbers

_PART = re.compile(r"\d{7}")
_PHONE = r"1[3-9]\d{9}|(?:010|02\d|0[3-9]\d\d)[2-8]\d{6,7}"
_WHOLE = re.compile(rf"(?<!\d)(?:{_PHONE}|\d{{15}}|\d{{17}}[\dXx])(?!\d)|(?<![A-Za-z])[A-Za-z]{{3}}\d{{12}}(?!\d)")


def holds_number(text: str, *, part: bool = False) -> bool:
    """Whether ``text`` holds a whole phone number (mobile, or fixed line with its area code), ID number (居民身份证,
    外国人永久居留证) or bank card number, with full-width digits, +86, blanks or dashes too; with ``part`` seven digits
    on end are one already."""
    tight = re.sub(r"[\s\-()·.\u2010-\u2015\u2212]", "", unicodedata.normalize("NFKC", text))
    tight = re.sub(r"(?<!\d)(?:\+86|0086)(?=1[3-9])", "", tight)
    tight = re.sub(r"(?<!\d)(?:\+86|0086)(?=10|[2-9])", "0", tight)  # a fixed line without the 0 of its area code
    return bool((_PART if part else _WHOLE).search(tight)) or private_numbers.holds_card_number(text)
