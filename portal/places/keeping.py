"""How long a community keeps things: rows whose time is over, by what each community decided."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import models

from portal.core import options
from portal.core.options import Option

from .models import Area


def outlived(
    rows: models.QuerySet[Any], *, community: str, since: str, option: Option, at: dt.datetime
) -> Iterator[tuple[models.QuerySet[Any], dt.datetime]]:
    """``rows`` that are older than ``option`` (days) allows where they belong, with the moment before which they are:
    one pair a community.

    ``community`` and ``since`` lead from a row to its community and to the moment from which the days count; a row
    without a community is kept for the default time. Only communities with something older than the shortest term that
    can be set are asked for theirs.
    """
    shortest = dt.timedelta(days=option.minimum or 0)
    candidates = rows.filter(**{f"{since}__lt": at - shortest})
    for area in Area.objects.filter(pk__in=candidates.order_by().values(community)):
        limit = at - dt.timedelta(days=options.value(option, area))
        yield rows.filter(**{community: area, f"{since}__lt": limit}), limit
    limit = at - dt.timedelta(days=option.default)
    yield rows.filter(**{f"{community}__isnull": True, f"{since}__lt": limit}), limit
