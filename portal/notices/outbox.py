"""Carrying notices outside. A row is claimed before the provider is called and settled after it."""

import datetime as dt

from django.conf import settings

from portal.core import sms

from .models import Delivery

MAX_ATTEMPTS = 5
CUT_OFF_AFTER = dt.timedelta(minutes=10)
BATCH = 200


def deliver_due(*, at: dt.datetime) -> int:
    """Send what is due, oldest first, at most one batch; returns how many were sent.

    1. rows cut off half-way become uncertain: never sent again by a machine;
    2. each due row is claimed by compare-and-swap in a transaction of its own;
    3. a clean refusal by the provider is tried again later, doubling the pause, then given up as failed.
    """
    Delivery.objects.cut_off(at, CUT_OFF_AFTER).update(state=Delivery.State.UNCERTAIN, changed_at=at)
    due = Delivery.objects.due(at).select_related("notice__person__user").order_by("next_attempt")[:BATCH]
    return sum(_deliver(delivery, at) for delivery in due)


def _deliver(delivery: Delivery, at: dt.datetime) -> bool:
    claimed = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.QUEUED).update(
        state=Delivery.State.SENDING, attempts=delivery.attempts + 1, changed_at=at
    )
    if not claimed:
        return False
    account = getattr(delivery.notice.person, "user", None)
    if account is None or not account.is_active or not account.phone:
        return _settle(delivery, Delivery.State.FAILED, at)
    try:
        sms.send(phone=account.phone, text=_text(delivery), key=str(delivery.key))
    except sms.SmsFailed as failure:
        if failure.uncertain:
            return _settle(delivery, Delivery.State.UNCERTAIN, at)
        if delivery.attempts + 1 >= MAX_ATTEMPTS:
            return _settle(delivery, Delivery.State.FAILED, at)
        pause = dt.timedelta(minutes=2**delivery.attempts)
        Delivery.objects.filter(pk=delivery.pk).update(
            state=Delivery.State.QUEUED, next_attempt=at + pause, changed_at=at
        )
        return False
    _settle(delivery, Delivery.State.SENT, at)
    return True


def _settle(delivery: Delivery, state: Delivery.State, at: dt.datetime) -> bool:
    """Write the outcome; returns False, so that only a sent message counts."""
    Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.SENDING).update(state=state, changed_at=at)
    return False


def _text(delivery: Delivery) -> str:
    """A text message says that there is news and what kind; details stay behind the sign-in."""
    return f"【{settings.SITE_NAME}】{delivery.notice.title}"
