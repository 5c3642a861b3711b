"""What the desk's search of everything finds beside the index: what is not in it, or may not be.

Usage, in a room's ``searching.py`` or ``admin.py``::

    @look_besides
    def _things_by_hand(request, query, people):  # bounded; what the room's own rows hold for the user, or None
        return group("things", _("东西"), lines, query)
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.people.models import Person
from portal.places.models import Area, Level
from portal.search.marking import Part, marked
from portal.search.sources import Line
from portal.search.terms import Query

from . import access

FEW = 8  # of each kind
NO_NUMBERS = _("这里不查身份证号，号码也没有留下。请按姓名查；按手机号找人要写全 11 位，会留记录。")
LEAST_OF_AN_ID = 15  # digits: what is shorter was meant for a phone
_TONES = {"amber": "wait", "blue": "go", "green": "done", "red": "stop"}


def no_phone(text: str, problem: ValidationError) -> str:
    """Why a number that is no phone was not looked for: what is wrong with it, or that ID numbers are not searched."""
    is_long = sum(char.isdigit() for char in text) >= LEAST_OF_AN_ID
    return str(NO_NUMBERS) if is_long else "；".join(problem.messages)


@dataclass(frozen=True)
class Hit:
    """A record as the page shows it."""

    title: list[Part]
    sub: list[Part]
    url: str
    badge_text: str
    badge_tone: str


@dataclass(frozen=True)
class Group:
    """The hits of one kind; ``more_url`` opens its list with the same search."""

    id: str
    label: str
    hits: list[Hit]
    count_text: str
    more_url: str = ""
    cut: bool = False
    records: list[Any] = field(default_factory=list)


Look = Callable[[HttpRequest, Query, list[Person]], Group | None]
LOOKS: list[Look] = []


def look_besides(function: Look) -> Look:
    """Declare a look: ``function(request, query, people)`` answers with a group, or with None where the user has none.
    ``people`` are those whom the page shows already: what is theirs may be meant."""
    LOOKS.append(function)
    return function


def hit(line: Line, query: Query) -> Hit:
    """A line of a room as the page shows it, with what was typed marked."""
    tone = _TONES.get(line.badge_tone, "plain")
    return Hit(marked(line.title, query), marked(line.sub, query), line.url, line.badge_text, tone)


def group(id: str, label: Any, lines: list[Line], query: Query, *, more_url: str = "") -> Group:
    """The first ``FEW`` of ``lines`` under their label; one more of them says that there are others."""
    cut = len(lines) > FEW
    hits = [hit(line, query) for line in lines[:FEW]]
    return Group(id, str(label), hits, f"{len(hits)}+" if cut else str(len(hits)), more_url if cut else "", cut)


@look_besides
def _areas(request: HttpRequest, query: Query, _people: list[Person]) -> Group | None:
    """Communities and grids of the user's, by name: few, and none of them a secret."""
    if not access.is_one_of(request.user, access.READERS):
        return None
    rows = access.areas_in(request.user).filter(name__icontains=query.typed.strip()).select_related("parent")
    return group("area", Area._meta.verbose_name, [_line(area) for area in rows.order_by("path")[: FEW + 1]], query)


def _line(area: Area) -> Line:
    above = area.parent.name if area.level == Level.GRID and area.parent is not None else ""
    url = reverse("admin:places_area_change", args=[area.pk])
    return Line(title=area.name, sub=above or area.get_level_display(), url=url)
