"""The page of a person, a household or a building: what every room knows of it, and when what happened.

The rooms bring panels and strands (``core.registries``) and answer for their own visibility; here they are put side by
side. A timeline is paged by the moment: each page asks every room for a page's length, however long the whole is.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from portal.core import asked
from portal.core.registries import Event, Panel, Row, Strand, Text, on_behalf, panels, strands

ROWS = 8  # of a panel
PAGE = 20  # moments of a timeline
UNTIL, ROOM = "until", "room"
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
_MOST_OF_ONE_MOMENT = 500


@dataclass(frozen=True)
class Shelf:
    """A panel with its rows; ``more`` where the room has more of them than stand here."""

    panel: Panel
    rows: list[Row]
    more: bool


@dataclass(frozen=True)
class Moment:
    """An event and the room that it is of."""

    event: Event
    room: Text


@dataclass(frozen=True)
class Choice:
    """A room that the timeline can be narrowed to."""

    label: Text
    url: str
    chosen: bool


@dataclass(frozen=True)
class Timeline:
    moments: list[Moment]
    rooms: list[Choice]
    older_url: str
    latest_url: str


def shelves(of: str, user: Any, ids: list[int]) -> list[Shelf]:
    """Every room's panel about ``of``, in order; a query or two each."""
    found = [(panel, panel.rows(user, ids, ROWS + 1)) for panel in panels if panel.of == of]
    return [Shelf(panel, rows[:ROWS], len(rows) > ROWS) for panel, rows in found]


def to_enter(user: Any, person: Any) -> list[tuple[Any, str]]:
    """What the desk can enter for ``person``, each with the address of its form."""
    return [(entry, entry.url(person)) for entry in on_behalf if entry.shown(user)]


def to_enter_at(user: Any, home: Any) -> list[tuple[Any, str]]:
    """What the desk can enter for a household, each with the address of its form."""
    return [(entry, entry.at_home(home)) for entry in on_behalf if entry.at_home is not None and entry.shown(user)]


def _cursor(request: HttpRequest) -> tuple[dt.datetime | None, int]:
    """The moment to begin at, and how many of that very moment were shown before; what is no cursor is none."""
    moment, _dot, skipped = request.GET.get(UNTIL, "").partition(".")
    if not (moment.isascii() and moment.isdigit() and len(moment) < 17 and skipped.isascii() and skipped.isdigit()):
        return None, 0
    if len(skipped) > 3 or int(skipped) > _MOST_OF_ONE_MOMENT:
        return None, 0
    return _EPOCH + int(moment) * _MICROSECOND, int(skipped)


def _address(request: HttpRequest, **changes: str) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"?{query.urlencode()}#timeline"


def timeline(request: HttpRequest, of: str, ids: list[int]) -> Timeline:
    """One page of what happened, newest first.

    1. every room (or the chosen one) is asked for the latest moments up to the cursor, one more than a page;
    2. they are merged by time; moments of the cursor's own instant that stood on the page before are left out;
    3. the next cursor is the last moment shown, with how many of that instant have been shown by then; of an instant
       with more than a cursor counts, the rest is passed over, so that every page leads on.
    """
    until, skip = _cursor(request)
    own = [strand for strand in strands if strand.of == of]
    wanted = request.GET.get(ROOM, "")
    chosen: list[Strand] = [strand for strand in own if strand.id == wanted] or own
    found = [
        Moment(event, strand.label)
        for strand in chosen
        for event in strand.events(request.user, ids, PAGE + 1 + skip, until)
    ]
    found.sort(key=lambda moment: moment.event.at, reverse=True)
    rest = found[skip:] if until is not None else found
    shown = rest[:PAGE]
    older = ""
    if len(rest) > PAGE:
        last = shown[-1].event.at
        of_that_moment = sum(moment.event.at == last for moment in shown) + (skip if last == until else 0)
        moment = (last - _EPOCH) // _MICROSECOND
        if of_that_moment > _MOST_OF_ONE_MOMENT:
            moment, of_that_moment = moment - 1, 0
        older = _address(request, until=f"{moment}.{of_that_moment}")
    rooms = [Choice(strand.label, _address(request, room=strand.id, until=""), [strand] == chosen) for strand in own]
    latest = _address(request, until="") if until is not None else ""
    everything = Choice("", _address(request, room="", until=""), len(chosen) != 1)
    return Timeline(shown, [everything, *rooms], older, latest)


class DossierPage:
    """For a ScopedAdmin: its record's page gets the panels, the timeline and what can be entered.

    ``of`` is the kind of subject; ``subject_ids`` are its keys, ``head`` the lines on top.
    """

    of = ""

    def subject_ids(self, obj: Any) -> list[int]:
        """Every record of the subject."""
        return [obj.pk]

    def head(self, request: HttpRequest, obj: Any) -> list[tuple[str, Any]]:
        """Lines (label, value) on top of the page."""
        return []

    def entries(self, request: HttpRequest, obj: Any) -> list[tuple[Any, str]]:
        """What can be entered from here."""
        return []

    def steps(self, obj: Any) -> list[Any]:
        """None: the timeline says it, and more."""
        return []

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """What the rooms ask alike is asked once where the page is only read."""
        if request.method not in ("GET", "HEAD"):
            return super().changeform_view(request, *args, **kwargs)  # type: ignore[misc]
        with asked.one_page():
            return super().changeform_view(request, *args, **kwargs)  # type: ignore[misc]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        obj = kwargs.get("obj")
        if obj is not None:
            ids = self.subject_ids(obj)
            context["head"] = self.head(request, obj)
            context["shelves"] = shelves(self.of, request.user, ids)
            context["timeline"] = timeline(request, self.of, ids)
            context["entries"] = self.entries(request, obj)
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]
