"""The desk's first page: what waits, how much of each, and which things press most, across every room."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.core import clock
from portal.core.registries import Todo, WorkItem, todos

MOST_ITEMS = 12  # shown on the page at first
MOST_OF_ONE = 100  # of one to-do on the whole list; the rest stands in the to-do's own list
ALL_VAR = "all"  # in the address of the page that names them all
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


@dataclass(frozen=True)
class Pile:
    """What presses, the most pressing first: ``rows`` as many as are shown of ``total``; ``more`` where a to-do holds
    so many that even the whole list names a part."""

    rows: list[Pressing]
    total: int
    more: bool

    @property
    def cut(self) -> bool:
        return len(self.rows) < self.total


def pressing(waiting: list[Waiting], user: Any, at: dt.datetime, *, most: int | None = MOST_ITEMS) -> Pile:
    """The ``most`` most pressing things of all rooms (None: all of them), each once.

    1. what is over its term, the longest first, and among it what is urgent without one, by the day it began to wait;
    2. what ends soonest; 3. what has no term, the longest waiting first. One query a to-do that has something in it and
    names its rows.
    """
    found: dict[str, tuple[WorkItem, Todo]] = {}
    named = [entry for entry in waiting if entry.count and entry.todo.items is not None]
    for entry in named:
        for item in entry.todo.items(user, at, MOST_OF_ONE):  # type: ignore[misc]
            found.setdefault(item.url, (item, entry.todo))
    ordered = sorted(found.values(), key=lambda pair: _urgency(pair[0], pair[1], at))[:most]
    rows = [Pressing(item, str(todo.label), *_term(item, todo, clock.local_day(at))) for item, todo in ordered]
    return Pile(rows, len(found), any(entry.count > MOST_OF_ONE for entry in named))


def _pressed_on(item: WorkItem, todo: Todo) -> dt.date | None:
    """The day from which on it presses: the last of its term, or the first of its waiting where that is urgent."""
    if item.due_on is None and todo.urgent and item.since is not None:
        return clock.local_day(item.since)
    return item.due_on


def _urgency(item: WorkItem, todo: Todo, at: dt.datetime) -> tuple[bool, dt.date, dt.datetime]:
    day = _pressed_on(item, todo)
    return (day is None, day or dt.date.max, item.since or at)


def _term(item: WorkItem, todo: Todo, today: dt.date) -> tuple[str, str]:
    """How a term stands, in words, and the tone of its badge."""
    if item.due_on is None:
        day = _pressed_on(item, todo)
        if day is None:
            return "", "plain"
        waited = (today - day).days
        return (_("要紧，等了 %d 天") % waited if waited > 0 else _("要紧")), "stop"
    days = (item.due_on - today).days
    if days < 0:
        return _("超期 %d 天") % -days, "stop"
    if days == 0:
        return _("今天到期"), "stop"
    return _("还有 %d 天") % days, "wait" if days <= SOON else "plain"
