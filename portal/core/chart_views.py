"""What a chart is once it is drawn: plain data, of which a template writes every piece down as it stands."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

LONGEST_LABEL = 8  # characters of a label below a line (the table has it whole), or of a line of one beside a bar
WIDEST_NUMBER = 14


def text_width(text: str) -> Fraction:
    """How wide ``text`` is at most, in widths of a Chinese character."""
    return sum((Fraction(1) if ord(sign) >= 0x2000 else Fraction(3, 5) for sign in text), Fraction(0))


def _room(texts: list[str], least: int, most: int) -> int:
    """How many widths of a character the widest of ``texts`` needs."""
    return min(max([least, *(ceil(text_width(text)) for text in texts)]), most)


@dataclass(frozen=True)
class Key:
    """A line of the legend: how a series looks, its name, and what it comes to where a sum says something."""

    label: str
    tone: str
    pattern: str
    marker: str
    total: str


@dataclass(frozen=True)
class Bar:
    """A piece of a row."""

    x: str
    width: str
    tone: str
    pattern: str


@dataclass(frozen=True)
class Line:
    """One strip of a row: its pieces and the number at its end. ``missing``: nobody knows; nought has a number."""

    bars: tuple[Bar, ...]
    text: str
    missing: bool = False


@dataclass(frozen=True)
class Row:
    """A label with its strips: one, or one a series."""

    label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Mark:
    """A point of a line; ``text`` is written beside it where it is the highest or the last; ``open`` where its time is
    not over."""

    x: str
    y: str
    text: str = ""
    anchor: str = "middle"
    open: bool = False


@dataclass(frozen=True)
class Stroke:
    """From one point to the next; there is none across a gap."""

    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True)
class Course:
    """A series as a line."""

    tone: str
    pattern: str
    marker: str
    strokes: tuple[Stroke, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Tick:
    """A level of the upright axis."""

    y: str
    text: str
    nought: bool


@dataclass(frozen=True)
class Under:
    """A label below a line; ``tier`` is how wide the picture must be to show it: 0 always, 3 only on a wide one."""

    x: str
    text: str
    tier: int
    anchor: str = "middle"


@dataclass(frozen=True)
class ChartView:
    """What ``chart()`` writes down. ``says`` is the main thing in words; ``head`` and ``body`` are the table behind;
    ``spans`` the wholes at both ends of a line's axis, ``turns`` where one follows the other."""

    id: str
    title: str
    shape: str
    says: str
    unit: str
    note: str
    empty: bool
    keys: tuple[Key, ...] = ()
    rows: tuple[Row, ...] = ()
    nought: str = "0%"
    courses: tuple[Course, ...] = ()
    ticks: tuple[Tick, ...] = ()
    under: tuple[Under, ...] = ()
    spans: tuple[str, ...] = ()
    turns: tuple[str, ...] = ()
    running: str = ""
    head: tuple[str, ...] = ()
    body: tuple[tuple[str, ...], ...] = ()

    @property
    def fillings(self) -> list[tuple[str, str]]:
        """Each tone with its pattern that the rows and the legend use, once."""
        bars = [(bar.tone, bar.pattern) for row in self.rows for line in row.lines for bar in line.bars]
        keys = [(key.tone, key.pattern) for key in self.keys]
        return list(dict.fromkeys(keys + bars))

    @property
    def label_width(self) -> int:
        """Room for the labels of the rows, 2 to 8 widths of a character; a longer one is broken."""
        return _room([row.label for row in self.rows], 2, LONGEST_LABEL)

    @property
    def value_width(self) -> int:
        """Room for the numbers at the ends of the rows, the same for all, so that all bars have one scale."""
        return _room([line.text for row in self.rows for line in row.lines], 2, WIDEST_NUMBER)

    @property
    def numeric(self) -> tuple[int, ...]:
        """The columns of the table that hold numbers."""
        return tuple(range(1, len(self.head)))
