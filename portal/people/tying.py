"""Who owns and who lives in a household, and who speaks for it: claimed, confirmed, refused, ended.

Nothing is told from here: ``notices`` and whoever else cares subscribe to the moves.
"""

import datetime as dt
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.core import audit, clock, moves, options, workdays
from portal.core.models import StoredFile, Transition
from portal.places.models import Household

from . import consenting
from .access import holds, is_own
from .choices_by_area import CONFIRM_DAYS, SECOND_FOR_OWNERS, SECOND_FOR_RESIDENTS
from .models import Channel, Ownership, Person, PersonArea, Representative, Residency, Tie, TieState, User
from .relations import births, refuse_own
from .roles import DESK
from .uniqueness import standing_locked, stands_already

TIE_SCAN = "people.tie"  # the kind of file that a scan of such a paper is
EARLIEST = dt.date(1900, 1, 1)  # from which day a tie may begin whose person's birth nobody knows
AHEAD = dt.timedelta(days=90)  # how long before moving in, or before the keys, it may be said

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


def confirms(user: Any, tie: Any) -> bool:
    """Whether ``user`` may confirm this tie: who decides on it, but not alone what they typed at the desk without a
    paper where the community wants a second person."""
    return decides(user, tie) and not is_alone(user, tie)


def is_alone(user: Any, tie: Any) -> bool:
    """Whether ``user`` typed this tie without a paper, and the community wants a second person for such."""
    if tie.typist_id is None or tie.scan_id is not None:
        return False
    typist = tie.typist
    if typist.pk != user.pk and not is_own(user, typist.person_id):
        return False
    option = SECOND_FOR_OWNERS if isinstance(tie, Ownership) else SECOND_FOR_RESIDENTS
    return bool(options.value(option, tie.household.building.community))


def claim_residency(
    *,
    person: Person,
    household: Household,
    kind: str,
    since: dt.date,
    actor_id: int | None,
    actor_part: str,
    at: dt.datetime,
    channel: str = Channel.ONLINE,
    scan: StoredFile | None = None,
) -> Residency:
    """``person`` says that they live in ``household`` since the day ``since``, as owner, tenant or family; said at the
    desk it has a ``channel``, and a ``scan`` of the paper where there is one."""
    tie = Residency(person=person, household=household, kind=kind, since=since, channel=channel, scan=scan)
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
    channel: str = Channel.ONLINE,
    scan: StoredFile | None = None,
) -> Ownership:
    """``person`` says that they own ``share`` of ``household`` since the day ``since``; ``channel`` and ``scan`` as for
    a residency."""
    tie = Ownership(
        person=person,
        household=household,
        since=since,
        share_numerator=share.numerator,
        share_denominator=share.denominator,
        channel=channel,
        scan=scan,
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
    """The last working day on which the desk decides on a tie to ``household`` that was claimed at ``at``."""
    days = options.value(CONFIRM_DAYS, household.building.community)
    return workdays.add_working_days(clock.local_day(at), days)


@transaction.atomic
def _claim(tie: Any, *, actor_id: int | None, actor_part: str, at: dt.datetime) -> Any:
    """Save a new tie in its first state, to be decided on within the community's term.

    ValidationError where the person has an open one to this household, by whichever of their records, for a child
    whose guardian does not agree, and for a day before the person's birth or too far ahead.
    """
    tie.state, tie.state_since = TieState.CLAIMED, at
    tie.due_on = decided_by(tie.household, at)
    tie.typist_id = actor_id if tie.channel != Channel.ONLINE else None
    [standing] = standing_locked(tie.person)
    day = clock.local_day(at)
    _check_since(tie.since, births(standing)[standing.pk], day)
    consenting.refuse_without_consent(tie.person, day)
    if stands_already(tie):
        raise ValidationError(_("这个人在这一户已经有登记，请先看原来那条。"))
    tie.save(force_insert=True)
    moves.begin(tie, actor_id=actor_id, actor_part=actor_part, at=at)
    return tie


def _check_since(since: dt.date, born: dt.date | None, day: dt.date) -> None:
    if since < (born or EARLIEST):
        words = _("开始的日子不能早于这个人出生那天。") if born is not None else _("开始的日子不能早于 1900 年。")
        raise ValidationError({"since": words})
    if since > day + AHEAD:
        raise ValidationError({"since": _("最多可以提前 90 天登记，请到时候再来。")})


def tie_on(scan: StoredFile) -> Any:
    """The tie that was entered from the paper ``scan``; None for none."""
    for model in (Residency, Ownership):
        tie = model._base_manager.filter(scan=scan).select_related("person", "household__building").first()
        if tie is not None:
            return tie
    return None


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

    ValidationError too for the typist alone, where a second person is wanted (``confirms``).
    """
    actor_id = _decided_by(actor, tie)
    if actor is not None and is_alone(actor, tie):
        raise ValidationError(_("这一条是您录入的，没有附纸质单，请另一位工作人员来确认。"))
    _lock(tie.household_id)
    if isinstance(tie, Ownership):
        _check_shares(tie)
    transition = moves.move(tie, "confirm", actor_id=actor_id, actor_part="staff", at=at)
    building = tie.household.building
    PersonArea.note(person_id=tie.person_id, community_id=building.community_id, grid_id=building.grid_id)
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
    """The tie ended on the day ``until``; its row stays. Who speaks for the household by it alone stops doing so.
    The desk says by what it knows: ValidationError without; only the system needs no reason."""
    if actor is not None and not reason.strip():
        raise ValidationError({"reason": _("请写明理由，会给本人看。")})
    return _end(tie, actor_id=_decided_by(actor, tie), actor_part="staff", at=at, until=until, reason=reason)


@transaction.atomic
def move_out(*, residency: Residency, actor: User, at: dt.datetime, until: dt.date) -> Transition:
    """``actor`` says that they left a home of their own on the day ``until``; who owns it goes on owning it.

    PermissionDenied for somebody else's; ValidationError for a day that has not come yet or lies before the first.
    """
    if not is_own(actor, residency.person_id):
        raise PermissionDenied
    if until > clock.local_day(at):
        raise ValidationError({"until": _("还没到这一天，搬走以后再来登记。")})
    return _end(residency, actor_id=actor.pk, actor_part="requester", at=at, until=until)


def _end(
    tie: Any, *, actor_id: int | None, actor_part: str, at: dt.datetime, until: dt.date, reason: str = ""
) -> Transition:
    if until < tie.since:
        raise ValidationError({"until": _("结束日期不能早于开始日期。")})
    _lock(tie.household_id)
    transition = moves.move(
        tie, "end", actor_id=actor_id, actor_part=actor_part, at=at, reason=reason, changes={"until": until}
    )
    if not _belongs(tie.person, tie.household):
        own = tie.person.resolved.record_ids()
        for standing in tie.household.representatives.filter(person__in=own, until__isnull=True):
            _close_representative(standing, actor_id, at, until)
    return transition


@transaction.atomic
def withdraw_claims(*, household: Household, actor: User, at: dt.datetime) -> int:
    """Take back whatever ``actor`` claimed of ``household`` and nobody has decided on yet, residency and ownership
    together; returns how many there were. MoveRefused, and nothing is taken back, where the desk was faster."""
    open_claims = {"household": household, "person__in": actor.person_ids, "state": TieState.CLAIMED}
    claims: list[Any] = [*Residency.objects.filter(**open_claims), *Ownership.objects.filter(**open_claims)]
    for claim in claims:
        moves.move(claim, "withdraw", actor_id=actor.pk, actor_part="requester", at=at)
    return len(claims)


def _belongs(person: Person, household: Household) -> bool:
    """Whether ``person`` owns of ``household`` or lives in it, confirmed."""
    mine = {"household": household, "person__in": person.resolved.record_ids(), "state": TieState.CONFIRMED}
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
    [own] = standing_locked(person)
    if not _belongs(person, household):
        raise ValidationError({"person": _("户代表要是这一户已确认的业主或住户。")})
    actor_id = actor.pk if actor is not None else None
    day = clock.local_day(at)
    for standing in household.representatives.filter(until__isnull=True).select_related("person"):
        if standing.person.resolved == own:
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
