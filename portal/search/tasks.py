"""Scheduled work of the index."""

import datetime as dt

from portal.core.schedule import periodic

from . import installing


@periodic("search.tidy", every=dt.timedelta(days=1))
def tidy(at: dt.datetime) -> None:
    """Leave no word of what was erased in the pieces of SQLite's index."""
    installing.tidy()
