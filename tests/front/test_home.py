"""The front page: filled from what rooms registered, for a visitor, for somebody signed in, for an empty community."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.core import clock
from portal.core.registries import Call, Directory, Happening, Source, directories, news, weeks
from portal.front import happening
from portal.people import tying
from portal.people.choosing import COOKIE
from portal.people.models import Residency
from portal.places.models import Area
from services.wishes import home as wishes_home
from tests import worlds
from tests.wishes import scenes

pytestmark = pytest.mark.django_db


def _main(client, at: Area | None = None) -> str:
    if at is not None:
        client.cookies[COOKIE] = str(at.pk)
    return client.get("/").content.decode().split("<main")[1].split("</main>")[0]


# What anybody sees ---------------------------------------------------------------------------------------------------


def test_neighbours_who_wait_and_what_was_done_by_title_and_alias_alone():
    here = scenes.scene()
    scenes.dispatched(here, title="修一把椅子")
    scenes.approved(here, title="还没派的单")
    scenes.dispatched(here, to="named", volunteer=here.volunteer, title="派给一个人的")
    scenes.closed(here, title="教用手机", at=clock.now() - dt.timedelta(days=3))
    page = _main(worlds.client_for(None))
    waiting, done = page.split("<h2>最近办成的</h2>")
    assert "邻居在等帮忙" in waiting and "修一把椅子" in waiting and "李邻居" in waiting
    assert "教用手机" in done and "已办结" in done
    for word in ("还没派的单", "派给一个人的", "二楼楼道的灯坏了", "2栋201", here.asker.person.name, here.asker.phone):
        assert word not in page


def test_nothing_of_another_community_stands_here():
    here, there = scenes.scene(), scenes.scene("向阳社区")
    scenes.dispatched(there, title="那边的一件")
    scenes.closed(there, title="那边办成的")
    page = _main(worlds.client_for(None), here.community)
    assert "那边" not in page


def test_what_was_done_long_ago_is_no_news():
    here = scenes.scene()
    scenes.closed(here, title="去年的一件", at=clock.now() - dt.timedelta(days=200))
    page = _main(worlds.client_for(None))
    assert "最近办成的" not in page and "去年的一件" not in page
    assert "件微心愿已完成" in page, "it counts all the same"


def test_an_empty_community_promises_nothing_and_says_where_to_begin():
    worlds.community()
    page = _main(worlds.client_for(None))
    assert "袁家湾社区还没有办成的事" in page
    for words in ("这一周", "邻居在等帮忙", "最近办成的", "我们做到的", "社区新闻"):
        assert words not in page
    assert page.count('class="tile"') == 8


def test_a_community_with_something_is_not_called_new():
    here = scenes.scene()
    scenes.dispatched(here)
    assert "还没有办成的事" not in _main(worlds.client_for(None))


def test_dated_things_of_all_rooms_are_one_week_and_a_room_with_a_title_stands_apart(monkeypatch):
    home, now = worlds.community(), clock.now()

    def line(title: str, days: int | None) -> Happening:
        return Happening(title, at=now + dt.timedelta(days=days) if days is not None else None)

    for registry in (weeks, news):
        monkeypatch.setattr(registry, "_entries", {})
    weeks.add(Source("a", lambda *_: [line("周末的", 3), line("没有日子的", None)], more="front:figures"))
    weeks.add(Source("b", lambda *_: [line("明天的", 1)], more_label="不用"))
    weeks.add(Source("c", lambda *_: [line("另起一块", None)], title="另一块"))
    weeks.add(Source("d", lambda *_: [], title="没有内容的一块"))
    news.add(Source("e", lambda *_: [line("旧的", -5), line("新的", -1)]))
    week = happening.week_of(home, now)
    assert [(block.title, [one.title for one in block.lines]) for block in week] == [
        ("这一周", ["明天的", "周末的", "没有日子的"]),
        ("另一块", ["另起一块"]),
    ]
    assert week[0].more_url == "/figures/"
    assert [one.title for one in happening.news_of(home, now)[0].lines] == ["新的", "旧的"]
    page = _main(worlds.client_for(None))
    assert "没有内容的一块" not in page and page.index("明天的") < page.index("周末的") < page.index("另起一块")


def test_a_number_stands_once_however_many_rooms_list_it(monkeypatch):
    home = worlds.community(phone="15400009700")
    monkeypatch.setitem(
        directories._entries,
        "more",
        Directory("more", lambda _place: [Call("又一遍", "15400009700"), Call("水电维修", "15400009701", "随时")]),
    )
    assert [call.title for call in happening.calls_of(home, clock.now())] == ["打电话给社区", "水电维修"]


def test_a_community_without_a_phone_says_where_to_go():
    worlds.community()
    assert "电话还没有登记，请到社区服务窗口来" in _main(worlds.client_for(None))


# Who has not chosen a community ---------------------------------------------------------------------------------------


def test_who_has_chosen_no_community_sees_the_city_and_can_call():
    here, there = scenes.scene(), scenes.scene("向阳社区")
    street = here.community.parent
    type(street).objects.filter(pk=street.pk).update(phone="15400009801")
    scenes.dispatched(here, title="修一把椅子")
    scenes.dispatched(there, title="陪着去医院")
    for one in (here, there):
        scenes.closed(one, title="教用手机", at=clock.now() - dt.timedelta(days=30))
    page = _main(worlds.client_for(None))
    assert "先告诉我们您住在哪个社区" in page and page.index("先告诉我们") < page.index("修一把椅子")
    for title, place in (("修一把椅子", "袁家湾社区"), ("陪着去医院", "向阳社区")):
        line = page.split(title)[1].split("</li>")[0]
        assert place in line, "each line says of which community it is"
    assert 'fig__value"><span class="nowrap">2</span>' in page and "件微心愿已完成" in page
    assert 'href="tel:15400009801"' in page


def test_the_week_counts_what_there_was_and_says_nothing_of_nothing():
    here = scenes.scene()
    assert "这一周" not in _main(worlds.client_for(None))
    scenes.closed(here, at=clock.now() - dt.timedelta(days=8))
    assert "这一周" not in _main(worlds.client_for(None)), "what was done last week is not this one's"
    scenes.closed(here, minutes=50)
    scenes.ordered(here)  # not reviewed: nobody reads of it
    week = _main(worlds.client_for(None)).split('aria-label="这一周"')[1].split("</section>")[0]
    assert "办成了 1 件" in week and "50 分钟" in week and "新提的心愿 1 件" in week


def test_a_week_has_no_more_questions_for_more_wishes(django_assert_num_queries):
    here = scenes.scene()
    for _wish in range(3):
        scenes.closed(here)
    with django_assert_num_queries(1):
        assert len(wishes_home._week(here.community, clock.now(), 5)) == 2


def test_the_header_of_a_wide_screen_leads_to_the_messages_and_counts_them():
    here = scenes.scene()
    scenes.ordered(here)
    header = worlds.client_for(here.asker).get("/figures/").content.decode().split("<header")[1].split("</header>")[0]
    assert 'href="/messages/"' in header and "，1 条未读" in header and 'href="/search/"' in header
    visitor = worlds.client_for(None).get("/").content.decode()
    assert "/messages/" not in visitor.split("</header>")[0].split("<header")[1]
    footer = visitor.split("<footer")[1]
    assert '<a href="/search/">' in footer, "in 关怀版 too"


# What waits for the reader -------------------------------------------------------------------------------------------


def test_what_waits_for_the_reader_stands_on_top_the_own_turn_first():
    here = scenes.scene()
    scenes.ordered(here)
    scenes.completed(here, title="办完等评价")
    page = _main(worlds.client_for(here.asker))
    block = page.split('class="tiles"')[0]
    assert "等您办的" in block
    assert block.index("办完等评价") < block.index("在办的") < block.index("二楼楼道"), "what the desk has stands apart"
    assert "前评价，过期自动办结" in block and "前给您回话" in block


def test_what_only_runs_is_not_said_to_wait_for_the_reader():
    here = scenes.scene()
    scenes.ordered(here)
    page = _main(worlds.client_for(here.asker))
    assert "<h2>在办的</h2>" in page and "等您办的" not in page


def test_a_volunteer_finds_what_is_in_their_hands():
    here = scenes.scene()
    scenes.claimed(here, title="手上这件")
    scenes.dispatched(here, to="named", volunteer=here.volunteer, title="点名派来的")
    block = _main(worlds.client_for(here.helper)).split('class="tiles"')[0]
    assert "等您办的" in block and "手上这件" in block and "点名派来的" in block


def test_a_claim_to_a_home_waits_with_its_term():
    home = worlds.community()
    user = worlds.account(home)
    household = worlds.household(worlds.building(home))
    own = {"household": household, "since": clock.today(), "actor_id": user.pk, "actor_part": "requester"}
    tying.claim_home(person=user.person, kind=Residency.Kind.OWNER, at=clock.now(), **own)
    block = _main(worlds.client_for(user)).split('class="tiles"')[0]
    assert block.count(str(household)) == 1 and "前核对" in block and "业主、产权人" in block


def test_nobody_sees_what_waits_for_another():
    here = scenes.scene()
    scenes.ordered(here)
    scenes.completed(here, title="别人的一件")
    for other in (None, worlds.account(here.community), here.worker, worlds.administrator()):
        block = _main(worlds.client_for(other), here.community).split('class="tiles"')[0]
        assert "别人的一件" not in block and "二楼" not in block
        assert "等您办的" not in block and "在办的" not in block


def test_settled_things_wait_for_nobody():
    here = scenes.scene()
    scenes.closed(here)
    assert "在办的" not in _main(worlds.client_for(here.asker)).split('class="tiles"')[0]


# What it costs -------------------------------------------------------------------------------------------------------


def _cost(client) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get("/")
    return len(captured)


def test_home_costs_the_same_however_much_there_is():
    here = scenes.scene()
    visitor, asker = worlds.client_for(None), worlds.client_for(here.asker)
    visitor.cookies[COOKIE] = str(here.community.pk)

    def more(count: int) -> None:
        for _number in range(count):
            scenes.dispatched(here)
            scenes.closed(here)
            scenes.ordered(here)

    more(1)
    before = _cost(visitor), _cost(asker)
    more(7)
    assert (_cost(visitor), _cost(asker)) == before
    assert before[0] <= 6 and before[1] <= 20
