"""Quiet hours: the hours of the night, by the site's clock, in which nothing goes out that is not urgent."""

import datetime as dt

from django.utils import timezone

BEGIN, END = dt.time(22), dt.time(7)  # as long as a person chose no others


def until(at: dt.datetime, *, begin: dt.time = BEGIN, end: dt.time = END) -> dt.datetime | None:
    """When the quiet hours in which ``at`` lies are over; None where ``at`` lies in none.

    ``begin`` belongs to them, ``end`` does not. Where ``begin`` is later than ``end`` they go over midnight; where both
    are the same there are none.
    """
    if begin == end:
        return None
    here = timezone.localtime(at)
    now = here.time().replace(tzinfo=None)
    over_midnight = begin > end
    inside = (now >= begin or now < end) if over_midnight else begin <= now < end
    if not inside:
        return None
    day = here.date() + dt.timedelta(days=1 if over_midnight and now >= begin else 0)
    return timezone.make_aware(dt.datetime.combine(day, end))
