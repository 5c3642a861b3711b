"""Public numbers and their pictures: places that are counted, figures, charts."""

import datetime as dt
from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Any

from .registry import Registry, Text


@dataclass(frozen=True)
class PlaceKind:
    """A kind of place that figures are counted for (``community``, ``building``). ``places()`` gives those that are
    open to the public; ``full_name`` tells two of one name apart."""

    id: str
    label: Text
    places: Callable[[], list[Any]]
    full_name: Callable[[Any], str] = str
    order: int = 100


@dataclass(frozen=True)
class Figure:
    """A public number, counted from records and stored nowhere.

    ``count(place, as_of)`` is one query for one place. ``count_all(as_of)`` is one query for every place at once, as
    {place id: number}, a place that it leaves out counting nothing; give it, so that a city's figures are not a query
    a place. ``applies(as_of)`` names the ids of the places to which the figure applies (none given: every place of its
    ``kind``), so that a community without a reading room is not said to have no books. ``url(place)`` opens the public
    records behind the number.
    """

    id: str
    label: Text
    unit: Text
    count: Callable[[Any, dt.datetime], int]
    url: Callable[[Any], str] | None = None
    note: Text = ""
    order: int = 100
    kind: str = "community"
    count_all: Callable[[dt.datetime], dict[int, int]] | None = None
    applies: Callable[[dt.datetime], Container[int]] | None = None

    def values(self, places: list[Any], as_of: dt.datetime) -> dict[int, int]:
        """{place id: number} for those of ``places`` to which the figure applies."""
        applied = self.applies(as_of) if self.applies is not None else None
        chosen = [place for place in places if applied is None or place.pk in applied]
        if self.count_all is not None and len(chosen) > 1:
            counted = self.count_all(as_of)
            return {place.pk: counted.get(place.pk, 0) for place in chosen}
        return {place.pk: self.count(place, as_of) for place in chosen}


@dataclass(frozen=True)
class Series:
    """Numbers of one meaning, one for each label of the chart; None where nobody knows, which is not nought.
    ``tone``: red, green, blue, amber or plain."""

    label: Text
    values: tuple[int | float | None, ...]
    tone: str = "red"


@dataclass(frozen=True)
class ChartData:
    """What a chart shows: the labels along its axis and one or more series over them.

    ``axis`` names what the labels are (月份). ``per_unit`` is how many of the values make one ``unit``: 100 where fen
    are given and yuan are shown. ``adds_up`` is false where a sum of the values means nothing (balances).

    ``groups``: for each label the larger whole that it is of (the year of a month), in order; it is named where it
    changes. ``running``: what the last label is besides, where its time is not over (本月至今): it is neither the
    lowest nor where the course ends.
    """

    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: Text = ""
    axis: Text = ""
    per_unit: int = 1
    adds_up: bool = True
    groups: tuple[str, ...] = ()
    running: Text = ""


@dataclass(frozen=True)
class Chart:
    """A picture of public numbers, drawn with the table behind it. ``shape``: bar, stacked or line.
    ``data(place, as_of)`` is a query or two; None where there is nothing to draw yet."""

    id: str
    title: Text
    shape: str
    data: Callable[[Any, dt.datetime], ChartData | None]
    note: Text = ""
    kind: str = "community"
    order: int = 100


place_kinds: Registry[PlaceKind] = Registry()
figures: Registry[Figure] = Registry()
charts: Registry[Chart] = Registry()
