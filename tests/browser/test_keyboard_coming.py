"""The way in without a mouse: choosing a community, signing up, out, and in again by code, by password and with the
second factor."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from portal.people.models import User
from tests import worlds
from tests.people import walks

from .keys import Walk, windows

pytestmark = pytest.mark.django_db(transaction=True)


def _sign_out(walk: Walk) -> None:
    walk.at("/me/")
    walk.press("退出登录", tag="a")
    walk.press("退出登录", tag="button")


@pytest.mark.parametrize("window", windows("narrow phone"))
def test_from_a_stranger_to_an_account_and_in_again(walk, window: str) -> None:
    worlds.community()
    home = worlds.community("向阳社区", parent=worlds.subdistrict("桂花街道"))
    walk, phone = walk(window), worlds.phone()

    walk.at("/")
    walk.press("选择我的社区", tag="a")
    walk.type("写社区或者小区名字里的几个字", "向阳")
    walk.enter()
    walk.press("向阳社区", tag="button")
    walk.press("登录", tag="a")
    walk.press("先注册", tag="a")

    walk.heading("注册")
    walk.type("姓名", "林小荷")
    walk.to("住在哪个社区", tag="select")
    walk.type("手机号", phone)
    walk.tick("我看过了")
    walk.press("获取验证码", tag="button")
    walk.heading("填验证码")
    walk.type("验证码", walks.WRONG_CODE)
    walk.press("确定", tag="button")
    expect(walk.page.get_by_role("alert")).to_be_visible()
    walk.type("验证码", walks.last_code(phone))
    walk.press("确定", tag="button")
    user = User.objects.get()
    assert user.person is not None
    assert (user.phone, user.person.name, user.person.community) == (phone, "林小荷", home)

    _sign_out(walk)
    walks.reset_pauses()
    walk.at(reverse("account_login"))
    walk.type("手机号", phone)
    walk.press("获取验证码", tag="button")
    walk.type("验证码", walks.last_code(phone))
    walk.press("确定", tag="button")
    walk.at("/me/")
    walk.heading("我的")


@pytest.mark.parametrize("window", windows("zoomed desk"))
def test_a_password_and_the_second_factor(walk, window: str) -> None:
    worker = worlds.worker(worlds.community())
    worlds.set_up_second_factor(worker)
    walk = walk(window)
    walk.at(reverse("account_login"))
    walk.type("手机号或登录名", worker.phone)
    walk.type("密码", "wrong-guess-2026")
    walk.press("登录", tag="button")
    expect(walk.page.get_by_role("alert")).to_be_visible()
    walk.type("密码", worlds.PASSWORD)
    walk.press("登录", tag="button")
    walk.type("6 位数字", walks.code_of(worlds.TOTP_SECRET))
    walk.enter()
    walk.at(reverse("admin:index"))
    walk.heading("今天")
    walk.press("退出", tag="button")
    walk.at(reverse("account_login"))
    walk.heading("登录")
