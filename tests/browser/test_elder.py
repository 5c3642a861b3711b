"""关怀版, measured as Chromium lays it out: letters, lines, targets, no sideways scrolling, somebody to call.

Every page that can be opened as it is gets measured, for a visitor and for a resident who has something under way.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from portal.core.models import Draft
from portal.front.context import ELDER, MODE_COOKIE, STANDARD, TEXT_COOKIE
from portal.people.preferences import TEXT_SIZES
from tests import worlds
from tests.browser import measuring, places
from tests.wishes import scenes

pytestmark = pytest.mark.django_db(transaction=True)

LETTERS, LINES = 20, 1.5
ELDER_TARGET, TARGET = 60, 44
HALF = {"width": 195, "height": 422}  # a phone of 390 px, everything twice as big
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


def _of_sizes(page: Page, name: str) -> Locator:
    """A button of the box behind 字大小, opened where it is closed."""
    if page.locator("details.ease:not([open])").count():
        page.locator(".ease__open").press("Enter")
    return page.get_by_role("button", name=name)


def _elder_faults(page: Page) -> list[str]:
    return [
        *(f"letters: {fault}" for fault in measuring.small_text(page, LETTERS)),
        *(f"lines: {fault}" for fault in measuring.tight_lines(page, LINES)),
        *(f"target: {fault}" for fault in measuring.small_targets(page, ELDER_TARGET)),
    ]


def _sideways(page: Page) -> list[str]:
    """What sticks out at 320 px, at every size of letters, and at 195 px in the biggest."""
    found = []
    page.set_viewport_size(SMALL)
    for size in TEXT_SIZES:
        _resize(page, size)
        found += [f"{size} px: {fault}" for fault in measuring.overflowing(page)]
    page.set_viewport_size(HALF)
    found += [f"200 %: {fault}" for fault in measuring.overflowing(page)]
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
        _of_sizes(page, "字大一点").click()
    expect(page.locator("html")).to_have_attribute("data-text", "24")
    expect(page.locator("#live")).to_have_text("字号：24")
    expect(page.get_by_label("房号")).to_have_value("302")
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == 24
    user.refresh_from_db()
    assert user.elder_text == 24
    for size in (26, 28, 30):
        with page.expect_response(re.compile("/mode/")):
            _of_sizes(page, "字大一点").click()
        expect(page.locator("html")).to_have_attribute("data-text", str(size))
    expect(_of_sizes(page, "已经是最大")).to_have_attribute("aria-disabled", "true")
    expect(page.locator("#live")).to_have_text("字号：30，已经是最大")
    expect(_of_sizes(page, "字小一点")).not_to_have_attribute("aria-disabled", "true")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-text", "30")
    expect(_of_sizes(page, "已经是最大")).to_have_attribute("aria-disabled", "true")
    assert "line-through" not in page.evaluate(
        "getComputedStyle(document.querySelector('.ease [aria-disabled]')).textDecoration"
    )


def test_icons_grow_with_the_words_beside_them(live, open_page):
    here = scenes.scene()
    scenes.approved(here)
    page: Page = open_page(size="phone")
    Reader(page, []).wear(live, ELDER, 20)
    for path in ("/do/", "/wishes/", "/help/"):
        page.goto(path)
        widths = {}
        for size in (20, 30):
            _resize(page, size)
            widths[size] = page.evaluate(
                "[...document.querySelectorAll('svg')].filter((e) => e.checkVisibility())"
                ".map((e) => e.getBoundingClientRect().width).filter(Boolean)"
            )
        assert len(widths[20]) == len(widths[30]) > 3
        assert all(big / small >= 1.48 for small, big in zip(widths[20], widths[30], strict=True)), path


def test_the_switch_without_a_script_by_keyboard(open_page):
    worlds.community()
    page: Page = open_page(size="phone", javascript=False)
    page.goto("/privacy/")
    page.get_by_role("button", name="关怀版").press("Enter")
    expect(page).to_have_url(re.compile("/privacy/$"))
    expect(page.locator("html")).to_have_attribute("data-text", "22")
    _of_sizes(page, "字大一点").press("Enter")
    expect(page.locator("html")).to_have_attribute("data-text", "24")
    _of_sizes(page, "字小一点").press("Enter")
    expect(page.locator("html")).to_have_attribute("data-text", "22")
    expect(page).to_have_url(re.compile("/privacy/$"))
    _of_sizes(page, "标准版").press("Enter")
    expect(page.locator("html")).not_to_have_attribute("data-mode", "elder")


def test_the_switch_in_the_middle_of_a_form_loses_nothing(live, open_page):
    """On the device alone: nothing of it is sent, nothing of it stays, and the password is not kept."""
    worlds.community()
    worlds.community("向阳社区")
    page: Page = open_page(size="phone")
    page.goto(reverse("account_signup"))
    page.get_by_label("姓名").fill("李雪")
    page.get_by_label("手机号").fill("15400002001")
    page.get_by_label("住在哪个社区").select_option(index=1)
    page.locator("[name=password]").fill("not-kept-1")
    page.get_by_label("我看过了，知道怎么用").check()
    chosen = page.get_by_label("住在哪个社区").input_value()
    for button, mode in (("关怀版", ELDER), ("标准版", None)):
        pressed = _of_sizes(page, button) if button == "标准版" else page.get_by_role("button", name=button)
        with page.expect_request(re.compile("/mode/")) as sent:
            pressed.click()
        expect(page.locator("html")).to_have_attribute("data-mode", mode) if mode else expect(
            page.locator("html")
        ).not_to_have_attribute("data-mode", ELDER)
        assert "15400002001" not in (sent.value.post_data or "") and "keep" not in sent.value.url
        expect(page.get_by_label("姓名")).to_have_value("李雪")
        expect(page.get_by_label("手机号")).to_have_value("15400002001")
        expect(page.get_by_label("住在哪个社区")).to_have_value(chosen)
        expect(page.get_by_label("我看过了，知道怎么用")).to_be_checked()
        expect(page.locator("[name=password]")).to_have_value("")
        expect(page.locator("#live")).to_have_text("换好了，填的内容还在")
        assert page.evaluate("sessionStorage.getItem('typed')") is None


def test_the_switch_keeps_choices_and_a_page_that_is_not_the_same_gets_nothing(live, open_page):
    here = scenes.scene()
    page: Page = open_page(size="phone", user=here.asker)
    page.goto(reverse("wishes:order_step", args=[1]))
    page.get_by_role("radio", name=re.compile("维修")).check()
    page.get_by_role("button", name="关怀版").click()
    expect(page.locator("html")).to_have_attribute("data-mode", ELDER)
    expect(page.get_by_role("radio", name=re.compile("维修"))).to_be_checked()
    page.goto(reverse("front:claim_home"))
    page.get_by_label("房号").fill("302")
    page.evaluate("document.dispatchEvent(new CustomEvent('portal:keep'))")
    assert page.evaluate("sessionStorage.getItem('typed')") is not None
    page.goto("/privacy/")
    assert page.evaluate("sessionStorage.getItem('typed')") is None
    page.goto(reverse("front:claim_home"))
    expect(page.get_by_label("房号")).to_have_value("")


def test_the_switch_without_a_script_keeps_the_order(live, open_page):
    here = scenes.scene()
    page: Page = open_page(size="phone", javascript=False, user=here.asker)
    page.goto(reverse("wishes:order_step", args=[1]))
    page.get_by_role("radio", name=re.compile("维修")).check()
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("说说是什么事").fill("二楼楼道的灯坏了")
    page.get_by_role("button", name="关怀版").click()
    expect(page.locator("html")).to_have_attribute("data-mode", ELDER)
    expect(page.get_by_label("说说是什么事")).to_have_value("二楼楼道的灯坏了")
    _of_sizes(page, "字大一点").click()
    expect(page.locator("html")).to_have_attribute("data-text", "24")
    expect(page.get_by_label("说说是什么事")).to_have_value("二楼楼道的灯坏了")


@pytest.mark.parametrize("mode", [ELDER, STANDARD])
def test_the_ways_on_from_an_error_stand_below_each_other_on_a_phone(live, open_page, mode):
    worlds.community()
    page: Page = open_page(size="phone")
    Reader(page, []).wear(live, mode)
    page.goto("/nothing-here/")
    boxes = [link.bounding_box() for link in page.locator(".errorpage__actions .btn").all()]
    assert len(boxes) == 2
    assert boxes[0]["x"] == boxes[1]["x"] and boxes[0]["width"] == boxes[1]["width"] > 300
    assert boxes[1]["y"] >= boxes[0]["y"] + boxes[0]["height"]
    assert measuring.overflowing(page) == []


def test_the_switch_keeps_whom_one_has_looked_up_at_the_desk(live, open_page):
    here = scenes.scene()
    person = worlds.person(here.community, name="欧阳望舒")
    page: Page = open_page(user=here.worker)
    page.goto(reverse("admin:wishes_wish_add"))
    chosen = page.locator("select[name=subject]")
    page.locator(".field-subject .select2-selection").click()
    page.locator(".select2-search__field").fill("欧阳")
    page.get_by_role("option", name="欧阳望舒").click()
    page.locator("[name=details]").fill("厨房的灯坏了")
    page.get_by_role("button", name="关怀版").click()
    expect(page.locator("html")).to_have_attribute("data-mode", ELDER)
    expect(chosen).to_have_value(str(person.pk))
    expect(page.locator(".field-subject .select2-selection")).to_contain_text("欧阳望舒")
    expect(page.locator("[name=details]")).to_have_value("厨房的灯坏了")
