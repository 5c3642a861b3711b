"""What follows from a wish's own moves, in the same transaction."""

from typing import Any

from django.utils.translation import gettext as _

from alliance.volunteers.models import Volunteer
from portal.core.models import Transition
from portal.core.moves import MoveRefused, on_move
from portal.notices.leading import leads_to
from portal.notices.telling import tell
from portal.people.models import Residency
from portal.people.uniqueness import objector

from .models import Wish


def _open_wishes(user: Any, codes: set[str]) -> Any:
    return Wish.objects.visible_to(user).filter(code__in=codes).values_list("code", flat=True)


leads_to("wishes:detail", open=_open_wishes)


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


@on_move("people.residency", "end")
def say_what_still_leads_there(residency: Residency, move: Transition) -> None:
    """Who has left a home hears which of their wishes still lead a volunteer to its door: nothing is cancelled."""
    ids = residency.person.resolved.record_ids()
    under_way = Wish.objects.open().filter(subject__in=ids, household=residency.household_id)
    if count := under_way.count():
        tell(person=residency.person, text="wishes.home_left", values={"count": count}, url="/wishes/mine/", at=move.at)


@objector
def serves_the_other(ours: list[int], theirs: list[int]) -> str:
    """Nobody serves their own wish: while one of two is serving the other's, they are not one person."""
    under_way = Wish.objects.filter(state__in=(Wish.State.IN_SERVICE, Wish.State.PENDING_RATING))
    for helper, helped in ((ours, theirs), (theirs, ours)):
        if under_way.filter(volunteer__person__in=helper, subject__in=helped).exists():
            return _("其中一位正在服务另一位的心愿，办结后再合并。")
    return ""
