"""The person and the desk at one record at the same moment: one of them wins. Each race has its control."""

import threading
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from portal.core import audit, clock
from portal.core.moves import MoveRefused
from portal.notices.models import Notice
from portal.people import relations, tying
from portal.people.models import Authorisation, Residency, TieState
from tests import worlds
from tests.races import Outcome, race, winners

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres(only=True)]
MANY = 8


def take_back_while_the_desk_confirms() -> tuple[list[Outcome], Residency]:
    """One claim, taken back by the person while the desk confirms it."""
    home = worlds.community()
    user, worker = worlds.account(home), worlds.worker(home)
    household = worlds.household(worlds.building(home))
    claim = tying.claim_residency(
        person=user.person,
        household=household,
        kind="tenant",
        since=clock.today(),
        actor_id=user.pk,
        actor_part="requester",
        at=clock.now(),
    )
    at = clock.now()
    outcomes = race(
        partial(tying.withdraw_claims, household=household, actor=user, at=at),
        partial(tying.confirm, tie=Residency.objects.get(pk=claim.pk), actor=worker, at=at),
    )
    claim.refresh_from_db()
    return outcomes, claim


@pytest.mark.parametrize("time", range(4))
def test_a_claim_is_taken_back_or_confirmed_and_never_both(time) -> None:
    (took_back, confirmed), claim = take_back_while_the_desk_confirms()
    done = [took_back.won and took_back.value == 1, confirmed.won]
    assert done.count(True) == 1
    assert claim.state == (TieState.CONFIRMED if confirmed.won else TieState.WITHDRAWN)
    assert {type(one.error) for one in (took_back, confirmed) if not one.won} <= {MoveRefused}
    assert {move.name for move in claim.transitions()} == {"begin", "confirm" if confirmed.won else "withdraw"}


def test_control_without_the_swap_both_think_that_they_did_it(monkeypatch: pytest.MonkeyPatch) -> None:
    line = threading.Barrier(2)

    def blind(subject: Any, name: str, **_fields: Any) -> None:
        line.wait(60)  # both have looked and found it open
        type(subject).objects.filter(pk=subject.pk).update(state=type(subject).MOVES[name].target)

    monkeypatch.setattr(tying.moves, "move", blind)
    outcomes, _claim = take_back_while_the_desk_confirms()
    assert len(winners(outcomes)) == 2


def end_from_all_sides() -> tuple[list[Outcome], Authorisation]:
    """The principal and the agent both end one authorisation, several times."""
    home = worlds.community()
    principal, agent = worlds.account(home), worlds.account(home)
    row = Authorisation.objects.create(
        principal=principal.person,
        agent=agent.person,
        relation="女儿",
        since=clock.today(),
        recorded_by=worlds.worker(home),
    )
    acts = [
        partial(
            relations.revoke_authorisation,
            authorisation=Authorisation.objects.get(pk=row.pk),
            actor=(principal, agent)[number % 2],
            at=clock.now(),
        )
        for number in range(MANY)
    ]
    outcomes = race(*acts)
    row.refresh_from_db()
    return outcomes, row


def test_an_authorisation_ends_once_and_both_are_told_once() -> None:
    outcomes, row = end_from_all_sides()
    assert len(winners(outcomes)) == 1
    assert {type(outcome.error) for outcome in outcomes if not outcome.won} == {ValidationError}
    assert row.until == clock.today()
    told = list(Notice.objects.values_list("person", flat=True))
    assert sorted(told) == sorted([row.principal_id, row.agent_id])


def test_control_a_look_before_the_write_ends_it_several_times(monkeypatch: pytest.MonkeyPatch) -> None:
    line = threading.Barrier(MANY)

    def look_then_write(row: Any, verb: str, actor: Any, at: Any, _reason: str) -> None:
        if Authorisation.objects.get(pk=row.pk).until is not None:
            raise ValidationError("over")
        line.wait(60)  # everybody has looked and found it in force
        Authorisation.objects.filter(pk=row.pk).update(until=clock.local_day(at))
        audit.record(verb, actor_id=actor.pk, subject=row, at=at)

    monkeypatch.setattr(relations, "_end", look_then_write)
    outcomes, _row = end_from_all_sides()
    assert len(winners(outcomes)) > 1
