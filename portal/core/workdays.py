"""工作日: the official calendar with its 调休, and a table of overrides for years not yet announced."""

import datetime as dt
from functools import lru_cache

import holidays

from .models import WorkdayOverride

# The last year whose 放假安排 the calendar library knows; later years are computed without 调休.
ANNOUNCED_UNTIL = 2026


@lru_cache(maxsize=1)
def _calendar() -> holidays.HolidayBase:
    return holidays.country_holidays("CN")


def _overrides(first: dt.date, last: dt.date) -> dict[dt.date, bool]:
    return dict(WorkdayOverride.objects.filter(day__range=(first, last)).values_list("day", "working"))


def is_working_day(day: dt.date) -> bool:
    """Whether ``day`` is a 工作日; an override of the table goes before the calendar."""
    return _overrides(day, day).get(day, _calendar().is_working_day(day))


def working_days(first: dt.date, last: dt.date) -> frozenset[dt.date]:
    """The 工作日 from ``first`` to ``last``, both included: one query."""
    known = _overrides(first, last)
    days = (first + dt.timedelta(days=ahead) for ahead in range((last - first).days + 1))
    return frozenset(day for day in days if known.get(day, _calendar().is_working_day(day)))


def is_provisional(day: dt.date) -> bool:
    """True for a day of a year whose official arrangement is not announced yet."""
    return day.year > ANNOUNCED_UNTIL


def add_working_days(day: dt.date, count: int) -> dt.date:
    """The ``count``-th working day after ``day`` (which itself does not count); ``count`` ≥ 0.

    Overrides are read a stretch at a time, so that an ordinary term costs one query.
    """
    if count < 0:
        raise ValueError("count must not be negative")
    current = known_until = day
    window: dict[dt.date, bool] = {}
    left = count
    while left:
        current += dt.timedelta(days=1)
        if current > known_until:
            known_until = current + dt.timedelta(days=left * 3 + 60)
            window = _overrides(current, known_until)
        left -= window.get(current, _calendar().is_working_day(current))
    return current
