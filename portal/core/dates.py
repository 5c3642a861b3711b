"""Days as people write them: one box with the browser's calendar, or three boxes for a day long ago.

``DayField`` is for a day near today: ``<input type="date">``, which a browser that knows no calendar shows as a plain
box. Whatever is typed there is read as it is usually written (2026-03-09, 2026/3/9, 2026年3月9日, 20260309).
``PartsField`` is for a birth date or another day known by heart, which nobody should page back to through sixty years
of a calendar: year, month, day, each a box of its own. Both keep what was typed, however wrong, and say what is wrong.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Bound = dt.date | Callable[[], dt.date] | None
_WRITTEN = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2})")
_OLDEST_YEAR = 1850


def read_day(text: str) -> dt.date:
    """The day that ``text`` names; full-width digits too. Raises ``ValueError`` where it names none."""
    found = _WRITTEN.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        raise ValueError(text)
    year, month, day = (int(part) for part in found.groups() if part is not None)
    return dt.date(year, month, day)


def _words(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


class _Bounded(forms.Field):
    """Days between two bounds, either of which may be left open or be a function that is asked each time."""

    def __init__(self, *, earliest: Bound = None, latest: Bound = None, **kwargs: Any) -> None:
        self._earliest, self._latest = earliest, latest
        super().__init__(**kwargs)

    @property
    def earliest(self) -> dt.date | None:
        """The first day that is taken; None for any."""
        return self._earliest() if callable(self._earliest) else self._earliest

    @property
    def latest(self) -> dt.date | None:
        """The last day that is taken; None for any."""
        return self._latest() if callable(self._latest) else self._latest

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if self.latest is not None and value > self.latest:
            raise ValidationError(_("日期不能晚于%(day)s。") % {"day": _words(self.latest)}, code="too_late")
        if self.earliest is not None and value < self.earliest:
            raise ValidationError(_("日期不能早于%(day)s。") % {"day": _words(self.earliest)}, code="too_early")


# One box with a calendar ---------------------------------------------------------------------------------------------


class DayInput(forms.DateInput):
    """The browser's calendar. What is no day is shown in a plain box: a calendar would show nothing at all."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")

    def format_value(self, value: Any) -> str | None:
        """A day as the calendar wants it; anything else as it was typed."""
        if isinstance(value, str):
            try:
                return read_day(value).isoformat()
            except ValueError:
                return value
        return super().format_value(value)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        if shown and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", shown):
            context["widget"]["type"] = "text"
        return context


class DayField(_Bounded, forms.DateField):
    """A day near today. ``earliest`` and ``latest``: a date, or a function asked anew each time."""

    widget = DayInput

    def to_python(self, value: Any) -> dt.date | None:
        """The day; None for nothing. Raises ValidationError in plain words."""
        if not isinstance(value, str):
            return super().to_python(value)
        if not value.strip():
            return None
        try:
            return read_day(value)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def get_bound_field(self, form: Any, field_name: str) -> forms.BoundField:
        """The calendar opens within the bounds, as they are now."""
        for name, day in (("min", self.earliest), ("max", self.latest)):
            if day is not None:
                self.widget.attrs[name] = day.isoformat()
        return super().get_bound_field(form, field_name)


# Three boxes ---------------------------------------------------------------------------------------------------------

PARTS = (
    ("year", gettext_lazy("年"), 4, "bday-year"),
    ("month", gettext_lazy("月"), 2, "bday-month"),
    ("day", gettext_lazy("日"), 2, "bday-day"),
)


def _boxes_of(value: Any) -> list[Any]:
    if isinstance(value, str):
        try:
            value = read_day(value)
        except ValueError:
            return [value, "", ""]
    return [value.year, value.month, value.day] if isinstance(value, dt.date) else ["", "", ""]


class PartsInput(forms.MultiWidget):
    """Year, month and day, each a box for digits; ``labels`` names them for the template (components/date.html)."""

    date_parts = True

    def __init__(self, attrs: dict[str, Any] | None = None, *, autofill: bool = False) -> None:
        self.labels = [label for _name, label, _size, _fill in PARTS]
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {
            name: forms.TextInput(
                {
                    "inputmode": "numeric",
                    "maxlength": size,
                    "size": size,
                    "autocomplete": fill if autofill else "off",
                    "data-part": name,
                }
            )
            for name, _label, size, fill in PARTS
        }
        super().__init__(boxes, attrs)

    def decompress(self, value: Any) -> list[Any]:
        """Three boxes of a day; a day in writing is read first."""
        return _boxes_of(value)


class PartsField(_Bounded):
    """A day in three boxes, a birth date above all. ``autofill`` lets the browser put in the reader's own birthday."""

    widget = PartsInput

    def __init__(self, *, autofill: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("widget", PartsInput(autofill=autofill))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> dt.date | None:
        """The day; None where nothing was typed and nothing need be. ValidationError says the first thing wrong."""
        if isinstance(value, dt.date):
            value = [str(value.year), str(value.month), str(value.day)]
        boxes = [unicodedata.normalize("NFKC", str(part or "")).strip() for part in value or ["", "", ""]]
        found = self._read(boxes) if any(boxes) else None
        self.validate(found)
        self.run_validators(found)
        return found

    def _read(self, boxes: Sequence[str]) -> dt.date:
        missing = [str(label) for (_name, label, _size, _fill), box in zip(PARTS, boxes, strict=True) if not box]
        if missing:
            raise ValidationError(_("还没有写%(parts)s。") % {"parts": _("、").join(missing)}, code="incomplete")
        for (_name, label, _size, _fill), box in zip(PARTS, boxes, strict=True):
            if not (box.isascii() and box.isdigit()):
                raise ValidationError(_("“%(part)s”请只写数字。") % {"part": label}, code="invalid")
        year, month, day = (int(box) for box in boxes)
        if len(boxes[0]) != 4 or year < _OLDEST_YEAR:
            raise ValidationError(_("年份请写 4 位数字，例如 1948。"), code="invalid")
        if not 1 <= month <= 12:
            raise ValidationError(_("月份是 1 到 12。"), code="invalid")
        try:
            return dt.date(year, month, day)
        except ValueError:
            words = _("%(year)s年%(month)s月没有%(day)s日，请再看看。")
            raise ValidationError(words % {"year": year, "month": month, "day": day}, code="invalid") from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the boxes say another day than ``initial``."""
        before = _boxes_of(initial)
        return [str(part or "") for part in before] != [str(part or "") for part in data or ["", "", ""]]
