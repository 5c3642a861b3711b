"""工作日: the official arrangements of 2025 and 2026, 调休 included, and the table that goes before them."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from portal.core import workdays
from portal.core.models import WorkdayOverride


def d(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


# 国务院办公厅 放假安排: the days off that fall on weekdays, and the weekend days that are worked for them.
OFF = ["2025-01-01", "2025-01-28", "2025-02-04", "2025-05-05", "2025-10-08", "2026-01-02", "2026-02-16", "2026-02-23"]
WORKED = ["2025-01-26", "2025-02-08", "2025-09-28", "2025-10-11", "2026-01-04", "2026-02-14", "2026-02-28"]


@pytest.mark.django_db
@pytest.mark.parametrize("day", OFF)
def test_a_holiday_on_a_weekday_is_no_working_day(day):
    assert d(day).weekday() < 5
    assert not workdays.is_working_day(d(day))


@pytest.mark.django_db
@pytest.mark.parametrize("day", WORKED)
def test_a_weekend_day_worked_for_a_holiday_is_a_working_day(day):
    assert d(day).weekday() >= 5
    assert workdays.is_working_day(d(day))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-03-02", 0, "2026-03-02"),
        ("2026-03-02", 5, "2026-03-09"),
        ("2026-02-13", 1, "2026-02-14"),  # the Saturday before 春节 is worked
        ("2026-02-13", 2, "2026-02-24"),  # and then nine days are off
        ("2026-02-13", 6, "2026-02-28"),
        ("2025-01-24", 3, "2025-02-05"),
        ("2025-09-26", 4, "2025-10-09"),
    ],
)
def test_terms_over_the_holidays(start, count, end):
    assert workdays.add_working_days(d(start), count) == d(end)


@pytest.mark.django_db
def test_an_override_goes_before_the_calendar_both_ways():
    WorkdayOverride.objects.create(day=d("2026-03-03"), working=False, note="暴雪停工")
    WorkdayOverride.objects.create(day=d("2026-03-07"), working=True)
    assert not workdays.is_working_day(d("2026-03-03"))
    assert workdays.is_working_day(d("2026-03-07"))
    assert workdays.add_working_days(d("2026-03-02"), 1) == d("2026-03-04")
    assert workdays.add_working_days(d("2026-03-02"), 5) == d("2026-03-09")
    assert workdays.add_working_days(d("2026-03-02"), 4) == d("2026-03-07")


@pytest.mark.django_db
def test_an_override_beyond_any_ordinary_window_is_seen():
    """A very long closure: the window of overrides must reach to the day that is found."""
    first = d("2026-03-03")
    WorkdayOverride.objects.bulk_create(
        [WorkdayOverride(day=first + dt.timedelta(days=offset), working=False) for offset in range(90)]
    )
    assert workdays.add_working_days(d("2026-03-02"), 1) == first + dt.timedelta(days=90)


@pytest.mark.django_db
def test_a_negative_term_is_an_error():
    with pytest.raises(ValueError, match="negative"):
        workdays.add_working_days(d("2026-03-02"), -1)


def test_a_year_that_is_not_announced_is_provisional():
    assert not workdays.is_provisional(dt.date(workdays.ANNOUNCED_UNTIL, 12, 31))
    assert workdays.is_provisional(dt.date(workdays.ANNOUNCED_UNTIL + 1, 1, 1))


class AnyTerm(TestCase):
    @given(
        start=st.dates(min_value=dt.date(2025, 1, 1), max_value=dt.date(2026, 10, 1)),
        count=st.integers(min_value=0, max_value=40),
        overrides=st.dictionaries(
            st.dates(min_value=dt.date(2025, 1, 1), max_value=dt.date(2027, 3, 1)), st.booleans(), max_size=20
        ),
    )
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_the_days_between_hold_exactly_so_many_working_days(self, start, count, overrides):
        WorkdayOverride.objects.bulk_create([WorkdayOverride(day=day, working=w) for day, w in overrides.items()])
        end = workdays.add_working_days(start, count)
        days = [start + dt.timedelta(days=offset) for offset in range(1, (end - start).days + 1)]
        assert sum(workdays.is_working_day(day) for day in days) == count
        assert count == 0 or workdays.is_working_day(end)
