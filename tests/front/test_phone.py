"""关怀版 and the visitor's first page on small phones: one row of header, a badge that fits, a way to sign in."""

import re

import pytest
from playwright.sync_api import Page, expect

from portal.front.context import ELDER, MODE_COOKIE
from portal.notices.models import Notice
from tests import worlds
from tests.browsers import axe, fits

pytestmark = pytest.mark.django_db(transaction=True)


def _elder(page: Page, live: str, width: int) -> Page:
    page.set_viewport_size({"width": width, "height": 740})
    page.context.add_cookies([{"name": MODE_COOKIE, "value": ELDER, "url": live}])
    return page


def _unread(reader, count: int) -> None:
    Notice.objects.bulk_create(Notice(person=reader.person, kind="wishes", title="有进展") for _ in range(count))


@pytest.mark.parametrize(("count", "shown"), [(13, "13"), (120, "99+")])
@pytest.mark.parametrize("elder", [True, False])
def test_the_number_of_unread_messages_stays_on_its_icon(live, open_page, count: int, shown: str, elder: bool) -> None:
    reader = worlds.account(worlds.community())
    _unread(reader, count)
    page: Page = open_page(size="phone", user=reader)
    page.set_viewport_size({"width": 320, "height": 740})
    if elder:
        _elder(page, live, 320)
    page.goto("/do/")
    badge = page.locator(".bar__count")
    expect(badge).to_have_text(shown)
    assert badge.evaluate("e => e.offsetHeight") <= 28, "one line"
    box, label = badge.bounding_box(), page.locator(".bar__link", has=badge).locator("> span").nth(1).bounding_box()
    place = page.locator("li", has=badge).bounding_box()
    assert box and label and place
    assert box["y"] + box["height"] <= label["y"] + 1, "the label can be read"
    assert box["x"] + box["width"] <= place["x"] + place["width"], "it stays over its own place"
    fits(page)


@pytest.mark.parametrize("name", ["袁家湾社区", "荷塘新村东三组第二社区"])
def test_the_header_is_one_row_in_big_letters(live, open_page, name: str) -> None:
    worlds.community(name)
    page: Page = open_page(size="phone")
    for width in (320, 360, 400):
        _elder(page, live, width).goto("/")
        _is_one_row(page, width)


def _is_one_row(page: Page, width: int) -> None:
    row = page.locator(".head__row").bounding_box()
    assert row
    assert row["height"] <= 72
    tops = set()
    for target in page.locator(".brand, .head__tools .pill:visible").all():
        box = target.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 60
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        tops.add(round(box["y"]))
    assert len(tops) == 1
    bar = page.locator(".bar").bounding_box()
    head = page.locator(".head").bounding_box()
    assert bar and head
    assert bar["height"] + head["height"] <= 740 / 4
    expect(page.get_by_role("link", name="益+亲")).to_be_visible()
    fits(page)
    axe(page)


def test_a_visitor_sees_sign_in_without_looking_for_it(open_page) -> None:
    worlds.community()
    page: Page = open_page(size="phone")
    for width in (320, 400, 700):
        page.set_viewport_size({"width": width, "height": 740})
        page.goto("/")
        entry = page.get_by_role("link", name="登录", exact=True)
        assert entry.count() == 1, width
        box = entry.bounding_box()
        assert box
        assert box["y"] + box["height"] < 400, width
        fits(page)
        entry.click()
        expect(page).to_have_url(re.compile("/accounts/login/"))


@pytest.mark.parametrize("width", [320, 360])
def test_no_dot_stands_alone_at_the_edge_of_a_line(live, open_page, width: int) -> None:
    """The dot of the first part of each line is cut off; nothing else of the page writes one there."""
    reader = worlds.account(worlds.community())
    _unread(reader, 1)
    page = _elder(open_page(size="phone", user=reader), live, width)
    page.goto("/messages/")
    line = page.locator(".dotted").first
    left = line.evaluate(
        "e => e.getBoundingClientRect().left + parseFloat(getComputedStyle(e.firstElementChild).marginLeft)"
    )
    parts = line.locator("> *").all()
    boxes = [box for box in (part.bounding_box() for part in parts) if box]
    assert len(boxes) == 3
    assert min(box["x"] for box in boxes) == pytest.approx(left, abs=1)
    assert line.evaluate("e => getComputedStyle(e).clipPath").startswith("inset(")
    assert "·" not in line.inner_text()
    fits(page)
