"""Carrying notices outside. A row is claimed before the provider is called and settled after it."""

import datetime as dt
from collections.abc import Callable
from time import monotonic
from typing import Any

import structlog
from django.conf import settings
from django.db.models import F

from portal.core import sms
from portal.core.sealed import SealedValueError
from portal.people.signing_in import opens_by_code

from .models import Delivery

Now = Callable[[], dt.datetime]
log = structlog.get_logger(__name__)
MAX_ATTEMPTS = 5
CUT_OFF_AFTER = dt.timedelta(minutes=10)
BATCH = 200


def deliver_due(*, at: dt.datetime) -> int:
    """Send what is due at ``at``, oldest first, at most one batch; returns how many were sent.

    1. rows cut off half-way become uncertain: never sent again by a machine;
    2. each due row is claimed by compare-and-swap in a transaction of its own, and only then read and opened: one that
       does not open is given up without stopping the others;
    3. a clean refusal by the provider is tried again later, doubling the pause, then given up as failed.

    ``at`` chooses the rows. What is written into one is the moment it is written, ``at`` and what has passed since the
    batch began: a slow provider holds up the later rows, and a second clock must not take them for cut off.
    """
    began = monotonic()

    def now() -> dt.datetime:
        return at + dt.timedelta(seconds=monotonic() - began)

    Delivery.objects.cut_off(at, CUT_OFF_AFTER).update(state=Delivery.State.UNCERTAIN, changed_at=at)
    due = list(Delivery.objects.due(at).order_by("next_attempt", "pk").values_list("pk", flat=True)[:BATCH])
    return sum(_deliver(pk, now) for pk in due)


def _deliver(pk: int, now: Now) -> bool:
    """Claim one row, send it, settle it; whether it was sent."""
    claimed = Delivery.objects.filter(pk=pk, state=Delivery.State.QUEUED).update(
        state=Delivery.State.SENDING, attempts=F("attempts") + 1, changed_at=now()
    )
    if not claimed:
        return False
    try:
        delivery = Delivery.objects.select_related("notice__person__user").get(pk=pk)
        phone, text = _phone(delivery, now()), _text(delivery)
    except SealedValueError as unreadable:
        log.error("notice does not open", delivery=pk, why=type(unreadable).__name__)
        return _settle(pk, Delivery.State.FAILED, now())
    if not phone:
        return _settle(pk, Delivery.State.FAILED, now())
    try:
        sms.send(phone=phone, text=text, key=str(delivery.key))
    except sms.SmsFailed as failure:
        return _refused(delivery, failure, now())
    _settle(pk, Delivery.State.SENT, now())
    return True


def _phone(delivery: Delivery, at: dt.datetime) -> str:
    """Where the message may go now; empty for nowhere.

    Asked when it goes and not only when it was queued: the account may have been closed or text messages switched off
    since, and a number that was proven too long ago may be somebody else's, as at sign-in.
    """
    account: Any = getattr(delivery.notice.person, "user", None)
    if account is None or not account.is_active or not account.sms_notices or not account.phone:
        return ""
    return account.phone if opens_by_code(account, at=at) else ""


def _refused(delivery: Delivery, failure: sms.SmsFailed, at: dt.datetime) -> bool:
    """The provider did not take it: uncertain, given up, or queued once more after a pause."""
    if failure.uncertain:
        return _settle(delivery.pk, Delivery.State.UNCERTAIN, at)
    if delivery.attempts >= MAX_ATTEMPTS:
        return _settle(delivery.pk, Delivery.State.FAILED, at)
    pause = dt.timedelta(minutes=2 ** (delivery.attempts - 1))
    Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.SENDING).update(
        state=Delivery.State.QUEUED, next_attempt=at + pause, changed_at=at
    )
    return False


def _settle(pk: int, state: Delivery.State, at: dt.datetime) -> bool:
    """Write the outcome; returns False, so that only a sent message counts."""
    Delivery.objects.filter(pk=pk, state=Delivery.State.SENDING).update(state=state, changed_at=at)
    return False


def _text(delivery: Delivery) -> str:
    """A text message says that there is news and what kind; details stay behind the sign-in."""
    return f"【{settings.SITE_NAME}】{delivery.notice.title}"
