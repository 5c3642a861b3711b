"""An export is decided once, built once, and its last download goes out once. Each race has its control."""

import threading
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connections

from portal.backoffice.exports import building, deciding, ending, handing_out, news
from portal.backoffice.models import Export, ExportDownload, ExportState
from portal.core import clock, files, moves
from portal.core.models import StoredFile, Transition
from portal.core.moves import MoveRefused
from portal.people import offices
from portal.people.models import RoleKind
from tests import worlds
from tests.races import Outcome, race, winners

from . import desk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres(only=True)]
MANY = 6


@pytest.fixture
def approvers(here) -> list[Any]:
    """Several who may decide, each as a browser of their own would load them."""
    return [here.head, *(worlds.staff(RoleKind.PRIVACY_OFFICER, here.community) for _ in range(MANY - 1))]


@pytest.fixture
def without_swap(monkeypatch) -> None:
    """A move is a plain write: everybody has looked before anybody writes, and nobody compares."""
    line = threading.Barrier(2)

    def move(subject: Any, name: str, *, actor_id: Any, actor_part: str, at: Any, changes: Any = None, **_how: Any):
        edge = type(subject).MOVES[name]
        if subject.state not in edge.sources:
            raise MoveRefused("late")
        line.wait(60)
        type(subject).objects.filter(pk=subject.pk).update(state=edge.target, state_since=at, **(changes or {}))
        return Transition.objects.create(
            subject_type="backoffice.export", subject_id=subject.pk, name=name, source=subject.state,
            target=edge.target, actor_id=actor_id, actor_part=actor_part, at=at,
        )  # fmt: skip

    monkeypatch.setattr(moves, "move", move)


def approve(export: Export, actor: Any) -> Any:
    return partial(deciding.approve, export=desk.fresh(export), actor=actor, at=clock.now())


def refuse(export: Export, actor: Any) -> Any:
    return partial(deciding.refuse, export=desk.fresh(export), actor=actor, at=clock.now(), reason="用途不清楚")


def withdraw(export: Export, actor: Any) -> Any:
    return partial(deciding.withdraw, export=desk.fresh(export), actor=actor, at=clock.now())


def decided(export: Export) -> int:
    return Transition.objects.filter(subject_type="backoffice.export", subject_id=export.pk).exclude(source="").count()


def refused_in_words(outcomes: list[Outcome]) -> bool:
    return {type(outcome.error) for outcome in outcomes if not outcome.won} <= {MoveRefused}


def test_it_is_approved_once(here, approvers):
    export = desk.ask(here.worker)
    outcomes = race(*[approve(export, actor) for actor in approvers])
    assert len(winners(outcomes)) == decided(export) == 1
    assert refused_in_words(outcomes)
    winner = next(actor for actor, outcome in zip(approvers, outcomes, strict=True) if outcome.won)
    assert desk.fresh(export).approver == winner


def test_control_without_the_swap_it_is_approved_twice(here, approvers, without_swap):
    export = desk.ask(here.worker)
    outcomes = race(*[approve(export, actor) for actor in approvers[:2]])
    assert len(winners(outcomes)) == decided(export) == 2


def test_it_is_approved_or_refused(here, approvers):
    for _turn in range(3):
        export = desk.ask(here.worker)
        outcomes = race(approve(export, approvers[0]), refuse(export, approvers[1]))
        assert len(winners(outcomes)) == decided(export) == 1
        assert refused_in_words(outcomes)
        approved = outcomes[0].won
        assert desk.fresh(export).state == (ExportState.APPROVED if approved else ExportState.REFUSED)
        assert desk.fresh(export).approver == approvers[0 if approved else 1]


def test_control_without_the_swap_it_is_both(here, approvers, without_swap):
    export = desk.ask(here.worker)
    assert len(winners(race(approve(export, approvers[0]), refuse(export, approvers[1])))) == decided(export) == 2


def test_what_is_withdrawn_in_the_same_moment_is_never_built(here, approvers):
    for _turn in range(3):
        export = desk.ask(here.worker)
        race(approve(export, approvers[0]), withdraw(export, here.worker))
        if desk.fresh(export).state == ExportState.APPROVED:
            deciding.withdraw(export=desk.fresh(export), actor=here.worker, at=clock.now())
        assert building.build_due(at=clock.now()) == 0
        assert desk.fresh(export).state == ExportState.WITHDRAWN


def test_control_without_the_swap_what_was_withdrawn_is_approved(here, approvers, without_swap):
    export = desk.ask(here.worker)
    assert len(winners(race(approve(export, approvers[0]), withdraw(export, here.worker)))) == 2


def test_several_workers_build_it_once(here):
    export = desk.approved(here.worker, here.head)
    built = race(*[partial(building.build, export=desk.fresh(export), at=clock.now()) for _ in range(MANY)])
    assert [outcome.value for outcome in built].count(True) == 1
    assert StoredFile.objects.count() == 1
    assert desk.fresh(export).attempts == 1


def test_a_worker_thought_dead_that_wakes_up_leaves_one_file(here, monkeypatch):
    """It stalls before its file is named; another has begun anew; only one of them finishes."""
    export, prepare = desk.approved(here.worker, here.head), files.prepare
    stalls, goes_on = threading.Event(), threading.Event()

    def stall(**how: Any) -> Any:
        stored = prepare(**how)
        if not stalls.is_set():
            stalls.set()
            goes_on.wait(60)
        return stored

    def another() -> bool:
        stalls.wait(60)
        building.restart_lost(at=clock.now() + building.BEAT_LOST + desk.hours(0.1))
        made = building.build(export=desk.fresh(export), at=clock.now())
        goes_on.set()
        return made

    monkeypatch.setattr(files, "prepare", stall)
    first, second = race(partial(building.build, export=desk.fresh(export), at=clock.now()), another)
    assert (first.value, second.value) == (False, True)
    assert desk.fresh(export).state == ExportState.READY
    assert StoredFile.objects.count() == 1
    assert len(desk.rows(export)) == 3


def fetch_all_at_once(here, export: Export) -> list[Outcome]:
    return race(*[partial(handing_out.hand_out, export=export, actor=here.worker, at=clock.now()) for _ in range(MANY)])


def test_the_last_download_goes_out_once(here):
    export = desk.built(here.worker, here.head)
    outcomes = fetch_all_at_once(here, export)
    assert len(winners(outcomes)) == ExportDownload.objects.count() == export.downloads_allowed == 3
    assert {type(outcome.error) for outcome in outcomes if not outcome.won} == {handing_out.Gone}


def test_control_without_the_lock_the_constraint_has_to_stop_them(here, monkeypatch):
    export = desk.built(here.worker, here.head)
    line, asked = threading.Barrier(MANY), handing_out.is_over
    monkeypatch.setattr(Export.objects.__class__, "select_for_update", lambda self: self.all(), raising=False)

    def after_everybody_looked(*args: Any) -> bool:
        line.wait(60)
        return asked(*args)

    monkeypatch.setattr(handing_out, "is_over", after_everybody_looked)
    outcomes = fetch_all_at_once(here, export)
    assert IntegrityError in {type(outcome.error) for outcome in outcomes}
    assert ExportDownload.objects.count() <= export.downloads_allowed


def until_somebody_waits_at_a_row() -> None:
    """Come back once another connection waits for what this one holds; fails where none ever does."""
    with connections["default"].cursor() as cursor:
        for _look in range(1000):
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            if cursor.fetchone()[0]:
                return
            threading.Event().wait(0.01)
    raise AssertionError("nobody waits")


def leave_as_it_is_finished(here, monkeypatch) -> list[Outcome]:
    """The office ends after the worker has moved the export and before that is committed."""
    export, told = desk.approved(here.worker, here.head), news.ready
    moved, select = threading.Event(), ending.open_states

    def ready(*args: Any) -> None:
        told(*args)
        moved.set()
        until_somebody_waits_at_a_row()

    def states() -> Any:
        moved.wait(60)
        return select()

    monkeypatch.setattr(news, "ready", ready)
    monkeypatch.setattr(ending, "open_states", states)
    return race(
        partial(building.build, export=export, at=clock.now()),
        partial(offices.end_role, actor=None, role=here.worker.roles.get(), at=clock.now()),
    )


def test_an_office_ends_although_a_worker_finishes_at_that_moment(here, monkeypatch):
    built, left = leave_as_it_is_finished(here, monkeypatch)
    assert (built.value, left.error) == (True, None)
    assert not here.worker.roles.current(clock.now()).exists()
    assert Export.objects.get().state == ExportState.WITHDRAWN
    assert not StoredFile.objects.exists(), "the file that came to be meanwhile goes too"


def test_control_without_the_lock_the_office_does_not_end(here, monkeypatch):
    monkeypatch.setattr(Export.objects.__class__, "select_for_update", lambda self, **_how: self.all(), raising=False)
    built, left = leave_as_it_is_finished(here, monkeypatch)
    assert built.value
    assert isinstance(left.error, MoveRefused)
    assert here.worker.roles.current(clock.now()).exists()


def test_who_leaves_while_it_is_built_gets_nothing(here):
    export = desk.approved(here.worker, here.head)
    role = here.worker.roles.get()
    race(
        partial(building.build, export=desk.fresh(export), at=clock.now()),
        partial(offices.end_role, actor=None, role=role, at=clock.now()),
    )
    with pytest.raises((PermissionDenied, MoveRefused)):
        handing_out.hand_out(export=export, actor=here.worker, at=clock.now())
    assert desk.fresh(export).state in {ExportState.WITHDRAWN, ExportState.FAILED, ExportState.READY}
