"""Who may read the wishes' files."""

from typing import Any

from portal.core.files import reader
from portal.core.models import StoredFile

from .access import may_read_as_staff
from .models import Wish

SCAN = "wishes.scan"


@reader(SCAN)
def may_read_scan(user: Any, stored: StoredFile) -> bool:
    """The paper of a request that was made at the desk: staff of its area only."""
    wish = Wish.objects.filter(scan=stored).select_related("community", "grid").first()
    return wish is not None and may_read_as_staff(user, wish)
