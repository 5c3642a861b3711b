"""Who may do what with volunteers."""

from typing import Any

from portal.people.access import holds, is_own
from portal.people.roles import DESK, READERS

from .models import Volunteer


def volunteer_of(user: Any) -> Volunteer | None:
    """The user's own volunteer record in whatever state; None without one."""
    if not user.is_authenticated or not user.person_id:
        return None
    mine = Volunteer.objects.filter(person__in=user.person_ids)
    return mine.select_related("person", "community").first()


def serving(user: Any) -> Volunteer | None:
    """The user's volunteer record while it is active."""
    volunteer = volunteer_of(user)
    return volunteer if volunteer is not None and volunteer.state == Volunteer.State.ACTIVE else None


def may_view(user: Any, volunteer: Volunteer) -> bool:
    """Staff of the area, street supervisors, and oneself."""
    return is_own(user, volunteer.person_id) or holds(user, READERS, community=volunteer.community, grid=volunteer.grid)


def may_clear(user: Any, volunteer: Volunteer) -> bool:
    """Review, clearance and suspension are the desk's, but nobody's for themselves."""
    own = is_own(user, volunteer.person_id)
    return not own and holds(user, DESK, community=volunteer.community, grid=volunteer.grid)
