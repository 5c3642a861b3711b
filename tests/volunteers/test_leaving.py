"""Who takes an application back has left nothing; who stops serving keeps the hours, where there are any."""

import pytest
from django.urls import reverse

from alliance.volunteers import joining
from alliance.volunteers.models import Volunteer
from portal.core import clock
from tests import worlds
from tests.wishes import scenes

pytestmark = pytest.mark.django_db
ME, LEAVE = reverse("volunteers:me"), reverse("volunteers:leave")


@pytest.fixture
def applied():
    here = worlds.community()
    user = worlds.account(here)
    volunteer = joining.apply(
        person=user.person, community=here, actor=user, at=clock.now(), introduction="会做饭，也会修灯"
    )
    return user, volunteer


def _text(client, path: str) -> str:
    return client.get(path).content.decode()


def test_an_application_is_taken_back_in_fitting_words(applied):
    user, volunteer = applied
    client = worlds.client_for(user)
    before = _text(client, ME)
    assert "撤回报名" in before and "退出志愿服务" not in before and "社区同意以后就能接单" in before
    asked = _text(client, LEAVE)
    assert "撤回报名？" in asked and "时长" not in asked.split("<main")[1]
    assert client.post(LEAVE).url == ME
    volunteer.refresh_from_db()
    assert volunteer.state == Volunteer.State.LEFT
    after = _text(client, ME)
    assert "报名已经撤回。" in after and "notice--success" not in after
    assert "报名已撤回" in after and "已退出" not in after and "办完第一张单子" not in after
    assert "报名已撤回" in _text(client, "/me/")
    assert client.post(LEAVE).url == ME, "sent twice it is done once"


def test_who_served_and_left_reads_that_they_left(applied):
    user, volunteer = applied
    joining.decide(volunteer=volunteer, accepted=True, actor=worlds.worker(volunteer.community), at=clock.now())
    client = worlds.client_for(user)
    asked = _text(client, LEAVE)
    assert "退出志愿服务？" in asked and "时长" not in asked.split("<main")[1], "there are none"
    client.post(LEAVE)
    after = _text(client, ME)
    assert "您已经退出志愿服务。" in after and "已退出" in after
    assert "办完第一张单子" not in after and "随时可以再次报名" in after


def test_hours_stay_and_are_said_to_where_there_are_some():
    here = scenes.scene()
    scenes.closed(here)
    client = worlds.client_for(here.helper)
    assert "时长都留着" in _text(client, LEAVE)
    client.post(LEAVE)
    assert "时长都留着" in _text(client, ME)
