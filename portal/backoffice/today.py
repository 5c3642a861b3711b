"""The desk's first page: what waits, how much of each, and which things press most, across every room."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.core import clock
from portal.core.registries import Todo, WorkItem, todos

MOST_ITEMS = 12  # shown on the page
SOON = 2  # days before its last day from which on a thing is said to be due soon


@dataclass(frozen=True)
class Waiting:
    """One to-do with its count and the address of exactly those rows."""

    todo: Todo
    count: int
    url: str

    @property
    def presses(self) -> bool:
        """It is urgent, and there is something in it."""
        return bool(self.todo.urgent and self.count)


@dataclass(frozen=True)
class Pressing:
    """One thing that waits, with the word for how it stands in time and the tone of its badge."""

    item: WorkItem
    label: str
    term: str
    tone: str


def waiting_for(user: Any, at: dt.datetime) -> list[Waiting]:
    """Every to-do shown to ``user``, urgent ones with something in them first. One query a to-do."""
    found = [Waiting(todo, todo.count(user, at), todo.url(user, at)) for todo in todos if todo.shown(user)]
    return sorted(found, key=lambda waiting: not waiting.presses)


def pressing(waiting: list[Waiting], user: Any, at: dt.datetime, *, most: int = MOST_ITEMS) -> list[Pressing]:
    """The ``most`` most pressing things of all rooms, each once.

    1. what is over its term, the longest first; 2. what ends soonest; 3. what has no term, the longest waiting first.
    One query a to-do that has something in it and names its rows.
    """
    today = clock.local_day(at)
    found: dict[str, tuple[WorkItem, str]] = {}
    for entry in waiting:
        if entry.count and entry.todo.items is not None:
            for item in entry.todo.items(user, at, most):
                found.setdefault(item.url, (item, str(entry.todo.label)))
    ordered = sorted(found.values(), key=lambda pair: _urgency(pair[0], at))[:most]
    return [Pressing(item, label, *_term(item.due_on, today)) for item, label in ordered]


def _urgency(item: WorkItem, at: dt.datetime) -> tuple[bool, dt.date, dt.datetime]:
    return (item.due_on is None, item.due_on or dt.date.max, item.since or at)


def _term(due_on: dt.date | None, today: dt.date) -> tuple[str, str]:
    """How a term stands, in words, and the tone of its badge."""
    if due_on is None:
        return "", "plain"
    days = (due_on - today).days
    if days < 0:
        return _("超期 %d 天") % -days, "stop"
    if days == 0:
        return _("今天到期"), "stop"
    return _("还有 %d 天") % days, "wait" if days <= SOON else "plain"
