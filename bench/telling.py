"""What every bench needs: a PostgreSQL of its own, and words on the terminal."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.databases import OTHER_DATABASE, server


def say(text: str) -> None:
    """One line on the terminal, at once."""
    print(text, flush=True)  # noqa: T201 — the bench's own output


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Says how many seconds ``what`` took."""
    began = time.perf_counter()
    yield
    say(f"{what}: {time.perf_counter() - began:.1f} s")


def on_postgres(run: Callable[[], int]) -> int:
    """``run``, with the tests' settings, on the PostgreSQL of the environment or on one that lasts as long."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    if OTHER_DATABASE in os.environ:
        return run()
    with server() as address:
        os.environ[OTHER_DATABASE] = address
        return run()
