"""Looking for things in a real browser: with JavaScript and without, on a phone and at the desk, by keyboard alone."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests import worlds
from tests.browsers import axe, fits, sign_in
from tests.wishes import scenes

pytestmark = pytest.mark.django_db(transaction=True)

QUESTIONS = ["楼道灯", "心愿", "袁家湾", "量子纠缠", "。！"]


@pytest.mark.whole
@pytest.mark.parametrize("size", ["phone", "desk"])
@pytest.mark.parametrize("elder", [False, True])
def test_the_public_page_has_no_fault(open_page, live, size, elder):
    here = scenes.scene()
    for number in range(7):
        scenes.approved(here, title=f"换第{number}盏楼道灯")
    page = open_page(size=size)
    if elder:
        page.context.add_cookies([{"name": "mode", "value": "elder", "url": live}])
    for typed in QUESTIONS:
        page.goto(f"/search/?q={typed}")
        axe(page)
        fits(page)
    page.goto("/search/?q=楼道灯&in=wish")
    axe(page)
    page.goto("/search/?q=15400001234")
    expect(page.get_by_role("alert")).to_contain_text("请不要在这里写号码")
    assert "15400001234" not in page.url
    axe(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_from_the_box_to_a_wish_by_keyboard_alone(open_page, javascript):
    wish = scenes.approved(scenes.scene(), title="换一盏楼道灯")
    page = open_page(javascript=javascript)
    page.goto(reverse("front:search"))
    page.get_by_role("searchbox", name="想找什么").focus()
    page.keyboard.type("楼道灯")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("q="))
    expect(page.get_by_role("status").filter(has_text="找到这些")).to_be_visible()
    link = page.get_by_role("link", name="换一盏楼道灯")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"/wishes/{wish.code}/"))


@pytest.mark.parametrize("size", ["phone", pytest.param("desk", marks=pytest.mark.whole)])
def test_the_desk_s_page_has_no_fault(open_page, size):
    here = scenes.scene()
    for number in range(10):
        worlds.person(here.community, name=f"罗映雪{number}")
    scenes.approved(here, title="给映雪楼换灯")
    page = open_page(size=size, user=here.worker)
    page.goto(reverse("admin:search"))
    for typed in ("映雪", "志愿者", "量子纠缠", "！"):
        page.get_by_role("searchbox", name="查什么").fill(typed)
        page.get_by_role("button", name="查找").click()
        page.wait_for_load_state()
        axe(page)
        fits(page)
    officer = worlds.staff(worlds.RoleKind.PRIVACY_OFFICER, here.community)
    sign_in(page, officer)
    page.goto(reverse("admin:search"))
    expect(page.get_by_role("searchbox", name="查什么")).to_be_visible()
    axe(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_the_box_in_the_header_finds_from_any_page(open_page, javascript):
    here = scenes.scene()
    person = worlds.person(here.community, name="罗映雪")
    page = open_page(size="desk", javascript=javascript, user=here.worker)
    page.goto(reverse("admin:wishes_wish_changelist"))
    box = page.get_by_role("searchbox", name="查全部：姓名、门牌、单号")
    if javascript:
        page.keyboard.press("/")
        expect(box).to_be_focused()
        expect(box).to_have_value("")
    else:
        box.focus()
    page.keyboard.type("映雪")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("found="))
    assert "映雪" not in page.url
    link = page.get_by_role("link", name=person.name)
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"/people/person/{person.pk}/change/"))


def test_a_slash_that_one_writes_stays_a_slash(open_page):
    here = scenes.scene()
    page = open_page(size="desk", user=here.worker)
    page.goto(reverse("admin:people_person_changelist"))
    box = page.locator("#searchbar")
    box.fill("3")
    box.press("/")
    expect(box).to_have_value("3/")
