"""关怀版, measured as Chromium lays it out: letters, lines, targets, no sideways scrolling, somebody to call.

Every page that can be opened as it is gets measured, for a visitor and for a resident who has something under way.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from portal.core.models import Draft
from portal.front.context import ELDER, MODE_COOKIE, STANDARD, TEXT_COOKIE
from portal.people.preferences import TEXT_SIZES
from tests import worlds
from tests.browser import measuring, places
from tests.wishes import scenes

pytestmark = pytest.mark.django_db(transaction=True)

LETTERS, LINES = 20, 1.5
ELDER_TARGET, TARGET = 60, 44
PHONE, SMALL = {"width": 360, "height": 740}, {"width": 320, "height": 640}


class Reader:
    """Who walks: a page of the browser and the addresses that this reader can come to."""

    def __init__(self, page: Page, paths: list[str]) -> None:
        self.page, self.paths = page, paths

    def wear(self, live: str, mode: str, text: int = 22) -> None:
        self.page.context.add_cookies(
            [places.cookie(live, MODE_COOKIE, mode), places.cookie(live, TEXT_COOKIE, str(text))]  # type: ignore[list-item]
        )

    def walk(self, measure: Callable[[Page], list[str]]) -> dict[str, list[str]]:
        """What ``measure`` found on each page; a page that leads to one measured before is not measured again."""
        found, been = {}, set()
        for path in self.paths:
            response = self.page.goto(path)
            if places.is_page(response) and self.page.url not in been:
                been.add(self.page.url)
                if faults := measure(self.page):
                    found[self.page.url] = faults
        assert len(been) > 5, "there was something to measure"
        return found


@pytest.fixture(params=["visitor", "resident"])
def reader(request, open_page) -> Iterator[Reader]:
    here = scenes.scene()
    here.community.phone = "15400009901"
    here.community.save(update_fields=["phone"])
    paths = places.bare()
    if request.param == "visitor":
        worlds.community("向阳社区")  # two to choose from, none chosen
        yield Reader(open_page(size="phone"), paths)
    else:
        wishes = places.of_a_wish(here)
        yield Reader(open_page(size="phone", user=here.asker), [*paths, *wishes])


def _resize(page: Page, size: int) -> None:
    """Letters of ``size`` pixels, as the switch does it."""
    page.evaluate("size => { document.documentElement.dataset.text = size }", str(size))


def _elder_faults(page: Page) -> list[str]:
    return [
        *(f"letters: {fault}" for fault in measuring.small_text(page, LETTERS)),
        *(f"lines: {fault}" for fault in measuring.tight_lines(page, LINES)),
        *(f"target: {fault}" for fault in measuring.small_targets(page, ELDER_TARGET)),
    ]


def _sideways(page: Page) -> list[str]:
    """What sticks out at 320 px, at every size of letters."""
    found = []
    page.set_viewport_size(SMALL)
    for size in TEXT_SIZES:
        _resize(page, size)
        found += [f"{size} px: {fault}" for fault in measuring.overflowing(page)]
    page.set_viewport_size(PHONE)
    return found


def _nobody_to_call(page: Page) -> list[str]:
    link = page.locator(".bar").get_by_role("link", name=re.compile("^找人"))
    if link.count() != 1 or not link.is_visible():
        return ["nobody to call"]
    box = link.bounding_box()
    reached = box and box["y"] + box["height"] <= PHONE["height"] + 1
    return [] if reached and re.match("tel:|/help/", link.get_attribute("href") or "") else ["out of reach"]


# Every page ----------------------------------------------------------------------------------------------------------


@pytest.mark.whole
def test_elder_mode(live, reader):
    """Letters of 20 px at least, lines, targets; nothing sideways at 320 px at any size; somebody to call."""
    reader.wear(live, ELDER, 20)

    def measure(page: Page) -> list[str]:
        faults = [*_nobody_to_call(page), *_elder_faults(page)]
        _resize(page, 22)
        return [*faults, *_elder_faults(page), *_sideways(page)]

    assert reader.walk(measure) == {}


@pytest.mark.whole
def test_the_standard_version(live, reader):
    """Targets of 44 px. 320 px is a small phone, and what is left of 640 px when a reader doubles everything."""
    reader.wear(live, STANDARD)

    def measure(page: Page) -> list[str]:
        faults = measuring.small_targets(page, TARGET)
        page.set_viewport_size(SMALL)
        faults += measuring.overflowing(page)
        page.set_viewport_size(PHONE)
        return faults

    assert reader.walk(measure) == {}


@pytest.mark.whole
@pytest.mark.parametrize("mode", [ELDER, STANDARD])
def test_every_step_of_a_form_and_its_refusal(live, open_page, mode):
    here = scenes.scene()
    page: Page = open_page(size="phone", user=here.asker)
    Reader(page, []).wear(live, mode)
    faults: dict[str, list[str]] = {}

    def measure() -> None:
        page.wait_for_load_state()
        found = _elder_faults(page) if mode == ELDER else measuring.small_targets(page, TARGET)
        if found := [*found, *measuring.overflowing(page)]:
            faults[page.locator("h1").inner_text()] = found

    page.goto(reverse("wishes:order"))
    page.get_by_role("radio", name=re.compile("维修")).check()
    measure()
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("alert")).to_be_visible()
    measure()
    page.get_by_label("说说是什么事").fill("二楼楼道的灯坏了，晚上看不见。")
    page.get_by_role("button", name="下一步").click()
    measure()
    assert Draft.objects.exists()
    page.get_by_label("地址").fill("2栋201")
    page.get_by_role("button", name="没有错，提交").click()
    measure()
    assert faults == {}


def test_the_measure_finds_what_is_wrong(live, open_page):
    """The control: a small letter, a tight line, a small button and a wide box are each found."""
    worlds.community()
    page: Page = open_page(size="phone")
    Reader(page, []).wear(live, ELDER)
    page.goto("/help/")
    page.evaluate(
        """() => {
          document.adoptedStyleSheets = [new CSSStyleSheet()];
          document.adoptedStyleSheets[0].replaceSync(
            '.bad{font-size:19px;line-height:1.2} .wide{width:500px} .tiny{padding:0;font-size:20px}');
          const main = document.querySelector('main .wrap');
          const wrong = [['p', 'bad', '很长的一句话'.repeat(12)], ['button', 'tiny', '小'], ['p', 'wide', '宽']];
          for (const [tag, name, text] of wrong) {
            const made = document.createElement(tag);
            made.className = name;
            made.textContent = text;
            main.append(made);
          }
        }"""
    )
    assert any("bad" in fault for fault in measuring.small_text(page, LETTERS))
    assert any("bad" in fault for fault in measuring.tight_lines(page, LINES))
    assert any("tiny" in fault for fault in measuring.small_targets(page, ELDER_TARGET))
    assert any("wide" in fault for fault in measuring.overflowing(page))


@pytest.mark.whole
@pytest.mark.parametrize("mode", [ELDER, STANDARD])
def test_a_desk_at_double_size(live, open_page, mode):
    """1280 px at 200 %: 640 px of the page's own, two of the screen's to each."""
    here = scenes.scene()
    page: Page = open_page(size="desk", user=here.asker)
    session = page.context.new_cdp_session(page)
    metrics = {"width": 640, "height": 450, "deviceScaleFactor": 2, "mobile": False}
    session.send("Emulation.setDeviceMetricsOverride", metrics)
    reader = Reader(page, ["/", "/do/", "/me/", "/wishes/", "/privacy/", "/me/homes/claim/", *places.of_a_wish(here)])
    reader.wear(live, mode)
    assert reader.walk(measuring.overflowing) == {}
    assert page.evaluate("devicePixelRatio") == 2


def test_fewer_things_on_a_page(live, open_page):
    worlds.community()
    page: Page = open_page(size="desk")
    page.goto("/")
    count = "document.querySelectorAll('header a, header button, footer a').length"
    expect(page.get_by_role("navigation", name="主要栏目")).to_be_visible()
    Reader(page, []).wear(live, ELDER)
    page.goto("/")
    expect(page.get_by_role("navigation", name="主要栏目")).to_have_count(0)
    expect(page.get_by_role("navigation", name="底部导航")).to_be_visible()
    visible = f"[...{count[: -len('.length')]}].filter((e) => e.checkVisibility()).length"
    elder = page.evaluate(visible)
    Reader(page, []).wear(live, STANDARD)
    page.goto("/")
    assert elder < page.evaluate(visible)


# The switch ----------------------------------------------------------------------------------------------------------


def test_the_size_changes_at_once_and_what_was_typed_stays(live, open_page):
    user = worlds.account(worlds.community(), elder_mode=True)
    page: Page = open_page(size="phone", user=user)
    page.goto(reverse("front:claim_home"))
    page.get_by_label("房号").fill("302")
    with page.expect_response(re.compile("/mode/")):
        page.get_by_role("button", name="字大一点").click()
    expect(page.locator("html")).to_have_attribute("data-text", "24")
    expect(page.locator("#live")).to_have_text("字号：24")
    expect(page.get_by_label("房号")).to_have_value("302")
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == 24
    user.refresh_from_db()
    assert user.elder_text == 24
    for size in (26, 28, 30):
        with page.expect_response(re.compile("/mode/")):
            page.get_by_role("button", name="字大一点").click()
        expect(page.locator("html")).to_have_attribute("data-text", str(size))
    expect(page.get_by_role("button", name="字大一点")).to_have_attribute("aria-disabled", "true")
    expect(page.get_by_role("button", name="字小一点")).not_to_have_attribute("aria-disabled", "true")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-text", "30")


def test_the_switch_without_a_script_by_keyboard(open_page):
    worlds.community()
    page: Page = open_page(size="phone", javascript=False)
    page.goto("/privacy/")
    page.get_by_role("button", name="关怀版").press("Enter")
    expect(page).to_have_url(re.compile("/privacy/$"))
    expect(page.locator("html")).to_have_attribute("data-text", "22")
    page.get_by_role("button", name="字大一点").press("Enter")
    expect(page.locator("html")).to_have_attribute("data-text", "24")
    page.get_by_role("button", name="字小一点").press("Enter")
    expect(page.locator("html")).to_have_attribute("data-text", "22")
    expect(page).to_have_url(re.compile("/privacy/$"))
    page.get_by_role("button", name="标准版").press("Enter")
    expect(page.locator("html")).not_to_have_attribute("data-mode", "elder")
