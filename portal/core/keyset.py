"""Paging by key: a page costs the same however far back it is, and rows that arrive meanwhile shift nothing."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import HttpRequest

PAGE_KEYS = ("before", "after")


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    newer_url: str
    older_url: str


def _key(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def page_of(request: HttpRequest, rows: models.QuerySet, *, size: int) -> Page:
    """``size`` rows by falling id, from the key in ``?before=`` (older) or ``?after=`` (newer).

    A key that is no number is ignored. One row more than the page is read, to know whether there are others.
    """
    before, after = _key(request, "before"), _key(request, "after")
    if after is not None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: size + 1])
        more_newer, more_older = len(found) > size, True
        found = found[:size][::-1]
    else:
        ordered = rows.order_by("-pk")
        found = list((ordered.filter(pk__lt=before) if before is not None else ordered)[: size + 1])
        more_newer, more_older = before is not None, len(found) > size
        found = found[:size]
    if not found:
        return Page([], "", "")

    def url(name: str, key: int) -> str:
        query = request.GET.copy()
        for other in PAGE_KEYS:
            query.pop(other, None)
        query[name] = str(key)
        return f"?{query.urlencode()}"

    return Page(
        found,
        url("after", found[0].pk) if more_newer else "",
        url("before", found[-1].pk) if more_older else "",
    )
