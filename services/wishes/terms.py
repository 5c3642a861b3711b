"""The last day of each state's term, by the community's own options."""

import datetime as dt

from portal.core import clock, options
from portal.places.models import Area

from . import choices_by_area as choices
from .models import WishState

_TERMS = {
    WishState.PENDING_REVIEW: choices.REVIEW_DAYS,
    WishState.PENDING_DISPATCH: choices.DISPATCH_DAYS,
    WishState.PENDING_CLAIM: choices.CLAIM_DAYS,
    WishState.IN_SERVICE: choices.COMPLETE_DAYS,
    WishState.PENDING_RATING: choices.RATING_DAYS,
}


def due_on_entering(state: WishState, *, community: Area, at: dt.datetime) -> dt.date | None:
    """When the term of ``state``, entered at ``at``, ends; None for a final state. Fixed once, on entering."""
    option = _TERMS.get(state)
    return None if option is None else clock.due_on(at, options.value(option, community))
