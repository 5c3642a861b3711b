"""Properties of the state machine over random walks through the real acts."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from alliance.volunteers.models import HourEntry, Team
from portal.core import clock
from portal.core.moves import MoveRefused
from services.wishes import closing, ordering, serving
from services.wishes.models import FINAL, Wish, WishState
from services.wishes.terms import due_on_entering
from tests import worlds

from . import scenes

START = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
# Every move, and the two further ways of dispatch.
NAMES = [*sorted(Wish.MOVES.moves), "dispatch to pool", "dispatch to team"]


def _act(name: str, wish: Wish, here: scenes.Scene, at: dt.datetime) -> None:
    staff, helper, asker = here.worker, here.helper, here.asker
    acts = {
        "approve": lambda: ordering.approve(wish=wish, title="修灯", alias="邻居", actor=staff, at=at),
        "decline": lambda: ordering.decline(wish=wish, reason="不在范围", actor=staff, at=at),
        "dispatch": lambda: serving.dispatch(wish=wish, to="named", volunteer=here.volunteer, actor=staff, at=at),
        "dispatch to pool": lambda: serving.dispatch(wish=wish, to="pool", actor=staff, at=at),
        "dispatch to team": lambda: serving.dispatch(wish=wish, to="team", team=_team(here), actor=staff, at=at),
        "recall": lambda: serving.recall(wish=wish, reason="换人", actor=staff, at=at),
        "refuse": lambda: serving.refuse(wish=wish, volunteer=here.volunteer, reason="没空", actor=helper, at=at),
        "claim": lambda: serving.claim(wish=wish, volunteer=here.volunteer, actor=helper, at=at),
        "return": lambda: serving.give_back(wish=wish, reason="有事", actor=helper, at=at),
        "complete": lambda: serving.complete(wish=wish, minutes=70, note="好了", actor=helper, at=at),
        "rate": lambda: closing.rate(wish=wish, stars=4, comment="", actor=asker, actor_part="requester", at=at),
        "auto_close": lambda: _auto_close(wish, at),
        "withdraw": lambda: ordering.withdraw(wish=wish, actor=asker, actor_part="requester", at=at),
    }
    acts[name]()


def _team(here: scenes.Scene) -> Team:
    membership = here.volunteer.memberships.select_related("team").first()
    return membership.team if membership else worlds.team(here.community, here.volunteer)


def _may(name: str, wish: Wish, here: scenes.Scene) -> bool:
    """Whether the table lets the move start here; only the one it was sent to by name can refuse."""
    if wish.state not in Wish.MOVES[name.split()[0]].sources:
        return False
    return name != "refuse" or wish.dispatched_to_id == here.volunteer.pk


def _auto_close(wish: Wish, at: dt.datetime) -> None:
    """The clock closes what is due; here it must be this wish, or the move is refused."""
    before = wish.state
    closing.auto_close(at=at + dt.timedelta(days=30))
    wish.refresh_from_db()
    if wish.state == before:
        raise MoveRefused("nothing was due", state=before)


class WalkTest(TestCase):
    @given(walk=st.lists(st.sampled_from(NAMES), min_size=1, max_size=14))
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_a_walk_keeps_every_promise(self, walk):
        """A move succeeds exactly where the table lets it; records are continuous; terms are fixed on entering."""
        here = scenes.scene()
        wish = scenes.ordered(here, at=START)
        at = START
        for name in walk:
            at += dt.timedelta(hours=5)
            edge = Wish.MOVES[name.split()[0]]
            before = wish.state
            count = wish.transitions().count()
            if _may(name, wish, here):
                _act(name, wish, here, at)
                assert wish.state == edge.target
                assert wish.transitions().count() == count + 1
            else:
                with pytest.raises(MoveRefused):
                    _act(name, wish, here, at)
                wish.refresh_from_db()
                assert wish.state == before
                assert wish.transitions().count() == count
        self._holds(wish, here)

    def _holds(self, wish: Wish, here: scenes.Scene) -> None:
        wish = Wish.objects.get(pk=wish.pk)
        rows = list(wish.transitions())
        assert rows[0].source == "" and rows[0].target == WishState.PENDING_REVIEW
        assert [row.target for row in rows[:-1]] == [row.source for row in rows[1:]]
        assert rows[-1].target == wish.state
        assert wish.due_on == due_on_entering(WishState(wish.state), community=here.community, at=wish.state_since)
        assert (wish.due_on is None) == (wish.state in FINAL)
        assert bool(wish.dispatch) >= (wish.state in (WishState.PENDING_CLAIM, WishState.IN_SERVICE))
        credits = HourEntry.objects.filter(source_type="wishes.wish", source_id=wish.pk)
        assert credits.count() == (1 if wish.state == WishState.CLOSED else 0)
        assert (wish.closed_at is not None) == (wish.state == WishState.CLOSED)
        assert Wish.objects.public().filter(pk=wish.pk).exists() == bool(
            wish.title and wish.state not in (WishState.WITHDRAWN, WishState.DECLINED)
        )


@pytest.mark.django_db
def test_every_state_is_reached_and_only_three_are_final():
    targets = {move.target for move in Wish.MOVES.moves.values()} | {WishState.PENDING_REVIEW}
    assert targets == set(WishState.values)
    assert Wish.MOVES.final_states(WishState.values) == {str(state) for state in FINAL}


@pytest.mark.django_db
def test_terms_are_those_of_the_domain():
    here = scenes.scene()
    at = clock.now()
    days = {
        WishState.PENDING_REVIEW: 2,
        WishState.PENDING_CLAIM: 3,
        WishState.IN_SERVICE: 15,
        WishState.PENDING_RATING: 7,
    }
    for state, count in days.items():
        assert due_on_entering(state, community=here.community, at=at) == clock.local_day(at) + dt.timedelta(days=count)
