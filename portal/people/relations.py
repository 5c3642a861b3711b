"""Who may act for whom: guardians of children, and relatives whom an elder authorised. Recorded by the desk; an
authorisation is ended by either of the two as well."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.core import audit, clock

from .access import is_own, scope_q
from .models import Authorisation, Guardianship, Person, PersonArea, User
from .querysets import ADULT
from .roles import DESK
from .uniqueness import standing_locked, stands_already

BATCH = 200


def serves(user: Any, person: Person) -> bool:
    """Whether ``user`` is of the desk of a place that ``person`` belongs to; the administrator serves everyone."""
    if not user.is_authenticated or not user.is_active:
        return False
    if user.is_superuser:
        return True
    return PersonArea.objects.filter(scope_q(user, DESK), person__in=person.resolved.record_ids()).exists()


def refuse_own(actor: User | None, *people: Person) -> None:
    """ValidationError where ``actor`` (None: the system) is one of ``people``: at the desk nobody, the administrator
    included, decides on what they gain by themselves."""
    if actor is not None and is_own(actor, *(person.pk for person in people)):
        raise ValidationError(_("这件事关系到您本人，请另一位工作人员来办。"))


def _check(actor: User | None, person: Person) -> None:
    if actor is not None and not serves(actor, person):
        raise PermissionDenied


def age_on(day: dt.date, born: dt.date) -> int:
    """Whole years lived on ``day``."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@transaction.atomic
def record_guardianship(
    *, child: Person, guardian: Person, relation: str, since: dt.date, actor: User | None, at: dt.datetime
) -> Guardianship:
    """``guardian`` acts for ``child`` from the day ``since`` on. ValidationError for an adult, oneself, twice, or
    where the guardian is the ``actor``."""
    _check(actor, child)
    refuse_own(actor, guardian)
    ward, speaker = standing_locked(child, guardian)
    born = Person.objects.with_born().values_list("born", flat=True).get(pk=ward.pk)
    if born is not None and age_on(clock.local_day(at), born) >= ADULT:
        raise ValidationError({"child": _("这个人已经满 18 岁，请登记代办授权。")})
    if ward.pk == speaker.pk:
        raise ValidationError({"guardian": _("监护人不能是孩子本人。")})
    row = Guardianship(child=child, guardian=guardian, relation=relation, since=since)
    if stands_already(row):
        raise ValidationError(_("这个人已经登记为这个孩子的监护人。"))
    row.save(force_insert=True)
    audit.record("guardianship.recorded", actor_id=actor.pk if actor else None, subject=row, at=at)
    return row


@transaction.atomic
def end_guardianship(*, guardianship: Guardianship, actor: User | None, at: dt.datetime, reason: str) -> None:
    """From ``at`` on the guardian no longer acts for the child. ValidationError where it has ended already."""
    _check(actor, guardianship.child)
    _end(guardianship, "guardianship.ended", actor, at, reason)


@transaction.atomic
def end_outgrown(*, at: dt.datetime, children: list[int] | None = None) -> int:
    """Write into guardianships of who is 18 by ``at`` that they ended, on the 18th birthday; how many, at most 200 a
    run. ``children`` (ids of records; None: everybody's): theirs, all of them. What age ended stays ended so when the
    birth date is erased or records are taken apart."""
    day = clock.local_day(at)
    rows = Guardianship.objects.outgrown(day).order_by("pk")
    found = list(rows[:BATCH] if children is None else rows.filter(child__in=children))
    for row in found:
        until = max(row.since, _birthday(row.born, ADULT))
        Guardianship.objects.filter(pk=row.pk).update(until=until)
        audit.record("guardianship.ended", actor_id=None, subject=row, at=at, details={"outgrown": True})
    return len(found)


def _birthday(born: dt.date, years: int) -> dt.date:
    try:
        return born.replace(year=born.year + years)
    except ValueError:  # born on 29 February
        return dt.date(born.year + years, 3, 1)


@transaction.atomic
def record_authorisation(
    *, principal: Person, agent: Person, relation: str, since: dt.date, actor: User, at: dt.datetime
) -> Authorisation:
    """``agent`` may act for ``principal`` from the day ``since`` on, as said at the desk. ValidationError for oneself,
    twice, or where the agent is the ``actor``."""
    _check(actor, principal)
    refuse_own(actor, agent)
    elder, helper = standing_locked(principal, agent)
    if elder.pk == helper.pk:
        raise ValidationError({"agent": _("代办人不能是本人。")})
    row = Authorisation(principal=principal, agent=agent, relation=relation, since=since, recorded_by=actor)
    if stands_already(row):
        raise ValidationError(_("这两个人之间已经有代办授权。"))
    row.save(force_insert=True)
    audit.record("authorisation.recorded", actor_id=actor.pk, subject=row, at=at)
    return row


@transaction.atomic
def end_authorisation(*, authorisation: Authorisation, actor: User | None, at: dt.datetime, reason: str) -> None:
    """From ``at`` on the agent no longer acts for the principal. ValidationError where it has ended already."""
    _check(actor, authorisation.principal)
    _end(authorisation, "authorisation.ended", actor, at, reason)


Listener = Callable[[Authorisation, bool, dt.datetime], None]
_LISTENERS: list[Listener] = []


def on_revoked(listener: Listener) -> Listener:
    """Register ``listener(authorisation, by_principal, at)`` for authorisations that one of the two ended by
    themselves; it acts in the same transaction."""
    _LISTENERS.append(listener)
    return listener


@transaction.atomic
def revoke_authorisation(*, authorisation: Authorisation, actor: User, at: dt.datetime) -> None:
    """The principal takes the authorisation back, or the agent lays it down: at once, without giving a reason.

    PermissionDenied for anybody else; ValidationError where it has ended already.
    """
    by_principal = is_own(actor, authorisation.principal_id)
    if not by_principal and not is_own(actor, authorisation.agent_id):
        raise PermissionDenied
    _end(authorisation, "authorisation.revoked", actor, at, "")
    for listener in _LISTENERS:
        listener(authorisation, by_principal, at)


def _end(row: Guardianship | Authorisation, verb: str, actor: User | None, at: dt.datetime, reason: str) -> None:
    day = clock.local_day(at)
    if type(row)._base_manager.filter(pk=row.pk, until__isnull=True).update(until=day) != 1:
        raise ValidationError(_("这条登记已经结束了。"))
    row.until = day
    audit.record(verb, actor_id=actor.pk if actor else None, subject=row, at=at, reason=reason)
