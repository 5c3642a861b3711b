"""What the rooms below bring to the index; the rooms above say it themselves."""

from . import of_people, of_places

__all__ = ["of_people", "of_places"]
