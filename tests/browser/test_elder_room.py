"""关怀版 where room is shortest: half a phone, the biggest letters, the first screen, and how long a page is."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from portal.front.context import ELDER
from tests.browser import measuring
from tests.browser.test_elder import ELDER_TARGET, HALF, PHONE, Reader
from tests.wishes import scenes

pytestmark = pytest.mark.django_db(transaction=True)

# How many dates a page shows, and those that a line end tears.
TORN_DATES = """() => {
  const found = [], walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  let count = 0;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.parentElement.checkVisibility() || node.parentElement.closest('.visually-hidden')) continue;
    for (const match of node.data.matchAll(/(\\d{4}年)?\\d{1,2}月\\d{1,2}日/g)) {
      const range = document.createRange();
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      count += 1;
      if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) found.push(match[0]);
    }
  }
  return [count, found];
}"""


def test_half_a_phone_does_not_scroll_sideways(live, open_page):
    """390 px at 200 %, the biggest letters, on the pages that were widest."""
    here = scenes.scene()
    wish = scenes.claimed(here)
    page: Page = open_page(size="phone", user=here.asker)
    paths = ["/", "/messages/", "/me/", "/me/profile/", "/me/data/", "/me/homes/", "/me/notices/", "/privacy/"]
    reader = Reader(page, [*paths, "/figures/", "/accounts/", reverse("wishes:detail", args=[wish.code])])
    reader.wear(live, ELDER, 30)
    page.set_viewport_size(HALF)
    assert reader.walk(measuring.overflowing) == {}


def test_dates_stay_whole_in_the_biggest_letters(live, open_page):
    """At 360 px in 30: every date, in a sentence too, lies on one line."""
    here = scenes.scene()
    wish = scenes.claimed(here)
    scenes.ordered(here)
    page: Page = open_page(size="phone", user=here.asker)
    paths = ["/", "/messages/", "/me/", "/me/profile/", "/me/data/", "/wishes/mine/", "/wishes/"]
    own = [reverse("wishes:detail", args=[wish.code]), reverse("wishes:done", args=[wish.code, "ordered"])]
    reader = Reader(page, [*paths, *own])
    reader.wear(live, ELDER, 30)
    met: list[int] = []

    def torn(page: Page) -> list[str]:
        page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true })")
        count, faults = page.evaluate(TORN_DATES)
        met.append(count)
        return faults

    assert reader.walk(torn) == {}
    assert sum(met) > 20, "there were dates to measure"


def test_long_pages_are_folded_and_the_first_screen_shows_the_first_thing(live, open_page):
    here = scenes.scene()
    scenes.claimed(here)
    page: Page = open_page(size="phone", user=here.asker, javascript=False)
    Reader(page, []).wear(live, ELDER, 30)
    for path, screens in (("/", 8), ("/do/", 5), ("/me/data/", 6), ("/privacy/", 12)):
        page.goto(path)
        height = page.evaluate("document.documentElement.scrollHeight")
        assert height <= screens * PHONE["height"], f"{path} is {height / PHONE['height']:.1f} screens long"
    page.goto("/me/data/")
    summary = page.locator(".card__open").first
    assert summary.bounding_box()["height"] >= ELDER_TARGET
    inside = page.locator(".card__inside").first
    expect(inside).to_be_hidden()
    summary.press("Enter")
    expect(inside).to_be_visible()
    for path, first in (("/messages/", ".row__title"), ("/wishes/order/1/", ".choice")):
        page.goto(path)
        box = page.locator(first).first.bounding_box()
        assert box["y"] + box["height"] < page.locator(".bar").bounding_box()["y"], path
    assert page.get_by_text("想要什么帮助").first.is_visible()
    expect(page.locator("fieldset > legend").first).to_have_css("position", "absolute")
    page.goto("/messages/")
    assert page.locator("details.ease").bounding_box()["height"] < 70, "one button, closed"
