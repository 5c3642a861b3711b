"""先办这些: every to-do that names its rows, the most pressing first; a term that is over says so in words."""

import datetime as dt

import pytest

from portal.backoffice import today
from portal.core import clock
from portal.people import correcting
from portal.people.models import DataRequest, Residency
from services.wishes.models import Wish
from tests import worlds
from tests.wishes import scenes

from .desks import claim, page

pytestmark = pytest.mark.django_db


def pile(client, query: str = ""):
    return client.get("/admin/" + query).context["pressing"]


def test_a_visit_that_waits_stands_among_them_by_how_long(here) -> None:
    scene = scenes.scene()
    client = worlds.client_for(worlds.staff(worlds.RoleKind.HEAD, scene.community))
    at = clock.now() - dt.timedelta(days=20)
    poor = scenes.closed(scene, at=at, stars=1)
    scenes.ordered(scene)
    late = scenes.ordered(scene)
    Wish.objects.filter(pk=late.pk).update(due_on=clock.today() - dt.timedelta(days=2))
    Wish.objects.filter(pk=poor.pk).update(state_since=at)
    rows = pile(client).rows
    assert [row.term for row in rows[:2]] == ["要紧，等了 20 天", "超期 2 天"]
    assert rows[0].tone == "stop" and len(rows) == 3


def test_a_request_about_ones_data_stands_among_them(here) -> None:
    correcting.ask(
        person=here.resident,
        asker=here.resident,
        field=DataRequest.Field.NAME,
        value="林小禾",
        words="",
        actor=here.worker,
        typist=here.worker,
        channel="counter",
        scan=None,
        at=clock.now(),
    )
    assert any("个人信息请求" in row.label for row in pile(here.office).rows)


def test_what_is_cut_is_counted_and_one_press_away(here) -> None:
    for _ in range(today.MOST_ITEMS + 3):
        claim(worlds.person(here.community), worlds.household(here.building))
    first = here.desk.get("/admin/")
    assert len(first.context["pressing"].rows) == today.MOST_ITEMS
    assert "看全部（15 件）" in first.content.decode()
    whole = here.desk.get("/admin/?all=1")
    assert len(whole.context["pressing"].rows) == 15 and "看全部" not in whole.content.decode()


def test_over_its_term_in_words_in_list_detail_and_history() -> None:
    scene = scenes.scene()
    client = worlds.client_for(worlds.staff(worlds.RoleKind.HEAD, scene.community))
    wish = scenes.ordered(scene)
    last = clock.today() - dt.timedelta(days=2)
    Wish.objects.filter(pk=wish.pk).update(due_on=last)
    for address in (page("wishes.wish", "changelist"), page("wishes.wish", "change", wish.pk)):
        assert "超期 2 天" in client.get(address).content.decode(), address


def test_a_wish_has_one_name_at_the_whole_desk() -> None:
    scene = scenes.scene()
    client = worlds.client_for(worlds.staff(worlds.RoleKind.HEAD, scene.community))
    wish = scenes.ordered(scene)
    name = str(wish)
    assert "未审核" in name and wish.details[:6] not in name
    places = [
        "/admin/",
        page("wishes.wish", "changelist"),
        page("wishes.wish", "change", wish.pk),
        page("people.person", "change", wish.subject_id),
    ]
    for address in places:
        assert name in client.get(address).content.decode(), address


def test_a_household_leads_to_its_people_and_is_entered_for(here) -> None:
    tie = claim(here.resident, here.household)
    body = here.desk.get(page("places.household", "change", here.household.pk)).content.decode()
    assert f'href="{page("people.person", "change", here.resident.pk)}"' in body
    assert f'href="{page("people.residency", "change", tie.pk)}"' in body
    assert "在这户录入" in body
    for model in ("people.residency", "people.ownership", "wishes.wish"):
        address = page(model, "add") + f"?household={here.household.pk}"
        assert address in body, model
        opened = here.desk.get(address).context["adminform"].form
        assert str(opened["household"].value()) == str(here.household.pk)
    assert Residency.objects.count() == 1
