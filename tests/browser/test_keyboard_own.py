"""A resident's own things without a mouse: a home claimed, a guardian who agrees for a child, messages and the choices
about them, and looking for something."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from playwright.sync_api import expect

from portal.core import clock
from portal.notices.models import Notice
from portal.people import consenting
from portal.people.models import Guardianship, Residency, TieState
from tests import worlds
from tests.wishes import scenes

from .keys import windows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("window", windows("narrow phone"))
def test_a_home_is_claimed(walk, window: str) -> None:
    home = worlds.community()
    household = worlds.household(worlds.building(home, name="8栋"), unit="1", number="302")
    user = worlds.account(home)
    walk = walk(window, user)
    walk.at("/me/")
    walk.press("我的家", tag="a")
    walk.press("登记住处", tag="a")
    walk.pick("哪一栋", "8栋")
    walk.type("单元", "1")
    walk.type("房号", "999")
    walk.choose("租客")
    walk.date("从哪天起", dt.date(2024, 5, 1))
    walk.press("提交", tag="button")
    expect(walk.page.get_by_role("alert")).to_contain_text("没有找到这一户")
    walk.type("房号", "302")
    walk.press("提交", tag="button")
    walk.heading("我的家")
    tie = Residency.objects.get()
    assert (tie.person, tie.household, tie.kind) == (user.person, household, Residency.Kind.TENANT)
    assert (tie.since, tie.state) == (dt.date(2024, 5, 1), TieState.CLAIMED)


@pytest.mark.parametrize("window", windows("zoomed desk"))
def test_a_guardian_agrees_for_a_child_and_takes_it_back(walk, window: str) -> None:
    home = worlds.community()
    user = worlds.account(home)
    child = worlds.person(home, name="林满", birth_date=clock.today() - dt.timedelta(days=9 * 365))
    Guardianship.objects.create(child=child, guardian=user.person, relation="母亲", since=dt.date(2020, 1, 1))
    today = clock.today()
    walk = walk(window, user)
    walk.at("/me/")
    walk.press("家人和代办", tag="a")
    walk.press("去看要同意的文字", tag="a")
    walk.press("我同意", tag="button")
    consenting.refuse_without_consent(child, today)

    walk.at(reverse("front:family"))
    walk.press("查看或撤回", tag="a")
    walk.press("撤回同意", tag="button")
    with pytest.raises(ValidationError, match="同意"):
        consenting.refuse_without_consent(child, today)


@pytest.mark.parametrize("window", windows("narrow phone"))
def test_messages_are_read_and_the_ways_they_come_chosen(walk, window: str) -> None:
    here = scenes.scene()
    scenes.completed(here)
    user = here.asker
    walk = walk(window, user)
    unread = Notice.objects.visible_to(user).unread()
    assert unread.count() > 1

    walk.at("/")
    walk.press("消息", tag="a")
    walk.heading("消息")
    walk.press(unread.order_by("-pk")[0].title, tag="button")
    walk.at(reverse("front:messages"))
    walk.press("全部标为已读", tag="button")
    assert not unread.all().exists()

    walk.at("/me/")
    walk.press("消息怎么通知我", tag="a")
    walk.tick("有消息时发短信给我")
    walk.tick("下面的时间里不发短信和邮件")
    walk.press("保存", tag="button")
    expect(walk.page.get_by_text("保存好了")).to_be_visible()
    expect(walk.page.get_by_label("有消息时发短信给我")).to_be_checked()


@pytest.mark.parametrize("window", windows("narrow phone"))
def test_a_wish_is_looked_for_and_found(walk, window: str) -> None:
    wish = scenes.approved(scenes.scene(), title="换一盏楼道灯")
    walk = walk(window)
    walk.at("/")
    walk.press("找一找", tag="a")
    walk.type("想找什么", "楼道灯")
    walk.enter()
    walk.press("换一盏楼道灯", tag="a")
    walk.heading("换一盏楼道灯")
    assert wish.code in walk.page.url
