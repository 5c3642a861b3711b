"""Scheduled work of the ground floor: what has expired goes by itself."""

import datetime as dt

from django.contrib.sessions.models import Session

from . import drafts
from .models import OnceKey
from .schedule import periodic

ONCE_KEPT = dt.timedelta(days=7)


@periodic("core.sweep", every=dt.timedelta(hours=1))
def sweep(at: dt.datetime) -> int:
    """Erase expired drafts, spent form tokens and ended sessions; returns how many rows went."""
    gone = drafts.sweep(at=at)
    gone += OnceKey.objects.filter(at__lt=at - ONCE_KEPT).delete()[0]
    gone += Session.objects.filter(expire_date__lt=at).delete()[0]
    return gone
