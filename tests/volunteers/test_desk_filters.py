"""The desk's lists of volunteers and hours: narrowed by what they can do, their team, and what they are cleared for."""

import pytest

from alliance.volunteers.models import Skill, TeamMember
from portal.core import clock
from tests import worlds
from tests.wishes import scenes

pytestmark = pytest.mark.django_db
LIST = "/admin/volunteers/volunteer/"


def _rows(client, query: str, url: str = LIST) -> set[int]:
    answer = client.get(f"{url}?{query}")
    assert answer.status_code == 200
    return {row.pk for row in answer.context["cl"].result_list}


def test_volunteers_by_skill_team_and_clearance() -> None:
    community = worlds.community()
    desk = worlds.client_for(worlds.worker(community))
    able, other = worlds.volunteer(community), worlds.volunteer(community, cleared=False)
    skill = Skill.objects.order_by("pk").first() or Skill.objects.create(name="修灯")
    able.skills.add(skill)
    team = worlds.team(community, able)
    TeamMember.objects.create(team=team, volunteer=other, since=clock.today(), until=clock.today())
    assert _rows(desk, f"skill={skill.pk}") == {able.pk}
    assert _rows(desk, f"team={team.pk}") == {able.pk}
    assert _rows(desk, "homes=yes") == _rows(desk, "minors=yes") == {able.pk}
    assert _rows(desk, "homes=no") == _rows(desk, "minors=no") == {other.pk}


def test_hours_by_team_and_by_name() -> None:
    scene = scenes.scene()
    scenes.closed(scene)
    desk = worlds.client_for(scene.worker)
    hours = _rows(desk, "", "/admin/volunteers/hourentry/")
    mine, empty = worlds.team(scene.community, scene.volunteer), worlds.team(scene.community)
    assert hours and _rows(desk, f"team={mine.pk}", "/admin/volunteers/hourentry/") == hours
    assert not _rows(desk, f"team={empty.pk}", "/admin/volunteers/hourentry/")


def test_a_team_of_elsewhere_is_no_choice() -> None:
    desk = worlds.client_for(worlds.worker(worlds.community()))
    team = worlds.team(worlds.community("向阳社区"))
    assert desk.get(f"{LIST}?team={team.pk}").status_code == 302
