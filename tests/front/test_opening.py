"""When somebody answers: read from the words of an office's hours, said on the home page and wherever one can call."""

import datetime as dt

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from portal.core import clock
from portal.core.models import WorkdayOverride
from portal.front import happening
from portal.places.opening import closed_words, next_answer, read
from tests import worlds

pytestmark = pytest.mark.django_db

USUAL = "周一至周五 8:30–12:00、14:00–17:30"


def at(text: str) -> dt.datetime:
    return timezone.make_aware(dt.datetime.fromisoformat(text))


@pytest.fixture
def moment(monkeypatch):
    def is_now(text: str) -> None:
        monkeypatch.setattr(clock, "now", lambda: at(text))

    return is_now


@pytest.mark.parametrize(
    ("text", "days", "begins"),
    [
        (USUAL, {0, 1, 2, 3, 4}, dt.time(8, 30)),
        ("周一到周日 9：00-21：00", set(range(7)), dt.time(9)),
        ("每天 8:00~20:00", set(range(7)), dt.time(8)),
        ("工作日9点至17点", {0, 1, 2, 3, 4}, dt.time(9)),
        ("星期一至星期六 8:30-17:00", {0, 1, 2, 3, 4, 5}, dt.time(8, 30)),
        ("周六、周日 9:00–11:00", {5, 6}, dt.time(9)),
    ],
)
def test_hours_are_read_as_people_write_them(text, days, begins):
    hours = read(text)
    assert hours is not None
    assert set(hours.days) == days and hours.spans[0][0] == begins


@pytest.mark.parametrize(
    "text", ["", "网格员在线", "周一至周五", "8:30–17:30", "周一至周五 26:00–30:00", "周一 9:00–8:00"]
)
def test_what_cannot_be_read_says_nothing(text):
    assert next_answer(text, at("2026-11-25 01:15")) is None
    assert closed_words(text, at("2026-11-25 01:15")) == ""


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-11-25 09:00", ""),
        ("2026-11-25 01:15", "现在没人接，今天 8:30 起"),
        ("2026-11-25 12:30", "现在没人接，今天 14:00 起"),
        ("2026-11-24 22:00", "现在没人接，明天（周三）8:30 起"),
        ("2026-11-27 17:30", "现在没人接，11月30日（周一）8:30 起"),
        ("2026-02-14 09:00", ""),  # a Saturday that is worked
    ],
)
def test_from_when_on_somebody_answers(moment, said, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at(moment))
    assert closed_words(USUAL, at(moment)) == said


def test_an_override_of_the_calendar_holds():
    WorkdayOverride.objects.create(day=dt.date(2026, 11, 25), working=False)
    assert next_answer(USUAL, at("2026-11-25 09:00")) == at("2026-11-26 08:30")


@given(minutes=st.integers(0, 60 * 24 * 28))
def test_nobody_is_promised_before_hours_nor_turned_away_in_them(minutes):
    """“每天”: the answer is the same as the clock's own reading of the two spans."""
    asked = at("2026-11-02 00:00") + dt.timedelta(minutes=minutes)
    local = timezone.localtime(asked).time()
    open_now = dt.time(8, 30) <= local < dt.time(12) or dt.time(14) <= local < dt.time(17, 30)
    then = next_answer("每天 8:30–12:00、14:00–17:30", asked)
    assert then is not None and then >= asked
    assert (then == asked) == open_now
    assert timezone.localtime(then).time().replace(second=0) <= dt.time(17, 30)


def test_one_question_for_all_numbers_of_a_page(django_assert_max_num_queries):
    home = worlds.community(phone="15400009700", office_hours=USUAL)
    home.parent.phone, home.parent.office_hours = "15400009701", USUAL
    home.parent.save()
    with django_assert_max_num_queries(1):
        calls = happening.calls_of(home, at("2026-11-25 01:15"))
    assert [call.closed for call in calls] == ["现在没人接，今天 8:30 起"] * 2


@pytest.mark.parametrize("path", ["/", "/help/"])
def test_at_night_the_page_says_so_and_the_emergency_numbers_stand(moment, path):
    home = worlds.community(phone="15400009700", office_hours=USUAL)
    client = worlds.client_for(None)
    client.cookies["community"] = str(home.pk)
    moment("2026-11-25 01:15")
    night = client.get(path).content.decode()
    moment("2026-11-25 10:00")
    day = client.get(path).content.decode()
    assert "现在没人接" in night and "callbar--closed" in night
    assert all(f'href="tel:{number}"' in night for number in ("119", "120", "110"))
    assert "现在没人接" not in day and "callbar--closed" not in day
    assert 'href="tel:15400009700"' in night and 'href="tel:15400009700"' in day


def test_in_elder_mode_every_page_that_offers_the_call_says_so(moment):
    home = worlds.community(phone="15400009700", office_hours=USUAL)
    client = worlds.client_for(worlds.account(home))
    client.cookies["mode"] = "elder"
    client.cookies["community"] = str(home.pk)
    moment("2026-11-25 01:15")
    assert "现在没人接" in client.get("/messages/").content.decode()
