"""The pictures of the wishes: counted from records by the calendar of the site's zone, and of one place only."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from portal.core.charting import draw
from services.wishes.charts import closed_by_month, last_months, state_by_month, time_to_close
from services.wishes.models import Wish
from tests import worlds

from . import scenes

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
CHINA = ZoneInfo("Asia/Shanghai")
NOW = dt.datetime(2026, 11, 24, 10, tzinfo=CHINA)


def at(month: int, day: int, hour: int = 12, minute: int = 0, year: int = 2026) -> dt.datetime:
    return dt.datetime(year, month, day, hour, minute, tzinfo=CHINA)


def closed(here, asked: dt.datetime, ended: dt.datetime) -> Wish:
    """A wish that was asked and closed at these moments."""
    wish = scenes.closed(here, at=asked)
    Wish.objects.filter(pk=wish.pk).update(closed_at=ended)
    return wish


def numbers(data) -> list[tuple]:
    return [series.values for series in data.series]


def test_twelve_months_end_with_the_present_one():
    assert last_months(at(1, 1, 0, 5), 3) == [dt.date(2025, 11, 1), dt.date(2025, 12, 1), dt.date(2026, 1, 1)]
    months = last_months(NOW)
    assert (months[0], months[-1], len(months)) == (dt.date(2025, 12, 1), dt.date(2026, 11, 1), 12)


def test_the_month_of_closing_is_that_of_the_calendar_here():
    """An hour after midnight in Zhuzhou is still the day, and the month, before in UTC."""
    here = scenes.scene()
    closed(here, at(9, 20), at(10, 1, 0, 30))
    closed(here, at(9, 20), at(9, 30, 23, 59))
    closed(here, at(11, 2), at(11, 24, 9))
    data = closed_by_month(here.community, NOW)
    assert data.labels == ("12月", *(f"{month}月" for month in range(1, 12)))
    assert numbers(data) == [(0,) * 9 + (1, 1, 1)]


def test_the_year_before_the_last_twelve_months_is_not_counted_nor_what_is_still_to_come():
    here = scenes.scene()
    closed(here, at(11, 1, year=2025), at(11, 30, 23, 59, year=2025))
    closed(here, at(11, 1), at(11, 24, 11))
    assert closed_by_month(here.community, NOW) is None
    assert time_to_close(here.community, NOW) is None
    closed(here, at(11, 20, year=2025), at(12, 1, 0, 0, year=2025))
    assert numbers(closed_by_month(here.community, NOW)) == [(1,) + (0,) * 11]


def test_a_term_is_counted_in_calendar_days_and_every_wish_once():
    here = scenes.scene()
    asked = at(10, 1, 23, 50)
    for days in (0, 1, 2, 3, 4, 7, 8, 15, 16, 40):
        closed(here, asked, at(10, 1, 23, 55) + dt.timedelta(days=days))
    data = time_to_close(here.community, NOW)
    assert data.labels == ("1 天内", "2–3 天", "4–7 天", "8–15 天", "15 天以上")
    assert numbers(data) == [(2, 2, 2, 2, 2)]


def test_ten_minutes_over_midnight_are_one_day():
    here = scenes.scene()
    closed(here, at(10, 1, 23, 55), at(10, 2, 0, 5))
    closed(here, at(10, 1, 0, 5), at(10, 3, 0, 1))  # under 48 hours, and yet the second day after
    assert numbers(time_to_close(here.community, NOW)) == [(1, 1, 0, 0, 0)]


def test_each_month_shows_how_far_its_wishes_are():
    here = scenes.scene()
    month = at(11, 3)
    scenes.closed(here, at=month)
    scenes.completed(here, at=month)
    scenes.claimed(here, at=month)
    scenes.dispatched(here, at=month)
    scenes.approved(here, at=month)
    scenes.ordered(here, at=month)  # not reviewed: the public does not see it
    scenes.approved(here, at=at(10, 3))
    data = state_by_month(here.community, NOW)
    assert [str(series.label) for series in data.series] == ["已办结", "正在办", "等人来帮"]
    ends = [values[-2:] for values in numbers(data)]
    assert ends == [(0, 1), (0, 2), (1, 2)]
    assert state_by_month(here.community, at(11, 2)) is not None
    assert numbers(state_by_month(here.community, at(11, 2)))[0] == (0,) * 12


def test_pictures_are_of_one_community(django_assert_num_queries):
    here, there = scenes.scene(), scenes.scene("向阳社区")
    closed(there, at(10, 1), at(10, 5))
    for picture in (closed_by_month, time_to_close, state_by_month):
        assert picture(here.community, NOW) is None
        with django_assert_num_queries(1):
            assert sum(numbers(picture(there.community, NOW))[0]) == 1


def test_a_community_without_wishes_has_no_pictures():
    assert state_by_month(worlds.community(), NOW) is None


def test_each_picture_says_its_main_thing_as_one_would_say_it():
    here = scenes.scene()
    closed(here, at(9, 1), at(9, 3))
    closed(here, at(10, 1), at(10, 6))
    scenes.approved(here, at=at(11, 20))

    def says(data, shape: str) -> str:
        return draw(data, shape=shape, title="", dom_id="x").says

    course = says(closed_by_month(here.community, NOW), "line")
    assert course == "一共 2 件。最高的是9月和10月，都是 1 件；其余都是 0 件。本月至今 0 件。"
    took = says(time_to_close(here.community, NOW), "bar")
    assert took == "一共 2 件。最多的是2–3 天和4–7 天，都是 1 件；其余都是 0 件。"
    states = says(state_by_month(here.community, NOW), "stacked")
    assert states == (
        "一共 3 件，其中已办结 2 件，正在办 0 件，等人来帮 1 件。"
        "最多的是9月和10月，都是 1 件；其余都是 0 件。本月至今 1 件。"
    )


def test_months_say_their_year_where_it_changes_and_the_running_one_is_not_the_lowest():
    here = scenes.scene()
    closed(here, at(12, 1, year=2025), at(12, 6, year=2025))
    for month in range(1, 11):
        for day in (3, 5) if month != 6 else (3,):
            closed(here, at(month, 1), at(month, day))
    data = closed_by_month(here.community, NOW)
    assert set(data.groups) == {"2025年", "2026年"} and data.running == "本月至今"
    line = draw(data, shape="line", title="", dom_id="x")
    assert line.says == "一共 20 件。最高的是1月等 9 项，都是 2 件；其余都是 1 件。本月至今 0 件。"
    assert [row[0] for row in line.body] == [
        *("2025年12月", "2026年1月"),
        *(f"{month}月" for month in range(2, 11)),
        "11月（本月至今）",
    ]
    assert line.spans == ("2025年", "2026年") and len(line.turns) == 1
    assert [mark.open for mark in line.courses[0].marks] == [False] * 11 + [True]
    rows = draw(data, shape="bar", title="", dom_id="x").rows
    assert [row.label for row in rows][:3] == ["2025年12月", "2026年1月", "2月"]
    assert rows[-1].label == "本月至今"


def test_a_running_month_that_leads_already_is_said_to():
    here = scenes.scene()
    for month in (3, 4):
        closed(here, at(month, 1), at(month, 5))
    for _wish in range(3):
        closed(here, at(11, 1), at(11, 5))
    says = draw(closed_by_month(here.community, NOW), shape="line", title="", dom_id="x").says
    assert says == "一共 5 件。最高的是本月至今，3 件；最低的是2025年12月等 9 项，都是 0 件。"
