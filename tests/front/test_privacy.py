"""The privacy page is the register in plain words, and promises nothing that no act does."""

import pytest
from django.urls import reverse

from portal.core.registries import purposes
from portal.people.models import RoleKind
from tests import worlds

pytestmark = pytest.mark.django_db


def _page(user=None, **cookies):
    client = worlds.client_for(user)
    for name, value in cookies.items():
        client.cookies[name] = str(value)
    return client.get("/privacy/").content.decode()


def test_the_page_is_made_from_the_register_and_is_linked_from_every_page():
    page = _page()
    for purpose in purposes:
        for part in (purpose.title, purpose.basis, purpose.readers, purpose.retention, purpose.erasure):
            assert str(part) in page
    assert 'href="/privacy/"' in worlds.client_for(None).get("/").content.decode()


def test_each_right_has_its_button_and_each_button_opens():
    page, client = _page(), worlds.client_for(worlds.account(worlds.community()))
    for name in ("my_data", "correct", "export", "erase", "consents", "leave"):
        url = reverse(f"front:{name}")
        assert f'href="{url}"' in page
        assert client.get(url, follow=True).status_code == 200, name


def test_why_something_has_no_end_is_said():
    page = _page()
    kept = [purpose for purpose in purposes if str(purpose.kept_because)]
    assert kept
    for purpose in kept:
        assert str(purpose.kept_because) in page


def test_nothing_is_promised_that_is_done_by_hand():
    page = _page()
    for untrue in ("现在还不能在网上自己办", "系统不会自动删除", "人工办理"):
        assert untrue not in page
    for said in ("15 个工作日内答复", "不满 14 周岁", "网信部门投诉", "网络安全法"):
        assert said in page


def test_whom_to_turn_to_is_an_office_and_never_a_person():
    home = worlds.community(phone="0731-15400009", address="月塘路1号")
    officer = worlds.staff(RoleKind.PRIVACY_OFFICER, home, name="上官清风")
    page = _page(worlds.account(home))
    assert f"{home}的个人信息保护员" in page and "月塘路1号" in page
    assert "上官" not in page and str(officer.phone) not in page
    nowhere = _page()
    assert "选好社区以后" in nowhere or "的个人信息保护员" in nowhere
