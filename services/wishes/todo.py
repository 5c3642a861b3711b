"""What waits at the desk about wishes; each count opens exactly the rows it counted."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core import clock
from portal.core.registries import Todo, todos
from portal.people.access import roles_of
from portal.people.roles import READERS

from .models import Wish, WishState


def _shown(user: Any) -> bool:
    return user.is_superuser or bool(roles_of(user, READERS))


def _list(query: str) -> Callable[[Any, dt.datetime], str]:
    return lambda _user, _at: f"{reverse('admin:wishes_wish_changelist')}?{query}"


def _in_state(state: WishState) -> Callable[[Any, dt.datetime], int]:
    return lambda user, _at: Wish.objects.in_scope(user).filter(state=state).count()


def _overdue(user: Any, at: dt.datetime) -> int:
    return Wish.objects.in_scope(user).overdue(clock.local_day(at)).count()


todos.add(
    Todo("wishes.overdue", _("心愿单超过期限"), _overdue, _list("term=overdue"), urgent=True, shown=_shown, order=5)
)
todos.add(
    Todo(
        "wishes.review",
        _("心愿待审核"),
        _in_state(WishState.PENDING_REVIEW),
        _list("state__exact=pending_review"),
        shown=_shown,
        order=10,
    )
)
todos.add(
    Todo(
        "wishes.dispatch",
        _("心愿待派单"),
        _in_state(WishState.PENDING_DISPATCH),
        _list("state__exact=pending_dispatch"),
        shown=_shown,
        order=11,
    )
)
todos.add(
    Todo(
        "wishes.claim",
        _("心愿待接单"),
        _in_state(WishState.PENDING_CLAIM),
        _list("state__exact=pending_claim"),
        shown=_shown,
        order=12,
    )
)
todos.add(
    Todo(
        "wishes.visit",
        _("低分待回访"),
        lambda user, _at: Wish.objects.in_scope(user).to_visit().count(),
        _list("term=visit"),
        urgent=True,
        shown=_shown,
        order=6,
    )
)
