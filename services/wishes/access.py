"""Who may do what with a wish, on one screen."""

from typing import Any

from alliance.volunteers.access import serving
from alliance.volunteers.models import Volunteer
from portal.people.access import acts_for, holds, is_own, roles_of
from portal.people.roles import DESK, READERS

from .models import Wish, WishState
from .querysets import OPEN_STATES


def requester_part(user: Any, wish: Wish) -> str:
    """requester, guardian or relative of whom the wish is for; empty for anyone else.

    Having asked gives no standing of its own: with the authorisation it ends.
    """
    return acts_for(user, wish.subject)


def may_read_as_staff(user: Any, wish: Wish) -> bool:
    """Staff of the wish's place, street supervisors too."""
    return holds(user, READERS, community=wish.community, grid=wish.grid)


def reads_at_desk(user: Any) -> bool:
    """Whether the user reads wishes as staff anywhere."""
    return bool(user.is_superuser or roles_of(user, READERS))


def may_handle(user: Any, wish: Wish) -> bool:
    """Review, dispatch, recall, look at the contact: the desk of the wish's place, but not for a wish of one's own."""
    own = is_own(user, wish.subject_id, wish.asker_id)
    return not own and holds(user, DESK, community=wish.community, grid=wish.grid)


def may_stand_in(user: Any, wish: Wish) -> bool:
    """Complete, return or rate for somebody who came to the desk: nobody does that for their own service."""
    serving_it = wish.volunteer is not None and is_own(user, wish.volunteer.person_id)
    return not serving_it and may_handle(user, wish)


def serves(user: Any, wish: Wish) -> bool:
    """The user is the volunteer who took it and is still allowed to serve."""
    volunteer = serving(user)
    return volunteer is not None and volunteer.pk == wish.volunteer_id


def offered(user: Any, wish: Wish) -> Volunteer | None:
    """The user's volunteer record, if this wish is open to them now."""
    volunteer = serving(user)
    if volunteer is None or not Wish.objects.filter(pk=wish.pk).offered_to(volunteer).exists():
        return None
    return volunteer


def may_see_contact(user: Any, wish: Wish) -> bool:
    """The claimer, from accepting until closing; every look is recorded."""
    return wish.state in (WishState.IN_SERVICE, WishState.PENDING_RATING) and serves(user, wish)


def may_see_own_contact(user: Any, wish: Wish) -> bool:
    """Whom the wish is for and who acts for them, as long as it is kept; who looks for another is recorded."""
    return bool(wish.contact_phone) and bool(requester_part(user, wish))


def may_correct_contact(user: Any, wish: Wish) -> bool:
    """Whom the wish is for and who acts for them, while it is under way."""
    return wish.state in OPEN_STATES and may_see_own_contact(user, wish)


def may_print(user: Any, wish: Wish) -> bool:
    """The work order on paper, its contact masked: staff who read the wish, and the volunteer who serves it."""
    return may_read_as_staff(user, wish) or may_see_contact(user, wish)


def may_print_contact(user: Any, wish: Wish) -> bool:
    """The work order with the whole contact: who may look at it on the screen; the look is recorded all the same."""
    return bool(wish.contact_phone) and (may_see_contact(user, wish) or may_handle(user, wish))


def audience(user: Any, wish: Wish) -> str:
    """The closest way in which the user may look at this wish: requester, volunteer, staff or public."""
    if requester_part(user, wish):
        return "requester"
    if serves(user, wish) or offered(user, wish):
        return "volunteer"
    return "staff" if may_read_as_staff(user, wish) else "public"
