"""Who may do what with volunteers."""

from typing import Any

from django.db.models import Q, QuerySet

from portal.people.access import holds, is_own, roles_of
from portal.people.roles import DESK, READERS
from portal.places.models import Level

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


def _communities_of_grids(user: Any) -> set[int | None]:
    """The communities of the grids at whose desk the user works."""
    return {role.area.parent_id for role in roles_of(user, DESK) if role.area.level == Level.GRID}


def read_at_desk(user: Any) -> QuerySet[Volunteer]:
    """Those of the user's areas; for the desk of a grid also who serves in its community: a wish of the grid may go to
    any of them, and nobody is sent to who cannot be looked at first."""
    dispatched_to = Q(state=Volunteer.State.ACTIVE, community__in=_communities_of_grids(user))
    return Volunteer.objects.filter(Q(pk__in=Volunteer.objects.visible_to(user).values("pk")) | dispatched_to)


def may_read_at_desk(user: Any, volunteer: Volunteer) -> bool:
    """Whether ``read_at_desk`` holds the volunteer."""
    serves = volunteer.state == Volunteer.State.ACTIVE
    return may_view(user, volunteer) or (serves and volunteer.community_id in _communities_of_grids(user))


def may_clear(user: Any, volunteer: Volunteer) -> bool:
    """Review, clearance and suspension are the desk's, but nobody's for themselves."""
    own = is_own(user, volunteer.person_id)
    return not own and holds(user, DESK, community=volunteer.community, grid=volunteer.grid)
