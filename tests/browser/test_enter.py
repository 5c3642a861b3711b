"""Enter in a field sends the form that it stands in, whatever buttons of that form the head of the page holds."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.browsers import sign_in
from tests.wishes import scenes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_enter_goes_on_and_changes_nothing_else(open_page, javascript: bool) -> None:
    here = scenes.scene()
    page: Page = open_page(size="phone", javascript=javascript)
    sign_in(page, here.asker)
    page.goto(reverse("wishes:order_step", args=[1]))
    page.get_by_label("维修").check()
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("说说是什么事").fill("二楼楼道的灯坏了")
    page.get_by_role("button", name="下一步").click()
    name = page.get_by_label("怎么称呼")
    page.get_by_label("地址").fill("2栋2单元201")
    name.fill("李阿姨")
    name.press("Enter")
    expect(page.locator("html")).not_to_have_attribute("data-mode", "elder")
    expect(page).to_have_url(re.compile(r"/done/"))
