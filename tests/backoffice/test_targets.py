"""What one presses at the desk, measured as Chromium lays it out: 44 px at every width, 60 px and letters of 20 px in
关怀版, and nothing that sticks out sideways."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portal.front.context import ELDER, MODE_COOKIE, TEXT_COOKIE
from tests.browser import measuring, places
from tests.browsers import axe

from .desks import act_url, claim, page
from .test_look import pages

pytestmark = pytest.mark.django_db(transaction=True)

TARGET, ELDER_TARGET, LETTERS = 44, 60, 20
# what unfolds is measured too: the choices of every filter
OPEN = "document.querySelectorAll('details').forEach((e) => { e.removeAttribute('name'); e.open = true; })"
LISTS = (
    "wishes.wish",
    "wishes.wishkind",
    "volunteers.volunteer",
    "volunteers.hourentry",
    "people.ownership",
    "people.representative",
    "people.guardianship",
    "people.authorisation",
    "people.role",
    "people.user",
    "people.datarequest",
    "places.area",
    "places.building",
    "places.household",
    "notices.delivery",
    "backoffice.export",
)


def _few(here, tie: Any) -> list[str]:
    return [
        "/admin/",
        page("people.residency", "changelist"),
        page("wishes.wish", "add"),
        act_url(tie, "refuse"),
    ]


def _all(here, tie: Any) -> list[str]:
    lists = [page(model, "changelist") for model in LISTS]
    adds = [page(model, "add") for model in ("people.residency", "people.datarequest", "people.guardianship")]
    place = page("places.household", "change", here.household.pk)
    return [*pages(here, tie), *lists, *adds, place, "/admin/enter/", f"/admin/enter/{here.resident.pk}/"]


def _walk(opened: Page, addresses: list[str], least: int, *, letters: float = 0) -> dict[str, list[str]]:
    found = {}
    for address in addresses:
        answer = opened.goto(address)
        assert answer is not None and answer.status == 200, address
        faults = measuring.overflowing(opened)
        opened.evaluate(OPEN)
        faults += measuring.small_targets(opened, least)
        if faults := [*faults, *(measuring.small_text(opened, letters) if letters else [])]:
            found[address] = faults
    return found


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_targets_of_44_px(here, open_page, size: str) -> None:
    tie = claim(here.resident, here.household)
    assert _walk(open_page(size=size, user=here.head), _few(here, tie), TARGET) == {}


@pytest.mark.whole
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_targets_of_44_px_on_every_page(here, open_page, size: str) -> None:
    tie = claim(here.resident, here.household)
    assert _walk(open_page(size=size, user=here.head), _all(here, tie), TARGET) == {}


def _wear(opened: Page, live: str, text: int) -> None:
    cookies: Any = [places.cookie(live, MODE_COOKIE, ELDER), places.cookie(live, TEXT_COOKIE, str(text))]
    opened.context.add_cookies(cookies)


@pytest.mark.parametrize(("size", "text"), [("desk", 22), ("phone", 30)])
def test_elder_mode(here, live, open_page, size: str, text: int) -> None:
    tie = claim(here.resident, here.household)
    opened: Page = open_page(size=size, user=here.head)
    _wear(opened, live, text)
    assert _walk(opened, _few(here, tie), ELDER_TARGET, letters=LETTERS) == {}
    axe(opened)


@pytest.mark.whole
@pytest.mark.parametrize(("size", "text"), [("desk", 20), ("desk", 30), ("phone", 22), ("phone", 30)])
def test_elder_mode_on_every_page(here, live, open_page, size: str, text: int) -> None:
    tie = claim(here.resident, here.household)
    opened: Page = open_page(size=size, user=here.head)
    _wear(opened, live, text)
    assert _walk(opened, _all(here, tie), ELDER_TARGET, letters=LETTERS) == {}


def test_the_switch_stands_in_the_header_and_keeps_what_was_typed(here, open_page) -> None:
    opened: Page = open_page(size="desk", user=here.worker)
    opened.goto(page("people.person", "add"))
    opened.get_by_label("姓名", exact=True).fill("林小河")
    opened.get_by_role("button", name="关怀版").click()
    expect(opened.locator("html")).to_have_attribute("data-mode", ELDER)
    expect(opened.get_by_label("姓名", exact=True)).to_have_value("林小河")
    opened.get_by_role("button", name="字大一点").click()
    expect(opened.locator("html")).to_have_attribute("data-text", "24")
    assert opened.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == 24
    here.worker.refresh_from_db()
    assert here.worker.elder_mode and here.worker.elder_text == 24
    opened.get_by_role("button", name="标准版").click()
    expect(opened.locator("html")).not_to_have_attribute("data-mode", ELDER)


def test_the_account_alone_opens_it(here, open_page) -> None:
    here.worker.elder_mode = True
    here.worker.save(update_fields=["elder_mode"])
    opened: Page = open_page(size="desk", user=here.worker)
    opened.goto("/admin/")
    expect(opened.locator("html")).to_have_attribute("data-mode", ELDER)
