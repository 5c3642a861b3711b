"""What lists are narrowed by, and what becomes of an address that asks for what no list offers."""

import datetime as dt

import pytest

from alliance.volunteers import teams
from portal.core import clock
from portal.people import tying
from portal.people.models import Guardianship, Person, Residency, RoleKind, User
from tests import worlds

from .desks import claim, messages_of, page

pytestmark = pytest.mark.django_db
REFUSED = ["网址里的筛选条件不能用，已显示整张列表。请用列表上的筛选。"]


def keys(client, model: str, query: str) -> set[int]:
    answer = client.get(f"{page(model, 'changelist')}?{query}")
    assert answer.status_code == 200, query
    return {row.pk for row in answer.context["cl"].result_list}


def born(person: Person, years: int, days: int = 0) -> Person:
    today = clock.today()
    person.birth_date = today.replace(year=today.year - years) + dt.timedelta(days=days)
    person.save()
    return person


def lives(person: Person, household) -> Residency:
    tie = claim(person, household)
    tying.confirm(tie=tie, actor=worlds.head(household.building.community), at=clock.now())
    return tie


def test_people_by_age(here) -> None:
    almost, just, old = (worlds.person(here.community) for _ in range(3))
    born(almost, 14, 1), born(just, 14), born(old, 80)
    assert keys(here.desk, "people.person", "age=under14") == {almost.pk}
    assert keys(here.desk, "people.person", "age=14to17") == {just.pk}
    assert keys(here.desk, "people.person", "age=over80") == {old.pk}
    assert not {almost.pk, just.pk, old.pk} & keys(here.desk, "people.person", "age=none")


def test_people_by_building_and_account(here) -> None:
    tenant = worlds.person(here.community)
    lives(tenant, here.household)
    claim(worlds.person(here.community), here.household)
    assert keys(here.desk, "people.person", f"building={here.building.pk}") == {tenant.pk}
    User.objects.create(username="tenant", person=tenant)
    assert tenant.pk in keys(here.desk, "people.person", "account=yes")
    assert tenant.pk not in keys(here.desk, "people.person", "account=no")
    assert here.resident.pk in keys(here.desk, "people.person", "account=no")


def test_households_by_building_unit_and_who_lives_there(here) -> None:
    other = worlds.household(worlds.building(here.community), unit="2", number="9")
    second = worlds.household(here.building, unit="3", number="7")
    lives(here.resident, second)
    claim(here.resident, other)
    inside = f"building__id__exact={here.building.pk}"
    assert keys(here.desk, "places.household", inside) == {here.household.pk, second.pk}
    assert keys(here.desk, "places.household", f"{inside}&in_unit=3") == {second.pk}
    assert keys(here.desk, "places.household", "lived=yes") == {second.pk}
    assert keys(here.desk, "places.household", "lived=no") == {here.household.pk, other.pk}
    assert keys(here.desk, "places.household", "lived=waiting") == {other.pk}


def test_ties_by_building_and_day(here) -> None:
    tie = claim(here.resident, here.household)
    other = claim(here.resident, worlds.household(worlds.building(here.community)))
    by_building = f"household__building__id__exact={here.building.pk}"
    assert keys(here.desk, "people.residency", by_building) == {tie.pk}
    assert keys(here.desk, "people.residency", f"since_from={clock.today()}") == set()
    assert keys(here.desk, "people.residency", "since_from=2020-01-01") == {tie.pk, other.pk}


def test_accounts_by_office_and_last_sign_in(here) -> None:
    User.objects.filter(pk=here.head.pk).update(last_login=clock.now())
    User.objects.filter(pk=here.worker.pk).update(last_login=None)
    assert keys(here.office, "people.user", "office=head") == {here.head.pk}
    today = keys(here.office, "people.user", f"last_login_from={clock.today()}")
    assert here.head.pk in today
    assert here.worker.pk in keys(here.office, "people.user", "office=worker")
    assert not {here.head.pk, here.worker.pk} & keys(here.office, "people.user", "office=none")


def test_no_filter_names_what_lies_elsewhere(here, there) -> None:
    lives(there.resident, there.household)
    for query in (f"building={there.building.pk}", "age=zz", "account=maybe"):
        answer = here.desk.get(f"{page('people.person', 'changelist')}?{query}", follow=True)
        assert messages_of(answer) == REFUSED, query


@pytest.mark.parametrize(
    ("model", "query"),
    [
        ("wishes.wish", "term=zzz"),
        ("wishes.wish", "hand=zz"),
        ("wishes.wish", "state__exact=zz"),
        ("places.household", "in_unit=3"),
        ("people.role", "held=zz"),
    ],
)
def test_what_no_filter_offers_does_not_count_as_one(here, model, query) -> None:
    answer = here.office.get(f"{page(model, 'changelist')}?{query}", follow=True)
    assert messages_of(answer) == REFUSED
    assert not answer.context["cl"].has_active_filters


def test_a_page_past_the_last_is_the_last_and_says_so(here) -> None:
    for _number in range(60):
        worlds.person(here.community)
    answer = here.desk.get(page("people.person", "changelist") + "?p=99")
    assert messages_of(answer) == ["没有这么多页，这是最后一页。"]
    listing = answer.context["cl"]
    assert (listing.page_num, len(listing.result_list)) == (2, listing.result_count - 50)


def test_a_list_in_its_own_order_bears_no_numbers_of_it(here) -> None:
    body = here.desk.get(page("places.household", "changelist")).content.decode()
    assert "sortpriority" not in body
    assert "sorted ascending" in here.desk.get(page("places.household", "changelist") + "?o=2").content.decode()


def test_a_grid_worker_reads_who_serves_in_the_community_and_reviews_those_of_the_grid(here) -> None:
    """A wish of the grid may go to any volunteer of the community: who is offered can be looked at."""
    serving = worlds.volunteer(here.community)
    waiting = worlds.volunteer(here.community, active=False)
    elsewhere = worlds.volunteer(worlds.community("北岭社区", parent=here.community.parent))
    client = worlds.client_for(worlds.staff(RoleKind.GRID_WORKER, here.grid))
    assert keys(client, "volunteers.volunteer", "") == {serving.pk}
    shown = client.get(page("volunteers.volunteer", "change", serving.pk))
    assert shown.status_code == 200 and not shown.context["acts"]
    assert client.get(page("volunteers.volunteer", "act", serving.pk, "suspend")).status_code == 403
    for hidden in (waiting, elsewhere):
        assert client.get(page("volunteers.volunteer", "change", hidden.pk)).status_code == 404
    listing = page("volunteers.volunteer", "changelist")
    found = client.post(listing, {"text": serving.person.name}, follow=True)
    assert [row.pk for row in found.context["cl"].result_list] == [serving.pk]


def test_members_and_hours_are_found_by_name(here) -> None:
    volunteer, other = worlds.volunteer(here.community), worlds.volunteer(here.community)
    team = worlds.team(here.community, name="映雪队")
    for who in (volunteer, other):
        teams.join(team=team, volunteer=who, actor=here.worker, at=clock.now())
    listing = page("volunteers.teammember", "changelist")
    found = here.desk.post(listing, {"text": volunteer.person.name}, follow=True)
    assert [row.volunteer for row in found.context["cl"].result_list] == [volunteer]
    assert len(keys(here.desk, "volunteers.teammember", "held=now")) == 2
    assert keys(here.desk, "volunteers.teammember", "held=past") == set()
    hours = here.desk.post(page("volunteers.hourentry", "changelist"), {"text": "映雪"}, follow=True)
    assert hours.status_code == 200


def test_relations_are_narrowed_in_their_own_words(here) -> None:
    """A guardian is in force or not: nobody is 现任 of a child."""
    child, guardian, earlier = (worlds.person(here.community) for _ in range(3))
    day = clock.today()
    stands = Guardianship.objects.create(child=child, guardian=guardian, relation="母亲", since=day)
    over = Guardianship.objects.create(child=child, guardian=earlier, relation="父亲", since=day, until=day)
    assert keys(here.desk, "people.guardianship", "held=now") == {stands.pk}
    assert keys(here.desk, "people.guardianship", "held=past") == {over.pk}
    typed = Guardianship.objects.create(
        child=child, guardian=worlds.person(here.community), relation="奶奶", since=day, state="entered"
    )
    mine = Guardianship.objects.create(
        child=child,
        guardian=worlds.person(here.community),
        relation="爷爷",
        since=day,
        state="entered",
        recorded_by=here.worker,
    )
    assert keys(here.desk, "people.guardianship", "held=waits") == {typed.pk, mine.pk}
    assert keys(here.desk, "people.guardianship", "held=mine") == {typed.pk}
    assert keys(here.desk, "people.guardianship", "held=now") == {stands.pk}
    assert keys(here.desk, "people.guardianship", "held=past") == {over.pk}
    answer = here.desk.get(page("people.guardianship", "changelist"))
    [held] = [spec for spec in answer.context["cl"].filter_specs if getattr(spec, "parameter_name", "") == "held"]
    assert [str(label) for _value, label in held.lookup_choices] == ["待核对", "等您核对", "有效", "已结束"]
