"""Scheduled work of the ground floor: what has expired goes by itself."""

import datetime as dt

from django.contrib.sessions.models import Session

from . import drafts, files
from .models import OnceKey
from .registries import purposes
from .schedule import periodic

ONCE_KEPT = dt.timedelta(days=7)


@periodic("core.sweep", every=dt.timedelta(hours=1))
def sweep(at: dt.datetime) -> int:
    """Erase expired drafts, spent form tokens and ended sessions; returns how many rows went."""
    gone = drafts.sweep(at=at)
    gone += OnceKey.objects.filter(at__lt=at - ONCE_KEPT).delete()[0]
    gone += Session.objects.filter(expire_date__lt=at).delete()[0]
    return gone


@periodic("core.sweep_files", every=dt.timedelta(days=1))
def sweep_files(at: dt.datetime) -> int:
    """Erase content of files whose rows were never committed; returns how many went."""
    return files.sweep(at=at)


@periodic("core.erase", every=dt.timedelta(hours=1))
def erase(at: dt.datetime) -> int:
    """Erase what the register of processing says is due, purpose by purpose."""
    return sum(purpose.erase(at) for purpose in purposes if purpose.erase is not None)
