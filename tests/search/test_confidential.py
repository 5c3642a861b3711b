"""Who finds whom, as every role; what is sealed stands in no entry; a public question touches no scoped row."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.core import clock
from portal.core.changes import changed
from portal.core.sealed import BlindIndexField, SealedField
from portal.people.models import Guardianship, Person, PersonArea, RoleKind
from portal.search import keeping
from portal.search.looking import look_public, look_scoped
from portal.search.models import PublicEntry, ScopedEntry
from portal.search.terms import Query, cut
from tests import worlds
from tests.core.everything import make, sealed_fields
from tests.wishes import scenes as wishes

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


class Town:
    """Two communities of two streets, one of them with two grids, and somebody called 映雪 in each place."""

    def __init__(self) -> None:
        self.here = worlds.community("袁家湾社区")
        self.there = worlds.community("向阳社区", parent=worlds.subdistrict("桂花街道"))
        self.grid, self.other_grid = (worlds.grid(self.here, name) for name in ("第一网格", "第二网格"))
        self.people = {
            "here": worlds.person(self.here, name="罗映雪"),
            "in grid": worlds.person(self.here, name="何映雪"),
            "in other grid": worlds.person(self.here, name="吴映雪"),
            "there": worlds.person(self.there, name="周映雪"),
            "in both": worlds.person(self.there, name="黄映雪"),
            "nowhere": worlds.person(None, name="陈映雪"),
        }
        self._belongs("in grid", self.here, self.grid)
        self._belongs("in other grid", self.here, self.other_grid)
        self._belongs("in both", self.here)

    def _belongs(self, key: str, community: Any, grid: Any = None) -> None:
        PersonArea.note(
            person_id=self.people[key].pk, community_id=community.pk, grid_id=grid.pk if grid is not None else None
        )

    def user(self, role: str) -> Any:
        made: dict[str, Any] = {
            "visitor": lambda: None,
            "resident": lambda: worlds.account(self.here, name="林小荷"),
            "namesake": lambda: worlds.account(person=self.people["here"]),
            "guardian": self._guardian,
            "volunteer": lambda: worlds.volunteer(self.here).person.user,
            "worker": lambda: worlds.worker(self.here),
            "grid worker": lambda: worlds.staff(RoleKind.GRID_WORKER, self.grid),
            "grid head": lambda: worlds.staff(RoleKind.GRID_HEAD, self.other_grid),
            "branch secretary": lambda: worlds.staff(RoleKind.BRANCH_SECRETARY, self.here),
            "head": lambda: worlds.head(self.here),
            "worker elsewhere": lambda: worlds.worker(self.there),
            "supervisor": lambda: worlds.supervisor(self.here),
            "supervisor elsewhere": lambda: worlds.supervisor(self.there),
            "supervisor of the district": lambda: worlds.staff(RoleKind.SUPERVISOR, self.here.parent.parent),
            "privacy officer": lambda: worlds.staff(RoleKind.PRIVACY_OFFICER, self.here),
            "counsellor": lambda: worlds.staff(RoleKind.COUNSELLOR, self.here),
            "mediator": lambda: worlds.staff(RoleKind.MEDIATOR, self.here),
            "closed account": lambda: worlds.worker(self.here, is_active=False),
            "ended office": self._ended,
            "administrator": worlds.administrator,
        }
        return made[role]()

    def _guardian(self) -> Any:
        guardian = worlds.account(self.there, name="林小荷")
        Guardianship.objects.create(
            child=self.people["here"], guardian=Person.objects.get(user=guardian), relation="母亲", since=clock.today()
        )
        return guardian

    def _ended(self) -> Any:
        user = worlds.worker(self.here)
        user.roles.update(until=clock.now())
        return type(user).objects.get(pk=user.pk)


OF_HERE = {"here", "in grid", "in other grid", "in both"}
OF_THERE = {"there", "in both"}
EVERYWHERE = OF_HERE | OF_THERE
FINDS: dict[str, set[str]] = {
    "visitor": set(),
    "resident": set(),
    "namesake": set(),
    "guardian": set(),
    "volunteer": set(),
    "worker": OF_HERE,
    "grid worker": {"in grid"},
    "grid head": {"in other grid"},
    "branch secretary": OF_HERE,
    "head": OF_HERE,
    "worker elsewhere": OF_THERE,
    "supervisor": OF_HERE,
    "supervisor elsewhere": OF_THERE,
    "supervisor of the district": EVERYWHERE,
    "privacy officer": set(),
    "counsellor": set(),
    "mediator": set(),
    "closed account": set(),
    "ended office": set(),
    "administrator": EVERYWHERE | {"nowhere"},
}


@pytest.mark.parametrize("role", FINDS)
def test_who_finds_whom(role):
    town = Town()
    user = town.user(role)
    expected = {town.people[key].pk for key in FINDS[role]}
    if user is not None:
        found = next((found.ids for found in look_scoped(Query("映雪"), user) if found.source.id == "person"), [])
        assert set(found) == expected
    client = worlds.client_for(user)
    answer = client.post(reverse("admin:search"), {"text": "映雪"}, follow=True)
    body = answer.content.decode()
    for person in town.people.values():
        assert (person.name[0] + "<mark>映雪</mark>" in body) is (person.pk in expected), f"{role}: {person.name}"


@pytest.mark.parametrize("role", FINDS)
def test_nobody_finds_a_person_on_the_public_page(role):
    town = Town()
    body = worlds.client_for(town.user(role)).get(reverse("front:search"), {"q": "映雪"}).content.decode()
    assert not any(person.name in body for person in town.people.values())


def test_an_entry_that_lies_about_its_area_shows_nothing():
    """A stale index never leaks: what the list would not show is not shown."""
    town = Town()
    worker = worlds.worker(town.here)
    hidden = town.people["there"]
    entry = ScopedEntry.objects.get(kind="person", object_id=hidden.pk)
    entry.terms |= {f"@a{town.here.pk}"}
    entry.save()
    found = [found for found in look_scoped(Query("周映雪"), worker) if found.ids]
    assert found, "the index names it as a candidate"
    answer = worlds.client_for(worker).post(reverse("admin:search"), {"text": "周映雪"}, follow=True)
    assert answer.context["groups"] == []
    listing = worlds.client_for(worker).post(reverse("admin:people_person_changelist"), {"text": "周映雪"}, follow=True)
    assert list(listing.context["cl"].result_list) == []


def test_a_public_entry_that_should_be_gone_shows_nothing():
    wish = wishes.ordered(wishes.scene())
    PublicEntry.objects.create(kind="wish", object_id=wish.pk, title="修灯", terms=frozenset({"@kwish", "修灯", "灯"}))
    body = worlds.client_for(None).get(reverse("front:search"), {"q": "修灯"}).content.decode()
    assert wish.code not in body


def test_a_public_question_touches_no_scoped_row():
    town = Town()
    wishes.approved(wishes.scene())
    client = worlds.client_for(worlds.worker(town.here))
    with CaptureQueriesContext(connection) as asked:
        look_public(Query("映雪 灯"))
        client.get(reverse("front:search"), {"q": "楼道灯"})
        client.get(reverse("front:search"), {"q": "楼道灯", "in": "wish"})
    assert any(PublicEntry._meta.db_table in query["sql"] for query in asked)
    assert not any(ScopedEntry._meta.db_table in query["sql"] for query in asked)


# What is sealed ------------------------------------------------------------------------------------------------------

SECRET = "密封暗号"


@pytest.mark.parametrize("source", [*keeping.public, *keeping.scoped], ids=lambda source: f"{source.id} {source.label}")
def test_no_sealed_value_of_any_source_enters_the_index(source):
    """Every sealed field of the record, and of everything that it points at, holds one word that nothing else holds."""
    made = make(source.model, sealed=SECRET)
    for field in source.model._meta.fields:
        other = getattr(made, field.name) if field.is_relation else None
        if other is not None:
            for sealed in sealed_fields(type(other)):
                setattr(other, sealed.attname, SECRET)
            other.save()
    changed(made)
    forbidden = cut(SECRET)
    for model in (PublicEntry, ScopedEntry):
        for entry in model.objects.all():
            assert not entry.terms & forbidden, f"{entry.kind} holds a sealed value"
            assert SECRET not in entry.title + entry.rest


def test_control_a_source_that_reads_a_sealed_field_is_found_out(monkeypatch):
    source = keeping.scoped["wish"]
    monkeypatch.setattr(
        type(source),
        "documents",
        property(
            lambda _self: (
                lambda ids: [
                    keeping.Document(object_id=wish.pk, title=wish.details)
                    for wish in source.model.objects.filter(pk__in=ids)
                ]
            )
        ),
        raising=False,
    )
    with pytest.raises(AssertionError, match="holds a sealed value"):
        test_no_sealed_value_of_any_source_enters_the_index(keeping.scoped["wish"])


def test_a_phone_or_an_id_number_in_an_open_column_is_not_found_either():
    here = worlds.community()
    worlds.person(here, name="李15400001234")
    team = worlds.team(here, name="守护队 154 0000 1234")
    for entry in ScopedEntry.objects.all():
        assert not any(sum(char.isdigit() for char in term) > 9 for term in entry.terms if "@" not in term)
    assert "0000" not in ScopedEntry.objects.get(kind="team", object_id=team.pk).terms


def test_the_index_has_no_sealed_column_of_its_own():
    for model in (PublicEntry, ScopedEntry):
        assert not any(isinstance(field, SealedField | BlindIndexField) for field in model._meta.fields)
