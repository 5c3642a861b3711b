"""What follows from a wish's own moves, in the same transaction."""

from django.utils.translation import gettext as _

from alliance.volunteers.models import Volunteer
from portal.core.models import Transition
from portal.core.moves import MoveRefused, on_move

from .models import Wish


@on_move("wishes.wish")
def forget_escalation(wish: Wish, _transition: Transition) -> None:
    """A new state has a new term: whether it was reported as late starts anew."""
    if wish.escalated_on is not None:
        Wish.objects.filter(pk=wish.pk).update(escalated_on=None)
        wish.escalated_on = None


@on_move("volunteers.volunteer", "leave")
def nothing_in_hand(volunteer: Volunteer, _transition: Transition) -> None:
    """Who is serving a wish finishes it or gives it back before leaving."""
    if Wish.objects.filter(volunteer=volunteer, state=Wish.State.IN_SERVICE).exists():
        raise MoveRefused(_("手上还有没办完的单子，先办完或退单再退出。"), state=volunteer.state)
