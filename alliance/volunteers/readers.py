"""Who may read the volunteers' files: the paper of an application that was made at the desk."""

from typing import Any

from portal.core import audit, clock
from portal.core.files import reader
from portal.core.models import StoredFile
from portal.people.access import is_own

from .access import may_clear
from .models import Volunteer

SCAN = "volunteers.scan"


def _volunteer_of(stored: StoredFile) -> Volunteer | None:
    return Volunteer.objects.filter(scan=stored).select_related("community", "grid").first()


def _opened(user: Any, stored: StoredFile) -> None:
    """A look by the desk is on record."""
    volunteer = _volunteer_of(stored)
    if volunteer is not None and not is_own(user, volunteer.person_id):
        audit.record("volunteer.paper_opened", actor_id=user.pk, subject=volunteer, at=clock.now())


@reader(SCAN, opened=_opened)
def may_read_scan(user: Any, stored: StoredFile) -> bool:
    """Whose application it is, and the desk of its community."""
    volunteer = _volunteer_of(stored)
    return volunteer is not None and (is_own(user, volunteer.person_id) or may_clear(user, volunteer))
