"""Pages of the rooms below this one; the rooms above bring their own ``admin.py``."""

# The order of these lines is the order of the lists on the page.
# isort: off
from . import people
from . import ties
from . import relations
from . import accounts
from . import places
from . import record
# isort: on

__all__ = ["accounts", "people", "places", "record", "relations", "ties"]
