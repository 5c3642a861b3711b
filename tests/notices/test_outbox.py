"""The outbox: each message goes out once, a refusal is tried again, what is unclear never."""

import datetime as dt

import pytest
from django.db import connection, transaction

from portal.core import sms
from portal.notices import outbox
from portal.notices.models import Delivery, Notice
from portal.notices.outbox import CUT_OFF_AFTER, MAX_ATTEMPTS, deliver_due
from tests import worlds

from .outgoing import AT, MINUTE, news, state, tell

pytestmark = pytest.mark.usefixtures("words", "no_time_passes")


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
