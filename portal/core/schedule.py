"""Periodic tasks: a room declares them in ``tasks.py``; whatever keeps time runs those that are due, each once."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from .models import ScheduledRun

log = structlog.get_logger(__name__)
Task = Callable[[dt.datetime], object]


@dataclass(frozen=True)
class Periodic:
    name: str
    every: dt.timedelta
    run: Task


_TASKS: dict[str, Periodic] = {}


def periodic(name: str, *, every: dt.timedelta) -> Callable[[Task], Task]:
    """Declare ``run(at)`` to be carried out every so often; it must be safe to repeat."""

    def register(run: Task) -> Task:
        if name in _TASKS:
            raise ValueError(f"task {name} is declared twice")
        _TASKS[name] = Periodic(name, every, run)
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
    known = set(ScheduledRun.objects.values_list("name", flat=True))
    ScheduledRun.objects.bulk_create(
        [ScheduledRun(name=name, next_due=at) for name in _TASKS if name not in known], ignore_conflicts=True
    )
    results = {}
    for row in ScheduledRun.objects.filter(name__in=_TASKS, next_due__lte=at).order_by("next_due"):
        task = _TASKS[row.name]
        claimed = ScheduledRun.objects.filter(pk=row.pk, next_due=row.next_due).update(
            next_due=at + task.every, last_started=at
        )
        if not claimed:
            continue
        results[row.name] = _run(task, at)
        ScheduledRun.objects.filter(pk=row.pk).update(
            last_finished=at, last_error="" if results[row.name] == "ok" else results[row.name]
        )
    return results


def _run(task: Periodic, at: dt.datetime) -> str:
    try:
        task.run(at)
    except Exception as error:
        log.exception("task failed", task=task.name)
        return type(error).__name__
    return "ok"
