"""The first page: each count is the number of rows that its list opens with, at one query each."""

import re
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.core import clock, moves
from portal.core.registries import todos
from tests import worlds

from .desks import claim


def _always(value: Any, _user: Any, _at: Any) -> Any:
    return value


def work(client) -> list[Any]:
    response = client.get("/admin/")
    return [*response.context["waiting"], *response.context["quiet"]]


@pytest.fixture
def busy(here, there):
    """Something waits at both desks."""
    for place in (here, there):
        for _ in range(3):
            claim(worlds.person(place.community), worlds.household(place.building))
        worlds.volunteer(place.community, active=False)
    return here


@pytest.mark.parametrize("who", ["worker", "head", "supervisor", "grid", "administrator"])
def test_a_count_opens_exactly_its_rows(busy, who: str) -> None:
    user = {
        "worker": lambda: busy.worker,
        "head": lambda: busy.head,
        "supervisor": lambda: worlds.supervisor(busy.community),
        "grid": lambda: worlds.staff(worlds.RoleKind.GRID_HEAD, busy.grid),
        "administrator": worlds.administrator,
    }[who]()
    client = worlds.client_for(user)
    shown = work(client)
    assert bool(shown) == (who != "supervisor")  # who only reads has nothing to do here: ``test_overview``
    assert sum(entry.count for entry in shown) >= (0 if who == "supervisor" else 3)
    for entry in shown:
        listing = client.get(entry.url)
        assert listing.status_code == 200, entry.todo.id
        assert "e=1" not in entry.url
        assert listing.context["cl"].result_count == entry.count, entry.todo.id


def test_one_query_a_count(busy) -> None:
    at = clock.now()
    _ = busy.worker.current_roles
    for todo in todos:
        if todo.shown(busy.worker):
            with CaptureQueriesContext(connection) as queries:
                todo.count(busy.worker, at)
            assert len(queries) == 1, todo.id


def test_what_presses_comes_first_and_zeros_are_quiet(here, monkeypatch) -> None:
    from portal.core.registries import Registry, Todo

    invented: Registry[Todo] = Registry()
    for name, waiting, urgent in (("late", 0, True), ("slow", 3, False), ("hot", 2, True)):
        invented.add(Todo(name, name, partial(_always, waiting), partial(_always, "/admin/"), urgent=urgent))
    monkeypatch.setattr("portal.backoffice.today.todos", invented)
    response = here.desk.get("/admin/")
    assert [entry.todo.id for entry in response.context["waiting"]] == ["hot", "slow"]
    assert [entry.todo.id for entry in response.context["quiet"]] == ["late"]


def test_lists_stand_by_wing(here) -> None:
    wings = {wing["id"]: wing for wing in here.desk.get("/admin/").context["wings"]}
    assert list(wings) == [key for key in ("services", "alliance", "landlords", "portal") if key in wings]
    assert "people" in [app["app_label"] for app in wings["portal"]["apps"]]


def test_a_move_of_a_room_above_is_in_the_history_in_its_words(here) -> None:
    volunteer = worlds.volunteer(here.community, active=False)
    moves.move(volunteer, "refuse", actor_id=here.worker.pk, actor_part="staff", at=clock.now(), reason="人手够了")
    body = here.desk.get(f"/admin/volunteers/volunteer/{volunteer.pk}/history/").content.decode()
    assert re.search("未通过.*人手够了", body, re.S)
