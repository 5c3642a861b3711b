"""A volunteer's life without a mouse: applying and being let in, a task taken and given back, leaving. And what a
requester does with a wish that is not needed any more."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from alliance.volunteers.models import Skill, Volunteer
from services.wishes.models import WishState
from tests import worlds
from tests.browsers import sign_in
from tests.wishes import scenes

from .keys import windows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("window", windows("narrow phone"))
def test_from_the_application_to_a_task_given_back(walk, window: str) -> None:
    here = scenes.scene()
    Skill.objects.create(name="电工")
    wish = scenes.dispatched(here)
    user = worlds.account(here.community, name="欧阳望舒")
    walk = walk(window, user)

    walk.at("/")
    walk.press("办事", tag="a")
    walk.press("志愿者", tag="a")
    walk.heading("报名当志愿者")
    walk.tick("电工")
    walk.choose("都可以")
    walk.type("介绍一下自己", "做过二十年电工。")
    walk.press("提交报名", tag="button")
    volunteer = Volunteer.objects.get(person=user.person)
    assert volunteer.state == Volunteer.State.APPLIED

    sign_in(walk.page, here.worker)
    walk.at(reverse("admin:index"))
    walk.press("志愿者申请待审核", tag="a")
    walk.press("欧阳望舒", tag="a")
    walk.press("通过审核", tag="a")
    walk.press("通过审核", tag="button")
    walk.press("设定服务许可", tag="a")
    walk.tick("可以入户服务")
    walk.type("核实情况", "面谈过。")
    walk.press("设定服务许可", tag="button")

    sign_in(walk.page, user)
    walk.at(reverse("volunteers:tasks"))
    walk.press(wish.title, tag="a")
    walk.press("我来接单", tag="button")
    walk.press("看这张单子", tag="a")
    walk.press("退单", tag="a")
    walk.type("理由", "临时有事，去不了。")
    walk.press("退单", tag="button")
    wish.refresh_from_db()
    assert (wish.state, wish.volunteer) == (WishState.PENDING_DISPATCH, None)

    walk.at(reverse("volunteers:me"))
    walk.press("退出", tag="a")
    walk.press("退出", tag="button")
    volunteer.refresh_from_db()
    assert volunteer.state == Volunteer.State.LEFT


@pytest.mark.parametrize("window", windows("zoomed desk"))
def test_a_wish_is_followed_put_right_and_withdrawn(walk, window: str) -> None:
    here = scenes.scene()
    wish = scenes.ordered(here)
    walk = walk(window, here.asker)
    walk.at("/me/")
    walk.press("我的心愿", tag="a")
    walk.press("维修", tag="a")
    walk.press("显示完整号码", tag="button")
    expect(walk.page.get_by_text(wish.contact_phone)).to_be_visible()
    walk.press("改联系方式", tag="a")
    walk.type("地址", "3栋502")
    walk.press("保存", tag="button")
    walk.at(reverse("wishes:detail", args=[wish.code]))
    walk.press("撤回", tag="a")
    walk.type("为什么", "邻居帮着修好了。")
    walk.press("撤回", tag="button")
    walk.heading("已经撤回")
    wish.refresh_from_db()
    assert (wish.state, wish.contact_address) == (WishState.WITHDRAWN, "3栋502")
