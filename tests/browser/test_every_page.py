"""Every page of the matrix in a real Chromium: phone and desk, light and dark, 关怀版 too — axe, and nothing sideways.

The addresses are those of the role × URL matrix, each opened as the first role that it lets in. It is long, so it
stands outside the default run and is asked for by name, ``uv run pytest -m whole --database=sqlite``: ``.ci/run`` does
so as its last step, with every other walk that is marked ``whole``.
"""

import itertools
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browsers import axe, fits, sign_in
from tests.matrix import desk_rows, rows
from tests.matrix.grid import Row
from tests.matrix.world import ROLES, World, build

pytestmark = [pytest.mark.whole, pytest.mark.django_db(transaction=True)]

ROOMS = {**rows.ROOMS, **desk_rows.rooms()}
# Who meets the fullest page first; an administrator only where nobody else is let in.
PREFERRED = ("resident", "volunteer", "staff", "head", "anonymous", "subdistrict", "administrator")
# Data, files, and what a script exchanges within a page.
NOT_PAGES = {"front:open_figures", "front:healthz", "front:robots", "core:file", "admin:backoffice_export_progress"}
SCHEMES = ("light", "dark")


def pages_of(room: str) -> Iterator[tuple[Row, str]]:
    """Each GET address of a room that answers with a page, and who opens it; each address once a role."""
    seen = set()
    for wanted in ROOMS[room]:
        answers = dict(zip(ROLES, wanted.answers, strict=True))
        if wanted.method != "GET" or wanted.name in NOT_PAGES:
            continue
        role = next((role for role in PREFERRED if answers[role] in {"200", "ok"}), None)
        if role is not None and (wanted.name, id(wanted.url)) not in seen:
            seen.add((wanted.name, id(wanted.url)))
            yield wanted, role


def _look(page: Page, address: str, faults: list[str]) -> None:
    """One page as it stands: the rules, and its width."""
    for rule in (axe, fits):
        try:
            rule(page)
        except AssertionError as fault:
            view = page.viewport_size
            faults.append(f"{address} at {view['width'] if view else '?'} px: {fault}")


def _modes(desk: bool) -> list[tuple[str, str]]:
    """(mode, scheme): the desk has no 关怀版, it has the browser's own zoom."""
    return list(itertools.product(("standard",) if desk else ("standard", "elder"), SCHEMES))


@pytest.mark.parametrize("size", ["phone", "desk"])
@pytest.mark.parametrize("room", list(ROOMS))
def test_every_page(open_page, room: str, size: str) -> None:
    world: World = build()
    faults: list[str] = []
    by_role: dict[str, Page] = {}
    for wanted, role in pages_of(room):
        page = by_role.get(role) or open_page(size=size)
        if role not in by_role and world.users[role] is not None:
            sign_in(page, world.users[role])
        by_role[role] = page
        address = wanted.url(world)
        for mode, scheme in _modes(desk=room.startswith("desk")):
            cookie = {"name": "mode", "value": mode, "domain": "127.0.0.1", "path": "/"}
            page.context.add_cookies([cookie])  # type: ignore[list-item]
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            answer = page.goto(address)
            assert answer is not None
            if answer.status == 200 and "text/html" in answer.headers.get("content-type", ""):
                _look(page, f"{address} ({role}, {mode}, {scheme})", faults)
    assert not faults, "\n\n".join(faults)


def test_every_room_of_the_matrix_has_pages() -> None:
    """Guards the walk itself: a matrix that had moved elsewhere would leave nothing to look at."""
    assert sum(1 for room in ROOMS for _ in pages_of(room)) > 100
