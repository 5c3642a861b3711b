"""Scheduled work of the notices."""

import datetime as dt

from portal.core.schedule import periodic

from .outbox import deliver_due
from .telling import DELIVER

POST = "post"  # the queue of what waits for other people's servers


@periodic(DELIVER, every=dt.timedelta(seconds=30), queue=POST)
def deliver(at: dt.datetime) -> int:
    """Carry queued notices outside."""
    return deliver_due(at=at)
