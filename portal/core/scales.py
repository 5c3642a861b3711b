"""Numbers of a picture: exact while they are reckoned with, plain when they are read.

Everything is a Fraction until it becomes text, so that no label ever reads 0.30000000000000004.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

STEPS = (1, 2, 5)
MOST_INTERVALS = 6
MOST_PLACES = 2
_MYRIAD, _HUNDRED_MILLION = 10**4, 10**8
_SHORT_FROM = 10**5  # from here on an axis counts in 万


def exact(value: int | float, per_unit: int = 1) -> Fraction:
    """``value`` as people wrote it (0.1 is one tenth), in whole units. ValueError for what is no number."""
    return Fraction(Decimal(str(value))) / per_unit


def places_for(values: Iterable[Fraction], *, money: bool = False) -> int:
    """How many digits behind the point show every value whole: 0, 1 or at most 2; an amount of money has 0 or 2."""
    found = list(values)
    for places in range(MOST_PLACES):
        if all((value * 10**places).denominator == 1 for value in found):
            return places if not (money and places) else MOST_PLACES
    return MOST_PLACES


def written(value: Fraction, places: int = 0) -> str:
    """``1,234.50``, a true minus sign before a negative number; half is rounded away from nought."""
    tens = 10**places
    units = int(abs(value) * tens + Fraction(1, 2))
    whole, rest = divmod(units, tens)
    sign = "−" if value < 0 and units else ""
    return f"{sign}{whole:,}" + (f".{rest:0{places}d}" if places else "")


def percent(part: Fraction) -> str:
    """A share of the whole as a coordinate: ``1/3`` → ``33.33%``."""
    hundredths = round(part * 10_000)
    sign = "-" if hundredths < 0 else ""
    whole, rest = divmod(abs(hundredths), 100)
    return f"{sign}{whole}" + (f".{rest:02d}".rstrip("0") if rest else "") + "%"


@dataclass(frozen=True)
class Scale:
    """An axis from ``low`` to ``high`` in even ``step``s; nought is one of its marks."""

    low: Fraction
    high: Fraction
    step: Fraction

    def place(self, value: Fraction) -> Fraction:
        """Where ``value`` stands: 0 at ``low``, 1 at ``high``."""
        return (value - self.low) / (self.high - self.low)

    @property
    def marks(self) -> list[Fraction]:
        """Every mark, from the lowest."""
        return [self.low + self.step * number for number in range(int((self.high - self.low) / self.step) + 1)]

    def words(self) -> list[str]:
        """What stands beside the marks: from a hundred thousand on in 万, from a thousand million on in 亿."""
        reach = max(abs(self.low), abs(self.high))
        if reach >= _SHORT_FROM * _MYRIAD:
            return [_short(mark / _HUNDRED_MILLION, _("亿")) for mark in self.marks]
        if reach >= _SHORT_FROM:
            return [_short(mark / _MYRIAD, _("万")) for mark in self.marks]
        return [_short(mark) for mark in self.marks]


def _short(mark: Fraction, unit: str = "") -> str:
    """A mark with exactly the digits it needs; its step is 1, 2 or 5 at some place, so they come to an end."""
    places = 0
    while (mark * 10**places).denominator != 1:
        places += 1
    return written(mark, places) + (unit if mark else "")


def scale_for(values: Iterable[Fraction], *, whole: bool = False) -> Scale:
    """The axis for ``values``: nought is on it, its step is 1, 2 or 5 times a power of ten, it has 2 to 7 marks.

    ``whole``: things that are counted have no half, so the step is at least 1.

    1. reach from the lowest to the highest value, nought included;
    2. the three nice steps that a sixth of the reach fits into, each with both ends gone out to the next mark;
    3. of those with at most six intervals the one that wastes least, then the one nearest to four marks.
    """
    found = [Fraction(0), *values]
    low, high = min(found), max(found)
    if low == high:
        return Scale(Fraction(0), Fraction(1), Fraction(1))
    least = Fraction(1 if whole else 0)
    offered = [_around(low, high, max(step, least)) for step in _nice((high - low) / MOST_INTERVALS)]
    fitting = [scale for scale in offered if len(scale.marks) <= MOST_INTERVALS + 1]
    return min(fitting, key=_waste)


def _waste(scale: Scale) -> tuple[Fraction, int]:
    """How far the axis goes, then how far its marks are from four."""
    return scale.high - scale.low, abs(len(scale.marks) - 4)


def _around(low: Fraction, high: Fraction, step: Fraction) -> Scale:
    """From the mark at or below ``low`` to the one at or above ``high``."""
    return Scale(step * (low // step), step * -(-high // step), step)


def _nice(raw: Fraction) -> list[Fraction]:
    """The three smallest of 1, 2, 5 times a power of ten that are not below ``raw``, which is above nought."""
    power = Fraction(1)
    while power > raw:
        power /= 10
    while power * 10 <= raw:
        power *= 10
    steps = (power * tens * step for tens in (1, 10, 100) for step in STEPS)
    return [step for step in steps if step >= raw][:3]
