"""Scheduled work of the back office."""

import datetime as dt

from portal.core.schedule import periodic

from . import digest, papers
from .exports import building, ending, terms


@periodic(terms.BUILD, every=dt.timedelta(seconds=20))
def build_exports(at: dt.datetime) -> int:
    """Make the files that were approved; returns how many."""
    return building.build_due(at=at)


@periodic("backoffice.end_exports", every=dt.timedelta(minutes=10))
def end_exports(at: dt.datetime) -> int:
    """Erase files whose time is over, and end what nobody answered; returns how many."""
    return ending.expire_due(at=at) + ending.lapse_due(at=at) + ending.close_of_administrators(at=at)


@periodic("backoffice.digest", every=dt.timedelta(minutes=5))
def send_digests(at: dt.datetime) -> int:
    """Tell staff what waits for them today; returns how many were told."""
    return digest.send_due(at=at)


@periodic("backoffice.sweep_papers", every=dt.timedelta(hours=1))
def sweep_papers(at: dt.datetime) -> int:
    """Erase papers of forms that were never accepted; returns how many."""
    return papers.sweep(at=at)
