"""Columns and scopes that many lists share, and the record of whose contact left whole."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.core.audit import label_of
from portal.core.masking import mask_address, mask_name, mask_phone
from portal.core.models import AuditEntry
from portal.people.access import scope_q
from portal.people.contacting import CONTACT_SHOWN
from portal.people.models import Person
from portal.people.roles import DESK

from .sources import Column, Text

Rows = QuerySet[Any]


def of_desk(prefix: str = "") -> Callable[[Rows, Any], Rows]:
    """Those rows (``prefix`` leads to community and grid) where the user is of the desk, and does not only read."""
    return lambda rows, user: rows.filter(scope_q(user, DESK, prefix=prefix))


def noted(person_of: Callable[[Any], Person | None]) -> Callable[[list[Any], Any, dt.datetime], None]:
    """Whoever's contact leaves whole reads among “谁看过” that it did: one line a person, a chunk in one statement."""

    def note(objs: list[Any], actor: Any, at: dt.datetime) -> None:
        people = {person.pk for obj in objs if (person := person_of(obj)) is not None}
        AuditEntry.objects.bulk_create(
            AuditEntry(
                verb=CONTACT_SHOWN,
                actor_id=actor.pk,
                subject_type=label_of(Person),
                subject_id=pk,
                at=at,
                details={"exported": True},
            )
            for pk in sorted(people)
        )

    return note


def name_column(id: str, label: Text, value: Callable[[Any], str]) -> Column:
    """A person's name, masked to its first character."""
    return Column(id, label, value, personal=True, masked=mask_name, width=12)


def phone_column(id: str, label: Text, value: Callable[[Any], str]) -> Column:
    """A phone, masked in its middle; leaving whole it goes on record."""
    return Column(id, label, value, personal=True, masked=mask_phone, contact=True, width=16)


def address_column(id: str, label: Text, value: Callable[[Any], str]) -> Column:
    """An address, masked to its building: the door stays hidden; leaving whole it goes on record."""
    return Column(id, label, value, personal=True, masked=mask_address, contact=True, width=36)


def yes_no(value: bool) -> str:
    """是 or 否."""
    return str(_("是")) if value else str(_("否"))
