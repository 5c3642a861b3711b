"""办事: everything that can be asked for, by situation, and found by what people call it."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from portal.core.registries import Situation, situations, tiles
from portal.front import doing
from portal.search import calling
from tests import worlds
from tests.wishes import scenes

pytestmark = pytest.mark.django_db
DO = "front:do"


def _labels(query: str, user=None) -> list[str]:
    return [tile.label for tile in doing.find(query, user or worlds.account(worlds.community()))]


def test_every_tile_leads_somewhere_and_stands_under_its_situation():
    here = scenes.scene()
    client = worlds.client_for(here.helper)
    page = client.get(reverse(DO)).content.decode().split("<main")[1]
    for tile in tiles:
        assert tile.for_whom(here.helper), "a volunteer may do everything there is so far"
        head = page.index(f"<h2>{tile.situation}</h2>")
        assert page.index(f'href="{reverse(tile.url_name)}"', head) > head
        assert client.get(reverse(tile.url_name), follow=True).status_code == 200


def test_every_situation_that_has_something_is_shown_and_an_empty_one_is_not(monkeypatch):
    monkeypatch.setitem(situations._entries, "empty", Situation("empty", "没有事的时候", "x"))
    page = worlds.client_for(None).get(reverse(DO)).content.decode()
    used = {tile.situation.id for tile in tiles}
    for situation in situations:
        assert (f"<h2>{situation}</h2>" in page) is (situation.id in used)


def test_what_is_for_some_is_shown_to_them_alone():
    here = scenes.scene()
    tasks = reverse("volunteers:tasks")
    assert f'href="{tasks}"' in worlds.client_for(here.helper).get(reverse(DO)).content.decode()
    for other in (None, here.asker, here.worker):
        assert f'href="{tasks}"' not in worlds.client_for(other).get(reverse(DO)).content.decode()
    assert "我的任务" in _labels("接单", here.helper)
    assert "我的任务" not in _labels("接单", here.asker)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("点单", "我要点单"),
        ("我要修灯", "我要点单"),
        ("灯泡坏了怎么办", "我要点单"),
        ("搬走", "我的家"),
        ("换号", "换手机号"),
        ("志愿者", "当志愿者"),
        ("监护", "替家人办"),
        ("进度", "我的心愿"),
        ("谁看过我的电话", "谁看过我的电话"),
        ("数 字", "查数字"),
        ("ｘ", None),
        ("　", None),
    ],
)
def test_things_are_found_by_what_people_call_them(typed, first):
    found = _labels(typed)
    assert (found[0] if found else None) == first


def test_the_box_leads_to_the_search_that_knows_these_things():
    client = worlds.client_for(None)
    page = client.get(reverse(DO)).content.decode()
    box = page.split('role="search"')[0].rsplit("<form", 1)[1]
    assert f'action="{reverse("front:search")}"' in box and 'method="get"' in box
    found = client.get(reverse("front:search"), {"q": "修灯"}).content.decode()
    assert "可以办的事" in found and f'href="{reverse("wishes:order")}"' in found


@given(st.text(max_size=60))
def test_finding_never_fails_and_finds_each_thing_once(typed):
    class Nobody:
        is_authenticated = False

    found = [tile.label for tile in doing.find(typed, Nobody())]
    assert len(found) == len(set(found))
    assert calling.plain(typed) or not found


def test_in_elder_mode_four_stand_first_and_the_rest_behind_more():
    client = worlds.client_for(None)
    client.cookies["mode"] = "elder"
    page = client.get(reverse(DO)).content.decode().split("<main")[1]
    first, rest = page.split('<details class="more">')
    assert first.count('class="tile"') == doing.BIG
    assert "更多" in rest
    apart = {tile.url for tile in doing.home_tiles(doing.BIG)}
    for group in doing.groups_for(AnonymousUser(), without=doing.home_tiles(doing.BIG)):
        assert f"<h2>{group.situation}</h2>" in rest and f"<h2>{group.situation}</h2>" not in first
    behind = set(re.findall(r'href="([^"]+)"', rest.split("</details>")[0]))
    assert behind and not behind & apart, "what stands first is not said again"


def test_one_tap_calls_the_community_and_the_street_above_it():
    street = worlds.subdistrict()
    type(street).objects.filter(pk=street.pk).update(phone="15400009801")
    worlds.community(phone="15400009800", office_hours="8:30–17:30")
    for address in ("/do/", "/"):
        page = worlds.client_for(None).get(address).content.decode()
        main = page.split("<main")[1].split("</main>")[0]
        assert 'href="tel:15400009800"' in main and 'href="tel:15400009801"' in main
        assert "月塘街道" in main


def test_it_costs_the_same_whoever_reads_it(django_assert_max_num_queries):
    here = scenes.scene()
    client = worlds.client_for(here.helper)
    with django_assert_max_num_queries(9):
        client.get(reverse(DO))
