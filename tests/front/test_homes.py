"""Saying where one lives: claimed by the person, confirmed by the desk."""

import pytest
from django.urls import reverse

from portal.core import clock
from portal.notices.models import Notice
from portal.people import tying
from portal.people.models import Ownership, PersonArea, Residency, TieState
from tests import worlds

pytestmark = pytest.mark.django_db
CLAIM = "front:claim_home"


def said(building, **fields):
    return {
        "building": building.pk,
        "unit": "1单元",
        "number": "302",
        "kind": "owner",
        "since": "2020-05-01",
        "once": "h" * 30,
        **fields,
    }


def test_claimed_once_confirmed_by_the_desk_and_told():
    here = worlds.community()
    user, worker = worlds.account(here), worlds.worker(here)
    building = worlds.building(here, grid=worlds.grid(here))
    household = worlds.household(building, unit="1", number="302")
    client = worlds.client_for(user)
    assert client.get(reverse("front:homes")).status_code == 200
    assert client.get(reverse(CLAIM)).status_code == 200
    for _time in range(2):
        assert client.post(reverse(CLAIM), said(building))["Location"] == reverse("front:homes")
    lives, owns = Residency.objects.get(), Ownership.objects.get()
    assert (lives.household, lives.state, owns.state) == (household, TieState.CLAIMED, TieState.CLAIMED)
    page = client.get(reverse("front:homes")).content.decode()
    assert "待确认" in page and "前确认，确认后告诉您" in page
    assert lives.due_on == clock.due_on(lives.state_since, 5)
    tying.confirm(tie=lives, actor=worker, at=clock.now())
    tying.confirm(tie=owns, actor=worker, at=clock.now())
    assert "已确认" in client.get(reverse("front:me")).content.decode()
    assert PersonArea.objects.filter(person=user.person, grid=building.grid).exists()
    assert Notice.objects.filter(person=user.person).count() == 2


@pytest.mark.parametrize(
    "wrong,words",
    [
        ({"number": "999"}, "没有找到这一户"),
        ({"number": ""}, "请写房号"),
        ({"since": "2999-01-01"}, "日期不能在今天以后"),
        ({"since": "1800-01-01"}, "日期太早了"),
        ({"since": "昨天"}, "请写一个日期"),
        ({"kind": "king"}, "请选一样"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(wrong, words):
    here = worlds.community()
    building = worlds.building(here)
    worlds.household(building, unit="1", number="302")
    answer = worlds.client_for(worlds.account(here)).post(reverse(CLAIM), said(building, **wrong))
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not Residency.objects.exists() and not Ownership.objects.exists()


def test_a_building_of_elsewhere_is_no_choice():
    here, away = worlds.community(), worlds.community("向阳社区")
    building = worlds.building(away)
    worlds.household(building, unit="1", number="302")
    answer = worlds.client_for(worlds.account(here)).post(reverse(CLAIM), said(building))
    assert answer.status_code == 422 and "请选楼栋" in answer.content.decode()


def test_a_second_claim_to_the_same_home_is_refused_whole():
    here = worlds.community()
    building = worlds.building(here)
    worlds.household(building, unit="1", number="302")
    client = worlds.client_for(worlds.account(here))
    client.post(reverse(CLAIM), said(building, kind="tenant"))
    answer = client.post(reverse(CLAIM), said(building, once="i" * 30))
    assert answer.status_code == 422 and "已经有登记" in answer.content.decode()
    assert Residency.objects.count() == 1 and not Ownership.objects.exists()
