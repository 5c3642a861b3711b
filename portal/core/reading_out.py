"""Reading out what is stored about one person: tables of plain text, bounded on a page, whole in a copy, where a long
one is never in memory as a whole."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, Q, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .registries import OwnTable
from .templating import date_cn, datetime_cn

Line = Callable[..., tuple[Any, ...]]
Beside = Callable[[list[Any]], Any]
CHUNK = 500  # rows that are in memory at once when everything is read
UNKNOWN = gettext_lazy("没有登记")  # what stands for a fact of which nothing is known
_READER: ContextVar[int | None] = ContextVar("reader", default=None)


@contextmanager
def read_by(account_id: int | None) -> Iterator[None]:
    """Within the block what is collected is read by this account: the person's own, or a guardian's."""
    token = _READER.set(account_id)
    try:
        yield
    finally:
        _READER.reset(token)


def reader() -> int | None:
    """The account that reads; None where nobody said so. Asked while collecting: rows may be read out later."""
    return _READER.get()


def table(
    title: str, head: Iterable[str], rows: Any, line: Line, most: int | None, *, beside: Beside | None = None
) -> list[OwnTable]:
    """The QuerySet ``rows`` as one table, a row's cells by ``line``; no table where there is no row.

    ``beside(found)`` is asked once for what stands beside the rows that were read; ``line`` gets it as a second
    argument. One query, and a second one for the count where there are more than ``most``. Without a bound the rows
    are read a chunk a time, each time that they are gone through, in the order of their keys.
    """
    found = list(rows[: (CHUNK if most is None else most) + 1])
    if most is None and len(found) > CHUNK:
        return [OwnTable(title, tuple(head), Chunks(rows, line, beside, found[0]), rows.count())]
    return bounded(title, head, found, line, most, rows.count, beside=beside)


def bounded(
    title: str,
    head: Iterable[str],
    found: list[Any],
    line: Line,
    most: int | None,
    count: Callable[[], int],
    *,
    beside: Beside | None = None,
) -> list[OwnTable]:
    """``table`` of rows that were read already, one more than ``most`` where there are more: then ``count`` is asked
    for how many."""
    if not found:
        return []
    total = len(found)
    if most is not None and total > most:
        found, total = found[:most], count()
    return [OwnTable(title, tuple(head), list(_cells(found, line, beside)), total)]


def newest_first(rows: Any, column: str, most: int | None) -> Any:
    """The QuerySet ``rows`` for ``table``: on a page the newest first by the moment or day in ``column``, those without
    one before them; for a copy, which may be thousands of rows, in the order of the keys."""
    return rows.order_by("-pk") if most is None else rows.order_by(*_newest(column))


def _newest(column: str) -> tuple[Any, Any]:
    return F(column).desc(nulls_first=True), F("pk").desc()


@dataclass(frozen=True)
class Part:
    """Some of a QuerySet's rows as a table of their own."""

    title: str
    head: Iterable[str]
    condition: Q
    line: Line


def split(
    rows: Any, parts: Iterable[Part], most: int | None, *, beside: Beside | None = None, newest_by: str = "pk"
) -> list[OwnTable]:
    """``rows``, the newest first, as a table each part; no row is of two. Bounded: one query for all parts, and a count
    for each that is longer; ``beside`` is asked once for all of them. ``newest_by`` is as for ``newest_first``."""
    parts = list(parts)
    if most is None:
        each = [(part, rows.filter(part.condition).order_by("-pk")) for part in parts]
        return [
            one for part, found in each for one in table(part.title, part.head, found, part.line, None, beside=beside)
        ]
    whose = Case(*(When(part.condition, then=Value(number)) for number, part in enumerate(parts)), default=Value(-1))
    order = _newest(newest_by)
    place = Window(RowNumber(), partition_by=[F("_part")], order_by=list(order))
    own = rows.annotate(_part=whose).filter(_part__gte=0).annotate(_place=place)
    latest = list(own.filter(_place__lte=most + 1).order_by(*order))
    more = beside(latest) if beside is not None else None
    return [
        one
        for number, part in enumerate(parts)
        for one in bounded(
            part.title,
            part.head,
            [row for row in latest if row._part == number],
            part.line,
            most,
            rows.filter(part.condition).count,
            beside=None if beside is None else lambda _found: more,
        )
    ]


def _cells(found: list[Any], line: Line, beside: Beside | None) -> Iterator[tuple[str, ...]]:
    more = () if beside is None else (beside(found),)
    for row in found:
        yield tuple(map(words, line(row, *more)))


class Chunks:
    """The cells of a QuerySet that is too long to be held: read by key, a chunk a time, from ``first`` on, so that a
    second reading begins where the first one did.

    The order is one or two columns without NULL, the key last, all falling or all rising.
    """

    def __init__(self, rows: Any, line: Line, beside: Beside | None, first: Any) -> None:
        self._rows, self._line, self._beside, self._first = rows, line, beside, first
        order = list(rows.query.order_by)
        self._names = [name.removeprefix("-") for name in order]
        self._beyond = "lt" if order and order[0].startswith("-") else "gt"
        falling = {name.startswith("-") for name in order}
        if len(falling) != 1 or len(order) > 2 or self._names[-1] != "pk":
            raise ValueError(f"a long table is read by key, not in the order {order}")

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        found = list(self._rows.filter(self._after(self._first) | Q(pk=self._first.pk))[:CHUNK])
        while found:
            yield from _cells(found, self._line, self._beside)
            found = list(self._rows.filter(self._after(found[-1]))[:CHUNK]) if len(found) == CHUNK else []

    def _after(self, row: Any) -> Q:
        key = Q(**{f"pk__{self._beyond}": row.pk})
        if len(self._names) == 1:
            return key
        [name, _pk] = self._names
        value = getattr(row, name)
        return Q(**{f"{name}__{self._beyond}": value}) | (Q(**{name: value}) & key)


def facts(title: str, pairs: Iterable[tuple[str, Any]]) -> OwnTable:
    """One record as a table of two columns: what it is, what stands there."""
    rows: list[tuple[str, ...]] = [(label, words(value) or str(UNKNOWN)) for label, value in pairs]
    return OwnTable(title, (_("项目"), _("内容")), rows, len(rows), facts=True)


def words(value: Any) -> str:
    """``value`` as a person reads it: yes and no, days and moments in Chinese, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, dt.datetime):
        return f"{date_cn(value)} {datetime_cn(value).rsplit(' ', 1)[-1]}"
    if isinstance(value, dt.date):
        return date_cn(value)
    return str(value)
