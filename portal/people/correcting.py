"""Correcting what stands in the records, and erasing what the machine cannot: asked by the person, decided by the desk.

What a person changes by themselves (phone, address) is elsewhere. Name, sex and birth date are what others rely on, so
somebody of the office looks first, within 15 working days. Nobody decides on a request of their own.
"""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.core import audit, clock, moves, numbers, workdays
from portal.core.models import StoredFile, Transition
from portal.core.plaintext import clean_text
from portal.places.models import Area

from . import consenting, facts, forgetting, names
from .access import decides_for, holds
from .models import Channel, DataRequest, Person, PersonArea, User
from .relations import record_for, refuse_own, refuse_unentrusted
from .roles import DESK, RoleKind
from .uniqueness import standing_locked, stands_already

SIGNED = frozenset({Channel.COUNTER, Channel.VISIT})  # channels by which somebody signs a paper
ANSWERED_IN = 15  # working days
DECIDERS = DESK | {RoleKind.PRIVACY_OFFICER}
Field, Kind = DataRequest.Field, DataRequest.Kind


def community_of(person: Person) -> Area | None:
    """Which community answers requests about ``person``: their own, else one they belong to."""
    standing = person.resolved
    if standing.community is not None:
        return standing.community
    belonging = PersonArea.objects.filter(person=standing).select_related("community").order_by("pk").first()
    return belonging.community if belonging is not None else None


def decides(user: Any, request: DataRequest) -> bool:
    """Whether ``user`` answers requests of this place: the desk or 个人信息保护员."""
    return holds(user, DECIDERS, community=request.community, grid=request.grid)


@transaction.atomic
def ask(
    *,
    person: Person,
    field: str,
    value: str,
    words: str,
    actor: User,
    at: dt.datetime,
    asker: Person | None = None,
    typist: User | None = None,
    channel: str = Channel.ONLINE,
    scan: StoredFile | None = None,
) -> DataRequest:
    """Ask that ``field`` of ``person`` say ``value``; for ``other`` the ``words`` say what.

    By the person or the guardian of a child under 14; at the desk by the ``typist`` for the ``asker``. ValidationError
    by field for what cannot stand there or stands there already, where the same is asked already, where no community
    is chosen, and for what is kept of a child by its guardian's consent alone while there is none. PermissionDenied
    for who is neither.
    """
    wished = clean_value(field, value)
    standing_locked(person)  # before anything of theirs is looked at: who withdraws a consent meanwhile waits
    if field in consenting.CLEARED_FOR_CHILD:
        consenting.refuse_without_consent(person, clock.local_day(at))
    if field == Field.OTHER and not words.strip():
        raise ValidationError({"words": _("请写明哪里不对、应该是什么。")})
    if field != Field.OTHER and wished == value_of(person, field):
        raise ValidationError({"value": _("和现在登记的一样，不用更正。")})
    request = DataRequest(kind=Kind.CORRECT, field=field, value=wished, words=words.strip())
    return _ask(request, person, actor, at, asker=asker, typist=typist, channel=channel, scan=scan)


def ask_erasure(
    *,
    person: Person,
    words: str,
    actor: User,
    at: dt.datetime,
    asker: Person | None = None,
    typist: User | None = None,
    channel: str = Channel.ONLINE,
    scan: StoredFile | None = None,
) -> DataRequest:
    """Ask the office to erase what one cannot erase by oneself; ``words`` say what. Errors as for ``ask``, and for
    ``paper`` where a ``typist`` enters it without the ``scan`` of what the person signed: erasing cannot be undone."""
    if not words.strip() and typist is None:
        raise ValidationError({"words": _("请写明想删除什么。")})
    request = DataRequest(kind=Kind.ERASE, words=words.strip())
    return _ask(request, person, actor, at, asker=asker, typist=typist, channel=channel, scan=scan)


@transaction.atomic
def _ask(
    request: DataRequest,
    person: Person,
    actor: User,
    at: dt.datetime,
    *,
    asker: Person | None,
    typist: User | None,
    channel: str,
    scan: StoredFile | None,
) -> DataRequest:
    """The person's row is held: of two that ask the same at once, by whichever of their records, one is refused.
    Kept with the asker's own record, and with the record of the person that they act for; from the desk as entered."""
    [standing] = standing_locked(person)
    community = community_of(standing)
    if community is None:
        raise ValidationError(_("请先选好所在社区，请求才知道交给谁办。"))
    request.subject, request.community = person if typist else record_for(actor, person), community
    request.typist, request.channel, request.scan = typist, channel, scan
    part = "staff"
    if typist is None:
        part = decides_for(actor, standing)
        if not part or actor.person is None:
            raise PermissionDenied
        request.asker = actor.person
    else:
        if not decides(typist, request):
            raise PermissionDenied
        request.asker = asker or person
        _check_said(request, clock.local_day(at))
    if stands_already(request):
        raise ValidationError(_("这一项已经提过，社区还在办，不用再提。"))
    request.created_at = request.state_since = at
    request.due_on = workdays.add_working_days(clock.local_day(at), ANSWERED_IN)
    numbers.save_under_code(request)
    moves.begin(request, actor_id=actor.pk, actor_part=part, at=at)
    return request


def _check_said(request: DataRequest, day: dt.date) -> None:
    """What was said at the desk: erasing is signed on paper there, and a stranger brings the person's own word."""
    if request.kind == Kind.ERASE and request.channel not in SIGNED:
        raise ValidationError({"channel": _("删除以后找不回来，要本人到窗口、或者上门时在纸上签字，电话里不能办。")})
    if request.kind == Kind.ERASE and request.scan is None:
        raise ValidationError({"paper": _("删除以后找不回来，请附上本人签字的纸质单。")})
    refuse_unentrusted(request.asker, request.subject, day, request.scan)


@transaction.atomic
def withdraw(*, request: DataRequest, actor: User, at: dt.datetime) -> Transition:
    """The person, or the guardian of a child under 14, takes the request back. PermissionDenied for anybody
    else; MoveRefused where it is answered."""
    part = decides_for(actor, request.subject)
    if not part:
        raise PermissionDenied
    return moves.move(request, "withdraw", actor_id=actor.pk, actor_part=part, at=at)


@transaction.atomic
def apply(*, request: DataRequest, actor: User, at: dt.datetime, note: str = "") -> Transition:
    """Do what was asked, and say so: the new value stands in the record, or what can be erased is erased.

    1. the right, nobody's own, and not who entered it; 2. the person's row is locked; 3. the move, which only one of
    two desks can make; 4. the change itself, with the field on the record and no value.

    ``note`` is for the person, and must say what was done where the words alone say what to do. MoveRefused where it
    was answered meanwhile; ValidationError where the value cannot stand any more.
    """
    _may_decide(actor, request)
    person = Person.objects.select_for_update(no_key=True).get(pk=request.subject.resolved.pk)
    if request.field == Field.OTHER and not note.strip():
        raise ValidationError({"note": _("请写明改了什么，本人看得到。")})
    transition = moves.move(request, "apply", actor_id=actor.pk, actor_part="staff", at=at, reason=note)
    if request.kind == Kind.ERASE:
        forgetting.forget(person=person, at=at, actor_id=actor.pk)
    elif request.field != Field.OTHER:
        _set(person, request, actor, at)
    return transition


def _set(person: Person, request: DataRequest, actor: User, at: dt.datetime) -> None:
    wished = clean_value(request.field, request.value)
    value: Any = dt.date.fromisoformat(wished) if request.field == Field.BIRTH_DATE else wished
    facts.write(person, {str(request.field): value}, at)
    audit.record("person.corrected", actor_id=actor.pk, subject=person, at=at, details={"fields": [str(request.field)]})


@transaction.atomic
def refuse(*, request: DataRequest, actor: User, at: dt.datetime, reason: str) -> Transition:
    """It stays as it is; ``reason`` is for the person (第46、47条 ask for one)."""
    _may_decide(actor, request)
    return moves.move(request, "refuse", actor_id=actor.pk, actor_part="staff", at=at, reason=reason)


def _may_decide(actor: User, request: DataRequest) -> None:
    if not decides(actor, request):
        raise PermissionDenied
    refuse_own(actor, request.subject, request.asker)
    if request.typist_id == actor.pk:
        raise ValidationError(_("这条请求是您录入的，请另一位工作人员来办。"))


# -- values -----------------------------------------------------------------------------------------------------------


def value_of(person: Person, field: str) -> str:
    """What stands in ``field`` of the person now, as requests write it."""
    value = getattr(person.resolved, field)
    return value.isoformat() if isinstance(value, dt.date) else value or ""


def shown_value(field: str, value: str) -> str:
    """A request's value as people read it: 女, 1950年3月5日."""
    if field == Field.SEX:
        return str(dict(Person.Sex.choices).get(value, value))
    if field == Field.BIRTH_DATE and value:
        day = dt.date.fromisoformat(value)
        return f"{day.year}年{day.month}月{day.day}日"
    return value


def clean_value(field: str, value: str) -> str:
    """``value`` as it can stand in ``field``. Raises ValidationError for ``value`` in plain words."""
    text = " ".join(clean_text(value).split())
    if field == Field.OTHER:
        return ""
    if not text:
        raise ValidationError({"value": _("请写改成什么。")})
    if field == Field.NAME:
        try:
            return names.clean_name(text)
        except ValidationError as refusal:
            raise ValidationError({"value": refusal.messages}) from None
    elif field == Field.SEX:
        if text not in Person.Sex.values:
            raise ValidationError({"value": _("请选“女”或“男”。")})
    else:
        _check_day(text)
    return text


def _check_day(text: str) -> None:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise ValidationError({"value": _("请写一个日期，例如 1950-03-05。")}) from None
    if text != day.isoformat():
        raise ValidationError({"value": _("请写一个日期，例如 1950-03-05。")})
    try:
        facts.check_birth_date(day)
    except ValidationError as refusal:
        raise ValidationError({"value": refusal.messages}) from None
