"""Dispatch and service: to whom a wish goes, who takes it, what they may see, how it ends."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.volunteers.models import Team, Volunteer
from portal.core import audit
from portal.core.moves import MoveRefused, Transition, move
from portal.people.models import Person, User

from .models import ContactReveal, Wish, WishState
from .ordering import settle, tell_requesters, tell_volunteers
from .terms import due_on_entering

_NOBODY = {"dispatch": "", "dispatched_to": None, "dispatched_team": None}
MAX_MINUTES = 24 * 60
_TAKEN = gettext_lazy("手慢了一步，这张单子已经有人接了。")


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
    fit = [person for person in wish.addressed() if not unfit(wish, person)]
    tell_volunteers(wish, fit, "wishes.offered", at)
    if text := _what_is_new(wish):
        tell_requesters(wish, text, at)
    return transition


def _what_is_new(wish: Wish) -> str:
    """The message about a dispatch to whom the wish is for; empty for the first one into the open pool: that somebody
    is looked for is what they were told when it was accepted."""
    if wish.dispatch != Wish.Dispatch.POOL:
        return "wishes.sent_to_one" if wish.dispatch == Wish.Dispatch.NAMED else "wishes.sent_to_team"
    again = wish.transitions().filter(name="dispatch")[:2].count() > 1
    return "wishes.dispatched_again" if again else ""


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


def fit_for(wish: Wish) -> models.QuerySet[Volunteer]:
    """Volunteers who may serve ``wish``: what ``unfit`` says of one, as a condition."""
    fit = Volunteer.objects.serving().filter(community=wish.community_id)
    fit = fit.exclude(person__in=list(Person.objects.records_of([wish.subject_id, wish.asker_id])))
    if wish.kind.in_home:
        fit = fit.filter(homes_cleared_on__isnull=False)
    return fit.filter(minors_cleared_on__isnull=False) if wish.kind.with_minors else fit


def unfit(wish: Wish, volunteer: Volunteer) -> str:
    """Why ``volunteer`` must not serve this wish; empty where nothing stands against it."""
    if volunteer.state != Volunteer.State.ACTIVE:
        return _("这位志愿者现在没有在服务。")
    if volunteer.person.resolved in (wish.subject.resolved, wish.asker.resolved):
        return _("不能派给提出心愿的本人。")
    if wish.kind.in_home and volunteer.homes_cleared_on is None:
        return _("这类心愿要入户，这位志愿者还没有入户许可。")
    if wish.kind.with_minors and volunteer.minors_cleared_on is None:
        return _("这类心愿服务未成年人，这位志愿者还没有相应许可。")
    return ""


@transaction.atomic
def recall(*, wish: Wish, reason: str, actor: User, at: dt.datetime) -> Transition:
    """Staff take a wish back from where it waits, to dispatch it anew; whom it was sent to is told."""
    addressed = wish.addressed()
    transition = _back(wish, "recall", reason, actor, "staff", at)
    tell_volunteers(wish, addressed, "wishes.recalled", at)
    tell_requesters(wish, "wishes.looking_again", at)
    return transition


@transaction.atomic
def refuse(*, wish: Wish, volunteer: Volunteer, reason: str, actor: User, at: dt.datetime) -> Transition:
    """The volunteer to whom it was sent by name says no."""
    if wish.dispatched_to_id != volunteer.pk:
        raise MoveRefused(_("这张单子不是指定给您的。"), state=wish.state)
    transition = _back(wish, "refuse", reason, actor, "volunteer", at)
    settle(wish, actor, "volunteer", at)
    tell_requesters(wish, "wishes.looking_again", at)
    return transition


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

    1. the volunteer's row is locked and read anew, so that a suspension or a clearance taken back counts at once;
    2. the wish must be offered to them now: addressed by name, by team or by the pool, and they must be fit for it;
    3. the move swaps 待接单 for 服务中 and sets the volunteer in one statement, only while the dispatch is still
       the one that was looked at and nobody has taken it.
    """
    volunteer = Volunteer.objects.select_for_update(no_key=True).get(pk=volunteer.pk)
    if not Wish.objects.filter(pk=wish.pk).offered_to(volunteer).exists():
        state, taken_by = Wish.objects.values_list("state", "volunteer").get(pk=wish.pk)
        faster = taken_by is not None and taken_by != volunteer.pk
        raise MoveRefused(str(_TAKEN) if faster else _why_not(wish, volunteer), state=state)
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
        raise MoveRefused(str(_TAKEN), state=WishState.IN_SERVICE) from None
    settle(wish, actor, "volunteer", at)
    tell_requesters(wish, "wishes.claimed", at)
    return transition


def _why_not(wish: Wish, volunteer: Volunteer) -> str:
    """Why this one cannot take a wish that nobody has taken, in words for them."""
    if volunteer.state != Volunteer.State.ACTIVE:
        return _("您现在暂停服务，不能接单，请联系社区。")
    if volunteer.person.resolved in (wish.subject.resolved, wish.asker.resolved):
        return _("这是您自己提的心愿，请别的志愿者来接。")
    if unfit(wish, volunteer):
        return _("这类单子要社区给过许可才能接，请联系社区。")
    return _("这张单子现在不能接，可能派给了别人，或已经收回。")


@transaction.atomic
def reveal_contact(*, wish: Wish, actor: User, part: str, at: dt.datetime, reason: str = "") -> ContactReveal:
    """Record that ``actor`` looks at the contact now. The page shows it only after this row is written."""
    row = ContactReveal.objects.create(wish=wish, viewer=actor, part=part, at=at)
    audit.record("wish.contact_revealed", actor_id=actor.pk, subject=wish, at=at, details={"part": part}, reason=reason)
    return row


@transaction.atomic
def give_back(*, wish: Wish, reason: str, actor: User, at: dt.datetime, part: str = "volunteer") -> Transition:
    """退单: the volunteer, or staff for them, cannot go on; the wish waits to be dispatched anew."""
    served_by = wish.addressed()
    transition = _back(wish, "return", reason, actor, part, at)
    settle(wish, actor, part, at)
    if part == "staff":
        tell_volunteers(wish, served_by, "wishes.returned_for_you", at)
    tell_requesters(wish, "wishes.given_back", at)
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
    settle(wish, actor, part, at)
    tell_requesters(wish, "wishes.completed", at)
    return transition
