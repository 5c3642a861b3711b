"""Who may read the wishes' files."""

from typing import Any

from portal.core import audit, clock
from portal.core.files import reader
from portal.core.models import StoredFile

from . import serving
from .access import may_handle, requester_part
from .models import Wish

SCAN = "wishes.scan"


def _wish_of(stored: StoredFile) -> Wish | None:
    return Wish.objects.filter(scan=stored).select_related("community", "grid", "subject").first()


def _paper_opened(user: Any, stored: StoredFile) -> None:
    """The paper shows what the contact act shows: a look by the desk goes on the same record."""
    wish = _wish_of(stored)
    if wish is not None and not requester_part(user, wish):
        at = clock.now()
        audit.record("wish.paper_opened", actor_id=user.pk, subject=wish, at=at)
        serving.reveal_contact(wish=wish, actor=user, part="staff", at=at)


@reader(SCAN, opened=_paper_opened)
def may_read_scan(user: Any, stored: StoredFile) -> bool:
    """The paper of a request that was made at the desk: whom it is for, and the desk of its place."""
    wish = _wish_of(stored)
    return wish is not None and (bool(requester_part(user, wish)) or may_handle(user, wish))
