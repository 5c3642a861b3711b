"""What the desk decides about a message that did not go out: once more, or no more."""

import datetime as dt
import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from portal.core import audit, reasons
from portal.core.moves import MoveRefused
from portal.core.schedule import wake_after_commit
from portal.people.models import User
from portal.people.relations import serves

from .models import Delivery
from .telling import DELIVER


def may_decide(user: User, delivery: Delivery) -> bool:
    """Whether ``user`` is of the desk that serves the person."""
    return serves(user, delivery.notice.person)


@transaction.atomic
def send_again(*, delivery: Delivery, actor: User, at: dt.datetime, reason: str) -> None:
    """Queue it once more; what the person chose and their quiet hours hold as ever.

    What was refused goes under a new key, because a provider may remember its refusal; what is uncertain goes under the
    old one, so that a provider who drops repeats sends it once.
    """
    key = uuid.uuid4() if delivery.state == Delivery.State.FAILED else delivery.key
    _decide(
        delivery,
        Delivery.State.QUEUED,
        "delivery.sent_again",
        actor,
        at,
        reason,
        key=key,
        attempts=0,
        next_attempt=at,
    )
    wake_after_commit(DELIVER)


@transaction.atomic
def give_up(*, delivery: Delivery, actor: User, at: dt.datetime, reason: str) -> None:
    """It need not go any more, and why; the person reads it in the portal."""
    _decide(delivery, Delivery.State.DROPPED, "delivery.given_up", actor, at, reason)


def _decide(
    delivery: Delivery,
    state: Delivery.State,
    verb: str,
    actor: User,
    at: dt.datetime,
    reason: str,
    **values: object,
) -> None:
    """Compare-and-swap on the row as the desk saw it, and the record. PermissionDenied for another desk, MoveRefused
    where it no longer waits or somebody decided first, ValidationError without a reason."""
    if not may_decide(actor, delivery):
        raise PermissionDenied
    if delivery.state not in Delivery.STUCK:
        raise MoveRefused(_("这条消息不在等处理，可能刚刚有人办过了。"), state=delivery.state)
    reason = reasons.check(reason, _("请写明理由。"))
    seen = Delivery.objects.filter(pk=delivery.pk, state=delivery.state, changed_at=delivery.changed_at)
    if seen.update(state=state, changed_at=at, **values) != 1:
        raise MoveRefused(_("刚刚有人先办了这一步，请刷新后再看。"), state=delivery.state)
    audit.record(
        verb,
        actor_id=actor.pk,
        subject=delivery,
        at=at,
        details={"channel": delivery.channel, "was": delivery.state},
        reason=reason,
    )
    delivery.refresh_from_db()
