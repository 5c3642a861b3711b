"""A form is refused, one follows a link and presses Back: there it stands, with its errors and what was typed. Nothing
asks whether to send it again, and nothing is sent twice."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from portal.core.models import Transition
from portal.people.models import Residency
from services.wishes.models import Wish
from tests import worlds
from tests.browsers import axe, fits
from tests.wishes import scenes

pytestmark = pytest.mark.django_db(transaction=True)
WITH_AND_WITHOUT = pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
WORDS = "厨房的灯坏了，晚上看不见。"


def away_and_back(page: Page, link: str) -> None:
    """Follow the first link of this name and come back by the browser's button."""
    here = page.url
    page.locator(f"a[href='{link}']").first.click()
    page.wait_for_url(lambda url: url.split("?")[0].endswith(link))
    answer = page.go_back()
    assert answer is not None and answer.status == 200 and answer.request.method == "GET"
    assert page.url == here


def stands_refused(page: Page, look: Callable[[], None]) -> None:
    """``look`` finds the refusal now, after going away and back, and when the page is loaded anew."""
    look()
    fits(page)
    away_and_back(page, reverse("front:help") if page.locator(f"a[href='{reverse('front:help')}']").count() else "/")
    look()
    again = page.reload()
    assert again is not None and again.request.method == "GET"
    look()


def send(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).first.click()


@WITH_AND_WITHOUT
def test_signing_up(open_page: Any, javascript: bool) -> None:
    worlds.community()
    page = open_page(javascript=javascript)
    page.goto(reverse("account_signup"))
    page.get_by_label("姓名").fill("欧阳望舒")
    page.get_by_label("手机号").fill("154")
    send(page, "获取验证码")

    def look() -> None:
        expect(page.locator(".summary, .errors, [role=alert]").first).to_be_visible()
        expect(page.get_by_label("姓名")).to_have_value("欧阳望舒")
        expect(page.get_by_label("手机号")).to_have_value("154")

    stands_refused(page, look)
    if javascript:
        axe(page)


@WITH_AND_WITHOUT
def test_the_last_step_of_an_order_which_is_then_sent_once(open_page: Any, javascript: bool) -> None:
    page = open_page(user=scenes.scene().asker, javascript=javascript)
    page.goto(reverse("wishes:order_step", args=[1]))
    page.get_by_role("radio", name="维修").check()
    send(page, "下一步")
    page.get_by_label("说说是什么事").fill(WORDS)
    send(page, "下一步")
    phone = page.get_by_label("联系电话")
    phone.fill("154")
    page.get_by_label("地址").fill("2栋201")
    send(page, "没有错，提交")

    stands_refused(page, lambda: expect(phone).to_have_value("154"))
    phone.fill(worlds.phone())
    send(page, "没有错，提交")
    page.wait_for_url("**/done/ordered/")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_contain_text("想要什么帮助")  # what was sent is no draft any more
    assert Wish.objects.count() == 1


@WITH_AND_WITHOUT
def test_claiming_a_home_which_is_then_claimed_once(open_page: Any, javascript: bool) -> None:
    home = worlds.community()
    household = worlds.household(worlds.building(home))
    page = open_page(user=worlds.account(home), javascript=javascript)
    page.goto(reverse("front:claim_home"))
    page.get_by_label("哪一栋").select_option(str(household.building_id))
    page.get_by_label("单元").fill(household.unit)
    page.get_by_label("房号").fill("9999")
    page.get_by_role("radio").first.check()
    page.locator("[name^=since]").first.fill("2020-05-01")
    send(page, "提交")

    number = page.get_by_label("房号")
    stands_refused(page, lambda: expect(number).to_have_value("9999"))
    number.fill(household.number)
    send(page, "提交")
    page.wait_for_url(f"**{reverse('front:homes')}")
    page.go_back()
    expect(page.get_by_text("没有找到这一户").first).to_be_visible()
    expect(number).to_have_value(household.number)  # as it was left: the browser fills in what it had
    send(page, "提交")
    page.wait_for_url(f"**{reverse('front:homes')}")
    assert Residency.objects.count() == 1


@WITH_AND_WITHOUT
def test_an_act_of_the_desk_without_its_reason_which_is_then_done_once(open_page: Any, javascript: bool) -> None:
    here = scenes.scene()
    wish = scenes.ordered(here)
    page = open_page(user=here.worker, javascript=javascript)
    path = reverse("admin:wishes_wish_act", args=[wish.pk, "decline"])
    page.goto(path)
    send(page, "不予受理")

    stands_refused(page, lambda: expect(page.locator(".errorlist, .errornote").first).to_be_visible())
    page.locator("main textarea, #content textarea").first.fill("不在社区能办的范围里")
    send(page, "不予受理")
    page.wait_for_url("**/change/**")
    page.go_back()
    page.wait_for_load_state()
    assert page.url.split("?")[0].endswith("/change/"), "it was done meanwhile: its page says so, and leads to the row"
    assert Transition.objects.filter(name="decline").count() == 1


@WITH_AND_WITHOUT
def test_a_wish_entered_at_the_desk_with_an_error_and_its_paper(open_page: Any, javascript: bool) -> None:
    here = scenes.scene()
    page = open_page(user=here.worker, javascript=javascript)
    page.goto(f"{reverse('admin:wishes_wish_add')}?subject={here.asker.person.pk}")
    page.locator("[name=details]").fill(WORDS)
    picture: Any = {"name": "单子.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%%EOF"}
    page.locator("input[type=file][name=paper]").set_input_files(picture)
    page.get_by_role("button", name="保存", exact=True).first.click()

    def look() -> None:
        expect(page.locator(".errorlist, .errornote").first).to_be_visible()
        expect(page.locator("[name=details]")).to_have_value(WORDS)
        expect(page.get_by_text("已收到：一份 PDF")).to_be_visible()

    stands_refused(page, look)
    assert not Wish.objects.exists()


def test_switching_the_look_takes_what_was_typed_along(open_page: Any) -> None:
    for javascript in (True, False):
        worlds.community()
        page = open_page(javascript=javascript)
        page.goto(reverse("account_signup"))
        page.get_by_label("姓名").fill("欧阳望舒")
        send(page, "获取验证码")
        page.get_by_label("手机号").fill("15400")
        page.get_by_role("banner").get_by_role("button", name="关怀版").click()
        expect(page.locator("html")).to_have_attribute("data-mode", "elder")
        expect(page.get_by_label("姓名")).to_have_value("欧阳望舒")
        expect(page.get_by_label("手机号")).to_have_value("15400")
        assert "answer" not in page.url
