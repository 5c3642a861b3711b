"""How lists of the desk stand: by days and not by keys, the columns that tell rows apart, and what the order is."""

import datetime as dt

import pytest
from django.contrib import admin

from portal.core import audit, clock
from portal.people.models import Residency
from services.wishes.models import Wish
from tests import worlds
from tests.wishes import scenes

from .desks import claim, page

pytestmark = pytest.mark.django_db


def listed(client, model: str):
    return client.get(page(model, "changelist")).context["cl"]


def test_wishes_stand_by_the_day_they_were_asked_the_newest_first() -> None:
    scene, now = scenes.scene(), clock.now()
    late_key = scenes.ordered(scene, at=now - dt.timedelta(days=1))
    older = scenes.ordered(scene, at=now - dt.timedelta(days=9))
    newest = scenes.ordered(scene, at=now)
    rows = listed(worlds.client_for(scene.worker), "wishes.wish").result_list
    assert [wish.pk for wish in rows] == [newest.pk, late_key.pk, older.pk]


def test_the_community_is_a_column_only_where_there_are_several_to_tell_apart() -> None:
    scene = scenes.scene()
    scenes.ordered(scene)
    assert "community" not in listed(worlds.client_for(scene.worker), "wishes.wish").list_display
    worlds.community("北岭社区", parent=scene.community.parent)
    reader = worlds.client_for(worlds.supervisor(scene.community.parent))
    assert "community" in listed(reader, "wishes.wish").list_display


def test_under_its_title_a_wish_says_its_kind_and_its_day_is_a_day(client) -> None:
    wish = scenes.approved(scenes.scene())
    shown = admin.site.get_model_admin(Wish)
    title = shown.titled(wish)
    assert wish.title in title and wish.kind.name in title
    assert ":" not in shown.asked_on(wish)


def test_claims_stand_by_what_was_said_last(here) -> None:
    first, second = (claim(worlds.person(here.community), worlds.household(here.building)) for _ in range(2))
    Residency.objects.filter(pk=second.pk).update(state_since=clock.now() - dt.timedelta(days=3))
    assert [row.pk for row in listed(here.desk, "people.residency").result_list] == [first.pk, second.pk]


def test_the_record_says_how_it_is_ordered_and_no_arrow_says_otherwise(administrator) -> None:
    """What is written down late has an earlier moment: the order is that of writing, and that is said."""
    audit.record("account.signed_in", actor_id=None, at=clock.now())
    audit.record("account.closed", actor_id=None, at=clock.now() - dt.timedelta(days=30))
    answer = administrator.get(page("core.auditentry", "changelist"))
    keys = [row.pk for row in answer.context["cl"].result_list]
    assert keys == sorted(keys, reverse=True)
    body = answer.content.decode()
    assert "按记下的先后排，刚记下的在最上面" in body
    assert 'class="sorted' not in body and "sortoptions" not in body
