"""Pages of the rooms below this one; the rooms above bring their own ``admin.py``."""

# The order of these lines is the order of the lists on the page.
# isort: off
from . import people
from . import ties
from . import relations
from . import datarequests
from . import accounts
from . import roles
from . import places
from . import deliveries
from . import record
from . import exports
# isort: on

__all__ = [
    "accounts",
    "datarequests",
    "deliveries",
    "exports",
    "people",
    "places",
    "record",
    "relations",
    "roles",
    "ties",
]
