"""The style guide in every look, and what components do: asked by keyboard, with a script and without one."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from tests import worlds
from tests.browser import measuring
from tests.browsers import axe

pytestmark = pytest.mark.django_db(transaction=True)

LOOKS = [(theme, mode) for theme in ("light", "dark") for mode in ("standard", "elder")]
WIDTHS = [360, 1280]


@pytest.fixture
def guide(open_page) -> Callable[..., Page]:
    """The guide as one who works at the desk sees it: ``guide(query, width=…, javascript=…)``."""
    worker = worlds.worker(worlds.community(phone="15400009901"))

    def open_guide(query: str = "", *, width: int = 1280, javascript: bool = True) -> Page:
        page: Page = open_page(size="phone" if width < 700 else "desk", javascript=javascript, user=worker)
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"/styleguide/{query}")
        return page

    return open_guide


# Every look ----------------------------------------------------------------------------------------------------------


@pytest.mark.whole
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("theme", "mode"), LOOKS)
def test_nothing_to_blame_in_any_look(guide, theme, mode, width):
    page = guide(f"?theme={theme}&mode={mode}", width=width)
    axe(page)
    assert measuring.overflowing(page) == []
    assert measuring.small_targets(page, 60 if mode == "elder" else 44) == []
    if mode == "elder":
        assert measuring.small_text(page, 20) == []
        assert measuring.tight_lines(page, 1.5) == []


@pytest.mark.whole
@pytest.mark.parametrize("text", [20, 22, 24, 26, 28, 30])
def test_nothing_scrolls_sideways_at_any_size(guide, text):
    page = guide(f"?mode=elder&text={text}", width=320)
    assert measuring.overflowing(page) == []


def test_the_themes_are_two_and_the_panes_show_them_beside_each_other(guide):
    page = guide("?theme=light&mode=standard")
    ground = "e => getComputedStyle(e).backgroundColor"
    grounds = [pane.evaluate(ground) for pane in page.locator(".pane").all()]
    assert len(grounds) == 4
    assert grounds[0] == grounds[2] != grounds[1] == grounds[3]
    sizes = [pane.evaluate("e => getComputedStyle(e).fontSize") for pane in page.locator(".pane").all()]
    assert sizes == ["17px", "17px", "22px", "22px"]
    page.get_by_role("navigation", name="换一种样子看").get_by_role("link", name="深色", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.locator("html").evaluate(ground) == grounds[1]


def test_nothing_moves_for_who_wants_no_motion(guide):
    page = guide()
    moving = page.evaluate("document.getAnimations().filter((a) => a.effect.getComputedTiming().duration > 1).length")
    assert moving == 0


# A question in front of the page -------------------------------------------------------------------------------------


def test_a_dialog_by_keyboard(guide):
    page = guide()
    opener = page.get_by_role("button", name="为什么要填？")
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="为什么要填地址？")
    expect(dialog).to_be_visible()
    assert page.evaluate("document.activeElement.closest('dialog') !== null"), "the reader starts inside"
    for _press in range(4):
        page.keyboard.press("Tab")
        assert page.evaluate("!document.activeElement.closest('main') || !!document.activeElement.closest('dialog')")
    axe(page, "dialog[open]")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="关上").click()
    expect(dialog).to_be_hidden()
    page.keyboard.press("Enter")
    page.mouse.click(3, 3)
    expect(dialog).to_be_hidden()


def test_a_dialog_without_a_script_unfolds(guide):
    page = guide(javascript=False)
    page.locator("summary", has_text="为什么要填？").press("Enter")
    expect(page.locator("#why").get_by_text("上门的事才问地址")).to_be_visible()


def test_asking_in_front_of_the_page_sends_the_same_form(guide):
    page = guide()
    page.get_by_role("link", name="登记住处", exact=True).press("Enter")
    dialog = page.get_by_role("dialog", name="登记住处")
    expect(dialog.get_by_label("房号")).to_be_visible()
    axe(page, "dialog[open]")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("link", name="登记住处", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    dialog.get_by_role("link", name="先不办了").click()
    expect(dialog).to_have_count(0)
    expect(page).to_have_url(re.compile("/styleguide/"))
    page.get_by_role("link", name="登记住处", exact=True).press("Enter")
    dialog.get_by_label("房号").fill("302")
    dialog.get_by_role("button", name="提交").click()
    expect(page).to_have_url(re.compile(reverse("front:claim_home")))
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("房号")).to_have_value("302")


def test_asking_without_a_script_is_a_page_of_its_own(guide):
    page = guide(javascript=False)
    page.get_by_role("link", name="登记住处", exact=True).click()
    expect(page).to_have_url(re.compile(reverse("front:claim_home")))


# Files ---------------------------------------------------------------------------------------------------------------

PICTURE = """() => {
  const canvas = document.createElement("canvas");
  canvas.width = 64;
  canvas.height = 48;
  canvas.getContext("2d").fillRect(0, 0, 64, 48);
  return canvas.toDataURL("image/png").split(",")[1];
}"""


def _picture(page: Page, name: str = "灯.png") -> dict[str, Any]:
    import base64

    return {"name": name, "mimeType": "image/png", "buffer": base64.b64decode(page.evaluate(PICTURE))}


def test_a_chosen_file_is_shown_and_can_be_taken_out(guide):
    page = guide(width=360)
    box = page.locator("[data-file]", has=page.locator("#file_photo"))
    box.locator("input").set_input_files(_picture(page))
    row = box.get_by_role("listitem")
    expect(row).to_contain_text("灯.png")
    expect(row).to_contain_text("1 KB")
    expect(row.locator("canvas")).to_be_visible()
    expect(box.get_by_role("status")).to_have_text("已选：灯.png 1 KB")
    axe(page, "[data-file]:has(#file_photo)")
    row.get_by_role("button", name="移除").click()
    expect(row).to_have_count(0)
    assert box.locator("input").evaluate("e => e.files.length") == 0
    expect(box.locator("input")).to_be_focused()


def test_a_file_that_is_too_big_is_said_before_it_is_sent(guide):
    page = guide()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if request.method == "POST" else None)
    big = {"name": "大.jpg", "mimeType": "image/jpeg", "buffer": b"x" * (5 * 1024 * 1024 + 1)}
    box = page.locator("[data-file]", has=page.locator("#camera_photo"))
    box.locator("input").set_input_files(big)
    expect(box.get_by_role("listitem")).to_contain_text("太大了，每个最大 5 MB，请换一个")
    page.get_by_role("button", name="传一传试试").click()
    expect(box.get_by_role("button", name="移除")).to_be_focused()
    assert sent == []


def test_sending_shows_how_far_it_is_and_the_answer_takes_the_place_of_the_page(guide):
    page = guide()
    held: list[Route] = []
    page.route("**/mode/", lambda route: held.append(route))
    page.locator("#file_photo").set_input_files(_picture(page))
    button = page.get_by_role("button", name="传一传试试")
    with page.expect_request("**/mode/"):
        button.click()
    expect(page.get_by_role("progressbar", name="正在上传")).to_be_visible()
    expect(button).to_have_attribute("aria-disabled", "true")
    button.click(force=True)
    assert len(held) == 1, "a second press sends nothing"
    assert "灯.png" in (held[0].request.post_data_buffer or b"").decode(errors="ignore")
    held[0].continue_()
    expect(page).to_have_url(re.compile(r"//[^/]+/$"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", level=1, name="样式说明")).to_be_visible()


def test_a_network_that_fails_is_said_and_nothing_is_lost(guide):
    page = guide()
    page.route("**/mode/", lambda route: route.abort())
    page.locator("#file_photo").set_input_files(_picture(page))
    button = page.get_by_role("button", name="传一传试试")
    button.click()
    expect(page.get_by_role("alert").filter(has_text="没有传上去")).to_be_visible()
    expect(button).not_to_have_attribute("aria-disabled", "true")
    assert page.locator("#file_photo").evaluate("e => e.files.length") == 1


def test_the_camera_is_asked_for_where_it_is_wanted(guide):
    page = guide(javascript=False)
    expect(page.locator("#camera_photo")).to_have_attribute("capture", "environment")
    expect(page.locator("#file_photo")).not_to_have_attribute("capture", re.compile(""))
    assert page.locator("#file_photo").bounding_box()["height"] >= 44


# A form is sent once -------------------------------------------------------------------------------------------------


def test_a_second_press_sends_nothing_and_it_is_said(open_page):
    worlds.community()
    page: Page = open_page(size="phone")
    page.goto(reverse("account_login"))
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.locator("input[name=login]").fill("15400000001")
    page.locator("input[name=password]").fill("never-a-word")
    press_twice = """(button) => {
      button.click();
      const state = [button.getAttribute("aria-disabled"), document.getElementById("live").textContent];
      button.click();
      return state;
    }"""
    state = page.get_by_role("button", name="登录", exact=True).evaluate(press_twice)
    assert state == ["true", "正在提交，请稍等"]
    expect(page.get_by_role("alert")).to_be_visible()
    assert len(sent) == 1


# By keyboard ---------------------------------------------------------------------------------------------------------


def test_the_first_key_offers_the_way_past_the_header(guide):
    page = guide()
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文").first
    expect(skip).to_be_focused()
    box = skip.bounding_box()
    assert box
    assert box["y"] >= 0
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
