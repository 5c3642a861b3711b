"""The first page of a 街道主管: what is late, by community, with the way to the rows and no act to carry out."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.backoffice import digest
from portal.backoffice.overview import oversees_only, overview
from portal.core import clock
from portal.notices.models import Notice
from portal.people.models import Residency, Role, RoleKind
from tests import worlds
from tests.wishes import scenes

from .desks import claim

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(here, there):
    """One wish and two claims that are late here, one claim there, and some that are in time."""
    claims = [claim(worlds.person(here.community), worlds.household(here.building)) for _ in range(3)]
    claims.append(claim(worlds.person(there.community), worlds.household(there.building)))
    overdue = [tie.pk for tie in claims if tie != claims[0]]
    Residency.objects.filter(pk__in=overdue).update(due_on=clock.today() - dt.timedelta(days=4))
    return here


def test_it_says_what_is_late_by_community_and_opens_those_rows(late, there) -> None:
    user = worlds.supervisor(late.community.parent)
    client = worlds.client_for(user)
    page = client.get("/admin/")
    assert page.context["waiting"] == page.context["quiet"] == page.context["pressing"].rows == []
    [place] = page.context["overview"].places
    assert (place.community, place.total, place.days) == (late.community, 2, 4)
    [part] = place.parts
    assert client.get(part.url).context["cl"].result_count == part.count == 2
    body = page.content.decode()
    assert "超期的事" in body and "最久超期 4 天" in body
    assert there.community.name not in body


def test_wishes_are_counted_with_the_same_rows_as_their_list() -> None:
    scene = scenes.scene()
    for _ in range(2):
        scenes.ordered(scene, at=clock.now() - dt.timedelta(days=10))
    scenes.ordered(scene)
    user = worlds.supervisor(scene.community.parent)
    [place] = overview(user, clock.now()).places
    [part] = place.parts
    listed = worlds.client_for(user).get(part.url).context["cl"]
    assert listed.result_count == part.count == 2


def test_who_can_act_has_a_to_do_instead(late) -> None:
    for user in (late.worker, late.head, worlds.administrator()):
        page = worlds.client_for(user).get("/admin/")
        assert page.context["overview"] is None
        assert page.context["waiting"]
    both = worlds.supervisor(late.community.parent)
    assert oversees_only(both)
    Role.objects.create(user=both, area=late.community, kind=RoleKind.WORKER, since=clock.now())
    assert not oversees_only(type(both).objects.get(pk=both.pk))


def test_no_query_more_for_more_communities(late, there) -> None:
    user = worlds.supervisor(late.community.parent.parent)
    _ = user.current_roles
    with CaptureQueriesContext(connection) as one:
        assert len(overview(user, clock.now()).places) == 2
    other = worlds.community("北岭社区", parent=late.community.parent)
    tie = claim(worlds.person(other), worlds.household(worlds.building(other)))
    Residency.objects.filter(pk=tie.pk).update(due_on=clock.today() - dt.timedelta(days=1))
    with CaptureQueriesContext(connection) as two:
        assert [place.total for place in overview(user, clock.now()).places] == [2, 1, 1]
    assert len(two) == len(one)


def test_the_mornings_message_says_the_same(late) -> None:
    user = worlds.supervisor(late.community.parent)
    assert digest.put_together(user=user, day=clock.today(), at=clock.now())
    assert f"{late.community}超期 2 件" in Notice.objects.get(person=user.person).body
