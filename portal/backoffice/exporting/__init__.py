"""What may leave as Excel of the rooms below the desk; the rooms above bring their own ``exporting.py``."""

from ..exports import purpose, waiting
from . import accounts, desk_work, people, places, record

__all__ = ["accounts", "desk_work", "people", "places", "purpose", "record", "waiting"]
