"""The back office in a browser: no error, no word from another host, nothing that axe blames; usable at 360 pixels."""

import datetime as dt
import re
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from portal.core import clock
from portal.people.models import Person, Residency, TieState
from tests import worlds
from tests.browsers import axe, fits, sign_in

from .desks import act_url, claim, page

pytestmark = pytest.mark.django_db(transaction=True)
LOOKS = [("desk", "light"), pytest.param("phone", "dark", marks=pytest.mark.whole)]


@pytest.fixture
def tie(here) -> Residency:
    return claim(here.resident, here.household)


def pages(here, tie: Residency) -> list[str]:
    return [
        "/admin/",
        page("people.residency", "changelist"),
        page("people.residency", "add"),
        page("people.residency", "change", tie.pk),
        act_url(tie, "refuse"),
        page("people.person", "changelist"),
        page("people.person", "add"),
        page("people.person", "change", here.resident.pk),
        page("people.person", "history", here.resident.pk),
        act_url(here.community, "options"),
    ]


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_every_kind_of_page(here, tie, open_page, size: str, scheme: Any) -> None:
    opened: Page = open_page(size=size, user=here.head)
    opened.emulate_media(color_scheme=scheme)
    for url in pages(here, tie):
        opened.goto(url)
        expect(opened.locator("h1")).to_be_visible()
        fits(opened)
        axe(opened)


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_who_oversees_sees_what_is_late(here, tie, open_page, size: str, scheme: Any) -> None:
    Residency.objects.filter(pk=tie.pk).update(due_on=clock.today() - dt.timedelta(days=2))
    opened: Page = open_page(size=size, user=worlds.supervisor(here.community.parent))
    opened.emulate_media(color_scheme=scheme)
    opened.goto("/admin/")
    expect(opened.get_by_role("heading", name="超期的事")).to_be_visible()
    fits(opened)
    axe(opened)
    opened.get_by_role("link", name=re.compile("居住登记.*1 件")).click()
    expect(opened.locator("#result_list")).to_contain_text("林小荷")


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_entering_somebody_who_is_registered_already(here, open_page, size: str, scheme: Any) -> None:
    """Shown before anything is stored; another one after all; then the two side by side."""
    opened: Page = open_page(size=size, user=here.worker)
    opened.emulate_media(color_scheme=scheme)
    opened.goto(page("people.person", "add"))
    opened.locator("#id_name").fill("林小河")
    opened.locator("#id_contact_phone").fill(here.resident.contact_phone)
    opened.locator("#id_contact_phone").press("Enter")
    expect(opened.get_by_role("heading", name="像是登记过的人")).to_be_visible()
    fits(opened)
    axe(opened)
    opened.locator("#id_contact_phone").press("Enter")  # that is no yes
    opened.get_by_role("button", name="不是同一个人，照样登记").click()
    other = Person.objects.get(name="林小河")
    opened.goto(reverse("admin:people_person_merge_with", args=[here.resident.pk, other.pk]))
    expect(opened.get_by_text("不一样").first).to_be_visible()
    fits(opened)
    axe(opened)


@pytest.mark.parametrize("model", ["wishes.wish", "people.residency", "people.role", "people.guardianship"])
def test_a_form_whose_fields_search_stays_within_a_phone(here, open_page, model: str) -> None:
    opened: Page = open_page(size="phone", user=worlds.administrator() if model == "people.role" else here.head)
    opened.goto(page(model, "add"))
    assert opened.locator("select.select2-hidden-accessible").count(), "the page has a field that searches"
    edges = opened.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert edges == [360, 360]
    axe(opened)


def test_no_picture_of_djangos_stands_beside_a_field(here, open_page) -> None:
    opened: Page = open_page(size="desk", user=here.head)
    opened.goto(page("people.residency", "add"))
    links = opened.locator(".related-widget-wrapper-link").all()
    assert links
    for link in links:
        assert link.get_attribute("title"), "a picture alone needs a name"
        expect(link.locator("img")).to_be_hidden()
        assert "icons/" in link.evaluate("e => getComputedStyle(e, '::before').maskImage")


@pytest.mark.parametrize("javascript", [True, False])
def test_the_days_work_on_a_phone(here, tie, open_page, javascript: bool) -> None:
    opened: Page = open_page(size="phone", user=here.worker, javascript=javascript)
    opened.goto("/admin/")
    opened.get_by_role("link", name=re.compile("^1 居住待确认")).click()
    opened.get_by_role("link", name=re.compile(here.household.number)).first.click()
    opened.get_by_role("link", name="确认", exact=True).click()
    opened.get_by_role("button", name="确认", exact=True).click()
    expect(opened.get_by_role("status").filter(has_text="“确认”已办好")).to_be_visible()
    tie.refresh_from_db()
    assert tie.state == TieState.CONFIRMED


def test_choosing_a_person_from_those_found(here, there, open_page) -> None:
    opened: Page = open_page(size="desk", user=here.worker)
    opened.goto(page("people.residency", "add"))
    opened.locator(".form-row.field-person .select2-selection").click()
    opened.locator(".select2-search__field").fill("林")
    opened.get_by_role("option", name=re.compile("林小荷")).click()
    expect(opened.locator(".form-row.field-person .select2-selection__rendered")).to_contain_text("154****")


def test_the_theme_can_be_changed_and_stays(here, open_page) -> None:
    opened: Page = open_page(size="desk", user=here.worker)
    opened.emulate_media(color_scheme="light")
    opened.goto("/admin/")
    light = opened.evaluate("getComputedStyle(document.body).backgroundColor")
    opened.locator(".theme-toggle").click()
    expect(opened.locator("html")).to_have_attribute("data-theme", "dark")
    opened.goto(page("people.person", "changelist"))
    assert opened.evaluate("getComputedStyle(document.body).backgroundColor") != light


def test_several_rows_at_once(here, tie, open_page) -> None:
    claim(worlds.person(here.community), worlds.household(here.building))
    opened: Page = open_page(size="desk", user=here.worker)
    opened.goto(page("people.residency", "changelist") + "?state__exact=claimed")
    opened.locator("#action-toggle").check()
    opened.locator("select[name=action]").select_option(label="确认")
    opened.get_by_role("button", name="批量办理").click()
    opened.get_by_role("button", name="确认（2 件）").click()
    expect(opened.get_by_role("status").filter(has_text="办成 2 件")).to_be_visible()
    assert Residency.objects.filter(state=TieState.CONFIRMED).count() == 2


def test_a_filter_opens_and_closes(here, tie, open_page) -> None:
    opened: Page = open_page(size="phone", user=here.worker)
    opened.goto(page("people.residency", "changelist"))
    opened.get_by_text("状态", exact=True).first.click()
    opened.get_by_role("link", name="已确认").click()
    expect(opened.get_by_text("没有符合条件的记录")).to_be_visible()
    opened.get_by_role("link", name="清除筛选").click()
    expect(opened.locator("#result_list")).to_contain_text("林小荷")


def test_only_staff_see_the_desk(here, open_page) -> None:
    opened: Page = open_page(size="phone")
    sign_in(opened, worlds.account(here.community))
    answer = opened.goto("/admin/")
    assert answer is not None
    assert answer.status == 403
    axe(opened)
