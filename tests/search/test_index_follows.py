"""The index is at every moment what a fresh one would be: over the whole sample world and after real acts of every
room, and not when the hook is taken off."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from alliance.volunteers.models import Team
from portal.core import changes, clock, sample_world
from portal.people import merging, tying
from portal.people.models import Person, PersonArea
from portal.places.models import Estate
from portal.search import keeping
from portal.search.models import PublicEntry, ScopedEntry
from services.wishes import erasing, ordering
from services.wishes.models import Wish, WishKind
from tests import worlds
from tests.wishes import scenes as wishes

from .scenes import differing, everything, public_ids, scoped_ids

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.mark.postgres(only=True)  # on SQLite tests/demo/test_world.py asks the same of the world that it has
def test_the_whole_sample_world_is_in_the_index():
    sample_world.build(sample_world.World(anchor=clock.today(), built_at=clock.now()))
    assert differing() == []
    standing = everything()
    assert len(standing) > 300
    PublicEntry.objects.all().delete()
    ScopedEntry.objects.all().delete()
    keeping.rebuild()
    assert everything() == standing


def act_on_everything() -> None:
    """Real acts of every room, each on records that the index holds."""
    here = wishes.scene()
    elsewhere = worlds.community("向阳社区", parent=worlds.subdistrict("桂花街道"))
    grid = worlds.grid(here.community)
    at = clock.now()
    # Words beside the title of these two change first: what comes later would hide whether that was noticed.
    wishes.approved(here)
    wishes.approved(here, slug="company")
    here.community.name = "袁家湾新社区"
    here.community.save()
    kind = WishKind.objects.get(slug="repair")
    kind.name = "修修补补"
    kind.save()
    approved = wishes.approved(here, title="换一盏楼道灯")
    ordering.retitle(wish=approved, title="换两盏楼梯灯", alias="李邻居", actor=here.worker, at=at)
    ordering.withdraw(wish=wishes.approved(here), actor=here.asker, actor_part="requester", at=at)
    ordering.decline(wish=wishes.ordered(here), reason="不在范围", actor=here.worker, at=at)
    wishes.closed(here)
    wishes.closed(here, at=at - dt.timedelta(days=4000))
    erasing.erase_due(at=at)

    renamed = worlds.person(here.community, name="罗秀英")
    renamed.name = "罗秀珍"
    renamed.save()
    PersonArea.note(person_id=renamed.pk, community_id=elsewhere.pk)
    PersonArea.note(person_id=renamed.pk, community_id=here.community.pk, grid_id=grid.pk)
    merging.merge(person=worlds.person(elsewhere, name="罗秀珍"), into=renamed, actor=None, at=at, reason="核对证件")
    apart = worlds.person(elsewhere, name="罗秀珍")
    merging.merge(person=apart, into=renamed, actor=None, at=at, reason="核对证件")
    merging.undo(person=apart, actor=None, at=at, reason="不是同一人")
    served = here.volunteer.person
    served.name = "何守望"
    served.save()

    estate = Estate.objects.create(community=here.community, name="月塘小区")
    building = worlds.building(here.community, name="7栋", estate=estate, grid=grid)
    worlds.building(here.community, name="8栋", estate=estate)
    household = worlds.household(building, unit="2", number="302")
    estate.name = "新月塘小区"
    estate.save()
    building.name = "17栋"
    building.save()
    claimed = tying.claim_residency(
        person=apart,
        household=household,
        kind="tenant",
        since=clock.today(),
        actor_id=None,
        actor_part="requester",
        at=at,
    )
    tying.confirm(tie=claimed, actor=None, at=at)
    team = worlds.team(here.community, name="守护一队")
    team.name = "守护二队"
    team.save()


def test_after_every_act_it_is_what_a_fresh_one_would_be():
    act_on_everything()
    assert differing() == []


def test_control_with_the_hook_off_it_is_not(monkeypatch):
    monkeypatch.setattr(changes, "_HANDLERS", {})
    act_on_everything()
    assert len(differing()) >= 7


HOOKS = ["wishes.wish", "wishes.wishkind", "people.person", "places.building", "places.estate", "places.area"]


@pytest.mark.parametrize("label", [*HOOKS, "volunteers.team"])
def test_control_each_hook_is_needed(monkeypatch, label):
    monkeypatch.setitem(changes._HANDLERS, label, [])
    act_on_everything()
    assert differing()


class TestAtOnce:
    """What somebody would notice, act by act."""

    def test_a_wish_is_found_from_its_approval_until_it_is_withdrawn(self):
        here = wishes.scene()
        wish = wishes.ordered(here)
        assert public_ids("楼道灯") == []
        ordering.approve(wish=wish, title="换楼道灯", alias="李邻居", actor=here.worker, at=clock.now())
        assert public_ids("楼道灯") == [wish.pk]
        ordering.retitle(wish=wish, title="修感应灯", alias="李邻居", actor=here.worker, at=clock.now())
        assert (public_ids("楼道灯"), public_ids("感应灯")) == ([], [wish.pk])
        ordering.withdraw(wish=wish, actor=here.asker, actor_part="requester", at=clock.now())
        assert public_ids("感应灯") == []

    def test_an_act_that_is_undone_leaves_the_index_as_it_was(self):
        here = wishes.scene()
        wish = wishes.ordered(here)
        with pytest.raises(RuntimeError), transaction.atomic():
            ordering.approve(wish=wish, title="换楼道灯", alias="李邻居", actor=here.worker, at=clock.now())
            assert public_ids("楼道灯") == [wish.pk]
            raise RuntimeError
        assert public_ids("楼道灯") == []

    def test_a_person_is_found_by_the_new_name_and_no_more_by_the_old(self):
        here = wishes.scene()
        person = worlds.person(here.community, name="罗映雪")
        assert scoped_ids("映雪", here.worker) == [person.pk]
        person.name = "罗听涛"
        person.save(update_fields=["name"])
        assert (scoped_ids("映雪", here.worker), scoped_ids("听涛", here.worker)) == ([], [person.pk])

    def test_a_merged_record_is_found_as_the_one_that_stands_and_again_as_itself_when_undone(self):
        here = wishes.scene()
        one, other = (worlds.person(here.community, name="罗映雪") for _ in "ab")
        merging.merge(person=one, into=other, actor=None, at=clock.now(), reason="核对证件")
        other.refresh_from_db()
        other.name = "罗影雪"
        other.save()
        assert scoped_ids("映雪", here.worker) == [other.pk]
        merging.undo(person=one, actor=None, at=clock.now(), reason="不是同一人")
        assert scoped_ids("映雪", here.worker) == [one.pk]
        assert scoped_ids("影雪", here.worker) == [other.pk]

    def test_who_comes_to_belong_to_a_community_is_found_there_at_once(self):
        here = wishes.scene()
        elsewhere = worlds.community("向阳社区", parent=worlds.subdistrict("桂花街道"))
        person = worlds.person(elsewhere, name="罗映雪")
        assert scoped_ids("映雪", here.worker) == []
        PersonArea.note(person_id=person.pk, community_id=here.community.pk)
        assert scoped_ids("映雪", here.worker) == [person.pk]

    def test_an_erased_person_is_found_by_nobody(self):
        here = wishes.scene()
        person = worlds.person(here.community, name="罗映雪")
        Person.objects.filter(pk=person.pk).update(name="（已清除）", erased_on=clock.today())
        changes.changed(person)
        assert scoped_ids("映雪", here.worker) == scoped_ids("清除", here.worker) == []
        assert not ScopedEntry.objects.filter(kind="person", object_id=person.pk).exists()

    def test_what_is_deleted_is_gone(self):
        team = worlds.team(worlds.community(), name="守护一队")
        admin = worlds.administrator()
        assert scoped_ids("守护", admin, "team") == [team.pk]
        Team.objects.get(pk=team.pk).delete()
        assert scoped_ids("守护", admin, "team") == []

    def test_nothing_is_written_where_nothing_is_new(self):
        wish = wishes.approved(wishes.scene())
        with CaptureQueriesContext(connection) as asked:
            changes.changed(Wish.objects.get(pk=wish.pk))
        assert {query["sql"].split()[0] for query in asked} == {"SELECT", "SAVEPOINT", "RELEASE"}
