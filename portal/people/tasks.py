"""Scheduled work of people: what was kept for a limit goes when the limit is over."""

import datetime as dt

from portal.core.schedule import periodic

from . import codes, relations


@periodic("people.codes", every=dt.timedelta(hours=6))
def sweep_codes(at: dt.datetime) -> int:
    """Forget which numbers got messages; returns how many rows went."""
    return codes.sweep(at=at)


@periodic("people.outgrown", every=dt.timedelta(hours=6))
def end_outgrown(at: dt.datetime) -> int:
    """End guardianships of who turned 18; returns how many."""
    return relations.end_outgrown(at=at)
