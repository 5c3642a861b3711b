"""One's own wishes: for whom each is, what waits on whom, and the contact that one left."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from portal.core import clock
from portal.people.models import Authorisation, Guardianship, Person
from services.wishes.models import ContactReveal, Wish
from tests import worlds

from . import scenes

pytestmark = pytest.mark.django_db
MINE = reverse("wishes:mine")


def _page(user, path: str = MINE) -> str:
    return worlds.client_for(user).get(path).content.decode().split("<main")[1].split("</main>")[0]


def _child_of(here: scenes.Scene) -> Person:
    sixteen = clock.today().replace(year=clock.today().year - 16, day=1)
    child = worlds.person(here.community, name="小豆", birth_date=sixteen)
    Guardianship.objects.create(child=child, guardian=here.asker.person, relation="母亲", since=clock.today())
    return child


def _elder_of(here: scenes.Scene) -> Person:
    elder = worlds.person(here.community, name="何奶奶")
    Authorisation.objects.create(
        principal=elder, agent=here.asker.person, relation="女儿", since=clock.today(), recorded_by=here.worker
    )
    return elder


# For whom ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [MINE, "/me/", "/"])
def test_who_acts_for_others_reads_for_whom_each_wish_is(path):
    here = scenes.scene()
    scenes.approved(here, title="给孩子的", subject=_child_of(here))
    scenes.approved(here, title="给老人的", subject=_elder_of(here))
    scenes.approved(here, title="给自己的")
    page = _page(here.asker, path)
    for title, whom in (("给孩子的", "为小豆"), ("给老人的", "为何奶奶"), ("给自己的", "为自己")):
        assert whom in page.split(f">{title}</a>")[1].split("</li>")[0]


def test_who_acts_for_nobody_else_is_not_told_for_whom():
    here = scenes.scene()
    scenes.approved(here)
    assert "为自己" not in _page(here.asker)


def test_more_lines_cost_no_more(django_assert_max_num_queries):
    here = scenes.scene()
    child = _child_of(here)
    for _number in range(20):
        scenes.approved(here, subject=child)
    client = worlds.client_for(here.asker)
    with django_assert_max_num_queries(16):
        client.get(MINE)


def test_the_newest_day_comes_first_and_one_can_order_from_here():
    here = scenes.scene()
    for title, days_ago in (("今天的", 0), ("上周的", 7), ("昨天的", 1)):
        wish = scenes.approved(here, title=title)
        Wish.objects.filter(pk=wish.pk).update(created_at=clock.now() - dt.timedelta(days=days_ago))
    page = _page(here.asker)
    assert re.findall(r">(\w\w的)</a>", page) == ["今天的", "昨天的", "上周的"]
    to_order = f'href="{reverse("wishes:order")}"'
    assert to_order in page
    assert to_order not in _page(worlds.administrator()), "an account of nobody orders nothing"


# What waits on whom --------------------------------------------------------------------------------------------------


def test_what_waits_for_the_reader_stands_apart_from_what_waits_for_others():
    here = scenes.scene()
    scenes.ordered(here)
    scenes.dispatched(here, title="等人接的")
    for number in range(4):
        scenes.completed(here, title=f"等评价{number}")
    page = _page(here.asker, "/").split('class="tiles"')[0]
    yours, others = page.split("<h2>在办的</h2>")
    assert "<h2>等您办的</h2>" in yours
    assert len(re.findall(r">等评价\d</a>", yours)) == 3 and "等评价" not in others
    assert "等人接的" in others and "等志愿者来帮" in others and "社区会在" in others, "each says on whom it waits"
    assert "等人接的" not in yours and "社区会在" not in yours


def test_mine_opens_with_what_waits_for_the_reader_alone():
    here = scenes.scene()
    scenes.ordered(here)
    assert "等您办的" not in _page(here.asker, "/me/")
    scenes.completed(here, title="等评价的")
    block = _page(here.asker, "/me/").split("<h2>等您办的</h2>")[1].split("</ul>")[0]
    assert "等评价的" in block and "社区会在" not in block


# The contact that one left -------------------------------------------------------------------------------------------


def _detail(wish: Wish) -> str:
    return reverse("wishes:detail", args=[wish.code])


def test_the_requester_reads_the_contact_they_left_and_the_phone_on_demand():
    here = scenes.scene()
    wish = scenes.ordered(here, contact_name="李雪", contact_phone="15400002001", contact_address="2栋201")
    page = _page(here.asker, _detail(wish))
    assert "李雪" in page and "2栋201" in page and "154****2001" in page and "15400002001" not in page
    shown = worlds.client_for(here.asker).post(reverse("wishes:contact", args=[wish.code]))
    assert shown.status_code == 200 and "15400002001" in shown.content.decode()
    assert not ContactReveal.objects.exists(), "a look at one's own is no look of somebody"


def test_who_acts_for_another_sees_it_too_and_the_look_is_told():
    here = scenes.scene()
    elder = _elder_of(here)
    wish = scenes.ordered(here, subject=elder, contact_phone="15400002001")
    assert "154****2001" in _page(here.asker, _detail(wish))
    shown = worlds.client_for(here.asker).post(reverse("wishes:contact", args=[wish.code]))
    assert "15400002001" in shown.content.decode()
    assert [(row.viewer, row.part) for row in ContactReveal.objects.all()] == [(here.asker, "relative")]
    assert "代办人" in _page(here.asker, _detail(wish))


def test_with_the_authorisation_the_contact_goes():
    here = scenes.scene()
    elder = _elder_of(here)
    wish = scenes.approved(here, subject=elder, contact_phone="15400002001")
    Authorisation.objects.update(until=clock.today() - dt.timedelta(days=1), since=clock.today() - dt.timedelta(days=9))
    assert "154****2001" not in _page(here.asker, _detail(wish))
    assert worlds.client_for(here.asker).post(reverse("wishes:contact", args=[wish.code])).status_code == 403


def test_nobody_else_sees_the_card():
    here = scenes.scene()
    wish = scenes.claimed(here, contact_name="李雪", contact_phone="15400002001", contact_address="2栋201")
    for reader in (None, worlds.account(here.community), here.helper, here.worker):
        page = _page(reader, _detail(wish))
        assert "2栋201" not in page and "154****2001" not in page and "留下的联系方式" not in page
