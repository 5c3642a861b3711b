"""Time of the portal: one zone, whole days. Acts take ``at``; only the edge of the system asks what time it is."""

import datetime as dt

from django.utils import timezone


def now() -> dt.datetime:
    """The present moment, aware."""
    return timezone.now()


def local_day(at: dt.datetime) -> dt.date:
    """The calendar day in the site's zone on which ``at`` falls."""
    return timezone.localtime(at).date()


def today() -> dt.date:
    """The present calendar day in the site's zone."""
    return local_day(now())


def due_on(at: dt.datetime, days: int) -> dt.date:
    """The last calendar day on which a term of ``days`` days that began at ``at`` is still kept."""
    return local_day(at) + dt.timedelta(days=days)


def noon(day: dt.date) -> dt.datetime:
    """Noon of ``day`` in the site's zone: a moment that is on that day in every reading."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


def start_of(day: dt.date) -> dt.datetime:
    """The first moment of ``day`` in the site's zone."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
