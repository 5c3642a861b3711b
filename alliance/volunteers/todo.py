"""What waits at the desk about volunteers."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.registries import Todo, WorkItem, todos
from portal.people.access import roles_of, scope_q
from portal.people.roles import DESK

from .models import Volunteer


def _rows(user: Any) -> QuerySet[Volunteer]:
    return Volunteer.objects.filter(scope_q(user), state=Volunteer.State.APPLIED)


def _waiting(user: Any, _at: dt.datetime) -> int:
    return _rows(user).count()


def _items(user: Any, _at: dt.datetime, most: int) -> list[WorkItem]:
    """Those who have waited longest first."""
    return [
        WorkItem(
            title=volunteer.person.name,
            url=reverse("admin:volunteers_volunteer_change", args=[volunteer.pk]),
            sub=str(volunteer.community),
            due_on=volunteer.due_on,
            since=volunteer.state_since,
        )
        for volunteer in _rows(user).select_related("person", "community").order_by("due_on", "pk")[:most]
    ]


def _url(_user: Any, _at: dt.datetime) -> str:
    return reverse("admin:volunteers_volunteer_changelist") + "?state__exact=applied"


todos.add(
    Todo(
        id="volunteers.applied",
        label=_("志愿者申请待审核"),
        count=_waiting,
        url=_url,
        shown=lambda user: user.is_superuser or bool(roles_of(user, DESK)),
        order=40,
        items=_items,
    )
)
