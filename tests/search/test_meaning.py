"""What people type, in their own words, and what must come first: the offers without a database, then the page."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from portal.core.registries import tiles
from portal.front.searching import PAGES, to_do
from portal.search.calling import closest
from tests import worlds
from tests.wishes import scenes as wishes

from .test_public_page import ask, groups, labels, titles

ORDER, HELP = "我要点单", "找人帮忙"
FIRST = [
    # Somebody's hands.
    ("修", ORDER),
    ("修灯", ORDER),
    ("灯坏了", ORDER),
    ("灯泡坏了怎么办", ORDER),
    ("漏水", ORDER),
    ("水管漏水", ORDER),
    ("下水道堵了", ORDER),
    ("wifi", ORDER),
    ("ＷＩＦＩ", ORDER),
    ("没网", ORDER),
    ("空调", ORDER),
    ("理发", ORDER),
    ("剪头发", ORDER),
    ("买菜", ORDER),
    ("取药", ORDER),
    ("送药", ORDER),
    ("看病", ORDER),
    ("陪诊", ORDER),
    ("孤独", ORDER),
    ("没人说话", ORDER),
    ("聊天", ORDER),
    ("辅导", ORDER),
    ("写作业", ORDER),
    ("手机不会用", ORDER),
    ("代办", ORDER),
    ("点单", ORDER),
    ("我要点单", ORDER),
    # What the community's people tell.
    ("老年证", HELP),
    ("养老金", HELP),
    ("身份证", HELP),
    ("办身份证", HELP),
    ("物业费", HELP),
    ("社保", HELP),
    ("低保", HELP),
    ("户口", HELP),
    ("盖章", HELP),
    ("投诉", HELP),
    ("电话", HELP),
    ("社区电话", HELP),
    # The account.
    ("密码忘了", "忘记密码"),
    ("忘记密码", "忘记密码"),
    ("忘了密码", "忘记密码"),
    ("我的密码忘了", "忘记密码"),
    ("找回密码", "忘记密码"),
    ("改密码", "改密码"),
    ("登录", "登录"),
    ("登不上", "登录"),
    ("注册", "注册"),
    ("注销", "注销账号"),
    ("退出", "注销账号"),
    ("换手机号", "换手机号"),
    # What is stored.
    ("删除我的信息", "删除我的信息"),
    ("删除", "删除我的信息"),
    ("导出", "拿走一份我的信息"),
    ("我的", "我的"),
    ("我的资料", "我的资料"),
    ("改名字", "更正我的信息"),
    ("谁看过我的电话", "谁看过我的电话"),
    ("撤回同意", "我同意过的事"),
    ("短信", "消息怎么通知我"),
    ("隐私", "谁看过我的电话"),
    # Homes, family, neighbours, the rest.
    ("搬家", "登记住处"),
    ("搬走", "我的家"),
    ("监护", "替家人办"),
    ("志愿者", "当志愿者"),
    ("积分", "当志愿者"),
    ("心愿墙", "心愿墙"),
    ("进度", "我的心愿"),
    ("大字", "关怀版"),
    ("看不清", "关怀版"),
    ("关怀", "关怀版"),
    ("数字", "查数字"),
    ("换社区", "换一个社区"),
]


@pytest.mark.parametrize(("typed", "first"), FIRST)
def test_what_people_type_leads_to_what_they_mean(typed, first):
    found = [thing.label for thing in to_do(typed, AnonymousUser())]
    assert found[:1] == [first], found[:5]


def test_a_thing_that_goes_by_the_whole_word_leaves_no_room_for_a_part_of_it():
    assert "关怀版" not in [thing.label for thing in to_do("老年证", AnonymousUser())]
    assert ORDER in [thing.label for thing in to_do("老年证", AnonymousUser())]
    assert "我的资料" not in [thing.label for thing in to_do("修", AnonymousUser())]


def test_why_it_was_found_is_said():
    [first, *_rest] = to_do("理发", AnonymousUser())
    assert first.word == "理发"
    assert to_do("关怀版", AnonymousUser())[0].word == ""


def test_no_page_stands_beside_a_tile_that_leads_to_it_or_is_called_as_it_is():
    addresses = [reverse(tile.url_name) for tile in tiles] + [reverse(page.url_name) for page in PAGES]
    assert len(set(addresses)) == len(addresses)
    names = [str(tile.label) for tile in tiles] + [str(page.label) for page in PAGES]
    assert len(set(names)) == len(names)


@pytest.mark.django_db
def test_who_is_signed_in_is_offered_to_leave_and_not_to_sign_in():
    user = worlds.account(worlds.community())
    found = [thing.label for thing in to_do("退出", user)]
    assert found[0] == "退出登录"
    assert "登录" not in [thing.label for thing in to_do("登录", user)]
    assert to_do("密码忘了", user)[0].label == "忘记密码"
    client = worlds.client_for(user)
    for page in PAGES:
        assert client.get(reverse(page.url_name), follow=True).status_code == 200, page.url_name
        assert worlds.client_for(None).get(reverse(page.url_name), follow=True).status_code == 200, page.url_name


def test_equals_keep_their_order_and_the_longer_word_is_closer():
    words = {"甲": ["水管"], "乙": ["水管漏水", "灯"], "丙": ["水管漏水"]}
    assert [thing for thing, _word in closest("我家水管漏水了", words, lambda key: (key, words[key]))] == [
        "乙",
        "丙",
        "甲",
    ]
    assert closest(" 　", words, lambda key: (key, words[key])) == []


@pytest.mark.django_db
@pytest.mark.postgres
class TestOnThePage:
    def test_a_community_that_is_called_by_name_stands_before_its_wishes(self):
        here = wishes.scene("袁家湾社区")
        for number in range(6):
            wishes.approved(here, title=f"修灯{number}")
        for typed in ("袁家湾", "袁家湾社区", "袁家"):
            assert labels(ask(typed))[0] == "社区", typed
        assert labels(ask("修灯"))[0] == "可以办的事"

    def test_a_figure_that_is_found_shows_its_number(self):
        here = wishes.scene()
        wishes.closed(here)
        worlds.community("向阳社区")
        assert titles(ask("已完成"), "公开的数字") == ["1 件微心愿已完成"]
        assert "全部合计" in ask("已完成").content.decode()
        answer = ask("已完成", here.asker)
        assert titles(answer, "公开的数字") == ["1 件微心愿已完成"]
        assert f'href="{reverse("front:figures_of", args=["community", here.community.pk])}"' in answer.content.decode()

    def test_there_is_no_group_of_pages_and_nothing_is_found_twice(self):
        for typed in ("搬家", "数字", "关怀版", "消息"):
            found = groups(ask(typed))
            assert "页面" not in found
            assert len(set(found["可以办的事"].titles)) == len(found["可以办的事"].titles)

    def test_nothing_found_still_offers_three_ways_on(self):
        body = ask("量子纠缠").content.decode().split("<main")[1]
        for address in (reverse("wishes:order"), reverse("front:help"), reverse("front:do")):
            assert f'class="row__title" href="{address}"' in body

    def test_more_than_a_few_things_to_do_open_whole(self):
        group = groups(ask("我"))["可以办的事"]
        assert len(group.titles) == 5 and int(group.count) > 5
        whole = groups(worlds.client_for(None).get("/search/" + group.links["全部可以办的事"]))["可以办的事"]
        assert len(whole.titles) == int(group.count)
