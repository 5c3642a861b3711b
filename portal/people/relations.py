"""Who may act for whom: guardians of children, and relatives whom an elder authorised. Recorded by the desk."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.core import audit, clock

from .access import is_own, scope_q
from .models import Authorisation, Guardianship, Person, PersonArea, User
from .roles import DESK

ADULT = 18  # 民法典 第17条


def serves(user: Any, person: Person) -> bool:
    """Whether ``user`` is of the desk of a place that ``person`` belongs to; the administrator serves everyone."""
    if not user.is_authenticated or not user.is_active:
        return False
    return user.is_superuser or PersonArea.objects.filter(scope_q(user, DESK), person=person.resolved).exists()


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
    child, guardian = child.resolved, guardian.resolved
    if child.birth_date is not None and age_on(clock.local_day(at), child.birth_date) >= ADULT:
        raise ValidationError({"child": _("这个人已经满 18 岁，请登记代办授权。")})
    if child.pk == guardian.pk:
        raise ValidationError({"guardian": _("监护人不能是孩子本人。")})
    try:
        with transaction.atomic():
            row = Guardianship.objects.create(child=child, guardian=guardian, relation=relation, since=since)
    except IntegrityError:
        raise ValidationError(_("这个人已经登记为这个孩子的监护人。")) from None
    audit.record("guardianship.recorded", actor_id=actor.pk if actor else None, subject=row, at=at)
    return row


@transaction.atomic
def end_guardianship(*, guardianship: Guardianship, actor: User | None, at: dt.datetime, reason: str) -> None:
    """From ``at`` on the guardian no longer acts for the child. ValidationError where it has ended already."""
    _check(actor, guardianship.child)
    _end(guardianship, "guardianship.ended", actor, at, reason)


@transaction.atomic
def record_authorisation(
    *, principal: Person, agent: Person, relation: str, since: dt.date, actor: User, at: dt.datetime
) -> Authorisation:
    """``agent`` may act for ``principal`` from the day ``since`` on, as said at the desk. ValidationError for oneself,
    twice, or where the agent is the ``actor``."""
    _check(actor, principal)
    refuse_own(actor, agent)
    principal, agent = principal.resolved, agent.resolved
    if principal.pk == agent.pk:
        raise ValidationError({"agent": _("代办人不能是本人。")})
    try:
        with transaction.atomic():
            row = Authorisation.objects.create(
                principal=principal, agent=agent, relation=relation, since=since, recorded_by=actor
            )
    except IntegrityError:
        raise ValidationError(_("这两个人之间已经有代办授权。")) from None
    audit.record("authorisation.recorded", actor_id=actor.pk, subject=row, at=at)
    return row


@transaction.atomic
def end_authorisation(*, authorisation: Authorisation, actor: User | None, at: dt.datetime, reason: str) -> None:
    """From ``at`` on the agent no longer acts for the principal. ValidationError where it has ended already."""
    _check(actor, authorisation.principal)
    _end(authorisation, "authorisation.ended", actor, at, reason)


def _end(row: Guardianship | Authorisation, verb: str, actor: User | None, at: dt.datetime, reason: str) -> None:
    day = clock.local_day(at)
    if type(row)._base_manager.filter(pk=row.pk, until__isnull=True).update(until=day) != 1:
        raise ValidationError(_("这条登记已经结束了。"))
    row.until = day
    audit.record(verb, actor_id=actor.pk if actor else None, subject=row, at=at, reason=reason)
