"""Running one thing from many threads at once, each with a database connection of its own."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.db import connections

START_WITHIN = 60


@dataclass(frozen=True)
class Outcome:
    """What one runner came to: its value, or the exception that stopped it."""

    value: Any = None
    error: BaseException | None = None

    @property
    def won(self) -> bool:
        return self.error is None


def race(*acts: Callable[[], Any]) -> list[Outcome]:
    """Start all ``acts`` at the same moment; their outcomes, in the order given.

    Every thread opens its connection before the start, so that none is late, and closes it in the end. Use it in a
    test with ``django_db(transaction=True)`` and ``postgres(only=True)``; prove the protection by a control that runs
    the same race with the protection taken off.
    """
    line = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Outcome:
        try:
            connections["default"].ensure_connection()
            line.wait(START_WITHIN)
            return Outcome(value=act())
        except Exception as error:  # noqa: BLE001 — the outcome is the exception, whatever it is
            return Outcome(error=error)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def winners(outcomes: Sequence[Outcome]) -> list[Any]:
    """The values of those that were not refused."""
    return [outcome.value for outcome in outcomes if outcome.won]
