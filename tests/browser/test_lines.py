"""Where lines end, measured in Chromium: numbers, dates and codes stay whole, no line begins with a comma or a dot."""

import pytest
from playwright.sync_api import Page

from portal.core.templating import dates
from tests import worlds
from tests.browser import places
from tests.wishes import scenes

pytestmark = pytest.mark.django_db(transaction=True)

HOURS = "周一至周五 8:30–12:00、14:00–17:30"

# Each line of each text as it is laid out; pieces of one line are put together by where they stand.
TORN = """() => [...document.querySelectorAll("main .nowrap, main .num")].filter((e) => {
  const tops = new Set([...e.getClientRects()].map((box) => Math.round(box.top)));
  return tops.size > 1;
}).map((e) => e.textContent)"""
LED_BY_COMMA = """() => {
  const found = [];
  const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    let last = null;
    for (let n = 0; n < node.length; n += 1) {
      const range = document.createRange();
      range.setStart(node, n);
      range.setEnd(node, n + 1);
      const box = range.getBoundingClientRect();
      if (!box.width) continue;
      if (last !== null && box.top > last + 3 && "、，。：；）”·".includes(node.data[n])) found.push(node.data);
      last = box.top;
    }
  }
  return found;
}"""


def _elder(page: Page, live: str, community: int) -> Page:
    for name, value in (("mode", "elder"), ("text", "30"), ("community", str(community))):
        page.context.add_cookies([places.cookie(live, name, value)])  # type: ignore[list-item]
    return page


@pytest.mark.parametrize(
    "text",
    [
        "15400009901",
        "0731-28812345",
        "0731-****2345",
        "154****0001",
        "514 917 178",
        "4–7 天",
        "2026年11月26日",
        "12月7日 9:30",
    ],
)
def test_the_filter_keeps_it_in_one_piece(text):
    assert dates(f"请看{text}，谢谢") == f'请看<span class="nowrap">{text}</span>，谢谢'


def test_what_is_markup_is_not_trusted_by_it():
    assert "&lt;b&gt;" in dates("<b>15400009901</b>")


def test_nothing_is_torn_in_the_biggest_letters(live, open_page):
    here = scenes.scene()
    here.community.phone, here.community.office_hours = "0731-28812345", HOURS
    here.community.save()
    scenes.approved(here, title="换一盏楼道灯")
    page = _elder(open_page(size="phone", user=here.asker), live, here.community.pk)
    for path in ("/", "/help/", "/messages/", "/me/", "/do/", "/search/?q=楼道灯", "/privacy/"):
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach((e) => { e.open = true })")
        assert page.evaluate(TORN) == [], path
        assert page.evaluate(LED_BY_COMMA) == [], path


def test_a_dot_goes_with_the_part_after_it(live, open_page):
    home = worlds.community(phone="0731-28812345", office_hours=HOURS)
    page: Page = open_page(size="desk")
    page.context.add_cookies([places.cookie(live, "community", str(home.pk))])
    for path in ("/", "/do/", "/help/"):
        page.goto(path)
        assert "·" not in page.locator(".callbar__sub").first.inner_text(), path


def test_a_value_stands_under_its_label_in_big_letters(live, open_page):
    here = scenes.scene()
    wish = scenes.approved(here, title="换一盏楼道灯")
    page = _elder(open_page(size="phone", user=here.asker), live, here.community.pk)
    page.goto(f"/wishes/{wish.code}/")
    pairs = page.locator(".kv:not(.kv--review) > .kv__pair")
    assert pairs.count()
    for pair in pairs.all():
        label, value = pair.locator("dt").bounding_box(), pair.locator("dd").first.bounding_box()
        assert label is None or value is None or value["x"] == pytest.approx(label["x"], abs=5)


def test_the_register_is_folded_and_a_line_of_its_contents_opens_it(live, open_page):
    home = worlds.community()
    page: Page = open_page(size="phone", javascript=False)
    page.context.add_cookies([places.cookie(live, "community", str(home.pk))])
    page.goto("/privacy/")
    assert page.locator("main").bounding_box()["height"] < 4500
    page.locator("details.fold > summary").first.click()
    page.locator(".toc__list a").nth(2).click()
    assert page.locator("#p3").is_visible() and page.locator("#p2").is_hidden()
    page.emulate_media(media="print")
    assert page.locator("#p2").is_visible()


def test_a_wide_home_page_fills_both_columns(live, open_page):
    here = scenes.scene()
    for number in range(4):
        scenes.dispatched(here, title=f"第{number}件")
        scenes.closed(here, title=f"办成的第{number}件")
    page: Page = open_page(size="desk")
    page.context.add_cookies([places.cookie(live, "community", str(here.community.pk))])
    page.goto("/")
    boxes = [box for part in page.locator(".flow > section").all() if (box := part.bounding_box())]
    assert len({round(box["x"]) for box in boxes}) == 2
    assert {round(box["width"]) for box in boxes} == {round(boxes[0]["width"])}
    tops = {round(box["x"]): round(box["y"]) for box in reversed(boxes)}
    assert len(set(tops.values())) == 1, "both begin at one height"
