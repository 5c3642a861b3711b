"""The main job without a mouse, and in a window as narrow as 320 px or a desk's at 200 % zoom."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from services.wishes.models import Wish, WishState
from tests import worlds
from tests.browsers import sign_in
from tests.wishes import scenes

from .keys import windows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("window", windows("narrow phone"))
def test_a_wish_from_order_to_rating(walk, window: str) -> None:
    here = scenes.scene()
    walk = walk(window, here.asker)
    page = walk.page

    walk.at(reverse("front:home"))
    walk.press("我要点单", tag="a")
    walk.choose("维修")
    walk.press("下一步")
    walk.type("说说是什么事", "二楼楼道的灯坏了，晚上看不见。")
    walk.press("下一步")
    walk.type("地址", "2栋201")
    walk.press("没有错，提交")
    wish = Wish.objects.get()

    sign_in(page, here.worker)
    walk.at(reverse("admin:index"))
    walk.press("心愿待审核", tag="a")
    walk.press(f"{wish.code[:3]} {wish.code[3:6]} {wish.code[6:]}", tag="a")
    walk.press("受理", tag="a")
    walk.type("公开标题", "换一盏楼道感应灯")
    walk.press("受理", tag="button")
    walk.press("派单", tag="a")
    walk.choose("放进接单大厅")
    walk.press("派单", tag="button")

    sign_in(page, here.helper)
    walk.at(reverse("volunteers:tasks"))
    walk.press("换一盏楼道感应灯")
    walk.press("我来接单")
    walk.press("看这张单子")
    walk.press("查看联系方式")
    walk.press("办好了")
    walk.type("服务了多少分钟", "70")
    walk.type("做了什么", "换了一盏感应灯。")
    walk.press("提交")

    sign_in(page, here.asker)
    walk.at(reverse("wishes:detail", args=[wish.code]))
    walk.press("评一评")
    walk.choose("很满意")
    walk.press("提交评价")
    wish.refresh_from_db()
    assert (wish.state, wish.rating) == (WishState.CLOSED, 5)


def test_the_first_stop_leads_past_the_header(open_page) -> None:
    page = open_page(size="desk")
    page.goto(reverse("front:home"))
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


@pytest.mark.parametrize(
    ("rule", "fault"),
    [("*:focus { outline: none !important }", "does not show"), (".bar { inset: 0 !important }", "under bar")],
)
def test_the_walk_finds_a_focus_that_nobody_sees(walk, rule: str, fault: str) -> None:
    """The control: no ring, and a bar over the page, are each found."""
    worlds.community()
    walk = walk("narrow phone")
    walk.at(reverse("front:home"))
    walk.page.evaluate(
        """rule => {
          document.adoptedStyleSheets = [new CSSStyleSheet()];
          document.adoptedStyleSheets[0].replaceSync(rule);
        }""",
        rule,
    )
    with pytest.raises(AssertionError, match=fault):
        walk.to("数字公开", tag="a")
