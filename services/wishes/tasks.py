"""Scheduled work of the wishes."""

import datetime as dt

from portal.core.schedule import periodic

from . import closing


@periodic("wishes.auto_close", every=dt.timedelta(minutes=10))
def auto_close(at: dt.datetime) -> int:
    """Close completed wishes that nobody rated in time."""
    return closing.auto_close(at=at)


@periodic("wishes.escalate", every=dt.timedelta(minutes=10))
def escalate(at: dt.datetime) -> int:
    """Report overdue wishes to the head."""
    return closing.escalate(at=at)
