"""Filters that a day at the desk needs beyond Django's own: from a day to a day, typed or picked."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import clock

_WRONG = gettext_lazy("日期要写成 2026-05-01 这样")
_EARLY = gettext_lazy("日期太早，这里没有那么早的记录，请看看年份")
_LATE = gettext_lazy("日期太晚，这里没有那么晚的记录，请看看年份")
_FIRST, _LAST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)  # what lies beyond narrows nothing
_HALF_TYPED = 1000  # years below: of four figures some are missing
_TURNED = gettext_lazy("开始的日期不能晚于结束的日期")


class Overdue(admin.SimpleListFilter):
    """Rows whose running term has ended; what is settled has none."""

    title = gettext_lazy("期限")
    parameter_name = "term"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("overdue", gettext_lazy("已超期"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(due_on__lt=clock.today()) if self.value() == "overdue" else queryset


class Held(admin.SimpleListFilter):
    """What holds now — an office, a place in a team, a relation — and what held before: that which has no end yet,
    unless the room says otherwise by ``holding``."""

    title = gettext_lazy("任期")
    parameter_name = "held"
    now, past = gettext_lazy("现任"), gettext_lazy("以前")

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("now", self.now), ("past", self.past)]

    def holding(self) -> models.Q:
        """Which rows hold now."""
        return models.Q(until__isnull=True)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "now":
            return queryset.filter(self.holding())
        return queryset.exclude(self.holding()) if self.value() == "past" else queryset


class DayRange(admin.FieldListFilter):
    """Rows whose date or moment lies from one day to another, both included; either end may be left open.

    Usage: ``list_filter = (("created_at", DayRange),)``. Days are those of the site's zone. What is no day, or an end
    before the beginning, is said beside the fields, what was typed stays, and no row is shown: a list that silently
    ignored a date would be taken for an answer. A beginning before all records, or an end after them, leaves nothing
    out and is taken as the first or the last day there is.
    """

    template = "admin/filter_days.html"
    heading: Any = ""  # what the filter is called where the column's own word is none for people

    def __init__(
        self, field: Any, request: HttpRequest, params: Any, model: Any, model_admin: Any, field_path: str
    ) -> None:
        self.names = (f"{field_path}_from", f"{field_path}_until")
        self.is_moment = isinstance(field, models.DateTimeField)
        super().__init__(field, request, params, model, model_admin, field_path)
        self.title = self.heading or self.title
        self.typed = [self._last(name) for name in self.names]
        self.error = ""
        self.days = [self._day(text, at_end) for text, at_end in zip(self.typed, (False, True), strict=True)]
        if all(self.days) and self.days[0] > self.days[1]:  # type: ignore[operator]
            self.error = str(_TURNED)

    def _last(self, name: str) -> str:
        values = self.used_parameters.get(name, [])
        return (values[-1] if isinstance(values, list) else str(values)).strip()[:20] if values else ""

    def _day(self, text: str, at_end: bool) -> dt.date | None:
        if not text:
            return None
        try:
            day: dt.date = forms.DateField(input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d"]).clean(text)
        except forms.ValidationError:
            self.error = str(_WRONG)
            return None
        if day.year < _HALF_TYPED or (at_end and day < _FIRST):
            self.error = str(_EARLY)
            return None
        if not at_end and day > _LAST:
            self.error = str(_LATE)
            return None
        return min(max(day, _FIRST), _LAST)

    def expected_parameters(self) -> Any:
        return list(self.names)

    def has_output(self) -> bool:
        """Always: a list without rows is filtered too."""
        return True

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.error:
            return queryset.none()
        first, last = self.days
        if first is not None:
            queryset = queryset.filter(**{f"{self.field_path}__gte": self._bound(first)})
        if last is not None:
            queryset = queryset.filter(**{f"{self.field_path}__lt": self._bound(last + dt.timedelta(days=1))})
        return queryset

    def _bound(self, day: dt.date) -> dt.date | dt.datetime:
        """A day as the column compares it; a column of moments by its index, not by a function of it."""
        return clock.start_of(day) if self.is_moment else day

    @property
    def chosen(self) -> str:
        """The range in words; empty for none."""
        first, last = (day.isoformat() if day else "" for day in self.days)
        if first and last:
            return first if first == last else _("%(first)s 至 %(last)s") % {"first": first, "last": last}
        return _("%s 起") % first if first else _("到 %s") % last if last else ""

    def choices(self, changelist: Any) -> Any:
        """One entry for the template: the fields, the rest of the address to keep, and spans to pick."""
        yield {
            "selected": bool(self.chosen),
            "display": self.chosen,
            "error": self.error,
            "fields": [
                {"name": name, "label": label, "value": text}
                for name, label, text in zip(self.names, (_("从"), _("到")), self.typed, strict=True)
            ],
            "kept": list(self._kept(changelist)),
            "cleared": changelist.get_query_string(remove=list(self.names)),
            "spans": [
                {
                    "display": label,
                    "query_string": changelist.get_query_string(
                        dict(zip(self.names, (first.isoformat(), last.isoformat()), strict=True))
                    ),
                    "selected": self.days == [first, last],
                }
                for label, first, last in spans(clock.today())
            ],
        }

    def _kept(self, changelist: Any) -> Iterator[tuple[str, str]]:
        """The other filters of the address, so that sending the two fields keeps them."""
        for name, values in changelist.filter_params.items():
            if name not in self.names:
                for value in values if isinstance(values, list) else [values]:
                    yield name, str(value)


def spans(today: dt.date) -> list[tuple[str, dt.date, dt.date]]:
    """Spans that one picks instead of typing: (word, first day, last day)."""
    month = today.replace(day=1)
    before = month - dt.timedelta(days=1)
    return [
        (_("今天"), today, today),
        (_("近 7 天"), today - dt.timedelta(days=6), today),
        (_("本月"), month, today),
        (_("上月"), before.replace(day=1), before),
        (_("今年"), today.replace(month=1, day=1), today),
    ]
