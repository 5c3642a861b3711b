"""Carrying notices outside. A row is claimed before the provider is called and settled after it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any

import structlog
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from portal.core.sealed import SealedValueError
from portal.core.sending import NotSent
from portal.people.merging import account_of

from . import choosing
from .models import Delivery
from .ways import WAYS, way_of
from .wording import Channel, kind_of

Now = Callable[[], dt.datetime]
log = structlog.get_logger(__name__)
MAX_ATTEMPTS = 5
CUT_OFF_AFTER = dt.timedelta(minutes=10)  # longer than a provider may take to answer
BATCH = 200
BATCH_LASTS = dt.timedelta(minutes=4)  # no row is begun later: the rest is the next round's


def deliver_due(*, at: dt.datetime) -> int:
    """Send what is due at ``at``, oldest first, at most one batch; returns how many were sent.

    1. rows cut off half-way are queued once more where their way drops a repeat of the key, and otherwise become
       uncertain: never sent again by a machine;
    2. each due row is claimed by compare-and-swap in a transaction of its own, and only then read and opened: one that
       does not open is given up without stopping the others;
    3. whether it may go is asked now: what was switched off since is dropped, what falls into quiet hours waits;
    4. a clean refusal by the provider is tried again later, doubling the pause, then given up as failed.

    ``at`` chooses the rows. What is written into one is the moment it is written, ``at`` and what has passed since the
    batch began: a slow provider holds up the later rows, and a second clock must not take them for cut off.
    """
    began = monotonic()

    def now() -> dt.datetime:
        return at + dt.timedelta(seconds=monotonic() - began)

    _pick_up(at)
    due = list(Delivery.objects.due(at).order_by("next_attempt", "pk").values_list("pk", flat=True)[:BATCH])
    sent = 0
    for pk in due:
        if now() - at > BATCH_LASTS:
            break
        sent += _deliver(pk, now)
    return sent


def _pick_up(at: dt.datetime) -> None:
    """Rows whose sender is gone."""
    lost: QuerySet[Any] = Delivery.objects.cut_off(at, CUT_OFF_AFTER)
    for channel, way in WAYS.items():
        if way.takes_key():
            again = lost.filter(channel=channel, attempts__lt=MAX_ATTEMPTS)
            again.update(state=Delivery.State.QUEUED, next_attempt=at, changed_at=at)
    unsure = lost.update(state=Delivery.State.UNCERTAIN, changed_at=at, stuck_at=Coalesce("stuck_at", at))
    if unsure:
        log.warning("deliveries were cut off", count=unsure)


@dataclass(frozen=True)
class _Claim:
    """The row as this process claimed it: who comes back after somebody else has claimed it anew settles nothing."""

    pk: int
    since: dt.datetime

    def settle(self, state: Delivery.State, at: dt.datetime, **values: Any) -> None:
        """Write the outcome."""
        if state in Delivery.STUCK:
            values["stuck_at"] = Coalesce("stuck_at", at)
        Delivery.objects.filter(pk=self.pk, state=Delivery.State.SENDING, changed_at=self.since).update(
            state=state, changed_at=at, **values
        )


def _claimed(pk: int, at: dt.datetime) -> _Claim | None:
    """The row is still queued and still due: one that was refused since this run made its list keeps its pause."""
    rows: QuerySet[Any] = Delivery.objects.due(at).filter(pk=pk)
    taken = rows.update(state=Delivery.State.SENDING, attempts=F("attempts") + 1, changed_at=at)
    return _Claim(pk, at) if taken else None


def _deliver(pk: int, now: Now) -> bool:
    """Claim one row, send it, settle it; whether it was sent."""
    claim = _claimed(pk, now())
    if claim is None:
        return False
    try:
        delivery = _opened(pk)
        address = _address(delivery, claim, now())
    except Delivery.DoesNotExist:  # erased with its message since it was claimed: nothing left to send or to settle
        return False
    except SealedValueError as unreadable:
        log.error("notice does not open", delivery=pk, why=type(unreadable).__name__)
        claim.settle(Delivery.State.FAILED, now())
        return False
    if not address:
        return False
    try:
        way_of(delivery).send(address=address, notice=delivery.notice, key=str(delivery.key))
    except NotSent as failure:
        _refused(delivery, claim, failure, now())
        return False
    claim.settle(Delivery.State.SENT, now())
    return True


def _opened(pk: int) -> Delivery:
    """The row with its notice and the person; SealedValueError where a sealed part does not open."""
    return Delivery.objects.select_related("notice__person").get(pk=pk)


def _address(delivery: Delivery, claim: _Claim, at: dt.datetime) -> str:
    """Where the message goes now; empty where it does not, and the row is settled then.

    Asked when it goes and not only when it was queued: the account may have been closed, the way or the kind switched
    off since.
    """
    account: Any = account_of(delivery.notice.person)
    kind, channel = kind_of(delivery.notice.kind), Channel(delivery.channel)
    if channel not in choosing.ways_for(account, kind, at=at):
        claim.settle(Delivery.State.DROPPED, at)
        return ""
    until = choosing.quiet_until(account, kind, at=at)
    if until is not None:
        claim.settle(Delivery.State.QUEUED, at, next_attempt=until, attempts=F("attempts") - 1)
        return ""
    return choosing.address(account, channel, at=at)


def _refused(delivery: Delivery, claim: _Claim, failure: NotSent, at: dt.datetime) -> None:
    """It was not taken, or nobody knows: queued once more after a pause, uncertain, or given up."""
    last = delivery.attempts >= MAX_ATTEMPTS
    if failure.uncertain and (last or not way_of(delivery).takes_key()):
        claim.settle(Delivery.State.UNCERTAIN, at)
    elif not failure.uncertain and (last or failure.permanent):
        claim.settle(Delivery.State.FAILED, at)
    else:
        pause = dt.timedelta(minutes=2 ** (delivery.attempts - 1))
        claim.settle(Delivery.State.QUEUED, at, next_attempt=at + pause)
