"""Reading out what is stored about one person: tables of plain text, bounded on a page, whole in a copy."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _

from .registries import OwnTable
from .templating import date_cn, datetime_cn

Line = Callable[[Any], tuple[Any, ...]]


def table(title: str, head: Iterable[str], rows: Any, line: Line, most: int | None) -> list[OwnTable]:
    """The QuerySet ``rows`` as one table, a row's cells by ``line``; no table where there is no row.

    One query, and a second one for the count where there are more than ``most``.
    """
    found = list(rows if most is None else rows[: most + 1])
    if not found:
        return []
    total = len(found)
    if most is not None and total > most:
        found, total = found[:most], rows.count()
    return [OwnTable(title, tuple(head), [tuple(map(words, line(row))) for row in found], total)]


def facts(title: str, pairs: Iterable[tuple[str, Any]]) -> OwnTable:
    """One record as a table of two columns: what it is, what stands there."""
    rows: list[tuple[str, ...]] = [(label, words(value) or _("没有登记")) for label, value in pairs]
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
