"""What follows from a wish's own moves, in the same transaction."""

from portal.core.models import Transition
from portal.core.moves import on_move

from .models import Wish


@on_move("wishes.wish")
def forget_escalation(wish: Wish, _transition: Transition) -> None:
    """A new state has a new term: whether it was reported as late starts anew."""
    if wish.escalated_on is not None:
        Wish.objects.filter(pk=wish.pk).update(escalated_on=None)
        wish.escalated_on = None
