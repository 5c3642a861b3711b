"""The last net before a log line: anything that looks like a phone or an ID number is masked."""

import re
from typing import Any

# A number begins where no digit stands before it, behind an escaped sign of an address (%20), or behind China's 86.
_START = r"(?:(?<!\d)|(?<=%\d\d)|(?<=86))"
_GAP = r"(?:[\s\-+]|%20)?"
_ID_NUMBER = re.compile(rf"{_START}(\d{{4}})\d{{10}}(\d{{3}}[\dXx])(?!\d)")
_PHONE = re.compile(rf"{_START}([1１][3-9３-９]\d){_GAP}\d{{4}}{_GAP}(\d{{4}})(?!\d)")


def scrub(text: str) -> str:
    """``text`` with resident ID numbers and mobile numbers masked, everything else untouched."""
    return _PHONE.sub(r"\1****\2", _ID_NUMBER.sub(r"\1**********\2", text))


def _scrub_value(value: Any) -> Any:
    if isinstance(value, str):
        return scrub(value)
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
