"""What waits at the desk about wishes; each count opens exactly the rows it counted."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.backoffice.overview import late_by
from portal.core import clock
from portal.core.registries import Late, Todo, WorkItem, lates, todos
from portal.people.access import roles_of
from portal.people.roles import DESK

from .models import Wish, WishState
from .querysets import WishQuerySet


def _shown(user: Any) -> bool:
    """Whoever can carry it out; who only reads has the overview of what is late."""
    return user.is_superuser or bool(roles_of(user, DESK))


def _list(query: str) -> Callable[[Any, dt.datetime], str]:
    return lambda _user, _at: f"{reverse('admin:wishes_wish_changelist')}?{query}"


def _item(wish: Wish) -> WorkItem:
    return WorkItem(
        title=str(wish),
        url=reverse("admin:wishes_wish_change", args=[wish.pk]),
        sub=f"{wish.community} · {wish.get_state_display()}",
        due_on=wish.due_on,
        since=wish.state_since,
    )


def _items(rows: Callable[[Any, dt.datetime], WishQuerySet]) -> Callable[[Any, dt.datetime, int], list[WorkItem]]:
    """The most pressing of ``rows``, by their last day."""

    def items(user: Any, at: dt.datetime, most: int) -> list[WorkItem]:
        found = rows(user, at).select_related("kind", "community").order_by("due_on", "pk")
        return [_item(wish) for wish in found[:most]]

    return items


def _in_state(state: WishState) -> Callable[[Any, dt.datetime], WishQuerySet]:
    return lambda user, _at: Wish.objects.in_scope(user).filter(state=state)


def _overdue(user: Any, at: dt.datetime) -> WishQuerySet:
    return Wish.objects.in_scope(user).overdue(clock.local_day(at))


def _to_visit(user: Any, _at: dt.datetime) -> WishQuerySet:
    return Wish.objects.in_scope(user).to_visit()


def _todo(
    name: str, label: Any, rows: Callable[[Any, dt.datetime], WishQuerySet], query: str, *, order: int, **more: Any
) -> None:
    """One to-do: what it counts, what its list opens with and what it names are the same rows."""
    todos.add(
        Todo(
            f"wishes.{name}",
            label,
            lambda user, at: rows(user, at).count(),
            _list(query),
            shown=_shown,
            order=order,
            items=_items(rows),
            **more,
        )
    )


_todo("overdue", _("心愿单超过期限"), _overdue, "term=overdue", order=5, urgent=True)
_todo("visit", _("低分待回访"), _to_visit, "term=visit", order=6, urgent=True)
_todo("review", _("心愿待审核"), _in_state(WishState.PENDING_REVIEW), "state__exact=pending_review", order=10)
_todo("dispatch", _("心愿待派单"), _in_state(WishState.PENDING_DISPATCH), "state__exact=pending_dispatch", order=11)
_todo("claim", _("心愿待接单"), _in_state(WishState.PENDING_CLAIM), "state__exact=pending_claim", order=12)
lates.add(
    Late(
        "wishes",
        _("心愿单"),
        lambda user, at: late_by(_overdue(user, at), "community"),
        lambda user, at, community: _list(f"term=overdue&community__id__exact={community}")(user, at),
        order=10,
    )
)
