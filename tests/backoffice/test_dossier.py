"""One page a person, a household, a building: what every room knows, as far as each may know it, and when it was."""

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.backoffice import lifelines
from portal.core import asked, audit, clock
from portal.core.registries import PERSON, panels, strands
from portal.people import handling, merging, tying
from portal.people.models import Person, PersonArea, RoleKind
from portal.people.relations import serves
from tests import worlds
from tests.browsers import axe, fits, sign_in
from tests.front.lives import life
from tests.wishes import scenes

from .conftest import make
from .desks import act_url, claim, page

pytestmark = pytest.mark.django_db


def of(person: Any) -> str:
    return page("people.person", "change", person.pk)


def wish_of(place: Any, person: Any, title: str = "换一盏楼道灯", **fields: Any) -> Any:
    scene = scenes.Scene(place.community, place.worker, worlds.account(place.community), None)
    return scenes.approved(scene, title=title, subject=person, asker=person, **fields)


def told(response: Any) -> list[str]:
    return [moment.event.text for moment in response.context["timeline"].moments]


def test_a_persons_page_puts_the_rooms_side_by_side(here) -> None:
    tying.confirm(tie=claim(here.resident, here.household), actor=here.head, at=clock.now())
    housemate = worlds.person(here.community, name="何春生")
    tying.confirm(tie=claim(housemate, here.household, "family"), actor=here.head, at=clock.now())
    wish_of(here, here.resident)
    worlds.volunteer(here.community, person=here.resident)
    response = here.desk.get(of(here.resident))
    words = response.content.decode()
    rows = {shelf.panel.id: [row.title for row in shelf.rows] for shelf in response.context["shelves"]}
    assert rows["people.homes"] == [str(here.household)]
    assert rows["people.housemates"] == ["何春生"]
    assert rows["wishes.asked"] == ["换一盏楼道灯"]
    assert rows["volunteers"] == ["累计 0 小时"]
    assert {"居住：提出", "居住：已确认", "“换一盏楼道灯”：社区已受理"} <= set(told(response))
    assert f"154****{here.resident.contact_phone[-4:]}" in words
    assert here.resident.contact_phone not in words
    assert [entry.id for entry, _url in response.context["entries"]][:2] == ["wishes", "volunteers"]


def test_what_happens_in_another_community_is_not_shown(here, there) -> None:
    """The same person belongs to both; each desk reads its own part, the administrator all of it."""
    wish_of(there, here.resident, title="陪诊一次")
    wish_of(here, here.resident)
    tying.confirm(tie=claim(here.resident, there.household), actor=there.head, at=clock.now())
    seen = here.desk.get(of(here.resident))
    assert "陪诊一次" not in seen.content.decode()
    assert not [text for text in told(seen) if text.startswith("居住")]
    other = there.desk.get(of(here.resident))
    assert "换一盏楼道灯" not in other.content.decode()
    assert "陪诊一次" in other.content.decode()
    everything = worlds.client_for(worlds.administrator()).get(of(here.resident)).content.decode()
    assert "陪诊一次" in everything and "换一盏楼道灯" in everything


def test_the_desk_of_a_merged_record_sees_the_one_that_stands_and_its_own_part(here, there) -> None:
    Person.objects.filter(pk=there.resident.pk).update(name=here.resident.name)
    there.resident.refresh_from_db()
    merging.merge(person=there.resident, into=here.resident, actor=None, at=clock.now(), reason="核对了证件")
    wish_of(there, there.resident, title="陪诊一次")
    seen = there.desk.get(of(here.resident))
    assert "陪诊一次" in seen.content.decode()
    assert there.desk.get(of(there.resident)).url == of(here.resident)
    assert "陪诊一次" not in here.desk.get(of(here.resident)).content.decode()
    assert "合并进来的登记" in here.desk.get(of(here.resident)).content.decode()


@pytest.mark.parametrize(
    ("role", "status"),
    [("worker", 200), ("head", 200), ("supervisor", 200), ("privacy", 403), ("counsellor", 403), ("resident", 403)],
)
def test_who_opens_it(here, role: str, status: int) -> None:
    user = {
        "worker": lambda: here.worker,
        "head": lambda: here.head,
        "supervisor": lambda: worlds.supervisor(here.community),
        "privacy": lambda: worlds.staff(RoleKind.PRIVACY_OFFICER, here.community),
        "counsellor": lambda: worlds.staff(RoleKind.COUNSELLOR, here.community),
        "resident": lambda: worlds.account(here.community),
    }[role]()
    response = worlds.client_for(user).get(of(here.resident))
    assert response.status_code in ({status} if status == 200 else {403, 404})
    if role == "supervisor":
        assert response.context["entries"] == []
        assert "合并重复登记" not in response.content.decode()


def test_offices_are_shown_to_who_oversees_them(here) -> None:
    colleague = worlds.worker(here.community)
    assert "任职" in here.office.get(of(colleague.person)).content.decode()

    def offices(response: Any) -> list[Any]:
        return next(shelf.rows for shelf in response.context["shelves"] if shelf.panel.id == "people.offices")

    assert offices(here.office.get(of(colleague.person)))
    assert not offices(here.desk.get(of(colleague.person)))


@pytest.mark.parametrize("same_moment", [False, True])
def test_the_timeline_is_paged_without_a_gap_or_a_double(here, same_moment: bool) -> None:
    """Also where many things happened in one instant."""
    start = clock.now() - dt.timedelta(days=9)
    for number in range(lifelines.PAGE * 2 + 7):
        at = start if same_moment else start + dt.timedelta(minutes=number)
        audit.record("person.contact_changed", actor_id=None, subject=here.resident, at=at, details={"fields": []})
    request = RequestFactory().get("/")
    request.user = here.worker
    seen, url, turns = [], "", 0
    while True:
        request.GET = type(request.GET)(url.strip("?").split("#")[0], mutable=True)
        shown = lifelines.timeline(request, PERSON, [here.resident.pk])
        seen += [moment.event.at for moment in shown.moments if moment.event.at <= clock.now()]
        turns += 1
        if not shown.older_url:
            break
        url = shown.older_url
    assert turns == 3
    assert len(seen) == lifelines.PAGE * 2 + 7
    assert seen == sorted(seen, reverse=True)


def test_the_timeline_leads_on_from_a_moment_that_holds_more_than_a_cursor_counts(here, monkeypatch) -> None:
    monkeypatch.setattr(lifelines, "_MOST_OF_ONE_MOMENT", lifelines.PAGE)
    start = clock.now() - dt.timedelta(days=9)
    for _ in range(lifelines.PAGE * 3):
        audit.record("person.contact_changed", actor_id=None, subject=here.resident, at=start, details={"fields": []})
    first = start - dt.timedelta(days=1)
    audit.record("person.contact_changed", actor_id=None, subject=here.resident, at=first, details={"fields": []})
    request = RequestFactory().get("/")
    request.user = here.worker
    seen, turns = [], 0
    while turns < 9:
        shown = lifelines.timeline(request, PERSON, [here.resident.pk])
        seen += [moment.event.at for moment in shown.moments]
        turns += 1
        if not shown.older_url:
            break
        request.GET = type(request.GET)(shown.older_url.strip("?").split("#")[0], mutable=True)
    assert turns < 9
    assert first in seen
    assert seen == sorted(seen, reverse=True)


def test_a_room_can_be_read_alone_and_nonsense_in_the_address_does_no_harm(here) -> None:
    wish_of(here, here.resident)
    audit.record("person.contact_changed", actor_id=None, subject=here.resident, details={"fields": []})
    alone = here.desk.get(of(here.resident) + "?room=wishes.person")
    assert told(alone) and all("楼道灯" in text or "维修" in text for text in told(alone))
    for nonsense in ("?until=x", "?until=99999999999999999999.0", "?until=12.x", "?until=1.9999", "?room=nowhere"):
        assert here.desk.get(of(here.resident) + nonsense).status_code == 200


def queries_of(client: Any, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@time_machine.travel("2026-11-02T10:00:00+08:00", tick=False)
@pytest.mark.parametrize("what", ["person", "household", "building"])
def test_the_page_costs_the_same_however_much_happened(what: str) -> None:
    here = make("袁家湾社区", "月塘街道", "林小荷")

    def happen(number: int) -> None:
        person = here.resident
        wish = wish_of(here, person, title=f"第{number}件事", household=here.household)
        audit.record("wish.visited", actor_id=here.worker.pk, subject=wish)
        audit.record("person.contact_changed", actor_id=here.head.pk, subject=person, details={"fields": []})
        other = worlds.person(here.community)
        tying.confirm(tie=claim(other, here.household, "family"), actor=here.worker, at=clock.now())
        worlds.household(here.building)

    tying.confirm(tie=claim(here.resident, here.household), actor=here.worker, at=clock.now())
    url = {
        "person": of(here.resident),
        "household": page("places.household", "change", here.household.pk),
        "building": page("places.building", "change", here.building.pk),
    }[what]
    desk = here.desk
    happen(0)
    few = queries_of(desk, url)
    for number in range(1, 12):
        happen(number)
    assert queries_of(desk, url) <= few  # fewer: finished wishes are not asked for where open ones fill the list


def test_what_the_rooms_ask_alike_is_asked_once(here) -> None:
    """A budget for a resident's page, and one for somebody of whom every room knows something."""
    tying.confirm(tie=claim(here.resident, here.household), actor=here.worker, at=clock.now())
    wish_of(here, here.resident, household=here.household)
    assert queries_of(here.desk, of(here.resident)) <= 35
    known = life()
    assert queries_of(worlds.client_for(known.worker), of(known.person)) <= 50


def test_no_answer_outlives_the_page(here) -> None:
    """What the desk may do, and whose records these are, is asked anew by the next page and by every act."""
    opened = here.desk.get(of(here.resident))
    assert act_url(here.resident, "contact") in opened.content.decode()
    PersonArea.objects.filter(person=here.resident).delete()
    assert here.desk.get(of(here.resident)).status_code == 404
    assert not serves(here.worker, here.resident)
    for answer in (1, 2):
        with asked.one_page():
            assert asked.once("question", lambda: answer) == answer  # noqa: B023 — asked within the turn
            assert asked.once("question", lambda: 0) == answer
    assert asked.once("question", lambda: 0) == 0


def test_a_households_and_a_buildings_page(here, there) -> None:
    tying.confirm(tie=claim(here.resident, here.household), actor=here.worker, at=clock.now())
    waiting = claim(worlds.person(here.community, name="何春生"), here.household, "tenant")
    wish_of(here, here.resident, household=here.household)
    home = here.desk.get(page("places.household", "change", here.household.pk))
    rows = {shelf.panel.id: [row.title for row in shelf.rows] for shelf in home.context["shelves"]}
    assert rows["household.residents"] == ["何春生", here.resident.name]
    assert rows["wishes.household"] == ["换一盏楼道灯"]
    building = here.desk.get(page("places.building", "change", here.building.pk))
    rows = {shelf.panel.id: [row.title for row in shelf.rows] for shelf in building.context["shelves"]}
    assert rows["building.waiting"] == [f"{here.household} 何春生"]
    assert rows["wishes.building"] == ["换一盏楼道灯"]
    [door] = building.context["households"].rows
    assert (door.residents, door.owners, door.waiting) == (1, 0, 1)
    for client, status in ((there.desk, 404), (here.office, 200)):
        for obj in (here.household, here.building):
            assert client.get(page(obj._meta.label_lower, "change", obj.pk)).status_code == status
    assert waiting.pk


def test_no_event_holds_a_number(here) -> None:
    """Words of a timeline hold no phone; the address of a home stands in the panels alone."""
    tying.confirm(tie=claim(here.resident, here.household), actor=here.worker, at=clock.now())
    wish_of(here, here.resident)
    texts = told(here.desk.get(of(here.resident)))
    assert texts
    assert not [text for text in texts if re.search(r"\d{4}", text) or str(here.household) in text]


def test_every_panel_and_strand_says_which_subject_it_is_of() -> None:
    for entry in [*panels, *strands]:
        assert entry.of in {"person", "household", "building"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("size", "scheme"),
    [
        ("phone", "light"),
        pytest.param("desk", "dark", marks=pytest.mark.whole),
        pytest.param("phone", "dark", marks=pytest.mark.whole),
        pytest.param("desk", "light", marks=pytest.mark.whole),
    ],
)
def test_the_pages_are_readable_on_every_screen(open_page, size: str, scheme: str) -> None:
    place = make("袁家湾社区", "月塘街道", "林小荷")
    tying.confirm(tie=claim(place.resident, place.household), actor=place.head, at=clock.now())
    twin = worlds.person(place.community, name="林小河", contact_phone=place.resident.contact_phone)
    wish = wish_of(place, place.resident, household=place.household)
    handling.take(record=wish, actor=place.worker, at=clock.now())
    opened = open_page(size=size, user=place.worker)
    opened.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    for url in (
        of(place.resident),
        page("places.household", "change", place.household.pk),
        page("places.building", "change", place.building.pk),
        reverse("admin:people_person_merge", args=[place.resident.pk]),
        reverse("admin:people_person_merge_with", args=[place.resident.pk, twin.pk]),
        "/admin/enter/",
        reverse("admin:enter_for", args=[place.resident.pk]),
        page("wishes.wish", "add"),
    ):
        opened.goto(url)
        fits(opened)
        axe(opened)
    sign_in(opened, place.head)
    opened.goto(act_url(place.worker, "handover"))
    fits(opened)
    axe(opened)
