"""Who owns and who lives in a household, and who speaks for it: claimed, confirmed, refused, ended.

Nothing is told from here: ``notices`` and whoever else cares subscribe to the moves.
"""

import datetime as dt
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.core import audit, clock, moves, options
from portal.core.models import Transition
from portal.places.models import Household

from .access import holds, is_own
from .choices_by_area import CONFIRM_DAYS
from .models import Ownership, Person, PersonArea, Representative, Residency, Tie, TieState, User
from .relations import refuse_own
from .roles import DESK

Confirmer = Callable[[Any, Household], bool]
_CONFIRMERS: list[Confirmer] = []


def confirmer(function: Confirmer) -> Confirmer:
    """Register who else confirms the ties of a household, beside its desk: ``(user, household) -> bool``."""
    _CONFIRMERS.append(function)
    return function


def may_confirm(user: Any, household: Household) -> bool:
    """Whether ``user`` decides on ties of ``household``: the desk of its place, or whom a room registered."""
    if not user.is_authenticated or not user.is_active:
        return False
    building = household.building
    if holds(user, DESK, community=building.community, grid=building.grid):
        return True
    return any(function(user, household) for function in _CONFIRMERS)


def decides(user: Any, tie: Any) -> bool:
    """Whether ``user`` decides on this tie or this representative: who may confirm there, but never on their own."""
    return may_confirm(user, tie.household) and not is_own(user, tie.person_id)


def claim_residency(
    *,
    person: Person,
    household: Household,
    kind: str,
    since: dt.date,
    actor_id: int | None,
    actor_part: str,
    at: dt.datetime,
) -> Residency:
    """``person`` says that they live in ``household`` since the day ``since``, as owner, tenant or family."""
    tie = Residency(person=person, household=household, kind=kind, since=since)
    return _claim(tie, actor_id=actor_id, actor_part=actor_part, at=at)


def claim_ownership(
    *,
    person: Person,
    household: Household,
    since: dt.date,
    actor_id: int | None,
    actor_part: str,
    at: dt.datetime,
    share: Fraction = Fraction(1),
) -> Ownership:
    """``person`` says that they own ``share`` of ``household`` since the day ``since``."""
    tie = Ownership(
        person=person,
        household=household,
        since=since,
        share_numerator=share.numerator,
        share_denominator=share.denominator,
    )
    return _claim(tie, actor_id=actor_id, actor_part=actor_part, at=at)


@transaction.atomic
def claim_home(
    *,
    person: Person,
    household: Household,
    kind: str,
    since: dt.date,
    actor_id: int | None,
    actor_part: str,
    at: dt.datetime,
) -> Residency:
    """Claim a residency; who lives there as owner claims the ownership with it, both or neither."""
    claimed_by: Any = {"actor_id": actor_id, "actor_part": actor_part, "at": at}
    residency = claim_residency(person=person, household=household, kind=kind, since=since, **claimed_by)
    if kind == Residency.Kind.OWNER:
        claim_ownership(person=person, household=household, since=since, **claimed_by)
    return residency


def decided_by(household: Household, at: dt.datetime) -> dt.date:
    """The last day on which the desk decides on a tie to ``household`` that was claimed at ``at``."""
    return clock.due_on(at, options.value(CONFIRM_DAYS, household.building.community))


@transaction.atomic
def _claim(tie: Any, *, actor_id: int | None, actor_part: str, at: dt.datetime) -> Any:
    """Save a new tie in its first state, to be decided on within the community's term.

    ValidationError where the person has an open one to this household.
    """
    tie.state, tie.state_since = TieState.CLAIMED, at
    tie.due_on = decided_by(tie.household, at)
    tie.person = tie.person.resolved
    try:
        with transaction.atomic():
            tie.save()
    except IntegrityError:
        raise ValidationError(_("这个人在这一户已经有登记，请先看原来那条。")) from None
    moves.begin(tie, actor_id=actor_id, actor_part=actor_part, at=at)
    return tie


def _lock(household_id: int) -> None:
    """Hold the household's row to the end of the transaction: its shares and its speaker are decided one by one."""
    Household.objects.select_for_update(no_key=True).get(pk=household_id)


def _decided_by(actor: User | None, tie: Tie) -> int | None:
    """The id to record; PermissionDenied where ``actor`` (None: the system) may not decide on ``tie``, ValidationError
    where it is the actor's own."""
    if actor is not None and not may_confirm(actor, tie.household):  # type: ignore[attr-defined]
        raise PermissionDenied
    refuse_own(actor, tie.person)  # type: ignore[attr-defined]
    return actor.pk if actor is not None else None


@transaction.atomic
def confirm(*, tie: Any, actor: User | None, at: dt.datetime) -> Transition:
    """The tie holds: the person belongs to the place from now on.

    1. the household's row is locked, because shares are a sum;
    2. confirmed shares with this one must not exceed the whole;
    3. the move, and the person's area.
    """
    actor_id = _decided_by(actor, tie)
    _lock(tie.household_id)
    if isinstance(tie, Ownership):
        _check_shares(tie)
    transition = moves.move(tie, "confirm", actor_id=actor_id, actor_part="staff", at=at)
    building = tie.household.building
    PersonArea.note(person_id=tie.person.resolved.pk, community_id=building.community_id, grid_id=building.grid_id)
    return transition


def _check_shares(tie: Ownership) -> None:
    """ValidationError where confirmed shares and this one come to more than the whole household."""
    held = Ownership.objects.filter(household=tie.household_id, state=TieState.CONFIRMED).exclude(pk=tie.pk)
    total = sum((Fraction(n, d) for n, d in held.values_list("share_numerator", "share_denominator")), Fraction(0))
    if total + Fraction(tie.share_numerator, tie.share_denominator) > 1:
        raise ValidationError(_("这一户已确认的份额加上这一份超过了全部，请先核对份额。"))


@transaction.atomic
def refuse(*, tie: Any, actor: User | None, at: dt.datetime, reason: str) -> Transition:
    """The claim does not hold; ``reason`` is for the person who made it."""
    return moves.move(tie, "refuse", actor_id=_decided_by(actor, tie), actor_part="staff", at=at, reason=reason)


@transaction.atomic
def end(*, tie: Any, actor: User | None, at: dt.datetime, until: dt.date, reason: str = "") -> Transition:
    """The tie ended on the day ``until``; its row stays. Who speaks for the household by it alone stops doing so."""
    if until < tie.since:
        raise ValidationError({"until": _("结束日期不能早于开始日期。")})
    actor_id = _decided_by(actor, tie)
    _lock(tie.household_id)
    transition = moves.move(
        tie, "end", actor_id=actor_id, actor_part="staff", at=at, reason=reason, changes={"until": until}
    )
    if not _belongs(tie.person, tie.household):
        for standing in tie.household.representatives.filter(person=tie.person, until__isnull=True):
            _close_representative(standing, actor_id, at, until)
    return transition


def _belongs(person: Person, household: Household) -> bool:
    """Whether ``person`` owns of ``household`` or lives in it, confirmed."""
    mine = {"household": household, "person": person, "state": TieState.CONFIRMED}
    return Ownership.objects.filter(**mine).exists() or Residency.objects.filter(**mine).exists()


@transaction.atomic
def set_representative(*, household: Household, person: Person, actor: User | None, at: dt.datetime) -> Representative:
    """``person`` speaks for ``household`` from ``at`` on; who did so before stops the same day.

    The household's row is locked first, so that two desks cannot set two. ValidationError for somebody who neither
    owns of it nor lives in it, who speaks for it already, or who is the ``actor``.
    """
    if actor is not None and not may_confirm(actor, household):
        raise PermissionDenied
    refuse_own(actor, person)
    _lock(household.pk)
    person = person.resolved
    if not _belongs(person, household):
        raise ValidationError({"person": _("户代表要是这一户已确认的业主或住户。")})
    actor_id = actor.pk if actor is not None else None
    day = clock.local_day(at)
    for standing in household.representatives.filter(until__isnull=True):
        if standing.person_id == person.pk:
            raise ValidationError({"person": _("这个人已经是这一户的户代表。")})
        _close_representative(standing, actor_id, at, day)
    new = Representative.objects.create(household=household, person=person, since=day)
    audit.record("representative.set", actor_id=actor_id, subject=new, at=at)
    return new


@transaction.atomic
def end_representative(
    *, representative: Representative, actor: User | None, at: dt.datetime, reason: str = ""
) -> None:
    """Nobody speaks for the household until the next one is set. ValidationError where this one has stopped already,
    or is the ``actor``."""
    if actor is not None and not may_confirm(actor, representative.household):
        raise PermissionDenied
    refuse_own(actor, representative.person)
    _close_representative(representative, actor.pk if actor else None, at, clock.local_day(at), reason)


def _close_representative(
    standing: Representative, actor_id: int | None, at: dt.datetime, until: dt.date, reason: str = ""
) -> None:
    if Representative.objects.filter(pk=standing.pk, until__isnull=True).update(until=until) != 1:
        raise ValidationError(_("这个人已经不是户代表。"))
    standing.until = until
    audit.record("representative.ended", actor_id=actor_id, subject=standing, at=at, reason=reason)
