"""How a wish ends: rated, or closed by the clock; hours are credited then. And what happens when a term is over."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from alliance.volunteers import hours
from portal.core import audit, clock
from portal.core.moves import SYSTEM, MoveRefused, Transition, move
from portal.core.numbers import spaced
from portal.notices.telling import tell
from portal.people.models import Person, Role, User
from portal.people.roles import RoleKind

from .models import Wish
from .ordering import settle, tell_of_act, tell_requesters, tell_volunteers

BATCH = 500


@transaction.atomic
def rate(*, wish: Wish, stars: int, comment: str, actor: User, actor_part: str, at: dt.datetime) -> Transition:
    """The requester's 1 to 5 closes the wish and credits the hours."""
    if not 1 <= stars <= 5:
        raise ValidationError({"stars": _("请选 1 到 5 分。")})
    transition = _close(
        wish,
        "rate",
        actor_id=actor.pk,
        actor_part=actor_part,
        at=at,
        changes={"rating": stars, "rating_comment": comment.strip()},
    )
    settle(wish, actor, actor_part, at)
    tell_volunteers(wish, wish.addressed(), "wishes.credited", at)
    tell_of_act(wish, "wishes.rated", at, did=_("评"), actor=actor, actor_part=actor_part)
    return transition


def _close(
    wish: Wish, name: str, *, actor_id: int | None, actor_part: str, at: dt.datetime, changes: dict[str, object]
) -> Transition:
    transition = move(wish, name, actor_id=actor_id, actor_part=actor_part, at=at, changes={**changes, "closed_at": at})
    if wish.volunteer is not None and wish.service_minutes:
        hours.credit(volunteer=wish.volunteer, minutes=wish.service_minutes, source=wish, actor_id=actor_id, at=at)
    return transition


@transaction.atomic
def record_visit(*, wish: Wish, note: str, actor: User, at: dt.datetime) -> None:
    """回访: staff spoke with a requester who rated low; what came of it is sealed beside the record."""
    if not Wish.objects.to_visit().filter(pk=wish.pk).update(visited_on=clock.local_day(at)):
        raise MoveRefused(_("这张单子不用回访，或已经回访过。"), state=wish.state)
    wish.visited_on = clock.local_day(at)
    audit.record("wish.visited", actor_id=actor.pk, subject=wish, at=at, reason=note)


def auto_close(*, at: dt.datetime) -> int:
    """Close what was completed and not rated within its term; returns how many. Each in a transaction of its own."""
    closed = 0
    waiting = Wish.objects.filter(state=Wish.State.PENDING_RATING, due_on__lt=clock.local_day(at))
    for wish in waiting.select_related("volunteer").order_by("due_on")[:BATCH]:
        try:
            with transaction.atomic():
                _close(wish, "auto_close", actor_id=None, actor_part=SYSTEM, at=at, changes={})
                tell_volunteers(wish, wish.addressed(), "wishes.credited", at)
                tell_requesters(wish, "wishes.closed", at)
        except MoveRefused:
            continue  # rated in this very moment: closed by the requester, which is better
        closed += 1
    return closed


def escalate(*, at: dt.datetime) -> int:
    """Tell each community's head of the wishes whose term is over, once a wish and state; returns how many.

    A community without a head keeps its overdue wishes unescalated, and out of the batch: they are told when one is
    appointed.
    """
    day = clock.local_day(at)
    heads: dict[int, list[Person]] = {}
    offices = Role.objects.current(at).filter(kind=RoleKind.HEAD, user__is_active=True, user__person__isnull=False)
    for role in offices.select_related("user__person"):
        heads.setdefault(role.area_id, []).append(role.user.person)  # type: ignore[arg-type]
    late = Wish.objects.overdue(day).exclude(state=Wish.State.PENDING_RATING).filter(escalated_on__isnull=True)
    escalated = 0
    for wish in late.filter(community__in=list(heads)).order_by("due_on")[:BATCH]:
        with transaction.atomic():
            still = Wish.objects.filter(pk=wish.pk, state=wish.state, escalated_on__isnull=True)
            if not still.update(escalated_on=day):
                continue
            for person in heads[wish.community_id]:
                tell(
                    person=person,
                    text="wishes.overdue",
                    values={"code": spaced(wish.code), "state": wish.get_state_display()},
                    url=f"/wishes/{wish.code}/",
                    at=at,
                )
        escalated += 1
    return escalated
