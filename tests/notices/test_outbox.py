"""The outbox: at least once inside, at most once outside."""

import datetime as dt
import threading

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet

from portal.core import mail, sms
from portal.notices import outbox, telling
from portal.notices.models import Delivery, Notice
from portal.notices.outbox import BATCH_LASTS, CUT_OFF_AFTER, MAX_ATTEMPTS, deliver_due
from tests import worlds
from tests.races import race, winners

AT = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)  # nine in the morning here
MINUTE = dt.timedelta(minutes=1)
DELIVERERS = 4


@pytest.fixture(autouse=True)
def of_these_tests(words):
    """Kinds and texts."""


@pytest.fixture(autouse=True)
def no_time_passes(monkeypatch):
    """Within a batch, unless a test says so."""
    monkeypatch.setattr(outbox, "monotonic", lambda: 0.0)


def tell(**account):
    user = worlds.account(**{"sms_notices": True, "phone_confirmed_at": AT, **account})
    return news(user.person).deliveries.get()


def news(person, at=AT, **more):
    return telling.tell(person=person, text="tests.news", values={"what": "李阿姨"}, at=at, **more)


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
    news(user.person)
    news(worlds.person())
    assert Notice.objects.count() == 2
    assert not Delivery.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_what_is_rolled_back_was_never_said():
    user = worlds.account(sms_notices=True)
    with pytest.raises(LookupError), transaction.atomic():
        news(user.person)
        raise LookupError
    assert not Notice.objects.exists()
    assert not Delivery.objects.exists()


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
def test_a_refused_one_keeps_its_pause_before_workers_that_listed_it_earlier(provider):
    calls, answers = provider
    delivery = tell()
    answers += [sms.SmsFailed("busy")] * MAX_ATTEMPTS
    for _worker in range(MAX_ATTEMPTS):  # each had the row on its list when the first one met the refusal
        outbox._deliver(delivery.pk, lambda: AT)
    assert len(calls) == 1
    assert state(delivery) == Delivery.State.QUEUED
    assert delivery.next_attempt == AT + MINUTE


@pytest.mark.django_db
def test_one_that_was_erased_meanwhile_does_not_stop_the_others(provider, monkeypatch):
    calls, _answers = provider
    gone, stays = tell(), tell()
    opened = outbox._opened

    def erased_first(pk):
        if pk == gone.pk:
            Notice.objects.filter(pk=gone.notice_id).delete()
        return opened(pk)

    monkeypatch.setattr(outbox, "_opened", erased_first)
    assert deliver_due(at=AT) == 1
    assert len(calls) == 1
    assert state(stays) == Delivery.State.SENT


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
    assert state(delivery) == Delivery.State.DROPPED
    assert delivery.stuck_at is None, "nobody at the desk has to do anything about it"
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
    """A hundred messages of ten seconds take longer than the pause after which a row counts as cut off; and so long no
    round of a worker lasts."""
    user = worlds.account(sms_notices=True, phone_confirmed_at=AT)
    for _number in range(100):
        news(user.person)
    slow.append(lambda at: Delivery.objects.cut_off(at, CUT_OFF_AFTER).update(state=Delivery.State.UNCERTAIN))
    begun = int(BATCH_LASTS / dt.timedelta(seconds=10)) + 1
    assert deliver_due(at=AT) == begun, "no row is begun after the batch's time"
    sent = begun
    for number in range(1, 20):
        sent += deliver_due(at=AT + number * BATCH_LASTS)
    assert sent == 100
    assert set(Delivery.objects.values_list("state", flat=True)) == {Delivery.State.SENT}


@pytest.mark.django_db
def test_what_is_written_into_a_row_is_the_moment_it_is_written(slow):
    deliveries = [tell() for _number in range(3)]
    assert deliver_due(at=AT) == 3
    for seconds, delivery in zip((10, 20, 30), deliveries, strict=True):
        assert state(delivery) == Delivery.State.SENT
        assert delivery.changed_at == AT + dt.timedelta(seconds=seconds)


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
def test_the_oldest_go_first_and_a_batch_has_its_bound(provider, monkeypatch):
    calls, _answers = provider
    user = worlds.account(sms_notices=True, phone_confirmed_at=AT)
    monkeypatch.setattr(outbox, "BATCH", 20)
    keys = [str(news(user.person, at=AT - minutes * MINUTE).deliveries.get().key) for minutes in range(25)]
    assert deliver_due(at=AT) == 20
    assert calls[0].key == keys[-1]
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


# Where repeats are dropped -------------------------------------------------------------------------------------------


@pytest.fixture
def drops_repeats(monkeypatch):
    """A provider whose contract says that a repeat of a key is dropped."""
    monkeypatch.setattr(sms.RecordingBackend, "takes_key", True)


@pytest.mark.django_db
def test_what_was_cut_off_is_sent_again_under_the_same_key_where_repeats_are_dropped(provider, drops_repeats):
    calls, answers = provider
    delivery = tell()
    answers.append(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        deliver_due(at=AT)
    assert deliver_due(at=AT + CUT_OFF_AFTER + MINUTE) == 1
    assert state(delivery) == Delivery.State.SENT
    assert [call.key for call in calls] == [str(delivery.key)] * 2


@pytest.mark.django_db
def test_an_unclear_answer_is_asked_again_a_few_times_and_then_left_to_the_desk(provider, drops_repeats):
    calls, answers = provider
    delivery = tell()
    answers += [sms.SmsFailed("timeout", uncertain=True) for _ in range(MAX_ATTEMPTS)]
    for hour in range(MAX_ATTEMPTS + 2):
        deliver_due(at=AT + hour * dt.timedelta(hours=1))
    assert state(delivery) == Delivery.State.UNCERTAIN
    assert delivery.stuck_at is not None
    assert len(calls) == MAX_ATTEMPTS
    assert len({call.key for call in calls}) == 1


@pytest.mark.django_db
def test_a_row_that_is_cut_off_again_and_again_ends_with_the_desk(provider, drops_repeats):
    calls, answers = provider
    delivery = tell()
    answers += [KeyboardInterrupt() for _ in range(MAX_ATTEMPTS + 3)]
    at = AT
    for _death in range(MAX_ATTEMPTS):
        with pytest.raises(KeyboardInterrupt):
            deliver_due(at=at)
        at += CUT_OFF_AFTER + MINUTE
    deliver_due(at=at)
    assert state(delivery) == Delivery.State.UNCERTAIN
    assert len(calls) == MAX_ATTEMPTS


@pytest.mark.django_db
def test_who_comes_back_late_settles_nothing_that_another_has_claimed_since(provider, drops_repeats):
    calls, _answers = provider
    delivery = tell()
    late = outbox._claimed(delivery.pk, AT)
    outbox._pick_up(AT + CUT_OFF_AFTER + MINUTE)
    fresh = outbox._claimed(delivery.pk, AT + CUT_OFF_AFTER + MINUTE)
    late.settle(Delivery.State.FAILED, AT + CUT_OFF_AFTER + 2 * MINUTE)
    assert state(delivery) == Delivery.State.SENDING
    fresh.settle(Delivery.State.SENT, AT + CUT_OFF_AFTER + 2 * MINUTE)
    assert state(delivery) == Delivery.State.SENT
    assert not calls


# Mail ----------------------------------------------------------------------------------------------------------------


def by_mail():
    user = worlds.account(email="xiaohe@example.com", email_confirmed_at=AT, email_notices=True)
    return news(user.person).deliveries.get()


@pytest.mark.django_db
def test_a_letter_carries_the_title_and_nothing_that_was_said(mailoutbox):
    delivery = by_mail()
    assert deliver_due(at=AT) == 1
    (got,) = mailoutbox
    assert got.to == ["xiaohe@example.com"]
    assert got.subject == "【益+亲】您的心愿有新进展"
    assert "李阿姨" not in got.body
    assert got.extra_headers["Message-ID"] == f"<{delivery.key}@example.com>"
    assert state(delivery) == Delivery.State.SENT


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("failure", "becomes"),
    [
        ({}, Delivery.State.QUEUED),
        ({"permanent": True}, Delivery.State.FAILED),
        ({"uncertain": True}, Delivery.State.UNCERTAIN),
    ],
)
def test_mail_that_does_not_go(monkeypatch, failure, becomes):
    delivery = by_mail()

    def refuse(**_letter):
        raise mail.MailFailed("no", **failure)

    monkeypatch.setattr(mail, "send", refuse)
    assert deliver_due(at=AT) == 0
    assert state(delivery) == becomes
    assert (delivery.stuck_at is not None) == (becomes in Delivery.STUCK)


@pytest.mark.django_db
def test_mail_found_half_sent_is_never_sent_again(monkeypatch, drops_repeats, mailoutbox):
    delivery = by_mail()
    monkeypatch.setattr(mail, "send", lambda **_letter: [][0])
    with pytest.raises(IndexError):
        deliver_due(at=AT)
    deliver_due(at=AT + CUT_OFF_AFTER + MINUTE)
    assert state(delivery) == Delivery.State.UNCERTAIN
    assert not mailoutbox
