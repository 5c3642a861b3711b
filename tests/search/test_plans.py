"""On PostgreSQL no search reads a table in order: neither for a rare word nor for one that every third entry holds,
not for a whole district, not for the newest of many, not for what is written after each change."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from portal.backoffice import indexed
from portal.core import changes
from portal.people.models import Person, PersonArea, RoleKind
from portal.search import keeping, looking
from portal.search.looking import look_public, look_scoped
from portal.search.models import ScopedEntry
from portal.search.terms import Query
from tests import worlds
from tests.plans import analyze, in_order, plans
from tests.wishes import scenes as wishes

from . import big

pytestmark = [pytest.mark.django_db, pytest.mark.postgres(only=True)]
ENTRIES = 12_000
RARE, COMMON, ONE, CODE = "王秀英", "小区", "王", "123 456 789"
TYPED = [RARE, "秀英", COMMON, ONE, CODE, "楼道灯", "维修", "社区", "王家湾", "修 王家湾社区", "1", "3栋2单元"]


@pytest.fixture(scope="class")
def full(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Many entries, and the planner knows of them; for all tests of a class, in a transaction never committed."""
    with django_db_blocker.unblock(), transaction.atomic():
        big.fill(ENTRIES)
        analyze()
        yield
        transaction.set_rollback(True)


INDEX = ("search_scopedentry", "search_publicentry")


def users() -> list[Any]:
    """The administrator; a supervisor of a quarter of the city; one grid's worker."""
    made, home = [], worlds.community()
    for kind, held_at, number in (
        (RoleKind.SUPERVISOR, home.parent, 10),
        (RoleKind.WORKER, home, 1000),
        (RoleKind.GRID_WORKER, worlds.grid(home), 10_000),
    ):
        user = worlds.staff(kind, held_at)
        # The areas of the big index are numbers alone; the office is held at one of them.
        user.__dict__["current_roles"] = [user.roles.model(kind=kind, area_id=big.FIRST_AREA + number)]
        made.append(user)
    return [worlds.administrator(), *made]


def _watched(asked: list[str]) -> Any:
    more = looking._more

    def watched(model, source, query, frame, bound):
        asked.append(source.id)
        return more(model, source, query, frame, bound)

    return watched


@pytest.mark.usefixtures("full")
class TestInABigIndex:
    def test_no_search_reads_a_table_in_order(self):
        for user in users():
            for typed in TYPED:
                with plans(*INDEX) as found:
                    look_scoped(Query(typed), user)
                assert len(found) >= len(list(keeping.scoped))
                assert not in_order(found), f"{typed}: {in_order(found)[0]}"
        for typed in TYPED:
            with plans(*INDEX) as found:
                look_public(Query(typed))
            assert found and not in_order(found), f"{typed}: {in_order(found)[0]}"

    def test_the_newest_of_many_are_found_by_the_index_too(self, monkeypatch):
        """Each common word goes through both further looks."""
        asked = []
        monkeypatch.setattr(looking, "_more", _watched(asked))
        with plans(*INDEX) as found:
            look_scoped(Query(COMMON), worlds.administrator())
            look_scoped(Query("社区"), worlds.administrator())
            look_public(Query("社区"))
        assert set(asked) >= {"household", "wish"}
        assert not in_order(found)

    def test_control_without_its_index_it_would(self):
        with connection.cursor() as cursor:
            cursor.execute('DROP INDEX "search_scopedentry_gin"')
        with plans(*INDEX) as found:
            look_scoped(Query(RARE), worlds.administrator())
        assert in_order(found)

    def test_control_left_to_itself_the_planner_reads_it_for_a_common_word(self):
        wanted = looking.AllOf((looking.marks.kind("household"), Query(COMMON).node))
        with plans(*INDEX) as found:
            list(ScopedEntry.objects.asking(wanted).only("object_id")[:20])
        assert in_order(found)

    def test_what_changed_is_written_without_reading_the_table(self):
        here = wishes.scene()
        wish = wishes.approved(here)
        with plans(*INDEX) as found:
            changes.changed(here.asker.person, wish)
            worlds.person(here.community, name="罗映雪")
        assert len(found) >= 4
        assert not in_order(found)

    def test_after_a_search_the_planner_is_as_it_was(self):
        look_public(Query(RARE))
        with connection.cursor() as cursor:
            cursor.execute("SHOW enable_seqscan")
            assert cursor.fetchone() == ("on",)


def test_a_list_of_people_is_searched_without_reading_the_people():
    here = worlds.community()
    made = Person.objects.bulk_create(
        [Person(name=row["title"], community=here) for row in big.rows(20_000) if row["kind"] == "person"],
        batch_size=2000,
    )
    PersonArea.objects.bulk_create([PersonArea(person=person, community=here) for person in made], batch_size=2000)
    keeping.rebuild()
    analyze()
    by = indexed.ways(Person, ("name",))
    for user in (worlds.administrator(), worlds.worker(here)):
        for typed in (made[0].name, ONE, made[0].name[:2]):
            with plans("people_person", *INDEX) as found:
                rows, _cut = indexed.narrowed(Person.objects.live(), by=by, text=typed, user=user)
                list(rows.order_by("-id")[:50])
            assert len(found) >= 2
            assert not in_order(found), in_order(found)[0]
    with plans("people_person") as found:
        list(Person.objects.live().filter(name__icontains="秀英").order_by("name")[:50])
    assert in_order(found), "the control: looking into every name reads the table"
