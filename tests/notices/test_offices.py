"""Whoever is given an office hears of it, and of its end."""

import pytest

from portal.core import clock
from portal.notices.models import Notice
from portal.people import offices
from portal.people.models import RoleKind
from tests import worlds

pytestmark = pytest.mark.django_db


def test_an_office_given_and_ended_is_told_to_its_holder():
    here = worlds.community()
    head, user = worlds.head(here), worlds.account(here)
    role = offices.grant_role(
        actor=head, user=user, area=here, kind=RoleKind.WORKER, at=clock.now(), reason="居委会决定"
    )
    offices.end_role(actor=head, role=role, at=clock.now(), reason="调岗")
    given, ended = Notice.objects.filter(person=user.person).order_by("id")
    assert given.title == "社区给了您一个工作角色" and "袁家湾社区 社区工作者" in given.body
    assert ended.title == "您的一个工作角色结束了"
