"""The desk without a mouse: a wish entered for somebody at the counter, one declined, one sent to a volunteer by name;
and the bar at its top, which stays in place, never lies over what has the focus."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from portal.people.models import Channel
from services.wishes.models import Wish, WishState
from tests import worlds
from tests.wishes import scenes

from .keys import windows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("window", windows("zoomed desk"))
def test_a_wish_is_entered_reviewed_and_sent_to_a_volunteer(walk, window: str) -> None:
    here = scenes.scene()
    person = worlds.person(here.community, name="欧阳望舒")
    walk = walk(window, here.worker)
    walk.at(reverse("admin:enter"))
    walk.type("姓名或完整手机号", "欧阳望舒")
    walk.enter()
    walk.press("欧阳望舒", tag="a")
    walk.to("跳到正文")  # past the list of lists at the side, which has a 微心愿 too
    walk.page.keyboard.press("Enter")
    walk.press("微心愿", tag="a")
    walk.pick("渠道", "窗口")
    walk.pick("类别", "维修")
    walk.type("心愿内容", "厨房的灯坏了。")
    walk.type("上门地址", "2栋201")
    walk.press("保存", tag="button")
    wish = Wish.objects.get()
    assert (wish.subject, wish.typist, wish.channel) == (person, here.worker, Channel.COUNTER)

    walk.at(reverse("admin:wishes_wish_change", args=[wish.pk]))
    walk.press("受理", tag="a")
    walk.type("公开标题", "换一盏厨房灯")
    walk.press("受理", tag="button")
    walk.press("派单", tag="a")
    walk.choose("指定志愿者")
    walk.pick("志愿者", here.volunteer.person.name)
    walk.press("派单", tag="button")
    wish.refresh_from_db()
    assert (wish.state, wish.dispatched_to) == (WishState.PENDING_CLAIM, here.volunteer)


@pytest.mark.parametrize("window", windows("phone"))
def test_a_wish_is_declined(walk, window: str) -> None:
    here = scenes.scene()
    wish = scenes.ordered(here)
    walk = walk(window, here.worker)
    walk.at(reverse("admin:wishes_wish_change", args=[wish.pk]))
    walk.press("不予受理", tag="a")
    walk.press("不予受理", tag="button")
    expect(walk.page.get_by_text("请填写这一项").first).to_be_visible()
    walk.type("理由", "这件事物业已经在修了。")
    walk.press("不予受理", tag="button")
    wish.refresh_from_db()
    assert wish.state == WishState.DECLINED


@pytest.mark.parametrize("window", windows("desk"))  # in a narrow one the bar does not stay
def test_back_from_the_end_of_a_long_page_nothing_lies_under_the_bar(walk, window: str) -> None:
    here = scenes.scene()
    for number in range(12):
        worlds.person(here.community, name=f"罗映雪{number}")
    walk = walk(window, here.worker)
    for name in ("admin:people_person_changelist", "admin:wishes_wish_add"):
        walk.at(reverse(name))
        walk.to("跳到正文", key="Shift+Tab")
