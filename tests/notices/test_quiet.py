"""Quiet hours: over midnight, at their edges, by the clock of the site."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.notices import quiet

HERE = ZoneInfo("Asia/Shanghai")
NIGHT = {"begin": dt.time(22), "end": dt.time(7)}
MOMENTS = st.integers(946_684_800, 4_102_444_800).map(lambda seconds: dt.datetime.fromtimestamp(seconds, dt.UTC))
TIMES = st.times().map(lambda time: time.replace(second=0, microsecond=0))


def here(day: int, hour: int, minute: int = 0, second: int = 0) -> dt.datetime:
    return dt.datetime(2026, 3, day, hour, minute, second, tzinfo=HERE)


@pytest.mark.parametrize(
    ("at", "over"),
    [
        (here(2, 21, 59, 59), None),
        (here(2, 22), here(3, 7)),
        (here(2, 23, 59, 59), here(3, 7)),
        (here(3, 0), here(3, 7)),
        (here(3, 6, 59, 59), here(3, 7)),
        (here(3, 7), None),
        (here(31, 23), dt.datetime(2026, 4, 1, 7, tzinfo=HERE)),
    ],
)
def test_the_night_goes_over_midnight(at, over):
    assert quiet.until(at, **NIGHT) == over
    assert quiet.until(at.astimezone(dt.UTC), **NIGHT) == over


def test_a_nap_lies_within_a_day_and_the_same_time_twice_is_no_night():
    nap = {"begin": dt.time(12), "end": dt.time(14)}
    assert quiet.until(here(2, 13), **nap) == here(2, 14)
    assert quiet.until(here(2, 11, 59), **nap) is None
    assert quiet.until(here(2, 14), **nap) is None
    assert quiet.until(here(2, 13), begin=dt.time(13), end=dt.time(13)) is None


@given(MOMENTS, TIMES, TIMES)
def test_what_waits_waits_less_than_a_day_and_then_goes(at, begin, end):
    over = quiet.until(at, begin=begin, end=end)
    if over is not None:
        assert at < over <= at + dt.timedelta(days=1)
        assert over.astimezone(HERE).time() == end
        assert quiet.until(over, begin=begin, end=end) is None


@given(MOMENTS, TIMES, TIMES)
def test_every_moment_lies_in_the_quiet_hours_or_in_the_others(at, begin, end):
    if begin != end:
        inside = quiet.until(at, begin=begin, end=end) is not None
        assert inside != (quiet.until(at, begin=end, end=begin) is not None)
