"""Races on PostgreSQL, each with its control."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from portal.core import clock
from portal.core.models import Draft
from portal.core.moves import MoveRefused
from portal.people import tying
from services.wishes import serving
from services.wishes.models import Wish
from tests import worlds
from tests.races import race, winners

from . import scenes

CROWD = 50
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres(only=True)]


def _crowd(community):
    return [worlds.volunteer(community) for _number in range(CROWD)]


def _claimers(wish, volunteers, claim):
    def one(volunteer):
        mine = Wish.objects.get(pk=wish.pk)
        return lambda: claim(wish=mine, volunteer=volunteer, actor=volunteer.person.user, at=clock.now())

    return [one(volunteer) for volunteer in volunteers]


def test_of_fifty_volunteers_one_claims_the_wish():
    here = scenes.scene()
    wish = scenes.dispatched(here)
    volunteers = _crowd(here.community)
    outcomes = race(*_claimers(wish, volunteers, serving.claim))
    assert len(winners(outcomes)) == 1
    refusals = [outcome.error for outcome in outcomes if not outcome.won]
    assert len(refusals) == CROWD - 1
    assert {type(error) for error in refusals} == {MoveRefused}
    assert {str(error) for error in refusals} == {"手慢了一步，这张单子已经有人接了。"}
    wish.refresh_from_db()
    assert wish.volunteer in volunteers
    assert wish.transitions().filter(name="claim").count() == 1


def test_control_without_compare_and_swap_several_claim_it():
    """The same race with a claim that looks first and saves then: more than one believes to have won."""
    here = scenes.scene()
    wish = scenes.dispatched(here)

    def unprotected(*, wish, volunteer, actor, at):
        if wish.volunteer_id is not None or wish.state != Wish.State.PENDING_CLAIM:
            raise MoveRefused("taken")
        wish.volunteer, wish.state, wish.state_since = volunteer, Wish.State.IN_SERVICE, at
        wish.save()

    outcomes = race(*_claimers(wish, _crowd(here.community), unprotected))
    assert len(winners(outcomes)) > 1


def test_one_household_gets_one_open_thing():
    here = scenes.scene()
    home = worlds.household(worlds.building(here.community))
    askers = [worlds.account(here.community) for _number in range(8)]

    def order(asker):
        return lambda: scenes.ordered(
            here, slug="thing", subject=asker.person, asker=asker.person, household=home, price_fen=10000, actor=asker
        )

    outcomes = race(*[order(asker) for asker in askers])
    assert len(winners(outcomes)) == 1
    assert {type(outcome.error) for outcome in outcomes if not outcome.won} == {ValidationError}, "no deadlock"
    assert Wish.objects.open().filter(household=home).count() == 1


@pytest.mark.parametrize("attempt", range(5))
def test_an_order_and_a_confirmation_of_the_same_home_do_not_lock_each_other_out(attempt):
    here = scenes.scene()
    home = worlds.household(worlds.building(here.community))
    person = here.asker.person
    claimed = [
        tying.claim_residency(
            person=who,
            household=home,
            kind="family",
            since=clock.today(),
            actor_id=None,
            actor_part="staff",
            at=clock.now(),
        )
        for who in (person, worlds.person(here.community))
    ]
    thing = {"slug": "thing", "household": home, "price_fen": 10000}
    outcomes = race(
        lambda: scenes.ordered(here, **thing),
        lambda: scenes.ordered(here, **thing),
        lambda: tying.confirm(tie=claimed[0], actor=here.worker, at=clock.now()),
        lambda: tying.confirm(tie=claimed[1], actor=here.worker, at=clock.now()),
    )
    assert {type(outcome.error) for outcome in outcomes if not outcome.won} == {ValidationError}
    assert len(winners(outcomes)) == 3


def test_control_without_the_household_lock_several_get_one(monkeypatch):
    here = scenes.scene()
    home = worlds.household(worlds.building(here.community))
    askers = [worlds.account(here.community) for _number in range(8)]
    unlocked = type(home).objects.all()
    monkeypatch.setattr(type(unlocked), "select_for_update", lambda self, *args, **kwargs: self)

    def order(asker):
        return lambda: scenes.ordered(
            here, slug="thing", subject=asker.person, asker=asker.person, household=home, price_fen=10000, actor=asker
        )

    assert len(winners(race(*[order(asker) for asker in askers]))) > 1


@pytest.mark.parametrize("attempt", range(3))
def test_what_is_typed_while_the_order_is_sent_leaves_no_draft(attempt):
    """Two clicks on the last button, an older page that refuses, the way back and the page's script, all at once."""
    here = scenes.scene()
    client = worlds.client_for(here.asker)
    step = [reverse("wishes:order_step", args=[number]) for number in (1, 2, 3)]
    client.post(step[0], {"kind": "repair", "once": "k" * 32})
    client.post(step[1], {"details": "二楼楼道的灯坏了", "when": "any", "once": "k" * 32})
    contact = {"contact_name": "李雪", "contact_phone": "15400001234", "contact_address": "2栋201", "once": "k" * 32}
    said = [
        (step[2], contact),
        (step[2], contact),
        (step[2], {**contact, "contact_phone": "1"}),
        (step[2], {**contact, "act": "back"}),
        (reverse("wishes:order_keep", args=[3]), contact),
        (reverse("wishes:order_keep", args=[2]), {"details": "还在写", "when": "any", "once": "k" * 32}),
    ]

    def sends(address, words):
        own = worlds.client_for(here.asker)
        return lambda: own.post(address, words).status_code

    outcomes = race(*[sends(*one) for one in said])
    assert {outcome.value for outcome in outcomes} <= {204, 302, 422} and len(winners(outcomes)) == len(said)
    assert Wish.objects.count() == 1 and not Draft.objects.exists()
