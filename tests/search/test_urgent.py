"""Words of danger lead to the numbers that help, above everything; other words of people's own lead somewhere."""

import datetime as dt
import itertools
import re

import pytest
from django.contrib.auth.models import AnonymousUser
from hypothesis import given
from hypothesis import strategies as st

from portal.core import clock
from portal.front.searching import to_do
from portal.places.models import Building, Estate
from portal.search.looking import Candidates
from portal.search.showing import _in_order
from portal.search.urgent import urgent, urgent_for
from services.wishes.models import Wish
from tests import worlds
from tests.wishes import scenes

pytestmark = pytest.mark.django_db


def _numbers(typed: str) -> list[str]:
    page = worlds.client_for(None).get("/search/", {"q": typed}).content.decode().split("<main")[1]
    return re.findall(r'class="sos__call[^"]*" href="tel:(\d+)"', page)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("火灾", "119"),
        ("着火", "119"),
        ("家里着火了怎么办", "119"),
        ("119", "119"),
        ("煤气", "119"),
        ("漏气", "119"),
        ("摔倒了", "120"),
        ("老人晕倒了", "120"),
        ("１２０", "120"),
        ("触电", "120"),
        ("救命", "110"),
        ("110", "110"),
    ],
)
def test_danger_shows_all_three_the_first_to_call_first(typed, first):
    found = _numbers(typed)
    assert found[0] == first and set(found) == {"119", "120", "110"}


def test_they_stand_above_whatever_else_is_found_and_nobody_is_sent_to_order():
    here = scenes.scene()
    scenes.approved(here, title="煤气灶打不着火")
    page = worlds.client_for(None).get("/search/", {"q": "煤气"}).content.decode()
    assert "有危险先打电话" in page and "不要开灯" in page
    assert page.index("tel:119") < page.index("煤气</mark>灶")
    nothing = worlds.client_for(None).get("/search/", {"q": "触电"}).content.decode()
    assert "没有找到" not in nothing
    assert nothing.index("打电话问社区") < nothing.index("我要点单")


@pytest.mark.parametrize("typed", ["停水", "投诉"])
def test_what_the_city_answers_at_any_hour_is_no_danger(typed):
    assert _numbers(typed) == ["12345"]
    assert "有危险" not in worlds.client_for(None).get("/search/", {"q": typed}).content.decode()


@pytest.mark.parametrize("typed", ["修灯", "1120", "1190号", "", "火锅", "心愿"])
def test_nobody_is_frightened_for_nothing(typed):
    assert urgent_for(typed) is None


def test_every_registered_word_leads_to_its_own_or_an_earlier_one():
    order = [one.id for one in urgent]
    for one in urgent:
        for word in str(one.words).split():
            found = urgent_for(word)
            assert found is not None and order.index(found.id) <= order.index(one.id), word


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("字太小", "关怀版"),
        ("字小", "关怀版"),
        ("停水", "我要点单"),
        ("微信", "我要点单"),
        ("打车", "我要点单"),
        ("吵架", "找人帮忙"),
        ("网格员", "找人帮忙"),
        ("钥匙", "找人帮忙"),
        ("房东", "找人帮忙"),
        ("睡不着", "找人帮忙"),
        ("法律", "找人帮忙"),
        ("查单号", "我的心愿"),
        ("单号", "我的心愿"),
    ],
)
def test_peoples_own_words_lead_to_an_answer(typed, label):
    assert to_do(typed, AnonymousUser())[0].label == label


@pytest.mark.parametrize("typed", ["打电话", "法律"])
def test_the_small_print_about_data_is_no_result(typed):
    page = worlds.client_for(None).get("/search/", {"q": typed}).content.decode()
    assert "个人信息怎么用 <" not in page and "校验值" not in page


def test_words_about_data_find_it_in_words_one_can_read():
    page = worlds.client_for(None).get("/search/", {"q": "隐私"}).content.decode()
    assert 'id="group-privacy"' in page and "收哪些信息、谁能看、留多久" in page


# Estates and buildings -----------------------------------------------------------------------------------------------


def _found(typed: str) -> list[str]:
    page = worlds.client_for(None).get("/search/", {"q": typed}).content.decode()
    return [re.sub(r"<[^>]+>", "", title) for title in re.findall(r'class="row__title"[^>]*>(.*?)</a>', page, re.S)]


def test_an_estate_and_a_building_lead_to_their_community():
    home = worlds.community("向阳社区")
    estate = Estate.objects.create(community=home, name="五公司小区")
    Building.objects.create(community=home, estate=estate, name="15栋")
    assert _found("五公司")[0] == "五公司小区" and "五公司小区15栋" not in _found("五公司")
    assert _found("五公司小区")[0] == "五公司小区"
    assert _found("15栋") == ["五公司小区15栋"]
    assert _found("五公司小区15栋")[0] == "五公司小区15栋"
    page = worlds.client_for(None).get("/search/", {"q": "15栋"}).content.decode()
    assert "换到向阳社区" in page and "/community/?q=" in page


def test_a_home_of_ones_own_and_a_closed_community_are_not_found():
    home, closed = worlds.community("向阳社区"), worlds.community("未开通社区", in_service=False)
    Building.objects.create(community=home, kind=Building.Kind.SELF_BUILT, name="月塘路77号")
    estate = Estate.objects.create(community=closed, name="九公司小区")
    Building.objects.create(community=closed, estate=estate, name="88栋")
    assert "月塘路77号" not in _found("77号")
    assert "九公司小区" not in _found("九公司") and "九公司小区88栋" not in _found("88栋")
    closed.in_service = True
    closed.save()
    assert "九公司小区" in _found("九公司"), "the index follows the community"


# Order ---------------------------------------------------------------------------------------------------------------


def test_of_equally_good_wishes_the_open_and_then_the_newest_come_first():
    here, now = scenes.scene(), clock.now()
    days = {"修甲灯": 21, "修乙灯": 20, "修丙灯": 5, "请人修丁灯": 19, "修戊灯": 22}
    for title, day in days.items():
        wish = scenes.approved(here, title=title)
        Wish.objects.filter(pk=wish.pk).update(created_at=now - dt.timedelta(days=60 - day))
    done = scenes.closed(here, title="修己灯")
    Wish.objects.filter(pk=done.pk).update(created_at=now)
    page = worlds.client_for(None).get("/search/", {"q": "修", "in": "wish"}).content.decode()
    shown = [re.sub(r"<[^>]+>", "", title) for title in re.findall(r'class="row__title"[^>]*>(.*?)</a>', page, re.S)]
    assert shown == ["修戊灯", "修甲灯", "修乙灯", "请人修丁灯", "修丙灯", "修己灯"]


@given(
    places=st.dictionaries(st.integers(1, 50), st.integers(0, 3), min_size=1),
    order=st.randoms(use_true_random=False),
)
def test_relevance_decides_first_and_the_rows_own_order_within_it(places, order):
    rows = list(places)
    order.shuffle(rows)
    shown = _in_order(Candidates(source=None, ids=sorted(places), relevance=places), rows)
    assert sorted(shown) == sorted(rows)
    for before, after in itertools.pairwise(shown):
        assert (places[before], rows.index(before)) < (places[after], rows.index(after))
