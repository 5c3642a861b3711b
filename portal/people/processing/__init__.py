"""Why and how the data of people is handled, for the register: one part a file.

The ground floor's drafts and files stand here too: it knows accounts by their numbers alone, and not whose they are.
"""

from . import account, ground, persons

__all__ = ["account", "ground", "persons"]
