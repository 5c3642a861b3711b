"""Public figures, gathered from what the rooms registered: for a page, for the home page, for a program; with the
charts of one place."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils import formats

from portal.core.chart_views import ChartView
from portal.core.charting import draw
from portal.core.registries import Chart, Figure, PlaceKind, charts, figures, place_kinds

ON_HOME = 4


@dataclass(frozen=True)
class FigureView:
    """A figure of one place as a page shows it; ``url`` (and ``source_url``) opens the records behind it."""

    value: str
    label: str
    unit: str
    note: str
    url: str

    @property
    def source_url(self) -> str:
        return self.url


@dataclass(frozen=True)
class PlaceFigures:
    """The figures of one place; ``url`` is its own page, with its charts."""

    name: str
    place: Any
    figures: list[tuple[Figure, int]]
    kind: str = "community"

    @property
    def url(self) -> str:
        return reverse("front:figures_of", args=[self.kind, self.place.pk])

    def is_of(self, kind: str, place: Any) -> bool:
        """Whether these are the figures of ``place``."""
        return (self.kind, self.place.pk) == (kind, place.pk)

    def views(self) -> list[FigureView]:
        """As a page shows them."""
        return [_view(figure, self.place, number) for figure, number in self.figures]


def _view(figure: Figure, place: Any, number: int) -> FigureView:
    """The unit stands behind the number, unless the label below it begins with it (27 / 件微心愿已完成)."""
    label, unit = str(figure.label), str(figure.unit)
    return FigureView(
        value=formats.number_format(number, use_l10n=True, force_grouping=True),
        label=label,
        unit="" if label.startswith(unit) else unit,
        note=str(figure.note),
        url=figure.url(place) if figure.url is not None and place is not None else "",
    )


def in_words(figure: Figure, number: int) -> str:
    """The number with what it counts, in one line: 27 件微心愿已完成."""
    view = _view(figure, None, number)
    return f"{view.value} {view.unit}{view.label}"


def home_figures(community: Any, as_of: dt.datetime) -> list[FigureView]:
    """The first few figures of one community; a figure that does not apply to it is passed over."""
    found: list[FigureView] = []
    for figure in figures:
        if figure.kind != "community" or len(found) == ON_HOME:
            continue
        numbers = figure.values([community], as_of)
        found += [_view(figure, community, number) for number in numbers.values()]
    return found


def city_figures(as_of: dt.datetime) -> list[FigureView]:
    """The first few figures over all communities together: those that can be counted at once."""
    everywhere = [figure for figure in figures if figure.kind == "community" and figure.count_all is not None]
    counted = [(figure, sum(figure.count_all(as_of).values())) for figure in everywhere[:ON_HOME] if figure.count_all]
    return [replace(_view(figure, None, number), url=reverse("front:figures")) for figure, number in counted]


def all_figures(as_of: dt.datetime, *, first: int = 0, size: int | None = None, lead: Any = None) -> list[PlaceFigures]:
    """Every registered figure, by place, in the order of the kinds of places and of the figures.

    A place stands here only when a figure applies to it. Two places of one name are told apart by their full names.
    ``first`` and ``size`` cut a page out of the list of places before anything is counted; ``lead`` is the community
    that stands before all others.
    """
    places = [(kind, place) for kind in place_kinds for place in kind.places()]
    if lead is not None:
        places.sort(key=lambda found: (found[0].id, found[1].pk) != ("community", lead.pk))
    names = [str(place) for _kind, place in places]
    return _counted(places[first : None if size is None else first + size], names, as_of)


def figures_of(kind_id: str, place_id: int, as_of: dt.datetime) -> tuple[PlaceFigures, list[ChartView]] | None:
    """The figures and the charts of one public place; None where there is no such place."""
    kind = next((kind for kind in place_kinds if kind.id == kind_id), None)
    place = next((found for found in kind.places() if found.pk == place_id), None) if kind is not None else None
    if kind is None or place is None:
        return None
    found = _counted([(kind, place)], [], as_of)
    own = found[0] if found else PlaceFigures(kind.full_name(place), place, [], kind.id)
    return own, charts_of(kind.id, place, as_of)


def charts_of(kind_id: str, place: Any, as_of: dt.datetime) -> list[ChartView]:
    """The charts of one place that have something to show; each is a query or two."""
    drawn = (_drawn(chart, place, as_of) for chart in charts if chart.kind == kind_id)
    return [view for view in drawn if not view.empty]


def _drawn(chart: Chart, place: Any, as_of: dt.datetime) -> ChartView:
    return draw(
        chart.data(place, as_of),
        shape=chart.shape,
        title=str(chart.title),
        dom_id=f"chart-{chart.id.replace('.', '-')}",
        note=str(chart.note),
    )


def _counted(page: list[tuple[PlaceKind, Any]], names: list[str], as_of: dt.datetime) -> list[PlaceFigures]:
    """The figures of the places of one page; a name that is not once among ``names`` is written in full."""
    numbers = {
        kind.id: _numbers(kind.id, [place for own, place in page if own.id == kind.id], as_of) for kind in place_kinds
    }
    found = []
    for kind, place in page:
        own = [(figure, values[place.pk]) for figure, values in numbers[kind.id] if place.pk in values]
        name = str(place) if names.count(str(place)) == 1 else kind.full_name(place)
        if own:
            found.append(PlaceFigures(name, place, own, kind.id))
    return found


def _numbers(kind: str, places: list[Any], as_of: dt.datetime) -> list[tuple[Figure, dict[int, int]]]:
    """Each figure of a kind of place with its numbers for ``places``."""
    if not places:
        return []
    return [(figure, figure.values(places, as_of)) for figure in figures if figure.kind == kind]


def place_count() -> int:
    """How many places figures are counted for."""
    return sum(len(kind.places()) for kind in place_kinds)
