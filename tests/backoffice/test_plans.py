"""On PostgreSQL no page of the desk, none of 我的, and nothing that the clock erases reads a big table in order."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from bench.desk.city import BASE, fill
from portal.core import clock
from portal.core.models import AuditEntry, StoredFile, Transition
from portal.people import retaining
from portal.people.models import Guardianship, Ownership, Person, PersonArea, Residency, RoleKind, User
from portal.places.models import Household
from services.wishes.models import Wish, WishKind
from tests import worlds
from tests.plans import analyze, in_order, plans

from .desks import page

pytestmark = [pytest.mark.django_db, pytest.mark.postgres(only=True)]
MANY = 30_000
BIG = (
    "people_person",
    "people_personarea",
    "people_user",
    "people_residency",
    "people_ownership",
    "people_guardianship",
    "wishes_wish",
    "core_auditentry",
    "core_transition",
    "core_storedfile",
)


class Town:
    """Two communities with many people each, their homes, wishes and records."""

    def __init__(self) -> None:
        street = worlds.subdistrict()
        self.home, self.other = (worlds.community(f"样本{n}社区", parent=street) for n in (1, 2))
        at = f"CASE WHEN g % 100 = 0 THEN {self.home.pk} ELSE {self.other.pk} END"
        building = worlds.building(self.home)
        fill(Person, MANY, name="'王' || g", community_id=at, created_at="now() - 2000 * interval '1 day'")
        fill(PersonArea, MANY, person_id=f"{BASE} + g", community_id=at)
        fill(User, MANY // 3, username="'b' || g", person_id=f"{BASE} + g", is_active="TRUE", elder_text="22")
        fill(Household, MANY // 2, building_id=str(building.pk), unit="'1'", number="'n' || g")
        state = "CASE WHEN g % 300 = 0 THEN 'claimed' WHEN g % 100 = 1 THEN 'ended' ELSE 'confirmed' END"
        tie = {"person_id": f"{BASE} + g", "household_id": f"{BASE} + 1 + g / 2", "state": state}
        tie |= {"due_on": "current_date", "channel": "'online'"}
        fill(Residency, MANY - 2, kind="'family'", **tie)
        fill(Ownership, MANY - 2, share_numerator="1", share_denominator="1", **tie)
        fill(Guardianship, MANY // 3, child_id=f"{BASE} + g", guardian_id=f"{BASE} + g + 9000", relation="'母亲'")
        kind = WishKind.objects.values_list("pk", flat=True)[0]
        fill(
            Wish, MANY, code="(200000000 + g)::text", kind_id=str(kind), community_id=at, subject_id=f"{BASE} + g",
            asker_id=f"{BASE} + g", channel="'online'", state="'withdrawn'",
        )  # fmt: skip
        about = {"subject_type": "'wishes.wish'", "subject_id": f"{BASE} + g", "actor_id": f"{BASE} + g"}
        fill(AuditEntry, MANY, verb="'wish.visited'", **about)
        fill(Transition, MANY, name="'withdraw'", source="'pending_review'", target="'withdrawn'", **about)
        fill(StoredFile, MANY, content="'x/' || g", owner_id=f"{BASE} + g", content_type="'image/webp'")
        analyze()


@pytest.fixture(scope="module")
def town(django_db_setup, django_db_blocker) -> Iterator[Town]:
    """Built once for all tests of this file, in a transaction that is never committed."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Town()
        transaction.set_rollback(True)


def test_no_list_and_no_page_of_the_desk_reads_a_big_table_in_order(town) -> None:
    person = Person.objects.filter(community=town.home).order_by("-pk")[0]
    pages = [
        page("people.residency", "changelist"),
        page("people.residency", "changelist") + "?state__exact=claimed",
        page("people.ownership", "changelist"),
        page("people.guardianship", "changelist"),
        page("people.person", "change", person.pk),
        "/admin/",
    ]
    for user in (worlds.administrator(), worlds.staff(RoleKind.WORKER, town.home)):
        client = worlds.client_for(user)
        for url in pages:
            with plans(*BIG) as found:
                assert client.get(url).status_code == 200, url
            read = in_order([plan for plan in found if "Limit" not in plan.split("\n")[1]], *BIG)
            assert not read, f"{user} {url}: {read[0]}"


def test_my_data_reads_no_big_table_in_order(town) -> None:
    client = worlds.client_for(User.objects.get(pk=BASE + 7))
    with plans(*BIG) as found:
        assert client.get("/me/data/").status_code == 200
    assert len(found) > 10
    assert not in_order(found, *BIG), in_order(found, *BIG)[0]


def test_the_clock_looks_at_a_part_of_the_people_and_at_no_table_whole(town, monkeypatch) -> None:
    monkeypatch.setattr(retaining, "AN_HOUR", 200)
    monkeypatch.setattr(retaining, "BATCH", 5)
    for erase in (retaining.erase_left, retaining.erase_ties, retaining.erase_relations):
        with plans(*BIG) as found:
            erase(at=clock.now())
        assert found
        assert not in_order(found, *BIG), f"{erase.__name__}: {in_order(found, *BIG)[0]}"
