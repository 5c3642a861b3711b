"""Who reads that somebody looked at a person's contact, where the person belongs to two communities (DOMAIN §10)."""

import datetime as dt

import pytest

from portal.core import clock
from portal.people import contacting, offices
from portal.people.models import PersonArea, RoleKind
from tests import worlds

from .desks import page

pytestmark = pytest.mark.django_db
LOOKED = "查看完整电话与住址"


@pytest.fixture
def both(here, there):
    """Somebody of two communities, looked up by the first one's worker for a reason."""
    person = here.resident
    PersonArea.note(person_id=person.pk, community_id=there.community.pk)
    contacting.show_contact(person=person, actor=here.worker, at=clock.now(), reason="上门前先打电话")
    return person


def told(client, person) -> list[bool]:
    """Whether the timeline tells of the look, and whether the history does."""
    pages = [client.get(page("people.person", what, person.pk)) for what in ("change", "history")]
    assert all(shown.status_code == 200 for shown in pages)
    bodies = [shown.content.decode() for shown in pages]
    assert all(("上门前先打电话" in body) == (LOOKED in body) for body in bodies)
    return [LOOKED in body for body in bodies]


def test_the_place_that_looked_reads_it_and_the_other_place_does_not(here, there, both, administrator) -> None:
    for client in (here.desk, here.office, administrator):
        assert told(client, both) == [True, True]
    for client in (there.desk, there.office):
        assert told(client, both) == [False, False]
    reader = worlds.client_for(worlds.supervisor(here.community.parent))
    assert told(reader, both) == [True, True]
    elsewhere = worlds.client_for(worlds.supervisor(there.community.parent))
    assert told(elsewhere, both) == [False, False]


def test_a_grids_own_desk_reads_what_its_community_looked_at(here, both) -> None:
    PersonArea.note(person_id=both.pk, community_id=here.community.pk, grid_id=here.grid.pk)
    assert told(worlds.client_for(worlds.staff(RoleKind.GRID_WORKER, here.grid)), both) == [True, True]


def test_whose_look_it_was_counts_at_that_moment(here, there, both) -> None:
    later = clock.now() + dt.timedelta(hours=1)
    offices.end_role(actor=None, role=here.worker.roles.get(), at=clock.now())
    offices.grant_role(actor=None, user=here.worker, area=there.community, kind=RoleKind.WORKER, at=later)
    assert told(here.office, both) == [True, True]
    assert told(there.office, both) == [False, False]
