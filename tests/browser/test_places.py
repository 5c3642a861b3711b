"""The four places of the bar as people use them: held against the accessibility rules in every look, without a mouse,
in a narrow window and at 200 % zoom, without JavaScript."""

import datetime as dt
import itertools
import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from portal.core import clock
from portal.notices.models import Notice
from portal.people import tying
from portal.people.models import Authorisation, Guardianship, Person, Residency, TieState, User
from tests import worlds
from tests.browsers import axe, fits
from tests.wishes import scenes

from .keys import windows

pytestmark = pytest.mark.django_db(transaction=True)

LOOKS = list(itertools.product(("phone", "desk"), ("standard", "elder"), ("light", "dark")))


@dataclass
class Life:
    """A resident with something in every place, and what of it the tests press."""

    user: User
    confirmed: Residency
    authorisation: Authorisation
    unread: Notice


def life() -> Life:
    """Wishes in several states, homes in every state, family on all sides, messages of two kinds."""
    here = scenes.scene()
    type(here.community).objects.filter(pk=here.community.pk).update(phone="15400009600", office_hours="8:30–17:30")
    user = here.asker
    scenes.ordered(here)
    scenes.completed(here, title="修一修门锁")
    scenes.dispatched(here, title="修一把椅子")
    scenes.closed(here, title="教用手机")
    confirmed, *_others = _homes(here.community, user, here.worker)
    elder, daughter = worlds.person(here.community, name="李望山"), worlds.person(here.community, name="李桂香")
    given: dict[str, Any] = {"since": dt.date(2026, 1, 5), "recorded_by": here.worker}
    Authorisation.objects.create(principal=elder, agent=user.person, relation="外甥女", **given)
    mine = Authorisation.objects.create(principal=user.person, agent=daughter, relation="女儿", **given)
    child = worlds.person(here.community, name="林满")
    Guardianship.objects.create(child=child, guardian=user.person, relation="母亲", since=dt.date(2020, 1, 1))
    Notice.objects.all().update(read_at=clock.now())
    unread = Notice.objects.create(person=user.person, kind="people", title="您的一条新消息", url="/me/homes/")
    return Life(user, confirmed, mine, unread)


def _homes(community: Any, user: User, worker: User) -> list[Residency]:
    """One confirmed, one that waits, one refused, one taken back."""
    building = worlds.building(community, name="8栋")
    since = clock.today() - dt.timedelta(days=40)
    own: dict[str, Any] = {"person": user.person, "since": since, "actor_id": user.pk, "actor_part": "requester"}
    ties = [
        tying.claim_home(household=worlds.household(building), kind=kind, at=clock.now(), **own)
        for kind in ("family", "owner", "tenant", "tenant")
    ]
    tying.confirm(tie=ties[0], actor=worker, at=clock.now())
    tying.refuse(tie=ties[2], actor=worker, at=clock.now(), reason="租约上是另一户，请带租约到窗口。")
    tying.withdraw_claims(household=ties[3].household, actor=user, at=clock.now())
    return ties


def addresses(lived: Life) -> list[str]:
    """Every page of the four places that a resident has."""
    return [
        "/",
        reverse("front:do"),
        reverse("front:elder"),
        reverse("front:messages"),
        reverse("front:messages") + "?show=unread",
        reverse("front:messages") + "?kind=wishes",
        reverse("front:me"),
        reverse("front:profile"),
        reverse("front:contact"),
        reverse("front:homes"),
        reverse("front:leave_home", args=[lived.confirmed.pk]),
        reverse("front:family"),
        reverse("front:end_authorisation", args=[lived.authorisation.pk]),
        reverse("front:community"),
        reverse("front:community") + "?q=袁家",
    ]


def _in_look(page: Page, live: str, mode: str, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.context.add_cookies([{"name": "mode", "value": mode, "url": live}])


@pytest.mark.whole
@pytest.mark.parametrize(("size", "mode", "scheme"), LOOKS)
def test_every_page_of_the_places_in_every_look(open_page, live, size, mode, scheme):
    lived = life()
    for number in range(14):
        worlds.community(f"第{number}社区", parent=worlds.subdistrict(f"第{number % 4}街道"))
    page = open_page(size=size, user=lived.user)
    _in_look(page, live, mode, scheme)
    for address in addresses(lived):
        answer = page.goto(address)
        assert answer is not None and answer.status == 200, address
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        fits(page)
        axe(page)
        assert "None" not in page.inner_text("main"), address


@pytest.mark.parametrize(
    ("mode", "scheme"), [("standard", "light"), pytest.param("elder", "dark", marks=pytest.mark.whole)]
)
def test_what_somebody_without_anything_sees(open_page, live, mode, scheme):
    home = worlds.community()
    page = open_page(size="phone", user=worlds.account(home))
    _in_look(page, live, mode, scheme)
    for name in ("home", "do", "messages", "me", "profile", "homes", "family", "community"):
        page.goto(reverse(f"front:{name}"))
        fits(page)
        axe(page)


@pytest.mark.parametrize("window", windows("zoomed desk"))
def test_the_four_places_without_a_mouse(walk, window):
    lived = life()
    walk = walk(window, lived.user)
    page = walk.page
    walk.at("/")

    # 首页 → 办事: what one looks for is found by what one calls it.
    walk.press("办事", tag="a")
    walk.heading("办事")
    walk.type("找要办的事", "搬家")
    walk.enter()
    walk.press("我的家", tag="a")
    walk.heading("我的家")

    # A claim that waits is taken back.
    walk.press("撤回登记", tag="a")
    walk.press("撤回", tag="button")
    assert not Residency.objects.filter(person=lived.user.person, state=TieState.CLAIMED).exists()

    # 消息: the unread one is opened, and the way back shows it read.
    walk.at(reverse("front:messages"))
    walk.press("未读 1", tag="a")  # the tab; the header tells how many as well
    walk.press(lived.unread.title, tag="button")
    walk.heading("我的家")
    page.go_back()
    expect(page.get_by_text("都读过了")).to_be_visible()

    # 我的: one's phone is put right.
    walk.at(reverse("front:me"))
    walk.press(lived.user.person.name, tag="a")
    walk.press("修改 联系电话", tag="a")
    walk.type("住址", "月塘巷8号")
    walk.press("保存", tag="button")
    expect(page.get_by_text("改好了")).to_be_visible()
    assert Person.objects.get(pk=lived.user.person.pk).address == "月塘巷8号"

    # Who may act for one no longer does.
    walk.at(reverse("front:family"))
    walk.press("结束代办 李桂香", tag="a")
    walk.press("结束代办", tag="button")
    lived.authorisation.refresh_from_db()
    assert lived.authorisation.until == clock.today()


def test_the_community_is_found_by_tree_and_by_search_without_javascript(open_page):
    for district, street, name in (
        ("荷塘区", "月塘街道", "袁家湾社区"),
        ("荷塘区", "桂花街道", "向阳社区"),
        ("石峰区", "田心街道", "南岭社区"),
    ):
        worlds.community(name, parent=worlds.subdistrict(street, parent=worlds.district(district)))
    for number in range(12):
        worlds.community(f"第{number}社区", parent=worlds.subdistrict("响石岭街道", parent=worlds.district("石峰区")))
    page = open_page(size="phone", javascript=False)
    page.goto("/")
    page.get_by_role("link", name="选择我的社区").click()
    expect(page.get_by_text("一共 15 个社区")).to_be_visible()
    page.get_by_text("田心街道").click()
    page.get_by_role("button", name="南岭社区").click()
    expect(page.get_by_role("link", name=re.compile("南岭社区"))).to_be_visible()
    page.goto(reverse("front:community") + "?next=/do/")
    page.get_by_label("写社区或者小区名字里的几个字").fill("袁家")
    page.get_by_role("button", name="找", exact=True).click()
    page.get_by_role("button", name="袁家湾社区").click()
    expect(page).to_have_url(re.compile(r"/do/$"))
    expect(page.get_by_role("link", name=re.compile("袁家湾社区"))).to_be_visible()


def test_messages_without_javascript(open_page):
    lived = life()
    page = open_page(size="phone", javascript=False, user=lived.user)
    page.goto(reverse("front:messages"))
    page.get_by_role("button", name=f"标为已读：{lived.unread.title}").click()
    expect(page).to_have_url(re.compile(r"/messages/$"))
    lived.unread.refresh_from_db()
    assert lived.unread.read_at is not None
    Notice.objects.filter(kind="wishes").update(read_at=None)
    page.reload()
    page.get_by_role("link", name=re.compile("^微心愿")).click()
    page.get_by_role("button", name="这一类全部已读").click()
    expect(page.get_by_text("都标为已读了")).to_be_visible()
    assert not Notice.objects.visible_to(lived.user).unread().exists()


def test_in_elder_mode_the_rest_of_what_one_can_do_opens(open_page, live):
    worlds.community(phone="15400009600")
    page = open_page(size="phone", javascript=False)
    _in_look(page, live, "elder", "light")
    page.goto(reverse("front:do"))
    assert page.locator(".tiles .tile:visible").count() == 4
    hidden = page.get_by_role("link", name=re.compile("换手机号"))
    expect(hidden).to_be_hidden()
    page.get_by_text("更多", exact=True).click()
    expect(hidden).to_be_visible()
    for tile in page.locator(".tile:visible, .more__open, .branch__name, .btn:visible").all():
        box = tile.bounding_box()
        assert box is not None and box["height"] >= 60


def test_a_name_in_a_heading_stays_on_one_line(open_page):
    """On a small phone a heading breaks at its colon and not inside the community's name."""
    home = worlds.community("袁家湾幸福里社区")
    page: Page = open_page(size="phone")
    page.goto(reverse("front:figures_of", args=["community", home.pk]))
    lines = page.evaluate(
        """name => {
          const text = document.querySelector('h1').firstChild;
          const range = document.createRange();
          range.setStart(text, text.data.indexOf(name));
          range.setEnd(text, text.data.indexOf(name) + name.length);
          return new Set([...range.getClientRects()].map((box) => box.top)).size;
        }""",
        home.name,
    )
    heading = page.evaluate("document.querySelector('h1').getClientRects()[0].height")
    assert lines == 1
    assert heading > 60, "the control: it does not fit on one line"
