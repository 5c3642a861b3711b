"""How somebody comes to act for another: the desk records it from a paper, a second person looks at the paper where the
community wants one, and those whom it concerns hear of it. Until it is confirmed it lets nobody do or see anything."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.core import audit, clock, options, reasons
from portal.core.models import AuditEntry, StoredFile
from portal.core.options import Option

from . import consenting, kin
from .access import acts_for, born_by, is_own
from .choices_by_area import SECOND_FOR_AGENTS, SECOND_FOR_GUARDIANS
from .models import Authorisation, Channel, Guardianship, Person, RelationState, User
from .querysets import ADULT
from .relations import age_on, births, check_served, refuse_own, serves
from .uniqueness import standing_locked, stands_already

RELATION_SCAN = "people.relation"  # the kind of file that such a paper is
_YOUNGEST: dict[str, int] = {
    Guardianship.Bond.FATHER: 14,
    Guardianship.Bond.MOTHER: 14,
    Guardianship.Bond.GRANDPARENT: 28,
}  # years, at the child's birth
ENTRUSTED_WITHIN = dt.timedelta(days=365)


@transaction.atomic
def record_guardianship(
    *,
    child: Person,
    guardian: Person,
    bond: str,
    since: dt.date,
    actor: User | None,
    at: dt.datetime,
    relation: str = "",
    document: str = "",
    channel: str = "",
    scan: StoredFile | None = None,
) -> Guardianship:
    """``guardian`` is to act for ``child`` from the day ``since`` on, as ``bond`` (``relation`` in own words where the
    bond has none): in force when a second person of the desk has looked at the ``scan`` of the ``document``. Where the
    community does without, and for the system (``actor`` None, which needs no paper), at once; never so where somebody
    is the child's guardian already.

    ValidationError, by field, for an adult, a guardian under 18 or whose sex or age the ``bond`` does not fit, oneself,
    twice, a day before the child's birth or to come, a missing paper, and where the ``actor`` is one of the two or acts
    for the child.
    """
    check_served(actor, child)
    _refuse_family(actor, child, guardian)
    words = kin.words_of_bond(bond, relation)
    if actor is not None:
        _need_document(bond, document, channel, scan)
    ward, speaker = standing_locked(child, guardian)
    if ward.pk == speaker.pk:
        raise ValidationError({"guardian": _("监护人不能是孩子本人。")})
    day, born = clock.local_day(at), births(ward, speaker)
    if (birth := born[ward.pk]) is not None and age_on(day, birth) >= ADULT:
        raise ValidationError({"child": _("这个人已经满 18 岁，请登记代办授权。")})
    _refuse_minor("guardian", born[speaker.pk], day)
    kin.refuse_other_sex("bond", words, speaker.sex)
    _refuse_ages(bond, birth, born[speaker.pk])
    _check_day(since, birth or born_by(day, ADULT), day, _("监护不能早于孩子出生那天，也不能写以后的日子。"))
    row = Guardianship(
        child=child,
        guardian=guardian,
        bond=bond,
        relation=words,
        document=document,
        since=since,
        channel=channel,
        scan=scan,
        recorded_by=actor,
    )
    if stands_already(row):
        raise ValidationError(_("这个人已经登记为这个孩子的监护人。"))
    others = Guardianship.objects.in_force(day).filter(child__in=ward.record_ids())
    return _begin(row, actor is not None and (_second(SECOND_FOR_GUARDIANS, ward) or others.exists()), actor, at)


@transaction.atomic
def record_authorisation(
    *,
    principal: Person,
    agent: Person,
    relation: str,
    since: dt.date,
    actor: User | None,
    at: dt.datetime,
    channel: str = "",
    scan: StoredFile | None = None,
) -> Authorisation:
    """``agent`` may act for ``principal`` from the day ``since`` on, as the signed ``scan`` says; both hear of it. At
    once, unless the community wants a second person to look at the paper, or the ``principal`` has no account and
    cannot hear of it and end it. The system (``actor`` None) needs no paper.

    ValidationError, by field, for oneself, twice, an agent under 18, a day to come or over a year ago, words that are
    none, a missing paper, where the ``actor`` is one of the two, or for a child whose guardian does not agree.
    """
    check_served(actor, principal)
    _refuse_family(actor, principal, agent)
    try:
        words = kin.clean_relation(relation)
    except ValidationError as refusal:
        raise ValidationError({"relation": refusal.messages}) from None
    if actor is not None:
        _need_paper(channel, scan, _("请附上本人签字的委托单。"))
    elder, helper = standing_locked(principal, agent)
    day = clock.local_day(at)
    consenting.refuse_without_consent(principal, day)
    if elder.pk == helper.pk:
        raise ValidationError({"agent": _("代办人不能是本人。")})
    _refuse_minor("agent", births(helper)[helper.pk], day)
    kin.refuse_other_sex("relation", words, helper.sex)
    _check_day(since, day - ENTRUSTED_WITHIN, day, _("请写委托单上的日子：最早一年前，不能写以后的日子。"))
    row = Authorisation(
        principal=principal,
        agent=agent,
        relation=words,
        since=since,
        channel=channel,
        scan=scan,
        recorded_by=actor,
    )
    if stands_already(row):
        raise ValidationError(_("这两个人之间已经有代办授权。"))
    second = actor is not None and (_second(SECOND_FOR_AGENTS, elder) or not _hears(elder))
    return _begin(row, second, actor, at)


# -- the second person -----------------------------------------------------------------------------------------------


Told = Callable[[Any, str, str, dt.datetime], None]
_TOLD: list[Told] = []


def on_relation(listener: Told) -> Told:
    """Register ``listener(row, state, reason, at)`` for relations that somebody of the desk entered, confirmed or
    refused; it acts in the same transaction."""
    _TOLD.append(listener)
    return listener


def _announce(row: Any, state: str, reason: str, at: dt.datetime) -> None:
    for listener in _TOLD:
        listener(row, state, reason, at)


def checks(user: Any, row: Any) -> bool:
    """Whether ``user`` may look at this relation as the second person: of the desk that serves whom it is about, not
    who typed it, none of the two, and nobody who acts for them at home."""
    served, other = row.parties
    typist = row.recorded_by
    own = is_own(user, served.pk, other.pk, typist.person_id if typist is not None else None)
    return serves(user, served) and not own and user.pk != row.recorded_by_id and not acts_for(user, served)


@transaction.atomic
def confirm(*, row: Any, actor: User, at: dt.datetime) -> None:
    """A second person has looked at the paper: in force from its day on. PermissionDenied for who does not serve
    them; ValidationError for the typist and for one's own, for who has not opened the paper, and where it waits no
    longer."""
    _refuse_check(row, actor)
    if row.scan_id is not None and not _has_opened(actor, row):
        raise ValidationError(_("请先打开附的证明，对着看过，再来确认。"))
    standing_locked(*row.parties)
    _settle(row, RelationState.CONFIRMED, "confirmed", actor, at)


@transaction.atomic
def refuse(*, row: Any, actor: User, at: dt.datetime, reason: str) -> None:
    """It does not hold, for the ``reason``, which those hear whom it concerns; errors as for confirming, and for no
    reason."""
    reason = reasons.check(reason, _("请写明理由。"))
    _refuse_check(row, actor)
    _settle(row, RelationState.REFUSED, "refused", actor, at, reason, until=clock.local_day(at))


def _has_opened(actor: User, row: Any) -> bool:
    looks = AuditEntry.objects.filter(subject_type=audit.label_of(row), subject_id=row.pk, actor_id=actor.pk)
    return looks.filter(verb=f"{row._meta.model_name}.paper_opened").exists()


def _refuse_check(row: Any, actor: User) -> None:
    served, other = row.parties
    check_served(actor, served)
    _refuse_family(actor, served, other)
    if not checks(actor, row):
        raise ValidationError(_("这一条是您录入的，请另一位工作人员来核对。"))


def _settle(
    row: Any, state: str, verb: str, actor: User, at: dt.datetime, reason: str = "", **changes: dt.date
) -> None:
    values = {"state": state, "checked_by": actor, **changes}
    if type(row).objects.waiting().filter(pk=row.pk).update(**values) != 1:
        raise ValidationError(_("这一条已经有人核对过了，请刷新后再看。"))
    for name, value in values.items():
        setattr(row, name, value)
    audit.record(f"{row._meta.model_name}.{verb}", actor_id=actor.pk, subject=row, at=at, reason=reason)
    _announce(row, state, reason, at)


# -- what is asked first ---------------------------------------------------------------------------------------------


def _need_document(bond: str, document: str, channel: str, scan: StoredFile | None) -> None:
    """ValidationError where the desk records a guardian without having seen by what."""
    if document not in Guardianship.Document.values:
        raise ValidationError({"document": _("请选看了哪一种证明。")})
    if bond == Guardianship.Bond.APPOINTED and document != Guardianship.Document.LEGAL:
        raise ValidationError({"document": _("指定监护人，要看法院、居委会或者民政部门的法律文书。")})
    _need_paper(channel, scan, _("请附上所看证明的照片或扫描件，第二个人要凭它核对。"))


def _need_paper(channel: str, scan: StoredFile | None, words: str) -> None:
    if channel not in {Channel.COUNTER, Channel.VISIT}:
        raise ValidationError({"channel": _("要当面看证件和签字，请选窗口或者上门。")})
    if scan is None:
        raise ValidationError({"paper": words})


def _refuse_family(actor: User | None, served: Person, *others: Person) -> None:
    """ValidationError where ``actor`` is one of these people, or acts for ``served`` at home."""
    refuse_own(actor, served, *others)
    if actor is not None and acts_for(actor, served):
        raise ValidationError(_("您自己替这个人办事，请另一位工作人员来办。"))


def _refuse_minor(field: str, born: dt.date | None, day: dt.date) -> None:
    if born is not None and age_on(day, born) < ADULT:
        raise ValidationError({field: _("这个人还不满 18 岁，不能替别人办事。")})


def _refuse_ages(bond: str, child: dt.date | None, guardian: dt.date | None) -> None:
    """ValidationError where a parent or grandparent would have been a child when the ``child`` was born."""
    least = _YOUNGEST.get(bond)
    if least is not None and child is not None and guardian is not None and age_on(child, guardian) < least:
        raise ValidationError({"bond": _("两个人的年龄和这个关系对不上，请核对出生日期和关系。")})


def _check_day(since: dt.date, first: dt.date, last: dt.date, words: str) -> None:
    if not first <= since <= last:
        raise ValidationError({"since": words})


def _second(option: Option, served: Person) -> bool:
    return bool(options.value(option, served.community))


def _hears(person: Person) -> bool:
    """Whether the person has an account that still opens: what is told to others reaches nobody."""
    return User.objects.filter(person__in=person.record_ids(), is_active=True).exists()


def _begin(row: Any, second: bool, actor: User | None, at: dt.datetime) -> Any:
    """Keep the new ``row``; those whom it concerns hear of it where somebody of the desk typed it."""
    row.state = RelationState.ENTERED if second else RelationState.CONFIRMED
    row.save(force_insert=True)
    verb = f"{row._meta.model_name}.recorded"
    audit.record(verb, actor_id=actor.pk if actor else None, subject=row, at=at)
    if actor is not None:
        _announce(row, row.state, "", at)
    return row
