"""Periodic tasks: each due one once, whatever number of clocks there are; one that fails stops no other."""

import datetime as dt
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db.models import QuerySet

from portal.core import schedule
from portal.core.models import ScheduledRun
from tests.races import race

AT = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
SECOND = dt.timedelta(seconds=1)
CLOCKS = 4


@pytest.fixture
def ran(monkeypatch):
    """What the tasks of this test ran; no other task is declared."""
    monkeypatch.setattr(schedule, "_TASKS", {})
    return []


@pytest.mark.django_db
def test_a_task_runs_when_it_is_due_and_not_before(ran):
    schedule.periodic("hourly", every=HOUR)(ran.append)
    times = [AT, AT + SECOND, AT + HOUR - SECOND, AT + HOUR, AT + HOUR, AT + 5 * HOUR]
    results = [schedule.run_due(at) for at in times]
    assert ran == [AT, AT + HOUR, AT + 5 * HOUR]
    assert [bool(result) for result in results] == [True, False, False, True, False, True]
    row = ScheduledRun.objects.get()
    assert (row.name, row.next_due, row.last_started, row.last_error) == ("hourly", AT + 6 * HOUR, AT + 5 * HOUR, "")


@pytest.mark.django_db
def test_one_that_fails_is_written_down_and_the_others_run(ran):
    @schedule.periodic("first", every=HOUR)
    def fails(at):
        raise LookupError("the phone is 15400001234")

    schedule.periodic("second", every=HOUR)(ran.append)
    assert schedule.run_due(AT) == {"first": "LookupError", "second": "ok"}
    assert ran == [AT]
    failed = ScheduledRun.objects.get(name="first")
    assert failed.last_error == "LookupError", "the type alone; never the words"
    assert failed.next_due == AT + HOUR, "it is tried again at its next time"


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_a_failure_that_broke_its_transaction_stops_no_other(ran):
    @schedule.periodic("first", every=HOUR)
    def breaks(at):
        ScheduledRun.objects.create(name="first", next_due=at)

    schedule.periodic("second", every=HOUR)(ran.append)
    assert schedule.run_due(AT) == {"first": "IntegrityError", "second": "ok"}
    assert ran == [AT]


@pytest.mark.django_db
def test_tick_runs_what_is_due_and_says_what_failed(ran, capsys):
    schedule.periodic("good", every=HOUR)(ran.append)
    call_command("tick")
    assert capsys.readouterr().out == "good: ok\n"
    schedule.periodic("bad", every=HOUR)(lambda at: [][0])
    with pytest.raises(CommandError, match="bad"):
        call_command("tick")
    assert len(ran) == 1


def test_one_name_is_one_task(ran):
    schedule.periodic("x", every=HOUR)(ran.append)
    with pytest.raises(ValueError, match="declared twice"):
        schedule.periodic("x", every=HOUR)(ran.append)


def test_the_rooms_tasks_are_declared():
    assert {"core.erase", "notices.deliver"} <= set(schedule.declared())


def _all_clocks_at_once(monkeypatch, ran, *, claim_is_believed: bool) -> None:
    """Every clock has read that the task is due before any of them claims it: the worst moment, every time."""
    schedule.periodic("raced", every=HOUR)(ran.append)
    ScheduledRun.objects.create(name="raced", next_due=AT)
    line = threading.Barrier(CLOCKS)
    update = QuerySet.update

    def together(self, **values):
        if "last_started" not in values:
            return update(self, **values)
        line.wait(30)
        return update(self, **values) if claim_is_believed else 1

    monkeypatch.setattr(QuerySet, "update", together)
    outcomes = race(*[lambda: schedule.run_due(AT)] * CLOCKS)
    assert all(outcome.won for outcome in outcomes), outcomes


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres(only=True)
def test_four_clocks_run_it_once(monkeypatch, ran):
    _all_clocks_at_once(monkeypatch, ran, claim_is_believed=True)
    assert ran == [AT]


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres(only=True)
def test_control_without_the_claim_every_clock_runs_it(monkeypatch, ran):
    _all_clocks_at_once(monkeypatch, ran, claim_is_believed=False)
    assert ran == [AT] * CLOCKS
