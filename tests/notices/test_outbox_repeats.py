"""Where a provider drops repeats of a key, what was cut off goes again under that key, a few times; a letter never."""

import datetime as dt

import pytest

from portal.core import mail, sms
from portal.notices import outbox
from portal.notices.models import Delivery
from portal.notices.outbox import CUT_OFF_AFTER, MAX_ATTEMPTS, deliver_due
from tests import worlds

from .outgoing import AT, MINUTE, news, state, tell

pytestmark = pytest.mark.usefixtures("words", "no_time_passes")


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


# Mail -----------------------------------------------------------------------------------------------------------------


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
