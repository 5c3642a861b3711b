"""The main job, as the people it is for: order, review, dispatch, claim, contact, completion, rating, hours.

At a phone's and a desk's size, with JavaScript and without; axe on every page met.
"""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from alliance.volunteers.models import HourEntry
from services.wishes.models import ContactReveal, Wish, WishState
from tests.browsers import axe, sign_in
from tests.wishes import scenes

pytestmark = pytest.mark.django_db(transaction=True)

WAYS = [
    ("phone", True),
    ("desk", False),
    pytest.param("phone", False, marks=pytest.mark.whole),
    pytest.param("desk", True, marks=pytest.mark.whole),
]


class Walker:
    """One browser page that checks each page it comes to."""

    def __init__(self, page: Page, javascript: bool) -> None:
        self.page, self.javascript = page, javascript

    def at(self, address: str) -> None:
        self.page.goto(address)
        self.check()

    def press(self, name: str, role: str = "button") -> None:
        self.page.get_by_role(role, name=name, exact=True).first.click()
        self.check()

    def check(self) -> None:
        """No violation, no sideways scrolling. axe is a script of its own: it needs the page's JavaScript on."""
        self.page.wait_for_load_state()
        if self.javascript:
            axe(self.page)
            wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{self.page.url} scrolls sideways by {wide} px"

    def heading(self, words: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(words)


@pytest.mark.parametrize("size,javascript", WAYS)
def test_the_first_wish(open_page, size, javascript):
    here = scenes.scene()
    page = open_page(size=size, javascript=javascript, user=here.asker)
    walk = Walker(page, javascript)

    # The resident: from the front page to an order.
    walk.at(reverse("front:home"))
    page.get_by_role("link", name=re.compile("我要点单")).first.click()
    walk.check()
    page.get_by_role("radio", name=re.compile("维修")).check()
    walk.press("下一步")
    walk.press("下一步")
    expect(page.get_by_role("alert")).to_contain_text("请写几句")
    page.get_by_label("说说是什么事").fill("二楼楼道的灯坏了，晚上看不见。")
    walk.press("下一步")
    expect(page.get_by_text("二楼楼道的灯坏了")).to_be_visible()
    page.get_by_label("地址").fill("2栋201")
    walk.press("没有错，提交")
    walk.heading("收到了")
    wish = Wish.objects.get()
    assert wish.state == WishState.PENDING_REVIEW

    # The desk: from today's to-do to reviewed and dispatched.
    sign_in(page, here.worker)
    walk.at(reverse("admin:index"))
    page.get_by_role("link", name=re.compile("心愿待审核")).first.click()
    walk.check()
    page.get_by_role("link", name=re.compile(f"{wish.code[:3]} {wish.code[3:6]} {wish.code[6:]}")).first.click()
    walk.check()
    expect(page.get_by_text(wish.contact_phone)).to_have_count(0)
    walk.press("受理", "link")
    page.get_by_label("公开标题").fill("换一盏楼道感应灯")
    walk.press("受理")
    walk.press("派单", "link")
    page.get_by_role("radio", name=re.compile("放进接单大厅")).check()
    walk.press("派单")
    wish.refresh_from_db()
    assert wish.state == WishState.PENDING_CLAIM

    # A stranger: the wall.
    page.context.clear_cookies()
    walk.at(reverse("wishes:wall"))
    page.get_by_role("link", name="换一盏楼道感应灯").click()
    walk.check()
    expect(page.get_by_text("晚上看不见")).to_have_count(0)

    # The volunteer: claim, look, complete.
    sign_in(page, here.helper)
    walk.at(reverse("volunteers:tasks"))
    page.get_by_role("link", name="换一盏楼道感应灯").click()
    walk.check()
    walk.press("我来接单")
    walk.heading("接单成功")
    walk.press("看这张单子", "link")
    walk.press("查看联系方式")
    expect(page.get_by_role("link", name=re.compile(wish.contact_phone))).to_be_visible()
    walk.press("办好了", "link")
    page.get_by_label("服务了多少分钟").fill("70")
    page.get_by_label("做了什么").fill("换了一盏感应灯。")
    walk.press("提交")
    walk.heading("辛苦了")

    # The resident: who looked, and the rating.
    sign_in(page, here.asker)
    walk.at(reverse("front:messages"))
    walk.at(reverse("front:me"))
    walk.at(reverse("wishes:detail", args=[wish.code]))
    expect(page.get_by_text("谁看过我的电话")).to_be_visible()
    expect(page.locator("#reveals")).to_contain_text(here.volunteer.person.name_masked)
    walk.press("评一评", "link")
    page.get_by_role("radio", name=re.compile("很满意")).check()
    walk.press("提交评价")
    walk.heading("谢谢您的评价")
    wish.refresh_from_db()
    assert (wish.state, wish.rating) == (WishState.CLOSED, 5)
    assert ContactReveal.objects.filter(wish=wish).count() == 1

    # The volunteer: the hours.
    assert HourEntry.objects.get().half_hours == 3
    sign_in(page, here.helper)
    walk.at(reverse("volunteers:me"))
    expect(page.get_by_text("1.5").first).to_be_visible()
