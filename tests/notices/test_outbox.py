"""The outbox: at least once inside, at most once outside."""

import datetime as dt
import threading

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet

from portal.core import sms
from portal.notices import outbox, telling
from portal.notices.models import Delivery, Notice
from portal.notices.outbox import BATCH, CUT_OFF_AFTER, MAX_ATTEMPTS, deliver_due
from tests import worlds
from tests.races import race, winners

AT = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
DELIVERERS = 4


@pytest.fixture(autouse=True)
def kind(monkeypatch):
    monkeypatch.setattr(telling, "_KINDS", {"tests": "测试"})


@pytest.fixture(autouse=True)
def no_time_passes(monkeypatch):
    """Within a batch, unless a test says so."""
    monkeypatch.setattr(outbox, "monotonic", lambda: 0.0)


def tell(**account):
    user = worlds.account(**{"sms_notices": True, "phone_confirmed_at": AT, **account})
    notice = telling.tell(person=user.person, kind="tests", title="您的心愿有新进展", body="李阿姨", at=AT)
    return notice.deliveries.get()


def state(delivery: Delivery) -> str:
    delivery.refresh_from_db()
    return delivery.state


@pytest.fixture
def provider(monkeypatch):
    """A provider that answers as the test says: None takes the message, an exception is raised."""
    calls: list[sms.Message] = []
    answers: list[Exception | None] = []

    def send(self, message):
        calls.append(message)
        answer = answers.pop(0) if answers else None
        if answer is not None:
            raise answer

    monkeypatch.setattr(sms.RecordingBackend, "send", send)
    return calls, answers


@pytest.mark.django_db
def test_one_message_goes_out_once(provider):
    calls, _answers = provider
    delivery = tell()
    assert deliver_due(at=AT) == 1
    assert deliver_due(at=AT + MINUTE) == 0
    (message,) = calls
    assert message.phone == delivery.notice.person.user.phone
    assert message.key == str(delivery.key)
    assert "您的心愿有新进展" in message.text
    assert "李阿姨" not in message.text, "details stay behind the sign-in"
    assert state(delivery) == Delivery.State.SENT
    assert delivery.attempts == 1


@pytest.mark.django_db
def test_who_did_not_choose_text_messages_gets_none():
    user = worlds.account()
    telling.tell(person=user.person, kind="tests", title="t", at=AT)
    telling.tell(person=worlds.person(), kind="tests", title="t", at=AT)
    assert Notice.objects.count() == 2
    assert not Delivery.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_what_is_rolled_back_was_never_said():
    user = worlds.account(sms_notices=True)
    with pytest.raises(LookupError), transaction.atomic():
        telling.tell(person=user.person, kind="tests", title="t", at=AT)
        raise LookupError
    assert not Notice.objects.exists()
    assert not Delivery.objects.exists()


@pytest.mark.django_db
def test_a_kind_that_no_room_declared_is_refused():
    with pytest.raises(ValueError, match="not declared"):
        telling.tell(person=worlds.person(), kind="unknown", title="t", at=AT)


@pytest.mark.django_db
def test_a_refusal_is_tried_again_each_pause_twice_the_last_then_given_up(provider):
    calls, answers = provider
    delivery = tell()
    answers += [sms.SmsFailed("no") for _ in range(MAX_ATTEMPTS)]
    at, pauses = AT, []
    for _attempt in range(MAX_ATTEMPTS - 1):
        deliver_due(at=at)
        assert state(delivery) == Delivery.State.QUEUED
        pauses.append(delivery.next_attempt - at)
        deliver_due(at=delivery.next_attempt - dt.timedelta(seconds=1))
        at = delivery.next_attempt
    assert pauses == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
    deliver_due(at=at)
    assert state(delivery) == Delivery.State.FAILED
    deliver_due(at=at + dt.timedelta(days=1))
    assert len(calls) == MAX_ATTEMPTS
    assert len({message.key for message in calls}) == 1, "the provider can tell a repeat"


@pytest.mark.django_db
def test_a_refusal_and_then_a_success(provider):
    _calls, answers = provider
    delivery = tell()
    answers.append(sms.SmsFailed("busy"))
    assert deliver_due(at=AT) == 0
    assert deliver_due(at=AT + MINUTE) == 1
    assert state(delivery) == Delivery.State.SENT


@pytest.mark.django_db
def test_what_may_have_gone_out_is_never_sent_again(provider):
    calls, answers = provider
    delivery = tell()
    answers.append(sms.SmsFailed("timeout", uncertain=True))
    deliver_due(at=AT)
    assert state(delivery) == Delivery.State.UNCERTAIN
    deliver_due(at=AT + dt.timedelta(days=30))
    assert len(calls) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_a_sender_that_dies_half_way_leaves_it_uncertain_and_unsent(provider):
    calls, answers = provider
    delivery = tell()
    answers.append(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        deliver_due(at=AT)
    assert state(delivery) == Delivery.State.SENDING, "the claim was committed before the provider was called"
    deliver_due(at=AT + CUT_OFF_AFTER)
    assert state(delivery) == Delivery.State.SENDING, "it may still be on its way"
    deliver_due(at=AT + CUT_OFF_AFTER + MINUTE)
    assert state(delivery) == Delivery.State.UNCERTAIN
    deliver_due(at=AT + dt.timedelta(days=30))
    assert len(calls) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"is_active": False},
        {"phone": None},
        {"sms_notices": False},
        {"phone_confirmed_at": None},
        {"phone_confirmed_at": AT - dt.timedelta(days=91)},
    ],
)
def test_who_was_closed_said_no_or_may_have_lost_the_number_since_gets_nothing(provider, change):
    calls, _answers = provider
    delivery = tell()
    user = delivery.notice.person.user
    for name, value in change.items():
        setattr(user, name, value)
    user.save()
    assert deliver_due(at=AT) == 0
    assert state(delivery) == Delivery.State.FAILED
    assert not calls


@pytest.mark.django_db
def test_a_number_proven_ninety_days_ago_still_gets_it(provider):
    delivery = tell(phone_confirmed_at=AT - dt.timedelta(days=90))
    assert deliver_due(at=AT) == 1
    assert state(delivery) == Delivery.State.SENT


@pytest.fixture
def slow(monkeypatch):
    """A provider that takes ten seconds a message; what another clock does in the meantime is given to it."""
    passed = [0.0]
    meanwhile: list = []

    def send(self, message):
        passed[0] += 10
        for happens in meanwhile:
            happens(AT + dt.timedelta(seconds=passed[0]))

    monkeypatch.setattr(sms.RecordingBackend, "send", send)
    monkeypatch.setattr(outbox, "monotonic", lambda: passed[0])
    return meanwhile


@pytest.mark.django_db
def test_a_slow_batch_is_not_taken_for_cut_off_by_another_clock(slow):
    """A hundred messages of ten seconds take longer than the pause after which a row counts as cut off."""
    user = worlds.account(sms_notices=True, phone_confirmed_at=AT)
    for _number in range(100):
        telling.tell(person=user.person, kind="tests", title="t", at=AT)
    slow.append(lambda at: Delivery.objects.cut_off(at, CUT_OFF_AFTER).update(state=Delivery.State.UNCERTAIN))
    assert deliver_due(at=AT) == 100
    assert set(Delivery.objects.values_list("state", flat=True)) == {Delivery.State.SENT}
    assert Delivery.objects.latest("changed_at").changed_at == AT + dt.timedelta(seconds=1000)


@pytest.mark.django_db
def test_one_that_does_not_open_is_given_up_and_the_others_go_out(provider, caplog):
    calls, _answers = provider
    deliveries = [tell() for _number in range(3)]
    damaged = deliveries[0].notice
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notices_notice SET title = body WHERE id = %s", [damaged.pk])
    assert deliver_due(at=AT) == 2
    assert [state(delivery) for delivery in deliveries] == ["failed", "sent", "sent"]
    assert len(calls) == 2
    assert "SealedValueError" in caplog.text
    assert "s1." not in caplog.text


@pytest.mark.django_db
def test_the_oldest_go_first_and_a_batch_has_its_bound(provider):
    calls, _answers = provider
    user = worlds.account(sms_notices=True, phone_confirmed_at=AT)
    for minutes in range(BATCH + 5):
        telling.tell(person=user.person, kind="tests", title=f"{minutes:03d}", at=AT - minutes * MINUTE)
    assert deliver_due(at=AT) == BATCH
    assert "204" in calls[0].text
    assert deliver_due(at=AT) == 5


def _all_deliverers_at_once(monkeypatch, *, claim_is_believed: bool) -> list[int]:
    """Every deliverer has read the row as queued before any of them claims it."""
    tell()
    line = threading.Barrier(DELIVERERS)
    update = QuerySet.update

    def together(self, **values):
        if values.get("state") != Delivery.State.SENDING:
            return update(self, **values)
        line.wait(30)
        return update(self, **values) if claim_is_believed else 1

    monkeypatch.setattr(QuerySet, "update", together)
    return winners(race(*[lambda: deliver_due(at=AT)] * DELIVERERS))


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres(only=True)
def test_four_deliverers_send_one_message(monkeypatch, provider):
    counts = _all_deliverers_at_once(monkeypatch, claim_is_believed=True)
    assert sorted(counts) == [0, 0, 0, 1]
    assert len(provider[0]) == 1
    assert Delivery.objects.get().state == Delivery.State.SENT


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres(only=True)
def test_control_without_the_claim_each_of_them_sends(monkeypatch, provider):
    _all_deliverers_at_once(monkeypatch, claim_is_believed=False)
    assert len(provider[0]) == DELIVERERS
