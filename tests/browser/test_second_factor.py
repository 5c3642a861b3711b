"""Setting the second factor up on a narrow phone: the secret under the picture wraps."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests import worlds

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_secret_does_not_push_the_page_sideways(open_page):
    page = open_page(size="phone", javascript=True, user=worlds.account(worlds.community()))
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(reverse("mfa_activate_totp"))
    page.get_by_label("密码").fill(worlds.PASSWORD)
    page.get_by_role("button", name="继续").click()
    secret = page.locator("code")
    expect(secret).to_have_text(re.compile(r"^(\S{1,4}\s?){8}$"))
    box = secret.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 360
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
