"""Pages of the rooms below this one; the rooms above bring their own ``admin.py``."""

from . import accounts, people, places, record, relations, ties

__all__ = ["accounts", "people", "places", "record", "relations", "ties"]
