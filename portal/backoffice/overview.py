"""The first page of whoever oversees places and acts in none: what is over its term, by community, and no act."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min

from portal.core import clock
from portal.core.registries import Late, Text, lates
from portal.people.access import roles_of
from portal.people.roles import DESK, RoleKind
from portal.places.models import Area

from . import access

MOST_PLACES = 40


@dataclass(frozen=True)
class Behind:
    """One room's share: how many are over their term in a community; ``url`` opens exactly those."""

    label: Text
    count: int
    url: str


@dataclass(frozen=True)
class Place:
    """One community that has something over its term; ``days`` is how long the longest has been."""

    community: Area
    parts: list[Behind]
    days: int

    @property
    def total(self) -> int:
        return sum(part.count for part in self.parts)


@dataclass(frozen=True)
class Overview:
    """``places``, those with the most first; ``more`` is how many others there are, ``total`` counts every one."""

    places: list[Place]
    more: int
    total: int


def late_by(rows: Any, place: str) -> dict[int, tuple[int, dt.date]]:
    """``rows`` over their term, counted by ``place``, the look-up of their community: for ``Late.counts``."""
    counted = rows.order_by().values_list(place).annotate(Count("pk"), Min("due_on"))
    return {community: (count, oldest) for community, count, oldest in counted if community is not None}


def oversees_only(user: Any) -> bool:
    """A 街道主管 who is of no desk: reads everything below, and has nothing to carry out there."""
    if access.is_administrator(user) or roles_of(user, DESK):
        return False
    return bool(roles_of(user, frozenset({RoleKind.SUPERVISOR})))


def overview(user: Any, at: dt.datetime) -> Overview:
    """What is over its term below ``user``: a query a room, and one for the names of the communities."""
    found: dict[int, list[tuple[Late, int, dt.date]]] = {}
    for late in lates:
        for community, (count, oldest) in late.counts(user, at).items():
            found.setdefault(community, []).append((late, count, oldest))
    totals = {community: sum(count for _late, count, _oldest in rows) for community, rows in found.items()}
    most = sorted(totals, key=lambda community: (-totals[community], community))[:MOST_PLACES]
    areas = Area.objects.select_related("parent").in_bulk(most)
    places = [_place(areas[community], found[community], user, at) for community in most]
    return Overview(places, len(totals) - len(most), sum(totals.values()))


def _place(community: Area, rows: list[tuple[Late, int, dt.date]], user: Any, at: dt.datetime) -> Place:
    parts = [Behind(late.label, count, late.url(user, at, community.pk)) for late, count, _oldest in rows]
    oldest = min(oldest for _late, _count, oldest in rows)
    return Place(community, parts, (clock.local_day(at) - oldest).days)
