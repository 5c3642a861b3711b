"""What a person chooses, what it rests on, and that it is asked again when a message goes."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.core import clock
from portal.core.models import AuditEntry
from portal.core.registries import purposes
from portal.notices import choosing, outbox
from portal.notices.models import Delivery, NoticeChoice, QuietHours
from portal.notices.outbox import deliver_due
from portal.notices.telling import tell
from portal.notices.wording import Channel, kind_of
from portal.people import consenting
from portal.people.models import Channel as SaidBy
from portal.people.models import ConsentRecord
from tests import worlds

pytestmark = pytest.mark.django_db
DAY = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)  # nine in the morning here
NIGHT = dt.datetime(2026, 3, 2, 15, tzinfo=dt.UTC)  # eleven at night
MORNING = dt.datetime(2026, 3, 2, 23, tzinfo=dt.UTC)  # seven the next day
SMS, EMAIL, PORTAL = Channel.SMS, Channel.EMAIL, Channel.PORTAL


@pytest.fixture(autouse=True)
def of_these_tests(words, monkeypatch):
    monkeypatch.setattr(outbox, "monotonic", lambda: 0.0)


@pytest.fixture
def user():
    return worlds.account(
        worlds.community(),
        sms_notices=True,
        phone_confirmed_at=DAY,
        email="xiaohe@example.com",
        email_confirmed_at=DAY,
        email_notices=True,
    )


def say(user, text="tests.news", at=DAY, **values) -> list[str]:
    """The ways that the message was queued for."""
    if text == "tests.news":
        values = {"what": "x"}
    notice = tell(person=user.person, text=text, values=values, at=at)
    return sorted(notice.deliveries.values_list("channel", flat=True))


def test_each_way_that_is_open_gets_one_delivery(user):
    assert say(user) == [EMAIL, SMS]
    assert say(user, "inside.news") == []
    assert say(user, "short.news") == [], "off by itself"
    choosing.choose(user=user, choices={("short", SMS): True}, at=DAY)
    assert say(user, "short.news") == [SMS]


@pytest.mark.parametrize(
    ("change", "left"),
    [
        ({"sms_notices": False}, [EMAIL]),
        ({"email_notices": False}, [SMS]),
        ({"email_confirmed_at": None}, [SMS]),
        ({"phone_confirmed_at": None}, [EMAIL]),
        ({"is_active": False}, []),
    ],
)
def test_what_is_closed_or_unconfirmed_gets_nothing(user, change, left):
    for name, value in change.items():
        setattr(user, name, value)
    user.save()
    assert say(user) == left


def test_a_kind_is_switched_off_for_one_way_and_a_row_is_kept_only_for_what_differs(user):
    choosing.choose(user=user, choices={("tests", SMS): False, ("tests", EMAIL): True}, at=DAY)
    assert say(user) == [EMAIL]
    assert NoticeChoice.objects.count() == 1
    choosing.choose(user=user, choices={("tests", SMS): True}, at=DAY)
    assert say(user) == [EMAIL, SMS]
    assert not NoticeChoice.objects.exists()
    entries = AuditEntry.objects.filter(verb="account.notice_choices").order_by("id")
    assert [entry.details["changed"] for entry in entries] == [["tests:sms"], ["tests:sms"]]


def test_what_is_not_offered_cannot_be_chosen(user):
    choosing.choose(user=user, choices={("inside", SMS): True, ("tests", PORTAL): False, ("none", SMS): True}, at=DAY)
    assert not NoticeChoice.objects.exists()
    assert not AuditEntry.objects.filter(verb="account.notice_choices").exists()


def test_what_was_switched_off_since_is_dropped_when_it_would_go(user, sms_sent, mailoutbox):
    say(user)
    choosing.choose(user=user, choices={("tests", SMS): False}, at=DAY)
    assert deliver_due(at=DAY) == 1
    assert Delivery.objects.get(channel=SMS).state == Delivery.State.DROPPED
    assert not sms_sent
    assert len(mailoutbox) == 1


def test_in_quiet_hours_it_waits_for_the_morning_and_goes_then(user, sms_sent):
    say(user, at=NIGHT)
    assert set(Delivery.objects.values_list("next_attempt", flat=True)) == {MORNING}
    assert deliver_due(at=NIGHT + dt.timedelta(hours=3)) == 0
    assert deliver_due(at=MORNING) == 2
    assert len(sms_sent) == 1


def test_what_was_queued_by_day_and_comes_up_at_night_waits_and_no_attempt_is_counted(user, sms_sent):
    say(user, at=DAY)
    assert deliver_due(at=NIGHT) == 0
    delivery = Delivery.objects.get(channel=SMS)
    assert (delivery.state, delivery.next_attempt, delivery.attempts) == (Delivery.State.QUEUED, MORNING, 0)
    assert not sms_sent


def test_what_is_urgent_goes_at_night(user, sms_sent):
    say(user, "alarm.news", at=NIGHT)
    assert deliver_due(at=NIGHT) == 2
    assert len(sms_sent) == 1


def test_own_quiet_hours_and_none(user):
    choosing.set_quiet_hours(user=user, kept=True, begin=dt.time(8), end=dt.time(10), at=DAY)
    say(user, at=DAY)
    assert set(Delivery.objects.values_list("next_attempt", flat=True)) == {DAY + dt.timedelta(hours=1)}
    choosing.set_quiet_hours(user=user, kept=False, begin=dt.time(8), end=dt.time(10), at=DAY)
    choosing.set_quiet_hours(user=user, kept=False, begin=dt.time(8), end=dt.time(10), at=DAY)
    assert QuietHours.objects.count() == 1
    assert AuditEntry.objects.filter(verb="account.quiet_hours").count() == 2
    assert choosing.quiet_until(user, kind_of("tests"), at=NIGHT) is None
    with pytest.raises(ValidationError, match="不能一样"):
        choosing.set_quiet_hours(user=user, kept=True, begin=dt.time(8), end=dt.time(8), at=DAY)


@pytest.mark.parametrize(("channel", "name"), [(SMS, "sms_notices"), (EMAIL, "email_notices")])
def test_a_way_is_a_consent_given_and_taken_back(user, channel, name):
    purpose = choosing.PURPOSES[channel]
    for on in (False, True, True, False, False):
        choosing.switch(user=user, channel=channel, on=on, at=clock.now())
        user.refresh_from_db()
        assert getattr(user, name) is on
    records = ConsentRecord.objects.filter(person=user.person, purpose=purpose).order_by("pk")
    assert [record.act for record in records] == ["given", "withdrawn"]
    assert {record.text_version for record in records} == {purposes[purpose].consent.version}
    switched = AuditEntry.objects.filter(verb=f"account.{name}").order_by("pk")
    assert [entry.details["on"] for entry in switched] == [False, True, False]


@pytest.mark.parametrize("channel", [SMS, EMAIL])
def test_taking_the_consent_back_on_its_own_page_closes_the_way(user, channel):
    said = {"person": user.person, "purpose": choosing.PURPOSES[channel], "channel": SaidBy.ONLINE}
    consenting.give(**said, at=DAY)
    consenting.withdraw(**said, at=DAY)
    user.refresh_from_db()
    assert not choosing.is_open(user, channel)
    assert choosing.is_open(user, EMAIL if channel == SMS else SMS)
    consenting.give(**said, at=DAY)
    user.refresh_from_db()
    assert choosing.is_open(user, channel)


def test_there_must_be_something_to_send_to():
    user = worlds.account(worlds.community(), phone=None)
    with pytest.raises(ValidationError, match="没有登录手机"):
        choosing.switch(user=user, channel=SMS, on=True, at=DAY)
    with pytest.raises(ValidationError, match="先填好并确认邮箱"):
        choosing.switch(user=user, channel=EMAIL, on=True, at=DAY)
    assert not ConsentRecord.objects.filter(person=user.person).exists()


def test_telling_costs_a_bounded_number_of_queries(user):
    with CaptureQueriesContext(connection) as queries:
        say(user)
    assert len(queries) <= 9, [query["sql"][:80] for query in queries]
