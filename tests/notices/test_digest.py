"""The day's work in one message: on working days, at the office's time, once, to who wants it and has any."""

import datetime as dt
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.backoffice import digest
from portal.backoffice.choices_by_area import DIGEST_AT
from portal.core import options
from portal.core.registries import Registry, Todo
from portal.notices import choosing
from portal.notices.models import Delivery, Digest, Notice
from portal.notices.wording import Channel
from portal.people.models import Role, RoleKind
from portal.places.overrides import set_option
from tests import worlds
from tests.races import race

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
MINUTE = dt.timedelta(minutes=1)
HALF_PAST_EIGHT = dt.datetime(2026, 3, 2, 0, 30, tzinfo=dt.UTC)  # a Monday here
DAY = dt.timedelta(days=1)


def _count(counts, name, _user, _at) -> int:
    return counts[name]


@pytest.fixture(autouse=True)
def work(monkeypatch) -> dict[str, int]:
    """Three to-dos; a test says how much waits in each."""
    counts = {"late": 0, "new": 3, "none": 0}
    invented: Registry[Todo] = Registry()
    for name, label in (("late", "超过期限"), ("new", "待审核"), ("none", "没有的")):
        invented.add(Todo(name, label, partial(_count, counts, name), lambda _u, _at: "/admin/"))
    monkeypatch.setattr("portal.backoffice.today.todos", invented)
    return counts


@pytest.fixture
def here():
    return worlds.community()


def in_office(at_area, kind=RoleKind.WORKER, **more):
    user = worlds.staff(kind, at_area, **more)
    Role.objects.filter(user=user).update(since=HALF_PAST_EIGHT - 30 * DAY)
    return user


@pytest.fixture
def worker(here):
    return in_office(here)


def test_it_counts_what_waits_and_leads_to_the_desk(worker, work):
    work["late"] = 1
    assert digest.send_due(at=HALF_PAST_EIGHT) == 1
    notice = Notice.objects.get(person=worker.person)
    assert notice.title == "今天有要办的事"
    assert notice.body == "超过期限 1 件；待审核 3 件。"
    assert (notice.kind, notice.url) == ("desk", "/admin/")


def test_nothing_to_do_is_no_news_and_is_not_counted_again(worker, work):
    work["new"] = 0
    assert digest.send_due(at=HALF_PAST_EIGHT) == 0
    work["new"] = 5
    assert digest.send_due(at=HALF_PAST_EIGHT + 5 * MINUTE) == 0
    assert not Notice.objects.exists()
    assert Digest.objects.get().told is False


def test_once_a_day_and_again_the_next(worker):
    assert digest.send_due(at=HALF_PAST_EIGHT) == 1
    assert digest.send_due(at=HALF_PAST_EIGHT + 5 * MINUTE) == 0
    assert digest.send_due(at=HALF_PAST_EIGHT + DAY) == 1


@pytest.mark.parametrize(
    "at",
    [
        HALF_PAST_EIGHT - MINUTE,
        HALF_PAST_EIGHT + digest.LASTS,
        HALF_PAST_EIGHT - DAY,  # a Sunday
        dt.datetime(2026, 10, 1, 0, 30, tzinfo=dt.UTC),  # National Day, a Thursday
    ],
)
def test_not_before_its_time_not_long_after_and_not_on_a_day_off(worker, at):
    assert digest.send_due(at=at) == 0
    assert not Digest.objects.exists()


def test_on_a_saturday_that_the_calendar_makes_a_working_day_it_goes(worker):
    assert digest.send_due(at=dt.datetime(2026, 10, 10, 0, 30, tzinfo=dt.UTC)) == 1


def test_an_office_sets_its_own_time(here, worker):
    set_option(area=here.parent, key=DIGEST_AT.key, value="09:15", actor_id=None)
    assert digest.send_due(at=HALF_PAST_EIGHT) == 0
    assert digest.send_due(at=HALF_PAST_EIGHT + 45 * MINUTE) == 1
    set_option(area=here, key=DIGEST_AT.key, value="07:00", actor_id=None)
    assert digest.send_due(at=HALF_PAST_EIGHT + DAY - 90 * MINUTE) == 1


@pytest.mark.parametrize(
    ("typed", "kept"), [("8:05", "08:05"), ("８：30".replace("８", "8"), "08:30"), (" 23:59 ", "23:59")]
)
def test_how_a_time_is_typed(typed, kept):
    assert DIGEST_AT.parse(typed) == kept


@pytest.mark.parametrize("typed", ["", "8", "24:00", "8:5", "08:60", "早上", "-1:00", "8:30:00"])
def test_what_is_no_time_is_refused(typed):
    with pytest.raises(options.ValidationError, match="08:30"):
        DIGEST_AT.parse(typed)


def test_who_switched_it_off_gets_none_and_by_mail_who_has_mail(here, worker):
    reader = in_office(here, email="desk@example.com", email_confirmed_at=HALF_PAST_EIGHT, email_notices=True)
    choosing.choose(user=worker, choices={("desk", Channel.PORTAL): False}, at=HALF_PAST_EIGHT)
    assert digest.send_due(at=HALF_PAST_EIGHT) == 1
    assert Notice.objects.get().person == reader.person
    assert Delivery.objects.get().channel == Channel.EMAIL


def test_nobody_without_an_office_in_force_or_with_a_closed_account(here):
    worlds.account(here)
    gone = in_office(here)
    Role.objects.filter(user=gone).update(until=HALF_PAST_EIGHT - DAY)
    in_office(here, is_active=False)
    assert digest.send_due(at=HALF_PAST_EIGHT) == 0


def test_one_that_fails_keeps_nobody_from_theirs_and_is_tried_again(here, monkeypatch):
    first, second = in_office(here), in_office(here)
    count = digest.waiting_for

    def fails_for_the_first(user, at):
        if user.pk == first.pk:
            raise LookupError
        return count(user, at)

    monkeypatch.setattr(digest, "waiting_for", fails_for_the_first)
    with pytest.raises(LookupError):
        digest.send_due(at=HALF_PAST_EIGHT)
    assert Notice.objects.get().person == second.person
    assert not Digest.objects.filter(user=first).exists()
    monkeypatch.setattr(digest, "waiting_for", count)
    assert digest.send_due(at=HALF_PAST_EIGHT + 5 * MINUTE) == 1


def test_a_round_is_bounded_and_the_rest_is_the_next(here, monkeypatch):
    monkeypatch.setattr(digest, "A_ROUND", 2)
    for _number in range(3):
        in_office(here)
    assert digest.send_due(at=HALF_PAST_EIGHT) == 2
    assert digest.send_due(at=HALF_PAST_EIGHT + 5 * MINUTE) == 1


def test_who_is_due_costs_the_same_for_one_and_for_many(here):
    in_office(here)
    with CaptureQueriesContext(connection) as one:
        digest._due(HALF_PAST_EIGHT.date(), HALF_PAST_EIGHT)
    for _number in range(9):
        in_office(here)
    with CaptureQueriesContext(connection) as ten:
        assert len(digest._due(HALF_PAST_EIGHT.date(), HALF_PAST_EIGHT)) == 10
    assert len(one) == len(ten) == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres(only=True)
def test_two_clocks_tell_once():
    worker = in_office(worlds.community())
    day = HALF_PAST_EIGHT.date()
    acts = [lambda: digest.put_together(user=worker, day=day, at=HALF_PAST_EIGHT)] * 4
    assert sorted(outcome.value for outcome in race(*acts)) == [False, False, False, True]
    assert Notice.objects.count() == Digest.objects.count() == 1
