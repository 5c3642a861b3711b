"""What comes first, how much is looked at, and that the newest is never lost among many."""

import pytest

from portal.core import changes, clock
from portal.search import looking
from portal.search.looking import look_public, look_scoped
from portal.search.models import PublicEntry
from portal.search.terms import Query
from services.wishes import ordering
from services.wishes.models import Wish
from tests import worlds
from tests.wishes import scenes as wishes

from .scenes import public_ids, scoped_ids

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def titled(here: wishes.Scene, *titles: str, **fields) -> list[int]:
    """Ids of approved wishes with these titles, in this order."""
    return [wishes.approved(here, title=title, **fields).pk for title in titles]


def test_the_best_comes_first():
    here = wishes.scene()
    apart, inside, beside, start, whole = titled(
        here, "灯坏了请人来楼道修", "请人修楼道灯", "给楼道换灯", "楼道灯不亮", "楼道灯"
    )
    assert public_ids("楼道灯") == [whole, start, inside]
    assert public_ids("楼道 灯") == [whole, start, inside, beside, apart]


def test_a_hit_in_the_title_comes_before_one_beside_it():
    here = wishes.scene()
    other, same = titled(here, "修灯", "袁家湾路灯")
    assert public_ids("袁家湾") == [same, other]


def test_of_equals_the_newer_comes_first():
    here = wishes.scene()
    older, newer = titled(here, "陪老人聊天", "陪老人散步")
    assert public_ids("陪老人") == [newer, older]


@pytest.mark.parametrize("typed", ["楼道", "道灯", "灯", "楼", "袁家", "李邻", "维修"])
def test_two_characters_and_one_are_found_anywhere(typed):
    here = wishes.scene()
    [wish] = titled(here, "楼道灯")
    assert public_ids(typed) == [wish]


def test_a_code_is_found_with_and_without_gaps_at_the_desk_and_once_public_by_everybody():
    here = wishes.scene()
    wish = wishes.ordered(here)
    code = wish.code
    for typed in (code, f"{code[:3]} {code[3:6]} {code[6:]}", code[:5], f"{code[:3]}-{code[3:6]}"):
        assert scoped_ids(typed, here.worker, "wish") == [wish.pk], typed
        assert public_ids(typed) == []
    ordering.approve(wish=wish, title="换灯", alias="李邻居", actor=here.worker, at=clock.now())
    assert public_ids(code) == [wish.pk]


class TestBounds:
    @pytest.fixture(autouse=True)
    def few(self, monkeypatch):
        monkeypatch.setattr(looking, "BOUND", 5)
        monkeypatch.setattr(looking, "WINDOW", 8)

    def test_no_more_than_the_bound_and_it_says_so(self):
        titled(wishes.scene(), *[f"修灯{number}" for number in range(6)])
        [found] = [found for found in look_public(Query("修灯")) if found.source.id == "wish"]
        assert (len(found.ids), found.cut) == (5, True)

    def test_with_the_bound_itself_nothing_is_left_out(self):
        titled(wishes.scene(), *[f"修灯{number}" for number in range(5)])
        [found] = [found for found in look_public(Query("修灯")) if found.source.id == "wish"]
        assert (len(found.ids), found.cut) == (5, False)

    def test_the_newest_are_there_however_many_there_are(self):
        made = titled(wishes.scene(), *[f"修灯{number}" for number in range(12)])
        assert public_ids("修灯") == made[:-6:-1]

    def test_a_hit_in_the_title_is_there_however_many_others_there_are(self):
        here = wishes.scene()
        [titled_hit] = titled(here, "袁家湾路灯")
        titled(here, *[f"修灯{number}" for number in range(20)])
        assert public_ids("袁家湾")[0] == titled_hit

    def test_each_kind_has_a_bound_of_its_own(self):
        here = wishes.scene("修灯社区")
        titled(here, *[f"修灯{number}" for number in range(12)])
        assert public_ids("修灯", "community") == [here.community.pk]

    def test_the_bound_is_counted_within_ones_own_areas(self):
        elsewhere = worlds.community("向阳社区", parent=worlds.subdistrict("桂花街道"))
        for number in range(12):
            worlds.person(elsewhere, name=f"罗映雪{number}")
        here = worlds.community()
        mine = worlds.person(here, name="罗映雪")
        assert scoped_ids("映雪", worlds.worker(here)) == [mine.pk]


def test_looking_costs_the_same_for_one_and_for_fifty(django_assert_max_num_queries):
    here = wishes.scene()
    titled(here, "修灯")
    with django_assert_max_num_queries(7):  # three sources; on PostgreSQL a transaction around them
        look_public(Query("修灯"))
    titled(here, *[f"修灯{number}" for number in range(49)])
    with django_assert_max_num_queries(7):
        look_public(Query("修灯"))


def test_nothing_to_look_for_asks_nothing(django_assert_num_queries):
    user = worlds.administrator()
    with django_assert_num_queries(0):
        assert look_public(Query("😀")) == look_scoped(Query("。"), user) == []


def test_an_entry_that_says_too_much_is_still_only_a_candidate():
    """The index may be wrong: ids are all it gives."""
    wish = wishes.ordered(wishes.scene())
    PublicEntry.objects.create(kind="wish", object_id=wish.pk, title="修灯", terms=frozenset({"@kwish", "修灯", "灯"}))
    assert public_ids("修灯") == [wish.pk]
    changes.changed(Wish.objects.get(pk=wish.pk))
    assert public_ids("修灯") == []
