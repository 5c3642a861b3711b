"""Paging by key: a page costs the same however far back it is, and rows that arrive meanwhile shift nothing."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.http import HttpRequest

PAGE_KEYS = ("before", "after")


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    newer_url: str
    older_url: str


def _digits(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


_BEGIN = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
_LAST = (dt.datetime(9999, 12, 31, tzinfo=dt.UTC) - _BEGIN) // _MICROSECOND
_Key = tuple[dt.datetime | None, int]


def _read(request: HttpRequest, name: str, by: str) -> _Key | None:
    """A key as ``_written`` writes it; None for none and for anything else that stands there."""
    text = request.GET.get(name, "")
    if not by:
        pk = _digits(text)
        return None if pk is None else (None, pk)
    moment, _dash, rest = text.partition("-")
    since, pk = _digits(moment), _digits(rest)
    return None if since is None or pk is None or since > _LAST else (_BEGIN + since * _MICROSECOND, pk)


def _written(row: Any, by: str) -> str:
    """``57``, or with a moment its microseconds before it: ``1764000000000000-57``."""
    return f"{(getattr(row, by) - _BEGIN) // _MICROSECOND}-{row.pk}" if by else str(row.pk)


def _beyond(by: str, key: _Key, side: str) -> Q:
    """What lies behind (``lt``) or before (``gt``) ``key``; the bound on the moment alone lets an index begin there."""
    moment, pk = key
    beside = Q(**{f"pk__{side}": pk})
    if not by:
        return beside
    return Q(**{f"{by}__{side}e": moment}) & (Q(**{f"{by}__{side}": moment}) | beside)


def page_of(request: HttpRequest, rows: models.QuerySet, *, size: int, by: str = "") -> Page:
    """``size`` rows by falling id, from the key in ``?before=`` (older) or ``?after=`` (newer).

    With ``by``, the name of a moment that each of the rows has, they stand by falling moment, and by id where two
    share one. A key that is none is ignored. One row more than the page is read, to know whether there are others.
    """
    before, after = _read(request, "before", by), _read(request, "after", by)
    names = [by, "pk"] if by else ["pk"]
    if after is not None:
        found = list(rows.filter(_beyond(by, after, "gt")).order_by(*names)[: size + 1])
        more_newer, more_older = len(found) > size, True
        found = found[:size][::-1]
    else:
        ordered = rows.order_by(*(f"-{name}" for name in names))
        found = list((ordered.filter(_beyond(by, before, "lt")) if before is not None else ordered)[: size + 1])
        more_newer, more_older = before is not None, len(found) > size
        found = found[:size]
    if not found:
        return Page([], "", "")

    def url(name: str, row: Any) -> str:
        query = request.GET.copy()
        for other in PAGE_KEYS:
            query.pop(other, None)
        query[name] = _written(row, by)
        return f"?{query.urlencode()}"

    return Page(
        found,
        url("after", found[0]) if more_newer else "",
        url("before", found[-1]) if more_older else "",
    )
