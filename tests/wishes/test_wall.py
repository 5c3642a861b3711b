"""The wall by what waits, by what is done, and by days: whatever the order in which wishes were stored."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from portal.core import clock
from portal.people.choosing import COOKIE
from services.wishes import ordering
from services.wishes.models import Wish
from services.wishes.timeline import timeline
from services.wishes.views import reading
from tests import worlds

from . import scenes

pytestmark = pytest.mark.django_db
WALL = reverse("wishes:wall")


def _titles(client, query: str = "") -> list[str]:
    return re.findall(r'class="wish__title"><a href="[^"]+">([^<]+)</a>', client.get(WALL + query).content.decode())


def _older(client, query: str = "", rel: str = "next") -> str:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', client.get(WALL + query).content.decode())
    return found[1].replace("&amp;", "&") if found else ""


def _asked(wish: Wish, days_ago: int) -> None:
    Wish.objects.filter(pk=wish.pk).update(created_at=clock.now() - dt.timedelta(days=days_ago))


def test_it_opens_with_what_waits_for_a_volunteer():
    here = scenes.scene()
    scenes.closed(here, title="办好的一件")
    scenes.claimed(here, title="正在办的一件")
    scenes.completed(here, title="等评价的一件")
    scenes.approved(here, title="等派的一件")
    scenes.dispatched(here, title="等接的一件")
    client = worlds.client_for(None)
    assert _titles(client) == ["等接的一件", "等派的一件"]
    assert _titles(client, "?state=in_service") == ["等评价的一件", "正在办的一件"]
    assert _titles(client, "?state=closed") == ["办好的一件"]
    assert len(_titles(client, "?state=all")) == 5
    assert _titles(client, "?state=nonsense") == _titles(client)
    page = client.get(WALL + "?state=closed&kind=repair").content.decode()
    assert re.search(r'href="\?state=closed&amp;kind=repair" aria-current="page"', page)
    assert '<input type="hidden" name="state" value="closed"' in page, "searching stays on the tab"


def test_the_newest_day_comes_first_whatever_was_stored_first():
    here = scenes.scene()
    for title, days_ago in (("今天", 0), ("上周", 7), ("昨天", 1), ("前天", 2)):
        _asked(scenes.approved(here, title=title), days_ago)
    assert _titles(worlds.client_for(None)) == ["今天", "昨天", "前天", "上周"]


def test_what_is_done_stands_by_the_day_it_was_done():
    here, now = scenes.scene(), clock.now()
    scenes.approved(here, title="等派的")
    scenes.closed(here, title="先提后办好", at=now - dt.timedelta(days=1))
    scenes.closed(here, title="后提先办好", at=now - dt.timedelta(days=5))
    client = worlds.client_for(None)
    assert _titles(client, "?state=closed") == ["先提后办好", "后提先办好"]
    assert "</time>办结" in client.get(WALL + "?state=closed").content.decode()
    assert "</time>提出" in client.get(WALL).content.decode()


def test_pages_by_day_show_each_wish_once_forth_and_back():
    here = scenes.scene()
    wishes = [scenes.approved(here, title=f"心愿{number:02d}号") for number in range(45)]
    for number, wish in enumerate(wishes):
        _asked(wish, (number * 7) % 5)  # nine share each day to the microsecond or nearly
    same = clock.now() - dt.timedelta(days=2)
    Wish.objects.filter(pk__in=[wish.pk for wish in wishes[:9]]).update(created_at=same)
    client, query, seen = worlds.client_for(None), "", []
    pages = []
    while True:
        pages.append(_titles(client, query))
        seen += pages[-1]
        query = _older(client, query)
        if not query:
            break
    wanted = list(Wish.objects.order_by("-created_at", "-pk").values_list("title", flat=True))
    assert seen == wanted
    last = _older(client, _older(client))
    assert _titles(client, _older(client, last, "prev")) == pages[1]


@pytest.mark.parametrize(
    "key", ["x", "-", "5", "5-", "-5", "5-x", "999999999999999999-1", "1-9999999999999999999", "１-１", "%00-1", "1--1"]
)
def test_a_key_that_is_none_is_ignored(key):
    here = scenes.scene()
    scenes.approved(here, title="一件")
    answer = worlds.client_for(None).get(f"{WALL}?before={key}&after={key}")
    assert answer.status_code == 200


def _count(client, query: str) -> str:
    said = re.search(r'class="found__count"[^>]*>([^<]+)<', client.get(WALL + query).content.decode())
    assert said is not None
    return said[1]


def test_each_state_has_one_word_for_the_public_on_the_wall_its_filter_the_front_page_and_its_own():
    here = scenes.scene()
    made = {
        "等人来帮": [scenes.approved(here), scenes.dispatched(here)],
        "正在办": [scenes.claimed(here), scenes.completed(here)],
        "已办结": [scenes.closed(here)],
    }
    client = worlds.client_for(None)
    for (word, wishes), tab in zip(made.items(), ("waiting", "in_service", "closed"), strict=True):
        wall = client.get(f"{WALL}?state={tab}").content.decode()
        assert re.search(rf'aria-current="page"[^>]*>\s*(<span>)?{word}', wall), tab
        badges = re.findall(r'class="badge [^"]*"[^>]*>(?:<svg.*?</svg>)?\s*(?:<span>)?([^<]+)', wall, re.S)
        assert badges == [word] * len(wishes), tab
        assert _count(client, f"?state={tab}") == f"共 {len(wishes)} 件{word}的心愿"
        for wish in wishes:
            page = client.get(reverse("wishes:detail", args=[wish.code])).content.decode()
            assert word in page.split('class="meta"')[1].split("</p>")[0]
    assert _count(client, "?state=all") == "共 5 件心愿"
    home = client.get("/").content.decode().split("邻居在等帮忙", 1)[1]
    assert "等人来帮" in home and "等志愿者来帮" not in home


def test_a_count_is_bounded(monkeypatch):
    here = scenes.scene()
    for _one in range(3):
        scenes.approved(here)
    monkeypatch.setattr(reading, "MOST_COUNTED", 2)
    assert _count(worlds.client_for(None), "") == "共 2 多件等人来帮的心愿"


@pytest.mark.parametrize("chosen", [True, False])
def test_what_the_front_page_counts_of_the_week_is_what_its_line_opens(chosen):
    here, there, now = scenes.scene(), scenes.scene("向阳社区"), clock.now()
    monday = clock.start_of(clock.local_day(now) - dt.timedelta(days=clock.local_day(now).weekday()))
    for at_scene in (here, here, there):
        scenes.closed(at_scene, title="这周办成")
    scenes.approved(here, title="这周提的")
    early = [scenes.closed(here, title="上周办成"), scenes.approved(here, title="上周提的")]
    just_before = monday - dt.timedelta(microseconds=1)
    Wish.objects.filter(pk=early[0].pk).update(created_at=just_before, closed_at=just_before)
    Wish.objects.filter(pk=early[1].pk).update(created_at=just_before)
    client = worlds.client_for(None)
    if chosen:
        client.cookies[COOKIE] = str(here.community.pk)
    home = client.get("/").content.decode()
    lines = re.findall(r'href="([^"]*since=[^"]*)">(?:邻居的心愿办成了|新提的心愿) (\d+) 件', home)
    assert [int(count) for _url, count in lines] == ([2, 3] if chosen else [3, 4])
    for url, count in lines:
        query = url.replace("&amp;", "&").removeprefix(WALL)
        assert len(_titles(client, query)) == int(count) and f"共 {count} 件" in _count(client, query)
        assert f"{monday.month}月{monday.day}日起" in client.get(WALL + query).content.decode()
        assert "上周" not in "".join(_titles(client, query))


@pytest.mark.parametrize("since", ["x", "2026-13-45", "0001-01-01", "9999-12-31", "%00", "2026"])
def test_a_day_that_is_none_is_ignored(since):
    scenes.approved(scenes.scene(), title="一件")
    assert _titles(worlds.client_for(None), f"?since={since}") == ["一件"]


def test_news_of_what_was_done_leads_to_what_was_done():
    here = scenes.scene()
    scenes.closed(here)
    assert f'href="{WALL}?state=closed"' in worlds.client_for(None).get("/").content.decode()


def test_residents_and_the_public_read_plain_words_and_who_works_on_it_those_of_the_work():
    here = scenes.scene()
    made = [scenes.ordered(here), scenes.approved(here), scenes.dispatched(here), scenes.claimed(here)]
    work = re.compile("派单|接单|受理")
    for wish in made:
        own = worlds.client_for(here.asker).get(reverse("wishes:detail", args=[wish.code])).content.decode()
        assert not work.search(own.split("<main")[1])
    for path in (WALL, "/", reverse("wishes:mine"), "/me/", "/messages/", "/me/data/"):
        page = worlds.client_for(here.asker).get(path).content.decode().split("<main")[1].split("</main>")[0]
        assert not re.search("派单|待接单|受理", page), path
    public = worlds.client_for(None).get(reverse("wishes:detail", args=[made[2].code])).content.decode()
    assert "等人来帮" in public and not work.search(public.split("<main")[1])
    offered = worlds.client_for(here.helper).get(reverse("wishes:detail", args=[made[2].code]))
    assert "我来接单" in offered.content.decode()


def test_an_end_by_which_nothing_was_done_has_no_mark_of_success():
    here = scenes.scene()
    wish = scenes.approved(here)
    ordering.withdraw(wish=wish, actor=here.asker, actor_part="requester", at=clock.now())
    steps = timeline(wish, "requester", here.asker)
    assert [step.status for step in steps] == ["done", "done", "stopped"]
    page = worlds.client_for(here.asker).get(reverse("wishes:detail", args=[wish.code])).content.decode()
    last = page.split("moment--stopped")[1].split("</li>")[0]
    assert "lucide-check" not in last and "到此为止" in last
