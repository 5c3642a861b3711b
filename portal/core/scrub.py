"""The last net before a log line: anything that looks like a phone, an ID number or a bank card is masked."""

import re
from typing import Any

from .luhn import check_digit

# A number begins where no digit stands before it, behind an escaped sign of an address (%20), or behind China's 86.
_START = r"(?:(?<!\d)|(?<=%\d\d)|(?<=86))"
_GAP = r"(?:[\s\-+]|%20)?"
_ID_NUMBER = re.compile(rf"{_START}(\d{{4}})\d{{10}}(\d{{3}}[\dXx])(?!\d)")
_PHONE = re.compile(rf"{_START}([1１][3-9３-９]\d){_GAP}\d{{4}}{_GAP}(\d{{4}})(?!\d)")
_LANDLINE = re.compile(rf"{_START}(010|02\d|0[3-9]\d\d)({_GAP})[2-8]\d{{3}}(\d{{3,4}})(?![\d.])")
# A card begins with 3 to 9; what begins with 1 or 2 in this length is a moment, a day or a number of ours.
_CARD = re.compile(rf"(?<![A-Za-z\d.])([3-9]\d{{3}})((?:{_GAP}\d{{4}}){{3}}{_GAP}\d{{0,3}}|\d{{12,15}})(?![A-Za-z\d])")
# PostgreSQL tells the values of the row that it refused, on as many lines as they have.
_ROW = re.compile(
    r"\b(DETAIL:|CONTEXT:).*?(?=\n(?:HINT:|STATEMENT:|\s*The above exception|\s*During handling|Traceback)|\Z)",
    re.DOTALL,
)


def _mask_card(match: re.Match[str]) -> str:
    digits = re.sub(r"%20|\D", "", match[0])
    checks = 16 <= len(digits) <= 19 and check_digit(digits[:-1]) == digits[-1]
    return f"{digits[:4]}{'*' * (len(digits) - 8)}{digits[-4:]}" if checks else match[0]


def scrub(text: str) -> str:
    """``text`` with resident ID numbers, phone numbers and bank card numbers masked, everything else untouched."""
    masked = _PHONE.sub(r"\1****\2", _ID_NUMBER.sub(r"\1**********\2", text))
    return _LANDLINE.sub(r"\1\2****\3", _CARD.sub(_mask_card, masked))


def _scrub_value(value: Any) -> Any:
    if isinstance(value, str):
        return scrub(_ROW.sub(r"\1 …", value))
    if isinstance(value, dict):
        return {_scrub_value(key): _scrub_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_scrub_value(item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return scrub(str(value)) if isinstance(value, int) and not isinstance(value, bool) and value > 10**10 else value
    return scrub(str(value))


def scrub_event(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """structlog processor: every value of the event, nested ones and tracebacks too."""
    return {key: _scrub_value(value) for key, value in event.items()}
