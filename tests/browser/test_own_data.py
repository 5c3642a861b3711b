"""The pages about one's own data, on a phone and a desk, light and dark, 关怀版 too: nothing for axe, none sideways."""

import pytest

from portal.people.models import DataRequest
from tests import worlds
from tests.browsers import axe, fits, sign_in
from tests.front.lives import life

pytestmark = pytest.mark.django_db(transaction=True)


def _pages(here) -> list[str]:
    request = DataRequest.objects.get()
    return [
        "/me/data/",
        f"/me/data/?child={here.child.pk}",
        "/me/data/export/",
        "/me/data/correct/",
        "/me/data/correct/new/birth_date/",
        f"/me/data/correct/{request.code}/",
        "/me/data/erase/",
        "/me/data/erase/ask/",
        "/me/consents/",
        "/me/consents/notices.sms/",
        "/me/leave/",
        "/privacy/",
    ]


@pytest.mark.whole
@pytest.mark.parametrize("size", ["phone", "desk"])
def test_every_page_about_ones_own_data(open_page, size):
    here = life()
    page = open_page(size=size, user=here.user)
    page.goto("/me/data/export/")
    page.get_by_label("密码").fill(worlds.PASSWORD)
    page.get_by_role("button", name="继续").click()
    for elder in (False, True):
        if elder:
            page.context.add_cookies([{"name": "mode", "value": "elder", "domain": "127.0.0.1", "path": "/"}])
        for colours in ("light", "dark"):
            page.emulate_media(color_scheme=colours)
            for path in _pages(here):
                assert page.goto(path).status == 200, path
                fits(page)
                axe(page)


def test_leaving_by_keyboard_and_the_receipt(open_page):
    user = worlds.account(worlds.community(), name="林小荷")
    page = open_page(size="phone", javascript=False)
    sign_in(page, user)
    page.goto("/me/leave/")
    page.get_by_label("密码").fill(worlds.PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("我知道注销以后不能恢复").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="注销账号").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="账号注销了").wait_for()
    axe(page)
    fits(page)
