"""The filter from a day to a day: both ends included, in the site's zone; nonsense is said and shows nothing."""

import datetime as dt

import pytest
from django.utils import timezone

from portal.backoffice.filters import spans
from portal.core import clock
from services.wishes.models import Wish
from tests.wishes import scenes

LIST = "/admin/wishes/wish/"


def _wish_at(at_scene: scenes.Scene, moment: str) -> Wish:
    wish = scenes.ordered(at_scene)
    Wish.objects.filter(pk=wish.pk).update(created_at=timezone.make_aware(dt.datetime.fromisoformat(moment)))
    return wish


@pytest.fixture
def three(here):
    at_scene = scenes.scene(here.community.name)
    return [_wish_at(at_scene, at) for at in ("2026-05-01 00:00:00", "2026-05-02 23:59:59", "2026-05-03 00:00:00")]


def _shown(client, query: str) -> set[int]:
    response = client.get(f"{LIST}?{query}")
    assert response.status_code == 200
    return {wish.pk for wish in response.context["cl"].result_list}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("created_at_from=2026-05-01&created_at_until=2026-05-02", [0, 1]),
        ("created_at_from=2026-05-02&created_at_until=2026-05-02", [1]),
        ("created_at_from=2026/05/03", [2]),
        ("created_at_until=20260501", [0]),
        ("created_at_from=2026-05-04", []),
        ("created_at_from=1800-01-01&created_at_until=2099-12-31", [0, 1, 2]),
        ("created_at_from=2026-05-02&created_at_until=9999-12-31", [1, 2]),
        ("created_at_from=1000-01-01&created_at_until=2026-05-01", [0]),
    ],
)
def test_both_ends_are_included(here, three, query: str, found: list[int]) -> None:
    assert _shown(here.desk, query) == {three[n].pk for n in found}


@pytest.mark.parametrize(
    "query",
    [
        "created_at_until=1800-12-31",
        "created_at_from=2300-01-01",
        "created_at_from=0202-01-01",
        "created_at_from=gestern",
        "created_at_from=2026-05-03&created_at_until=2026-05-01",
    ],
)
def test_nonsense_is_said_and_shows_nothing(here, three, query: str) -> None:
    page = here.desk.get(f"{LIST}?{query}")
    assert not page.context["cl"].result_list
    assert 'role="alert"' in page.content.decode()
    assert query.split("=")[1].split("&")[0] in page.content.decode()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("created_at_until=1800-12-31", "日期太早"),
        ("created_at_from=0202-01-01", "日期太早"),
        ("created_at_from=2300-01-01", "日期太晚"),
        ("created_at_from=2026-13-01", "日期要写成 2026-05-01 这样"),
    ],
)
def test_what_is_wrong_with_a_day_is_said_as_it_is(here, query: str, words: str) -> None:
    assert words in here.desk.get(f"{LIST}?{query}").content.decode()


def test_other_filters_are_kept(here, three) -> None:
    page = here.desk.get(f"{LIST}?state__exact=pending_review&created_at_from=2026-05-02").content.decode()
    assert '<input type="hidden" name="state__exact" value="pending_review">' in page
    assert "state__exact=pending_review" in page.split("filter__days")[1]


def test_spans_hold_today_and_do_not_overlap_months() -> None:
    today = clock.today()
    for _word, first, last in spans(today):
        assert first <= last <= today
    named = {word: (first, last) for word, first, last in spans(dt.date(2026, 3, 1))}
    assert named["上月"] == (dt.date(2026, 2, 1), dt.date(2026, 2, 28))
