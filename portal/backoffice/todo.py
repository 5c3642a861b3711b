"""What waits for the desk in the rooms below."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.registries import Todo, WorkItem, todos
from portal.people.models import Ownership, Residency, TieState
from portal.people.roles import DESK

from . import access


def _desk(user: Any) -> bool:
    return access.is_one_of(user, DESK)


def _claimed(model: type[Ownership | Residency]) -> Any:
    def count(user: Any, at: dt.datetime) -> int:
        return access.ties_in(user, model).filter(state=TieState.CLAIMED).count()

    return count


def _items(model: type[Ownership | Residency]) -> Any:
    def items(user: Any, at: dt.datetime, most: int) -> list[WorkItem]:
        waiting = access.ties_in(user, model).filter(state=TieState.CLAIMED)
        rows = waiting.select_related("person", "household__building__estate").order_by("due_on", "pk")[:most]
        return [
            WorkItem(
                title=tie.person.name,
                url=reverse(f"admin:people_{model._meta.model_name}_change", args=[tie.pk]),
                sub=str(tie.household),
                due_on=tie.due_on,
                since=tie.state_since,
            )
            for tie in rows
        ]

    return items


def _list_of(model: type[Ownership | Residency]) -> Any:
    def url(user: Any, at: dt.datetime) -> str:
        return f"{reverse(f'admin:people_{model._meta.model_name}_changelist')}?state__exact={TieState.CLAIMED}"

    return url


todos.add(
    Todo(
        "people.residencies",
        _("居住待确认"),
        _claimed(Residency),
        _list_of(Residency),
        shown=_desk,
        order=60,
        items=_items(Residency),
    )
)
todos.add(
    Todo(
        "people.ownerships",
        _("产权待确认"),
        _claimed(Ownership),
        _list_of(Ownership),
        shown=_desk,
        order=61,
        items=_items(Ownership),
    )
)
