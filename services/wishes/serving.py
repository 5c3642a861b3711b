"""Dispatch and service: to whom a wish goes, who takes it, what they may see, how it ends."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from alliance.volunteers.models import Team, Volunteer
from portal.core import audit
from portal.core.moves import MoveRefused, Transition, move
from portal.notices.telling import tell
from portal.people.models import User

from .models import ContactReveal, Wish, WishState
from .ordering import KIND, tell_asker
from .terms import due_on_entering

_NOBODY = {"dispatch": "", "dispatched_to": None, "dispatched_team": None}
MAX_MINUTES = 24 * 60


@transaction.atomic
def dispatch(
    *,
    wish: Wish,
    to: str,
    actor: User,
    at: dt.datetime,
    volunteer: Volunteer | None = None,
    team: Team | None = None,
) -> Transition:
    """Send a wish to a named volunteer, to a team, or to the community's open pool (``Wish.Dispatch``).

    Raises ValidationError by field where the target is missing, of another community, or not cleared for the kind.
    """
    target = _target(wish, to, volunteer, team)
    transition = move(
        wish,
        "dispatch",
        actor_id=actor.pk,
        actor_part="staff",
        at=at,
        due_on=due_on_entering(WishState.PENDING_CLAIM, community=wish.community, at=at),
        changes={"dispatch": to, **target},
    )
    for person in _addressed(wish):
        tell(
            person=person,
            kind=KIND,
            title=_("有一张心愿单等您接。"),
            body=wish.title,
            url=f"/wishes/{wish.code}/",
            at=at,
        )
    return transition


def _target(wish: Wish, to: str, volunteer: Volunteer | None, team: Team | None) -> dict[str, object]:
    if to == Wish.Dispatch.POOL:
        return {"dispatched_to": None, "dispatched_team": None}
    if to == Wish.Dispatch.TEAM:
        if team is None or not team.active or team.community_id != wish.community_id:
            raise ValidationError({"team": _("请选本社区在用的队伍。")})
        return {"dispatched_to": None, "dispatched_team": team}
    if volunteer is None or volunteer.community_id != wish.community_id:
        raise ValidationError({"volunteer": _("请选本社区的志愿者。")})
    if problem := unfit(wish, volunteer):
        raise ValidationError({"volunteer": problem})
    return {"dispatched_to": volunteer, "dispatched_team": None}


def unfit(wish: Wish, volunteer: Volunteer) -> str:
    """Why ``volunteer`` must not serve this wish; empty where nothing stands against it."""
    if volunteer.state != Volunteer.State.ACTIVE:
        return _("这位志愿者现在没有在服务。")
    if volunteer.person_id in (wish.subject_id, wish.asker_id):
        return _("不能派给提出心愿的本人。")
    if wish.kind.in_home and volunteer.homes_cleared_on is None:
        return _("这类心愿要入户，这位志愿者还没有入户许可。")
    if wish.kind.with_minors and volunteer.minors_cleared_on is None:
        return _("这类心愿服务未成年人，这位志愿者还没有相应许可。")
    return ""


def _addressed(wish: Wish) -> list:
    """Who is told of a dispatch: the named one, the members of the team, nobody for the pool."""
    if wish.dispatched_to is not None:
        return [wish.dispatched_to.person]
    if wish.dispatched_team is not None:
        members = wish.dispatched_team.memberships.filter(until__isnull=True).select_related("volunteer__person__user")
        return [member.volunteer.person for member in members]
    return []


@transaction.atomic
def recall(*, wish: Wish, reason: str, actor: User, at: dt.datetime) -> Transition:
    """Staff take a wish back from where it waits, to dispatch it anew."""
    return _back(wish, "recall", reason, actor, "staff", at)


@transaction.atomic
def refuse(*, wish: Wish, volunteer: Volunteer, reason: str, actor: User, at: dt.datetime) -> Transition:
    """The volunteer to whom it was sent by name says no."""
    if wish.dispatched_to_id != volunteer.pk:
        raise MoveRefused(_("这张单子不是指定给您的。"), state=wish.state)
    return _back(wish, "refuse", reason, actor, "volunteer", at)


def _back(wish: Wish, name: str, reason: str, actor: User, part: str, at: dt.datetime) -> Transition:
    return move(
        wish,
        name,
        actor_id=actor.pk,
        actor_part=part,
        at=at,
        reason=reason,
        due_on=due_on_entering(WishState.PENDING_DISPATCH, community=wish.community, at=at),
        changes={**_NOBODY, "volunteer": None},
    )


@transaction.atomic
def claim(*, wish: Wish, volunteer: Volunteer, actor: User, at: dt.datetime) -> Transition:
    """Take a wish that is offered to ``volunteer``. Of many who try, exactly one wins; the others get MoveRefused.

    1. the wish must be offered to this volunteer now: addressed by name, by team or by the pool, and cleared;
    2. the move swaps 待接单 for 服务中 and sets the volunteer in one statement, only while the dispatch is still
       the one that was looked at and nobody has taken it.
    """
    if not Wish.objects.filter(pk=wish.pk).offered_to(volunteer).exists():
        fresh = Wish.objects.values_list("state", "volunteer").get(pk=wish.pk)
        taken = fresh[1] is not None and fresh[1] != volunteer.pk
        raise MoveRefused(
            _("手慢了一步，这张单子已经有人接了。") if taken else _("这张单子现在不能接。"), state=fresh[0]
        )
    try:
        transition = move(
            wish,
            "claim",
            actor_id=actor.pk,
            actor_part="volunteer",
            at=at,
            due_on=due_on_entering(WishState.IN_SERVICE, community=wish.community, at=at),
            changes={"volunteer": volunteer},
            guard=models.Q(
                volunteer__isnull=True,
                dispatch=wish.dispatch,
                dispatched_to=wish.dispatched_to_id,
                dispatched_team=wish.dispatched_team_id,
            ),
        )
    except MoveRefused:
        raise MoveRefused(_("手慢了一步，这张单子已经有人接了。"), state=WishState.IN_SERVICE) from None
    tell_asker(wish, _("有志愿者接了您的心愿，会和您联系。"), at)
    return transition


@transaction.atomic
def reveal_contact(*, wish: Wish, actor: User, part: str, at: dt.datetime, reason: str = "") -> ContactReveal:
    """Record that ``actor`` looks at the contact now. The page shows it only after this row is written."""
    row = ContactReveal.objects.create(wish=wish, viewer=actor, part=part, at=at)
    audit.record("wish.contact_revealed", actor_id=actor.pk, subject=wish, at=at, details={"part": part}, reason=reason)
    return row


@transaction.atomic
def give_back(*, wish: Wish, reason: str, actor: User, at: dt.datetime, part: str = "volunteer") -> Transition:
    """退单: the volunteer, or staff for them, cannot go on; the wish waits to be dispatched anew."""
    transition = _back(wish, "return", reason, actor, part, at)
    tell_asker(wish, _("志愿者有事来不了，社区正在另找人。"), at)
    return transition


@transaction.atomic
def complete(
    *, wish: Wish, minutes: int, note: str, actor: User, at: dt.datetime, part: str = "volunteer"
) -> Transition:
    """The service is done: ``minutes`` of service without travel, and a few words for the requester."""
    if not 1 <= minutes <= MAX_MINUTES:
        raise ValidationError({"minutes": _("请写服务了多少分钟，1 到 1440 之间。")})
    transition = move(
        wish,
        "complete",
        actor_id=actor.pk,
        actor_part=part,
        at=at,
        due_on=due_on_entering(WishState.PENDING_RATING, community=wish.community, at=at),
        changes={"service_minutes": minutes, "completion_note": note.strip()},
    )
    tell_asker(wish, _("志愿者说办好了，请您评一评。"), at)
    return transition
