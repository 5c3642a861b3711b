"""An order is typed, left in the middle and gone on with: nothing is lost, with a script and without."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browsers import axe
from tests.wishes import scenes

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "二楼楼道的灯坏了"


def _second_step(page):
    page.goto(reverse("wishes:order_step", args=[1]))
    page.get_by_role("radio", name="维修").check()
    page.get_by_role("button", name="下一步").click()
    return page.get_by_label("说说是什么事")


def test_what_is_typed_is_kept_a_moment_after_and_says_so(open_page):
    page = open_page(user=scenes.scene().asker)
    box = _second_step(page)
    with page.expect_response(lambda answer: answer.url.endswith("/keep/")) as kept:
        box.fill(WORDS)
    assert kept.value.status == 204
    expect(page.locator("main").get_by_text("草稿已存")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("草稿已存")
    axe(page)


def test_leaving_in_the_middle_of_a_word_keeps_it(open_page):
    page = open_page(user=scenes.scene().asker)
    box = _second_step(page)
    box.fill(WORDS)
    page.goto(reverse("front:home"))
    for _look in range(20):  # what a page sends as it goes is under way when the next one stands already
        page.goto(reverse("wishes:order_step", args=[2]))
        if page.get_by_label("说说是什么事").input_value():
            break
    expect(page.get_by_label("说说是什么事")).to_have_value(WORDS)


@pytest.mark.parametrize("javascript", [True, False])
def test_the_way_back_keeps_it(open_page, javascript):
    page = open_page(user=scenes.scene().asker, javascript=javascript)
    _second_step(page).fill(WORDS)
    page.get_by_role("button", name="上一步").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("想要什么帮助")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_label("说说是什么事")).to_have_value(WORDS)


def test_a_draft_that_is_thrown_away_stays_away(open_page):
    page = open_page(user=scenes.scene().asker)
    _second_step(page).fill(WORDS)
    page.get_by_role("button", name="不要草稿").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("想要什么帮助")
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("radio", name="维修")).not_to_be_checked()
    page.goto(reverse("wishes:order"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("想要什么帮助")
