"""Two records of one human being are put together, and taken apart again. Nothing is re-pointed: rows stay with the
record they were written for, and reads go over all records of the one that stands. Where the two have something of
which a person may have one (an account, a residency in one household), it is refused in words that say which.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from portal.core import audit, reasons

from . import proposing
from .access import MERGED_LEVELS, is_own
from .contradicting import contradiction
from .models import Person, User
from .records import accounts_among, with_accounts
from .relations import desk_reaches, refuse_own
from .uniqueness import clashes, locked

MOST_CANDIDATES = 10
# What is written of the record that goes, and of the one that stands.
MERGED = ("person.merged", "person.merged_here")
UNMERGED = ("person.unmerged", "person.unmerged_here")


def _reaches(actor: User, ids: list[int]) -> bool:
    return actor.is_superuser or desk_reaches(actor, ids)


def may_merge(actor: Any, person: Person, into: Person) -> bool:
    """The desk that serves both, and neither is the actor."""
    if not actor.is_authenticated or not actor.is_active or is_own(actor, person.pk, into.pk):
        return False
    return _reaches(actor, person.record_ids()) and _reaches(actor, into.resolved.record_ids())


Told = Callable[[Person, Person, bool, dt.datetime], None]
_TOLD: list[Told] = []


def on_merge(function: Told) -> Told:
    """Subscribe: ``function(record, into, merged, at)`` runs in the transaction that merges (True) or undoes it."""
    _TOLD.append(function)
    return function


@transaction.atomic
def merge(*, person: Person, into: Person, actor: User | None, at: dt.datetime, reason: str) -> None:
    """From ``at`` on ``into`` stands for ``person`` too; both keep their rows.

    1. who serves both, and is neither (``actor`` None: the system);
    2. both rows locked in the order of their keys and read anew: two that stand, and no longer chain than is read;
    3. nothing that is known of the two contradicts, and no uniqueness of any room clashes;
    4. where it takes two of the desk, another proposed it (``proposing``);
    5. the pointer by compare-and-swap, and a line in the record of both.

    PermissionDenied for who may not; ValidationError, in words that say which, for what cannot be.
    """
    if actor is not None:
        refuse_own(actor, person, into)
        if not may_merge(actor, person, into):
            raise PermissionDenied
    reason = reasons.check(reason, _("请写明依据，例如核对了证件。"))
    rows = locked(person.pk, into.pk)
    one, other = rows[person.pk], rows[into.pk]
    _check_standing(one, other)
    if words := against(one, other):
        raise ValidationError([*words, _("请先处理其中一条，再来合并。")])
    if actor is not None and (alone := proposing.stops(one, other, actor, at)):
        raise ValidationError(alone)
    if Person.objects.filter(pk=one.pk, merged_into__isnull=True).update(merged_into=other) != 1:
        raise ValidationError(_("这条记录刚刚被合并了，请刷新后再看。"))
    person.merged_into = into
    _record(actor, MERGED, one, other, at, reason)
    for function in _TOLD:
        function(person, into, True, at)


@transaction.atomic
def propose(*, person: Person, into: Person, actor: User, at: dt.datetime, reason: str) -> None:
    """Say, for a colleague to look at, that ``into`` may stand for ``person`` too; nothing changes yet.

    PermissionDenied and ValidationError as for ``merge``, but for what takes two.
    """
    refuse_own(actor, person, into)
    if not may_merge(actor, person, into):
        raise PermissionDenied
    rows = locked(person.pk, into.pk)
    one, other = rows[person.pk], rows[into.pk]
    _check_standing(one, other)
    if words := against(one, other):
        raise ValidationError([*words, _("请先处理其中一条，再来合并。")])
    proposing.write(one, other, actor, at, reason)


def against(one: Person, other: Person) -> list[str]:
    """What stands against the two being one, in words that say what; empty where nothing does."""
    differs = contradiction(one.record_ids(), other.record_ids())
    return [*([differs] if differs else []), *clashes(one, other)]


def _check_standing(one: Person, other: Person) -> None:
    if one.pk == other.pk:
        raise ValidationError(_("这是同一条记录。"))
    if one.merged_into_id is not None or other.merged_into_id is not None:
        raise ValidationError(_("其中一条已经合并到别的记录里了，请看现在的那一条。"))
    if depth(one) + 1 > MERGED_LEVELS:
        raise ValidationError(_("这条记录下面已经一层层合并过多次。请反过来合并，或先撤销原来的。"))


def depth(person: Person) -> int:
    """How many generations of records are merged into ``person``."""
    generations, frontier, met = 0, {person.pk}, {person.pk}
    while frontier := set(Person.objects.filter(merged_into__in=frontier).values_list("pk", flat=True)) - met:
        generations += 1
        met |= frontier
    return generations


def may_undo(actor: Any, record: Person) -> bool:
    """The desk that serves both halves of what would come apart; nobody for themselves."""
    if not actor.is_authenticated or not actor.is_active or record.merged_into_id is None:
        return False
    if is_own(actor, record.pk, record.resolved.pk):
        return False
    half = record.record_ids()
    rest = [pk for pk in record.resolved.record_ids() if pk not in half]
    return _reaches(actor, half) and _reaches(actor, rest)


@transaction.atomic
def undo(*, person: Person, actor: User | None, at: dt.datetime, reason: str) -> None:
    """``person`` stands for itself again, with whatever had been merged into it; every row is where it always was.

    PermissionDenied for who may not; ValidationError without a reason, or where it is not merged any more.
    """
    if actor is not None:
        refuse_own(actor, person, person.resolved)
        if person.merged_into_id is not None and not may_undo(actor, person):
            raise PermissionDenied
    reason = reasons.check(reason, _("请写明为什么撤销。"))
    seen = Person.objects.filter(pk=person.pk).values_list("merged_into", flat=True).first()
    target = locked(*filter(None, (person.pk, seen))).get(seen or 0)
    if target is None or Person.objects.filter(pk=person.pk, merged_into=target).update(merged_into=None) != 1:
        raise ValidationError(_("这次合并已经撤销了。"))
    person.merged_into = None
    _record(actor, UNMERGED, person, target, at, reason)
    for function in _TOLD:
        function(person, target, False, at)


def _record(
    actor: User | None, verbs: tuple[str, str], one: Person, other: Person, at: dt.datetime, reason: str
) -> None:
    """A line each, so that either record's history says it."""
    actor_id = actor.pk if actor is not None else None
    audit.record(verbs[0], actor_id=actor_id, subject=one, at=at, details={"into": other.pk}, reason=reason)
    audit.record(verbs[1], actor_id=actor_id, subject=other, at=at, details={"record": one.pk}, reason=reason)


# -- who it might be, whose account it is ------------------------------------------------------------------------------


def account_of(person: Person) -> User | None:
    """The account by which this human being signs in, whichever of their records it hangs on."""
    return next(iter(accounts_among(with_accounts(person.resolved.record_ids()))), None)


def accounts_of(people: Iterable[Person]) -> dict[int, User]:
    """The accounts of ``people``, who all stand, by their keys, whichever records they hang on: as many queries as
    there are generations of merging and one, however many people."""
    standing = Person.objects.records_of(person.pk for person in people)
    return {standing[user.person_id]: user for user in User.objects.filter(person__in=list(standing)) if user.person_id}


def merged_into(person: Person) -> list[Person]:
    """The records that ``person`` stands for beside itself, the latest entered first."""
    merged = [record for record in with_accounts(person.record_ids()) if record.pk != person.pk]
    return sorted(merged, key=lambda record: record.pk, reverse=True)


Likely = list[tuple[Person, str]]


def candidates(person: Person, *, people: models.QuerySet[Person]) -> Likely:
    """Who among ``people`` may be the same human being as ``person``, and by what. See ``lookalikes``."""
    own = person.record_ids()
    records = with_accounts(own)
    indexes = {record.contact_phone_index for record in records}
    indexes |= {user.phone_index for user in accounts_among(records)}
    return _alike(people, person.name, person.birth_date, {index for index in indexes if index}, but=own)


def lookalikes(*, people: models.QuerySet[Person], name: str, birth_date: dt.date | None, phone: str) -> Likely:
    """Who among ``people`` may be somebody who is about to be entered, and by what: the same name and birth date, or
    the same phone (by blind index, contact or sign-in). Each is a look-up by index; at most ten. Nothing is stored."""
    index: Any = Person._meta.get_field("contact_phone_index")
    return _alike(people, name, birth_date, {index.index_of(phone)} if phone else set())


def _alike(
    people: models.QuerySet[Person], name: str, birth_date: dt.date | None, phones: set[str], but: Iterable[int] = ()
) -> Likely:
    """``but`` are records of the one who is asked about."""
    standing = people.filter(merged_into__isnull=True).exclude(pk__in=but)
    found: dict[int, list[str]] = {}
    if birth_date is not None:
        same = standing.filter(name=name, birth_date=birth_date)
        for pk in same.order_by("pk").values_list("pk", flat=True)[:MOST_CANDIDATES]:
            found.setdefault(pk, []).append(_("姓名和出生日期相同"))
    if phones:
        reached = set(standing.filter(contact_phone_index__in=phones).values_list("pk", flat=True)[:MOST_CANDIDATES])
        # What a merged record holds, or an account that hangs on one, leads to the record that stands.
        merged = Person.objects.filter(contact_phone_index__in=phones, merged_into__isnull=False).exclude(pk__in=but)
        signing_in = User.objects.filter(phone_index__in=phones, person__isnull=False).exclude(person__in=but)
        ids = [*merged.values_list("pk", flat=True)[:MOST_CANDIDATES], *signing_in.values_list("person", flat=True)]
        if led := set(Person.objects.records_of(filter(None, ids)).values()):
            reached |= set(standing.filter(pk__in=led).values_list("pk", flat=True)[:MOST_CANDIDATES])
        for pk in sorted(reached):
            found.setdefault(pk, []).append(_("电话相同"))
    rows = standing.filter(pk__in=list(found)[:MOST_CANDIDATES]).select_related("community").order_by("pk")
    return [(row, "、".join(found[row.pk])) for row in rows]
