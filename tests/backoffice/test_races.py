"""Two desks at one household: shares stay within the whole, one person speaks for it. Each race has its control."""

import threading
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from portal.core import clock
from portal.people import offices, tying
from portal.people.models import Ownership, Representative, Role, RoleKind, TieState
from tests import worlds
from tests.races import Outcome, race, winners

from .desks import YESTERDAY, claim

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres(only=True)]
MANY = 8


def wait_after(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Take the lock of ``tying`` off, and let everybody pass the check ``name`` before anybody goes on."""
    line, check = threading.Barrier(MANY), getattr(tying, name)

    def checked(*args: Any) -> Any:
        answer = check(*args)
        line.wait(60)
        return answer

    monkeypatch.setattr(tying, "_lock", lambda _household_id: None)
    monkeypatch.setattr(tying, name, checked)


def confirm_all_at_once(here) -> list[Outcome]:
    """Many people claim the whole of one household, and every claim is confirmed at the same moment."""
    ties = [
        tying.claim_ownership(
            person=worlds.person(here.community),
            household=here.household,
            since=YESTERDAY,
            actor_id=None,
            actor_part="requester",
            at=clock.now(),
        )
        for _ in range(MANY)
    ]
    return race(*[partial(tying.confirm, tie=tie, actor=here.worker, at=clock.now()) for tie in ties])


def test_one_whole_is_confirmed_once(here) -> None:
    outcomes = confirm_all_at_once(here)
    assert len(winners(outcomes)) == Ownership.objects.filter(state=TieState.CONFIRMED).count() == 1
    assert {type(outcome.error) for outcome in outcomes if not outcome.won} == {ValidationError}


def test_control_without_the_lock_it_is_confirmed_several_times(here, monkeypatch) -> None:
    wait_after(monkeypatch, "_check_shares")
    assert len(winners(confirm_all_at_once(here))) > 1


def set_all_at_once(here) -> list[Outcome]:
    """Many people live in one household, and each is set to speak for it at the same moment."""
    people = [worlds.person(here.community) for _ in range(MANY)]
    for person in people:
        tying.confirm(tie=claim(person, here.household), actor=here.worker, at=clock.now())
    acts = [
        partial(tying.set_representative, household=here.household, person=one, actor=here.worker, at=clock.now())
        for one in people
    ]
    return race(*acts)


def test_each_speaker_follows_the_last(here) -> None:
    outcomes = set_all_at_once(here)
    assert len(winners(outcomes)) == MANY
    assert Representative.objects.filter(until__isnull=True).count() == 1
    assert Representative.objects.count() == MANY


def test_control_without_the_lock_the_constraint_has_to_stop_them(here, monkeypatch) -> None:
    wait_after(monkeypatch, "_belongs")
    outcomes = set_all_at_once(here)
    assert IntegrityError in {type(outcome.error) for outcome in outcomes}
    assert Representative.objects.filter(until__isnull=True).count() == 1


def test_an_office_given_at_two_desks_is_held_once(here) -> None:
    newcomer = worlds.account(here.community)
    given = {"area": here.community, "kind": RoleKind.WORKER, "at": clock.now(), "reason": "居委会决定"}
    give = partial(offices.grant_role, actor=here.head, user=newcomer, **given)
    outcomes = race(*[give] * MANY)
    assert len(winners(outcomes)) == Role.objects.filter(user=newcomer).count() == 1
    assert {type(outcome.error) for outcome in outcomes if not outcome.won} == {ValidationError}
