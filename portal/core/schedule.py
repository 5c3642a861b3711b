"""Periodic tasks: a room declares them in ``tasks.py``; whatever keeps time runs those that are due, each once.

Three clocks keep time, and any number of them at once: ``manage.py tick``, the demonstration's thread, and in
production Celery's beat with its workers (``portal.celery``). The row of a task decides whether it is due, never the
clock.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.db import transaction
from django.db.models import F, Q

from .models import ScheduledRun

log = structlog.get_logger(__name__)
Task = Callable[[dt.datetime], object]

# A run that began so long ago and has no end was cut off: its process was killed. Longer than any task may take.
LOST_AFTER = dt.timedelta(minutes=30)


@dataclass(frozen=True)
class Periodic:
    """A task, how often it runs, and on which of the workers' queues."""

    name: str
    every: dt.timedelta
    run: Task
    queue: str = ""


_TASKS: dict[str, Periodic] = {}


def periodic(name: str, *, every: dt.timedelta, queue: str = "") -> Callable[[Task], Task]:
    """Declare ``run(at)`` to be carried out every so often; it must be safe to repeat. ``queue`` names a queue of its
    own for what waits for somebody else's server, so that it holds up nothing."""

    def register(run: Task) -> Task:
        if name in _TASKS:
            raise ValueError(f"task {name} is declared twice")
        _TASKS[name] = Periodic(name, every, run, queue)
        return run

    return register


def declared() -> dict[str, Periodic]:
    """Every periodic task by name."""
    return dict(_TASKS)


def run_due(at: dt.datetime) -> dict[str, str]:
    """Run every task that is due at ``at``; returns name → "ok" or the name of the exception's type.

    1. make a row for each new task, due at once;
    2. claim a due row by moving its ``next_due`` on, which only one of several clocks can do;
    3. run; a failure is recorded and logged, and the others run all the same.
    """
    return _run_those_due(list(_TASKS), at)


def run_if_due(name: str, at: dt.datetime) -> str:
    """Run the task ``name`` if it is due at ``at``, as ``run_due`` does; returns "ok", the name of an exception's type,
    or nothing where it was not due. KeyError for a task that no room declares."""
    return _run_those_due([_TASKS[name].name], at).get(name, "")


def run_now(name: str, at: dt.datetime) -> str:
    """Run the task ``name`` whether it is due or not, beside whoever else runs it: for tasks whose own rows say who
    does what. Its next time stays as it is."""
    return _run(_TASKS[name], at)


def _run_those_due(names: list[str], at: dt.datetime) -> dict[str, str]:
    known = set(ScheduledRun.objects.filter(name__in=names).values_list("name", flat=True))
    ScheduledRun.objects.bulk_create(
        [ScheduledRun(name=name, next_due=at) for name in names if name not in known], ignore_conflicts=True
    )
    results = {}
    for row in ScheduledRun.objects.filter(_is_due(at), name__in=names).order_by("next_due"):
        task = _TASKS[row.name]
        claimed = ScheduledRun.objects.filter(pk=row.pk, next_due=row.next_due, last_started=row.last_started).update(
            next_due=at + task.every, last_started=at
        )
        if not claimed:
            continue
        results[row.name] = _run(task, at)
        ScheduledRun.objects.filter(pk=row.pk, last_started=at).update(
            last_finished=at, last_error="" if results[row.name] == "ok" else results[row.name]
        )
    return results


def _is_due(at: dt.datetime) -> Q:
    """Its time has come, or its last run was cut off: it began long ago and never ended."""
    endless = Q(last_finished__isnull=True) | Q(last_finished__lt=F("last_started"))
    return Q(next_due__lte=at) | (Q(last_started__lt=at - LOST_AFTER) & endless)


def _run(task: Periodic, at: dt.datetime) -> str:
    try:
        task.run(at)
    except Exception as error:
        log.exception("task failed", task=task.name)
        return type(error).__name__
    return "ok"


# Not waiting for the next time ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Wake:
    name: str

    def __call__(self) -> None:
        if _waker is not None:
            _waker(self.name)


Waker = Callable[[str], None]
_waker: Waker | None = None


def install_waker(waker: Waker | None) -> None:
    """``waker(name)`` has a worker run that task now. It must neither raise nor hold up whoever calls it: what it
    cannot hand over, the schedule does at its next time."""
    global _waker
    _waker = waker


def wake_after_commit(name: str) -> None:
    """Have the task run soon after the present transaction is committed, once a transaction; nothing happens where no
    worker can be called."""
    if _waker is None:
        return
    asked = [entry[1] for entry in transaction.get_connection().run_on_commit]
    if _Wake(name) not in asked:
        transaction.on_commit(_Wake(name), robust=True)
