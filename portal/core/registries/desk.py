"""What rooms bring to the desk: to-dos, timelines and panels, work in hand, entering on behalf."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .pages import Row
from .registry import Registry, Text


@dataclass(frozen=True)
class WorkItem:
    """One thing that waits at the desk. ``due_on`` is the last day of its term; ``since`` is when it began to wait."""

    title: str
    url: str
    sub: str = ""
    due_on: dt.date | None = None
    since: dt.datetime | None = None


@dataclass(frozen=True)
class Todo:
    """A count on the desk's first page. ``count(user, at)`` is one query over what the user may see; ``url`` opens
    exactly those rows; ``items(user, at, most)`` gives the first ``most`` of them, the most pressing first."""

    id: str
    label: Text
    count: Callable[[Any, dt.datetime], int]
    url: Callable[[Any, dt.datetime], str]
    urgent: bool = False
    shown: Callable[[Any], bool] = lambda _user: True
    order: int = 100
    items: Callable[[Any, dt.datetime, int], list[WorkItem]] | None = None


@dataclass(frozen=True)
class Late:
    """What of a room is over its term, for whoever oversees places and acts in none. ``counts(user, at)`` gives, by the
    key of the community, how many and the oldest last day: one query; ``url(user, at, community)`` opens those rows."""

    id: str
    label: Text
    counts: Callable[[Any, dt.datetime], dict[int, tuple[int, dt.date]]]
    url: Callable[[Any, dt.datetime, int], str]
    order: int = 100


PERSON, HOUSEHOLD, BUILDING = "person", "household", "building"


@dataclass(frozen=True)
class Event:
    """A moment on a timeline: what happened, in words that hold no number and no address; ``url`` opens its record,
    ``note`` is what whoever did it wrote as the reason, for a room that shows its reasons there."""

    at: dt.datetime
    text: str
    url: str = ""
    who: str = ""
    note: str = ""


@dataclass(frozen=True)
class Strand:
    """A room's part in the timeline of a person, a household or a building at the desk.

    ``events(user, ids, most, until)`` gives the latest ``most`` moments, none later than ``until`` (None: the latest of
    all), of those records that ``user`` may see by the room's own rule; ``ids`` are keys of one subject (a person's
    merged records stand beside the living one). A query or two, however many there are.
    """

    id: str
    label: Text
    of: str
    events: Callable[[Any, list[int], int, dt.datetime | None], list[Event]]
    order: int = 100


@dataclass(frozen=True)
class Panel:
    """A room's list on the desk's page of a person, a household or a building, by the same rules as ``Strand``:
    ``rows(user, ids, most)`` gives at most ``most``, what is still open first."""

    id: str
    title: Text
    of: str
    rows: Callable[[Any, list[int], int], list[Row]]
    empty_text: Text = ""
    order: int = 100


@dataclass(frozen=True)
class Handed:
    """What became of records in hand: how many the successor has now, how many are the whole desk's again."""

    given: int = 0
    back: int = 0


@dataclass(frozen=True)
class Holding:
    """Work that one member of staff has in hand. ``count(user, at)`` is how much; ``hand_over`` moves what is the
    actor's to move to ``to``, or back to the whole desk (``to`` None, or what ``to`` may not work on), inside the
    caller's transaction. ``heirs(users, ...)`` narrows a QuerySet of accounts to those whose offices reach all of it.
    """

    id: str
    label: Text
    count: Callable[[Any, dt.datetime], int]
    hand_over: Callable[..., Handed]  # (leaver=, to=, actor=, at=) -> Handed
    heirs: Callable[..., Any]  # (users, leaver=, actor=, at=) -> QuerySet
    order: int = 100


@dataclass(frozen=True)
class OnBehalf:
    """Something that the desk enters for a person who came, phoned or was visited. ``url(person)`` opens the form with
    that person filled in (``person`` None: an empty form); ``at_home(household)``, if any, with that home."""

    id: str
    label: Text
    icon: str
    url: Callable[[Any], str]
    shown: Callable[[Any], bool] = lambda _user: True
    order: int = 100
    at_home: Callable[[Any], str] | None = None


todos: Registry[Todo] = Registry()
strands: Registry[Strand] = Registry()
panels: Registry[Panel] = Registry()
lates: Registry[Late] = Registry()
holdings: Registry[Holding] = Registry()
on_behalf: Registry[OnBehalf] = Registry()
