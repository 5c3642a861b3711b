"""Scheduled work of the notices."""

import datetime as dt

from portal.core.schedule import periodic

from .outbox import deliver_due


@periodic("notices.deliver", every=dt.timedelta(seconds=30))
def deliver(at: dt.datetime) -> int:
    """Carry queued notices outside."""
    return deliver_due(at=at)
