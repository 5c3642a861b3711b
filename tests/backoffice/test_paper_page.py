"""The file of an entry in a browser: chosen with its preview, sent with its progress, there after an error."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from services.wishes.models import Wish
from tests.browsers import axe, fits

from .desks import page

pytestmark = pytest.mark.django_db(transaction=True)


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "#1d6b50").save(out, "PNG")
    return out.getvalue()


def fill(opened: Page, here) -> None:
    opened.goto(page("wishes.wish", "add") + f"?subject={here.resident.pk}&asker={here.resident.pk}")
    opened.locator("#id_channel").select_option("counter")
    opened.locator("#id_kind").select_option(label="维修")
    opened.locator("#id_contact_address").fill("2栋201")
    opened.set_input_files("#id_paper", {"name": "paper.png", "mimeType": "image/png", "buffer": picture()})


@pytest.mark.parametrize("size", ["desk", pytest.param("phone", marks=pytest.mark.whole)])
def test_it_stays_after_an_error_and_the_fields_search_again(here, open_page, size: str) -> None:
    opened: Page = open_page(size=size, user=here.worker)
    fill(opened, here)
    expect(opened.locator(".file__one")).to_contain_text("paper.png")
    assert "Choose" not in opened.locator(".file").inner_text()
    opened.get_by_role("button", name="保存", exact=True).click()
    summary = opened.locator("[data-errors]")
    expect(summary).to_contain_text("心愿内容")
    expect(summary).to_be_focused()
    expect(opened.locator(".file__held")).to_contain_text("已收到：一张图片")
    expect(opened.locator(".field-subject .select2-selection")).to_be_visible()
    fits(opened)
    axe(opened)
    opened.locator(".errors-summary").get_by_role("link", name=re.compile("心愿内容")).click()
    expect(opened.locator("#id_details")).to_be_focused()
    opened.keyboard.type("家里的灯坏了")
    opened.get_by_role("button", name="保存", exact=True).click()
    expect(opened.locator(".entered")).to_contain_text("微心愿录好了")
    wish = Wish.objects.get()
    assert wish.scan is not None and wish.scan.content_type == "image/webp"


def test_without_a_script_it_stays_too(here, open_page) -> None:
    opened: Page = open_page(size="desk", user=here.worker, javascript=False)
    fill(opened, here)
    opened.get_by_role("button", name="保存", exact=True).click()
    expect(opened.locator(".file__held")).to_contain_text("已收到：一张图片")
    opened.locator("#id_details").fill("家里的灯坏了")
    opened.get_by_role("button", name="保存", exact=True).click()
    assert Wish.objects.get().scan is not None


def test_the_summary_leads_to_a_field_that_searches(here, open_page) -> None:
    opened: Page = open_page(size="desk", user=here.worker)
    opened.goto(page("people.residency", "add"))
    opened.get_by_role("button", name="保存", exact=True).click()
    opened.locator("[data-errors] a[href='#id_household']").click()
    expect(opened.locator(".field-household .select2-selection")).to_be_focused()


def test_a_card_of_the_list_of_wishes_opens_on_a_phone(here, open_page) -> None:
    opened: Page = open_page(size="desk", user=here.worker)
    fill(opened, here)
    opened.locator("#id_details").fill("家里的灯坏了")
    opened.get_by_role("button", name="保存", exact=True).click()
    expect(opened.locator(".entered")).to_be_visible()
    phone: Page = open_page(size="phone", user=here.worker)
    phone.goto(page("wishes.wish", "changelist"))
    card = phone.locator("#result_list tbody tr").first
    expect(card.locator(".field-titled")).to_be_visible()
    expect(card.locator(".field-number")).to_be_hidden()
    box = card.bounding_box()
    assert box is not None and box["height"] < 130
    card.get_by_role("button", name="更多").click()
    expect(card.locator(".field-number")).to_be_visible()
    card.get_by_role("button", name="收起").click()
    expect(card.locator(".field-number")).to_be_hidden()
