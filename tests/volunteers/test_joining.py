"""Becoming a volunteer, clearance, teams, and the pages."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from alliance.volunteers import joining, teams
from alliance.volunteers.models import Skill, Team, Volunteer
from portal.backoffice import trail
from portal.core import clock
from portal.core.moves import MoveRefused
from portal.notices.models import Notice
from tests import worlds

pytestmark = pytest.mark.django_db


def test_apply_accept_clear_pause_and_leave():
    here = worlds.community()
    worker, asker = worlds.worker(here), worlds.account(here)
    volunteer = joining.apply(
        person=asker.person, community=here, actor=asker, at=clock.now(), skills=Skill.objects.all()[:2]
    )
    assert volunteer.state == Volunteer.State.APPLIED and volunteer.skills.count() == 2
    joining.decide(volunteer=volunteer, accepted=True, actor=worker, at=clock.now())
    joining.clear(volunteer=volunteer, homes=True, minors=False, actor=worker, at=clock.now(), reason="面谈过")
    volunteer.refresh_from_db()
    assert volunteer.homes_cleared_on == clock.today() and volunteer.minors_cleared_on is None
    with pytest.raises(MoveRefused):
        joining.pause(volunteer=volunteer, paused=True, actor=worker, at=clock.now())
    joining.pause(volunteer=volunteer, paused=True, actor=worker, at=clock.now(), reason="休假")
    joining.pause(volunteer=volunteer, paused=False, actor=worker, at=clock.now())
    joining.leave(volunteer=volunteer, actor=asker, at=clock.now())
    again = joining.apply(person=asker.person, community=here, actor=asker, at=clock.now(), introduction="会修灯")
    assert again.pk == volunteer.pk and again.state == Volunteer.State.APPLIED
    assert Notice.objects.filter(person=asker.person).count() == 3


def test_a_second_application_is_refused():
    here = worlds.community()
    asker = worlds.account(here)
    said = {"person": asker.person, "community": here, "actor": asker, "introduction": "会修灯"}
    joining.apply(**said, at=clock.now())
    with pytest.raises(MoveRefused):
        joining.apply(**said, at=clock.now())


def test_teams_take_serving_volunteers_of_their_community_once():
    here, away = worlds.community(), worlds.community("向阳社区")
    team = worlds.team(here)
    member = teams.join(team=team, volunteer=worlds.volunteer(here), actor=None, at=clock.now())
    for unfit in (member.volunteer, worlds.volunteer(away), worlds.volunteer(here, active=False)):
        with pytest.raises(MoveRefused):
            teams.join(team=team, volunteer=unfit, actor=None, at=clock.now())
    worker = worlds.worker(here)
    with pytest.raises(ValidationError, match="为什么离队"):
        teams.part(member=member, actor=worker, at=clock.now(), reason=" ")
    teams.part(member=member, actor=worker, at=clock.now(), reason="搬到外地")
    with pytest.raises(MoveRefused, match="已经不在队里"):
        teams.part(member=member, actor=worker, at=clock.now(), reason="搬到外地")
    assert [step.remark for step in trail.steps_of(member)] == ["搬到外地"]
    teams.join(team=team, volunteer=member.volunteer, actor=None, at=clock.now())


def test_who_left_meanwhile_and_a_team_that_was_closed_meanwhile_take_nobody():
    here = worlds.community()
    team, volunteer = worlds.team(here), worlds.volunteer(here)
    as_read_before = Volunteer.objects.get(pk=volunteer.pk)
    joining.leave(volunteer=volunteer, actor=volunteer.person.user, at=clock.now())
    with pytest.raises(MoveRefused, match="服务中的志愿者"):
        teams.join(team=team, volunteer=as_read_before, actor=None, at=clock.now())
    Team.objects.filter(pk=team.pk).update(active=False)
    with pytest.raises(MoveRefused, match="停用"):
        teams.join(team=team, volunteer=worlds.volunteer(here), actor=None, at=clock.now())
    assert not team.memberships.exists()


def test_who_left_meanwhile_is_cleared_for_nothing():
    here = worlds.community()
    worker, volunteer = worlds.worker(here), worlds.volunteer(here, cleared=False)
    as_read_before = Volunteer.objects.get(pk=volunteer.pk)
    joining.leave(volunteer=volunteer, actor=volunteer.person.user, at=clock.now())
    with pytest.raises(MoveRefused, match="服务中的志愿者"):
        joining.clear(volunteer=as_read_before, homes=True, minors=True, actor=worker, at=clock.now())
    volunteer.refresh_from_db()
    assert volunteer.homes_cleared_on is None and volunteer.minors_cleared_on is None


def test_the_form_applies_once_however_often_it_is_sent():
    here = worlds.community()
    asker = worlds.account(here)
    client = worlds.client_for(asker)
    page = client.get(reverse("volunteers:apply"))
    assert page.status_code == 200
    body = {"community": here.pk, "availability": "any", "introduction": "会修水管", "once": "a" * 30}
    for _time in range(2):
        assert client.post(reverse("volunteers:apply"), body).url == reverse("volunteers:me")
    assert Volunteer.objects.get().introduction == "会修水管"
    assert "待审核" in client.get(reverse("volunteers:me")).content.decode()
    refused = client.post(reverse("volunteers:apply"), {"once": "b" * 30})
    assert refused.status_code == 302, "who waits for an answer has nothing to fill in"


def test_tasks_are_for_serving_volunteers():
    here = worlds.community()
    assert worlds.client_for(worlds.account(here)).get(reverse("volunteers:tasks")).status_code == 403
    waiting = worlds.volunteer(here, active=False)
    assert worlds.client_for(waiting.person.user).get(reverse("volunteers:tasks")).url == reverse("volunteers:me")
    serving = worlds.volunteer(here)
    assert worlds.client_for(serving.person.user).get(reverse("volunteers:tasks")).status_code == 200


@pytest.mark.parametrize("introduction", ["", " ", "好", "😀😀😀"])
def test_who_says_nothing_of_what_one_can_do_is_asked(introduction):
    here = worlds.community()
    asker = worlds.account(here)
    client, address = worlds.client_for(asker), reverse("volunteers:apply")
    body = {"community": here.pk, "availability": "any", "introduction": introduction, "once": "c" * 30}
    refused = client.post(address, body)
    assert refused.status_code == 422 and "请至少选一样会做的" in refused.content.decode()
    assert not Volunteer.objects.exists()
    neither = client.post(address, {**body, "availability": ""}).content.decode()
    assert "请至少选一样会做的" in neither and "请选什么时候有空" in neither, "both at once"
    undecided = client.post(address, {**body, "introduction": "会修灯", "availability": ""})
    assert undecided.status_code == 422 and "请选什么时候有空" in undecided.content.decode()
    assert client.post(address, {**body, "introduction": "会修灯"}).status_code == 302


def test_the_desk_may_enter_who_said_nothing():
    here = worlds.community()
    worker, newcomer = worlds.worker(here), worlds.person(here)
    joining.apply(person=newcomer, community=here, actor=worker, typist=worker, at=clock.now())
    assert Volunteer.objects.get().person == newcomer
