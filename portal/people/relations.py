"""Who may act for whom: guardians of children, and relatives whom an elder authorised. The desk records them
(``entrusting``) and ends them; an authorisation is ended by either of the two as well."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import asked, audit, clock
from portal.core.models import StoredFile

from .access import is_own, scope_q
from .models import Authorisation, Guardianship, Person, PersonArea, RelationState, User
from .querysets import ADULT
from .roles import DESK

BATCH = 200
_THEIRS = {Person.Sex.FEMALE: gettext_lazy("她的"), Person.Sex.MALE: gettext_lazy("他的")}


def serves(user: Any, person: Person) -> bool:
    """Whether ``user`` is of the desk of a place that ``person`` belongs to; the administrator serves everyone."""
    if not user.is_authenticated or not user.is_active:
        return False
    if user.is_superuser:
        return True
    return desk_reaches(user, person.resolved.record_ids())


def desk_reaches(user: Any, person_ids: list[int]) -> bool:
    """Whether one of these records of a person belongs to a place where ``user`` is of the desk; on a page asked
    once."""
    here = PersonArea.objects.filter(scope_q(user, DESK), person__in=person_ids)
    return asked.once((desk_reaches, user.pk, *person_ids), here.exists)


def refuse_own(actor: User | None, *people: Person) -> None:
    """ValidationError where ``actor`` (None: the system) is one of ``people``: at the desk nobody, the administrator
    included, decides on what they gain by themselves."""
    if actor is not None and is_own(actor, *(person.pk for person in people)):
        raise ValidationError(_("这件事关系到您本人，请另一位工作人员来办。"))


def record_for(user: User, person: Person) -> Person:
    """The record of ``person`` with which is kept what ``user`` begins for them online: the account's own, for another
    the one that the guardianship or authorisation in force names, so that it is with its own when a merging is undone.
    ``person`` as given where the user may not act for them at all."""
    if user.person is not None and person.pk in user.person_ids:
        return user.person
    ids, today = person.resolved.record_ids(), clock.today()
    ward = Guardianship.objects.in_force(today).filter(child__in=ids, guardian__in=user.person_ids)
    if (guardianship := ward.select_related("child").order_by("pk").first()) is not None:
        return guardianship.child
    elder = Authorisation.objects.in_force(today).filter(principal__in=ids, agent__in=user.person_ids)
    authorisation = elder.select_related("principal").order_by("pk").first()
    return authorisation.principal if authorisation is not None else person


def one_is_their(relation: str, other: Person) -> str:
    """``relation``, what an agent or guardian is to ``other``, said to the agent or guardian: 您是他的外甥女."""
    return _("您是%(whose)s%(relation)s") % {
        "whose": _THEIRS.get(Person.Sex(other.sex)) if other.sex else _("对方的"),
        "relation": relation,
    }


def is_ones(relation: str) -> str:
    """The same, said to the other: 您的外甥女."""
    return _("您的%(relation)s") % {"relation": relation}


def speaks_for(asker: Person, subject: Person, day: dt.date) -> bool:
    """Whether ``asker`` is ``subject``, their guardian, or authorised by them on ``day``, by whichever records."""
    theirs, own = subject.resolved.record_ids(), asker.resolved.record_ids()
    return (
        asker.resolved.pk == subject.resolved.pk
        or Guardianship.objects.in_force(day).filter(child__in=theirs, guardian__in=own).exists()
        or Authorisation.objects.in_force(day).filter(principal__in=theirs, agent__in=own).exists()
    )


def refuse_unentrusted(asker: Person, subject: Person, day: dt.date, paper: StoredFile | None) -> None:
    """ValidationError where the desk enters for ``subject`` what ``asker`` said who has no standing for them on
    ``day``, without the ``paper`` by which ``subject`` entrusts it to them."""
    if paper is None and not speaks_for(asker, subject, day):
        words = _("提出的人不是本人，也没有登记监护或代办。请附上本人签字的委托单，或者先登记代办授权。")
        raise ValidationError({"paper": words})


def check_served(actor: User | None, person: Person) -> None:
    """PermissionDenied where ``actor`` (None: the system) is not of the desk that serves ``person``."""
    if actor is not None and not serves(actor, person):
        raise PermissionDenied


def age_on(day: dt.date, born: dt.date) -> int:
    """Whole years lived on ``day``."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def births(*people: Person) -> dict[int, dt.date | None]:
    """{id: birth date, by whichever record says one} of records that stand."""
    rows = Person.objects.filter(pk__in=[person.pk for person in people]).with_born()
    return dict(rows.values_list("pk", "born"))


@transaction.atomic
def end_guardianship(*, guardianship: Guardianship, actor: User | None, at: dt.datetime, reason: str) -> None:
    """From ``at`` on the guardian no longer acts for the child. ValidationError where it has ended already."""
    check_served(actor, guardianship.child)
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
        Guardianship.objects.filter(pk=row.pk).update(until=until, state=_ended(row))
        audit.record("guardianship.ended", actor_id=None, subject=row, at=at, details={"outgrown": True})
    return len(found)


def _birthday(born: dt.date, years: int) -> dt.date:
    try:
        return born.replace(year=born.year + years)
    except ValueError:  # born on 29 February
        return dt.date(born.year + years, 3, 1)


@transaction.atomic
def end_authorisation(*, authorisation: Authorisation, actor: User | None, at: dt.datetime, reason: str) -> None:
    """From ``at`` on the agent no longer acts for the principal. ValidationError where it has ended already."""
    check_served(actor, authorisation.principal)
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
    day, state = clock.local_day(at), _ended(row)
    still = type(row)._base_manager.filter(pk=row.pk, until__isnull=True, state=row.state)
    if still.update(until=day, state=state) != 1:
        raise ValidationError(_("这条登记已经结束了。"))
    row.until, row.state = day, state
    audit.record(verb, actor_id=actor.pk if actor else None, subject=row, at=at, reason=reason)


def _ended(row: Guardianship | Authorisation) -> str:
    """The state of a relation that is over: what nobody confirmed was never in force, and never will have been."""
    return RelationState.REFUSED if row.state == RelationState.ENTERED else RelationState.ENDED
