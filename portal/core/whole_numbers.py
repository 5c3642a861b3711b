"""Whether a text holds a phone or an ID number, however it was typed: such a number is no word to search for."""

import re
import unicodedata

_PART = re.compile(r"\d{7}")
_WHOLE = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{15}|\d{17}[\dXx])(?!\d)|(?<![A-Za-z])[A-Za-z]{3}\d{12}(?!\d)")


def holds_number(text: str, *, part: bool = False) -> bool:
    """Whether ``text`` holds a whole mobile or ID number (居民身份证, 外国人永久居留证), with full-width digits, +86,
    blanks or dashes too; with ``part`` seven digits on end are one already."""
    tight = re.sub(r"[\s\-()·.]", "", unicodedata.normalize("NFKC", text))
    tight = re.sub(r"(?<!\d)(?:\+86|0086)(?=1[3-9])", "", tight)
    return bool((_PART if part else _WHOLE).search(tight))
