"""Somebody in front of a window of a given size, with a keyboard and nothing else."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.people.models import User

from .keys import WINDOWS, Walk


@pytest.fixture
def walk(open_page: Callable[..., Any]) -> Callable[..., Walk]:
    """``walk("narrow phone", user)``: a page in that window, signed in as ``user`` where one is given."""

    def begin(window: str, user: User | None = None) -> Walk:
        page = open_page(size="zoomed desk" if window == "zoomed desk" else "desk", user=user)
        page.set_viewport_size(WINDOWS[window])
        return Walk(page)

    return begin
