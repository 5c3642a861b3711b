"""Who may do what with volunteers."""

from typing import Any

from portal.people.access import holds
from portal.people.roles import DESK, READERS

from .models import Volunteer


def volunteer_of(user: Any) -> Volunteer | None:
    """The user's own volunteer record in whatever state; None without one."""
    if not user.is_authenticated or not user.person_id:
        return None
    return Volunteer.objects.filter(person=user.person_id).select_related("person", "community").first()


def serving(user: Any) -> Volunteer | None:
    """The user's volunteer record while it is active."""
    volunteer = volunteer_of(user)
    return volunteer if volunteer is not None and volunteer.state == Volunteer.State.ACTIVE else None


def may_view(user: Any, volunteer: Volunteer) -> bool:
    """Staff of the area, street supervisors, and oneself."""
    own = user.is_authenticated and user.person_id is not None and user.person_id == volunteer.person_id
    return own or holds(user, READERS, community=volunteer.community, grid=volunteer.grid)


def may_clear(user: Any, volunteer: Volunteer) -> bool:
    """Review, clearance and suspension are the desk's."""
    return holds(user, DESK, community=volunteer.community, grid=volunteer.grid)
