"""Running one thing from many threads at once, each with a database connection of its own."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections

START_WITHIN = 60  # seconds
END_WITHIN = 240  # seconds: less than pytest gives a test, more than the server lets anybody wait for a lock


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
    the same race with the protection taken off. Whoever has not come in after ``END_WITHIN`` fails the test.
    """
    line = threading.Barrier(len(acts))
    outcomes: dict[int, Outcome] = {}

    def run(number: int, act: Callable[[], Any]) -> None:
        try:
            connections["default"].ensure_connection()
            line.wait(START_WITHIN)
            outcomes[number] = Outcome(value=act())
        except Exception as error:  # noqa: BLE001 — the outcome is the exception, whatever it is
            outcomes[number] = Outcome(error=error)
        finally:
            connections.close_all()

    runners = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(acts)]
    for runner in runners:
        runner.start()
    deadline = time.monotonic() + END_WITHIN
    for runner in runners:
        runner.join(max(0.0, deadline - time.monotonic()))
    late = [number for number, runner in enumerate(runners) if runner.is_alive()]
    assert not late, f"runners {late} of the race never came in"
    return [outcomes[number] for number in range(len(acts))]


def winners(outcomes: Sequence[Outcome]) -> list[Any]:
    """The values of those that were not refused."""
    return [outcome.value for outcome in outcomes if outcome.won]
