"""In these tests time stands still at noon and goes on when told to."""

import datetime as dt

import pytest

NOON = dt.datetime(2026, 11, 20, 4, 0, tzinfo=dt.UTC)  # noon in Shanghai


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)
