"""Pictures of numbers, drawn on the server: from what a room counted to plain data that a template writes down as SVG.

Usage: ``draw(data, shape="bar", title=…, dom_id=…)`` in a view, ``{{ chart(view) }}`` of ``components/chart.html`` in
its template. Shapes: ``bar`` and ``stacked`` are rows that lie, because Chinese labels are long and phones narrow;
``line`` is for a course of time. Every position is a share of the room there is, so that a picture narrows without its
words getting smaller. Series are told apart by pattern, mark and name, never by colour alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from django.utils.translation import gettext as _

from .chart_views import LONGEST_LABEL, Bar, ChartView, Course, Key, Line, Mark, Row, Stroke, Tick, Under, text_width
from .chart_words import say, sums
from .registries import ChartData
from .scales import Scale, exact, percent, places_for, scale_for, written

SHAPES = ("bar", "stacked", "line")
TONES = ("red", "green", "blue", "amber", "plain")
PATTERNS = ("solid", "stripes", "dots", "lines", "cross", "back")
MARKERS = ("disc", "square", "triangle", "diamond", "ring", "frame")
_THINNEST = Fraction(8, 1000)  # what a bar that is not nought is at least wide, so that it is seen
# Room for the labels below a line, in widths of a character, as the picture grows: always, and from three widths on.
_ROOMS = (7, 14, 25, 40)
_GAP = Fraction(4, 5)
_NARROW = Fraction(3)  # a label not wider than this may stand over the edge a little


@dataclass(frozen=True)
class _Exact:
    """The numbers of a chart, exact, with the words for them."""

    labels: tuple[str, ...]
    groups: tuple[str, ...]
    running: str
    names: tuple[str, ...]
    tones: tuple[str, ...]
    columns: tuple[tuple[Fraction | None, ...], ...]
    unit: str
    places: int
    whole: bool

    @property
    def full(self) -> tuple[str, ...]:
        """The labels, with the name of their group where it changes, the first one too (2025年12月, 2026年1月, 2月)."""
        if not self.groups:
            return self.labels
        before = (None, *self.groups)
        return tuple(
            label if group == last else group + label
            for label, group, last in zip(self.labels, self.groups, before, strict=False)
        )

    @property
    def said(self) -> tuple[str, ...]:
        """The labels as a sentence names them: with the group where it is not the last one, which one lives in."""
        if not self.groups:
            return self.labels
        now = self.groups[-1]
        return tuple(
            label if group == now else group + label for label, group in zip(self.labels, self.groups, strict=True)
        )

    @property
    def known(self) -> list[Fraction]:
        return [value for column in self.columns for value in column if value is not None]

    def number(self, value: Fraction | None) -> str:
        return written(value, self.places) if value is not None else _("无数据")

    def amount(self, value: Fraction) -> str:
        return f"{written(value, self.places)} {self.unit}".strip()

    def total(self, values: Sequence[Fraction | None]) -> Fraction | None:
        known = [value for value in values if value is not None]
        return sum(known, Fraction(0)) if known else None


def _read(data: ChartData) -> _Exact:
    """ValueError for a series of another length than the labels, for an unknown tone, for more series than patterns."""
    if len(data.series) > len(PATTERNS):
        raise ValueError(f"more than {len(PATTERNS)} series cannot be told apart")
    for series in data.series:
        if len(series.values) != len(data.labels):
            raise ValueError(f"{series.label}: {len(series.values)} values for {len(data.labels)} labels")
        if series.tone not in TONES:
            raise ValueError(f"{series.tone} is no tone")
    if data.groups and len(data.groups) != len(data.labels):
        raise ValueError(f"{len(data.groups)} groups for {len(data.labels)} labels")
    columns = tuple(
        tuple(None if value is None else exact(value, data.per_unit) for value in series.values)
        for series in data.series
    )
    known = [value for column in columns for value in column if value is not None]
    return _Exact(
        labels=tuple(str(label) for label in data.labels),
        groups=tuple(str(group) for group in data.groups),
        running=str(data.running),
        names=tuple(str(series.label) for series in data.series),
        tones=tuple(series.tone for series in data.series),
        columns=columns,
        unit=str(data.unit),
        places=places_for(known, money=data.per_unit == 100),
        whole=data.per_unit == 1 and all(value.denominator == 1 for value in known),
    )


def draw(data: ChartData | None, *, shape: str, title: str, dom_id: str, note: str = "") -> ChartView:
    """The picture of ``data``; an empty one, which says so, where there is nothing to draw.

    ``dom_id`` is unique on the page. ValueError for a shape that there is not and for data that do not fit together.
    """
    if shape not in SHAPES:
        raise ValueError(f"{shape} is no shape of a chart")
    numbers = _read(data) if data is not None else None
    if data is None or numbers is None or not numbers.known:
        return ChartView(dom_id, title, shape, _("还没有数据。"), "", note, empty=True)
    pairs = list(zip(numbers.names, numbers.columns, strict=True))
    head, body = _table(numbers, str(data.axis), shape)
    common = {
        "id": dom_id,
        "title": title,
        "shape": shape,
        "says": say(numbers.said, pairs, numbers.amount, shape=shape, adds_up=data.adds_up, running=numbers.running),
        "unit": numbers.unit,
        "note": note,
        "empty": False,
        "keys": _keys(numbers, adds_up=data.adds_up),
        "head": head,
        "body": body,
    }
    if shape == "line":
        return ChartView(**common, **_courses(numbers))  # type: ignore[arg-type]
    return ChartView(**common, **_rows(numbers, stacked=shape == "stacked"))  # type: ignore[arg-type]


def _keys(numbers: _Exact, *, adds_up: bool) -> tuple[Key, ...]:
    """The legend; a single series needs none, its title says what it is."""
    if len(numbers.columns) < 2:
        return ()
    return tuple(
        Key(name, tone, pattern, marker, numbers.number(numbers.total(column)) if adds_up else "")
        for name, tone, column, pattern, marker in zip(
            numbers.names, numbers.tones, numbers.columns, PATTERNS, MARKERS, strict=False
        )
    )


def _table(numbers: _Exact, axis: str, shape: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Head and rows of the table; the parts of a whole have their sum at the end."""
    unit = f"（{numbers.unit}）" if numbers.unit else ""
    columns = list(numbers.columns)
    head = [axis or _("项目"), *(f"{name}{unit}" for name in numbers.names)]
    if shape == "stacked" and len(columns) > 1:
        columns.append(tuple(sums(columns)))
        head.append(_("合计") + unit)
    labels = list(numbers.full)
    if numbers.running:
        labels[-1] = _("%(label)s（%(running)s）") % {"label": labels[-1], "running": numbers.running}
    body = tuple((label, *(numbers.number(column[place]) for column in columns)) for place, label in enumerate(labels))
    return tuple(head), body


# Rows ----------------------------------------------------------------------------------------------------------------


def _rows(numbers: _Exact, *, stacked: bool) -> dict[str, object]:
    """Rows on one scale. The parts of a whole stand end to end, those below nought to the left of it."""
    places = range(len(numbers.labels))
    lines: list[tuple[Line, ...]]
    if stacked:
        ends = [end for place in places for end in _reach([column[place] for column in numbers.columns])]
        scale = scale_for(ends, whole=numbers.whole)
        lines = [(_whole(numbers, scale, place),) for place in places]
    else:
        scale = scale_for(numbers.known, whole=numbers.whole)
        lines = [tuple(_strip(numbers, scale, n, place) for n in range(len(numbers.columns))) for place in places]
    labels = (*numbers.full[:-1], numbers.running) if numbers.running else numbers.full
    rows = tuple(Row(label, line) for label, line in zip(labels, lines, strict=True))
    return {"rows": rows, "nought": percent(scale.place(Fraction(0)))}


def _reach(values: Sequence[Fraction | None]) -> tuple[Fraction, Fraction]:
    """How far the parts of one whole go below and above nought."""
    known = [value for value in values if value is not None]
    return (
        sum((value for value in known if value < 0), Fraction(0)),
        sum((value for value in known if value > 0), Fraction(0)),
    )


def _piece(scale: Scale, start: Fraction, end: Fraction, tone: str, pattern: str) -> Bar:
    """From ``start`` to ``end``, whichever is the lower. Both ends are rounded, so that neighbours meet exactly."""
    left, right = sorted((scale.place(start), scale.place(end)))
    left, right = (Fraction(round(side * 10_000), 10_000) for side in (left, right))
    return Bar(percent(left), percent(right - left), tone, pattern)


def _strip(numbers: _Exact, scale: Scale, series: int, place: int) -> Line:
    """One number as one bar; at least so wide that it is seen, unless it is nought."""
    value = numbers.columns[series][place]
    if value is None:
        return Line((), numbers.number(None), missing=True)
    if value == 0:
        return Line((), numbers.number(value))
    thinnest = _THINNEST * (scale.high - scale.low)
    end = max(value, thinnest) if value > 0 else min(value, -thinnest)
    return Line((_piece(scale, Fraction(0), end, numbers.tones[series], PATTERNS[series]),), numbers.number(value))


def _whole(numbers: _Exact, scale: Scale, place: int) -> Line:
    """The parts of one whole, end to end, and what they come to."""
    values = [column[place] for column in numbers.columns]
    total = numbers.total(values)
    if total is None:
        return Line((), numbers.number(None), missing=True)
    bars, below, above = [], Fraction(0), Fraction(0)
    for series, value in enumerate(values):
        if not value:
            continue
        start = above if value > 0 else below
        bars.append(_piece(scale, start, start + value, numbers.tones[series], PATTERNS[series]))
        above, below = (start + value, below) if value > 0 else (above, start + value)
    text = numbers.number(total)
    return Line(tuple(bars), text + _("（不全）") if None in values else text)


# Lines ---------------------------------------------------------------------------------------------------------------


def _courses(numbers: _Exact) -> dict[str, object]:
    """Lines on one scale; each number has its mark in the middle of its share of the width."""
    scale = scale_for(numbers.known, whole=numbers.whole)
    count = len(numbers.labels)
    spots = [Fraction(2 * place + 1, 2 * count) for place in range(count)]
    courses = tuple(_course(numbers, scale, spots, series) for series in range(len(numbers.columns)))
    ticks = tuple(
        Tick(percent(1 - scale.place(mark)), words, mark == 0)
        for mark, words in zip(reversed(scale.marks), reversed(scale.words()), strict=True)
    )
    return {"courses": courses, "ticks": ticks, "under": _under(numbers.labels, spots), **_spans(numbers, spots)}


def _course(numbers: _Exact, scale: Scale, spots: list[Fraction], series: int) -> Course:
    values = numbers.columns[series]
    named = _named(numbers, spots) if len(numbers.columns) == 1 else {}
    points = [
        None
        if value is None
        else Mark(
            percent(spot),
            percent(1 - scale.place(value)),
            named.get(place, ""),
            "start" if spot < Fraction(1, 5) else "end" if spot > Fraction(4, 5) else "middle",
        )
        for place, (spot, value) in enumerate(zip(spots, values, strict=True))
    ]
    strokes = tuple(
        Stroke(one.x, one.y, other.x, other.y)
        for one, other in pairwise(points)
        if one is not None and other is not None
    )
    marks = tuple(point for point in points if point is not None)
    if numbers.running and points[-1] is not None:
        marks = (*marks[:-1], replace(marks[-1], open=True))
    return Course(numbers.tones[series], PATTERNS[series], MARKERS[series], strokes, marks)


def _spans(numbers: _Exact, spots: list[Fraction]) -> dict[str, object]:
    """The groups below a line: the first named at its left end, the last at its right, an upright where one follows
    the other; and what is said of the last label where its time is not over."""
    if not numbers.groups:
        return {"running": numbers.running}
    turns = tuple(
        percent((spots[place] + spots[place + 1]) / 2)
        for place, (one, other) in enumerate(pairwise(numbers.groups))
        if one != other
    )
    ends = (numbers.groups[0], numbers.groups[-1]) if turns else (numbers.groups[0], "")
    return {"spans": ends, "turns": turns, "running": numbers.running}


def _named(numbers: _Exact, spots: list[Fraction]) -> dict[int, str]:
    """Place → number for the highest point and for the last, where the two do not get in each other's way."""
    known = [(place, value) for place, value in enumerate(numbers.columns[0]) if value is not None]
    highest = max(known, key=lambda found: found[1])[0]
    last = known[-1][0]
    texts = {place: numbers.number(numbers.columns[0][place]) for place in (highest, last)}
    apart = (spots[last] - spots[highest]) * _ROOMS[1]
    if last != highest and apart < sum(map(text_width, texts.values())) / 2 + _GAP * 2:
        del texts[last]
    return texts


def _under(labels: tuple[str, ...], spots: list[Fraction]) -> tuple[Under, ...]:
    """The labels below a line, fewer on a narrow picture; the last one always stands.

    From the widest picture to the narrowest every so-manieth label stays; each step is a multiple of the one before,
    so that what a narrow picture shows is never in the way of what a wider one adds.
    """
    texts = [label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…" for label in labels]
    widest = max(map(text_width, texts))
    need = (widest if widest <= _NARROW else widest * 2) + _GAP
    every: list[int] = []
    for room in reversed(_ROOMS):
        finer = every[0] if every else 1
        every.insert(0, finer * max(1, -(-need * len(labels) // (room * finer))))
    found = []
    for place, (text, spot) in enumerate(zip(texts, spots, strict=True)):
        behind = len(labels) - 1 - place
        tier = next((tier for tier, step in enumerate(every) if behind % step == 0), None)
        if tier is not None:
            found.append(Under(percent(spot), text, tier, _anchor(text, spot)))
    return tuple(found)


def _anchor(text: str, spot: Fraction) -> str:
    """A wide label at an edge is written inwards."""
    half = text_width(text) / 2
    if text_width(text) <= _NARROW:
        return "middle"
    return "start" if spot * _ROOMS[0] < half else "end" if (1 - spot) * _ROOMS[0] < half else "middle"
