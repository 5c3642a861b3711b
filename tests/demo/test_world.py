"""The sample records themselves, loaded into a test database: complete, invented, true to the published figures."""

import datetime as dt
import io
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from openpyxl import load_workbook

from alliance.volunteers.models import TeamMember
from portal.backoffice.exports.access import may_decide
from portal.backoffice.models import Export, ExportState
from portal.backoffice.trail import steps_of
from portal.core import clock, files
from portal.core.models import Transition
from portal.core.sample_world import DEMO_PASSWORD, World, build, is_sample_phone
from portal.front.numbers import all_figures
from portal.notices.models import Delivery, Notice
from portal.people.access import acts_for
from portal.people.models import Ownership, Person, Residency, RoleKind, TieState, User
from portal.people.sample import series
from portal.places.models import Area, Building, Household
from portal.search import keeping
from portal.search.models import PublicEntry, ScopedEntry
from tests.search.scenes import differing, everything

pytestmark = pytest.mark.django_db
PAST = {"at", "created_at", "closed_at", "since", "state_since"}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """Loaded once for the tests of this file, inside one transaction that is never committed."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build(World(anchor=clock.today(), built_at=clock.now()))
        transaction.set_rollback(True)


def test_the_first_communities_stand_with_their_published_codes(world):
    codes = dict(Area.objects.exclude(code="").values_list("name", "code"))
    assert codes == {
        "株洲市": "4302",
        "荷塘区": "430202",
        "月塘街道": "430202001",
        "桂花街道": "430202004",
        "石峰区": "430204",
        "田心街道": "430204001",
    }
    assert set(Area.objects.open().values_list("name", flat=True)) == {"袁家湾社区", "向阳社区", "南岭社区", "北岭社区"}
    assert world.areas["yuanjiawan"].children.count() == 6
    for area in Area.objects.all():
        area.full_clean()


def test_building_fifteen_has_thirty_equal_households(world):
    building = Building.objects.get(name="15栋", estate__name="五公司小区", community__name="向阳社区")
    homes = Household.objects.filter(building=building)
    assert homes.count() == 30
    assert homes.values("floor_area").distinct().count() == 1
    assert homes.values("unit", "number").distinct().count() == 30


def test_every_phone_is_of_the_invented_range(world):
    phones = [*User.objects.values_list("phone", flat=True), *Person.objects.values_list("contact_phone", flat=True)]
    phones += Area.objects.values_list("phone", flat=True)
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if field.name.endswith("phone"):
                phones += model._base_manager.values_list(field.name, flat=True)
    told = [phone for phone in phones if phone]
    assert len(told) > 150
    assert all(is_sample_phone(phone) for phone in told)


def test_residents_are_of_all_ages_and_tied_as_in_life(world):
    here = Person.objects.filter(community=world.areas["yuanjiawan"])
    assert 110 <= here.count() <= 180
    assert len({person.name for person in here}) == here.count()
    for kind, least in (("elder", 15), ("parent", 20), ("child", 15), ("landlord", 4), ("tenant", 10)):
        assert len(series(world, f"yuanjiawan/{kind}")) >= least
    for child in series(world, "yuanjiawan/child"):
        assert child.guardianships.count() == 2
    for landlord in series(world, "yuanjiawan/landlord"):
        homes = Household.objects.filter(ownerships__person=landlord)
        assert {home.building.kind for home in homes} == {Building.Kind.SELF_BUILT}
    assert not Residency.objects.exclude(state=TieState.CONFIRMED).exists()
    moved = Transition.objects.filter(subject_type__in=["people.residency", "people.ownership"], name="confirm")
    assert moved.count() == Residency.objects.count() + Ownership.objects.count()


def test_the_relative_may_act_for_the_elder_and_the_mother_for_the_child(world):
    assert acts_for(world.users["relative"], world.people["elder_alone"]) == "relative"
    assert acts_for(world.users["resident"], world.people["child"]) == "guardian"
    assert acts_for(world.users["resident"], world.people["elder_alone"]) == ""


@pytest.mark.parametrize(
    ("key", "kind", "area"),
    [
        ("worker", RoleKind.WORKER, "yuanjiawan"),
        ("grid_worker", RoleKind.GRID_WORKER, "yuanjiawan/1"),
        ("grid_head", RoleKind.GRID_HEAD, "yuanjiawan/4"),
        ("head", RoleKind.HEAD, "yuanjiawan"),
        ("xiangyang_worker", RoleKind.WORKER, "xiangyang"),
        ("xiangyang_head", RoleKind.HEAD, "xiangyang"),
        ("supervisor", RoleKind.SUPERVISOR, "yuetang"),
        ("privacy_officer", RoleKind.PRIVACY_OFFICER, "yuanjiawan"),
    ],
)
def test_each_office_is_held_where_it_is_said(world, key, kind, area):
    roles = world.users[key].current_roles
    assert [(role.kind, role.area) for role in roles] == [(kind, world.areas[area])]


def test_every_listed_account_opens_with_its_password_and_its_number_is_fresh(world):
    for entry in world.accounts:
        user = User.objects.with_phone(entry.phone)
        assert user is not None
        assert user.phone_confirmed_at is not None
        assert user.password == world.password_hash
        assert clock.now() - user.phone_confirmed_at < dt.timedelta(days=3)
    assert world.users["resident"].check_password(DEMO_PASSWORD)
    elder = world.users["elder"]
    assert elder.elder_mode
    assert (world.anchor - elder.person.birth_date).days > 75 * 365


def test_the_password_is_one_that_the_portal_itself_takes(world):
    try:
        validate_password(DEMO_PASSWORD, world.users["resident"])
    except ValidationError as refused:
        pytest.fail(str(refused))


def test_nothing_is_dated_later_than_the_build(world):
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if field.get_internal_type() == "DateTimeField" and field.name in {
                "at",
                "created_at",
                "closed_at",
                "since",
            }:
                late = model._base_manager.filter(**{f"{field.name}__gt": world.built_at + dt.timedelta(minutes=2)})
                assert not late.exists(), f"{model._meta.label}.{field.name}"


def test_old_messages_are_read_and_all_stand_in_the_order_of_their_days(world):
    assert Notice.objects.unread().count() < Notice.objects.count() / 2
    days = list(Notice.objects.order_by("pk").values_list("at", flat=True))
    assert days == sorted(days)
    assert Delivery.objects.filter(state=Delivery.State.SENT).exists()


def test_the_figures_that_can_be_counted_already_are_the_published_ones(world):
    """``docs`` of the product publish them; the rest comes with the rooms that count it."""
    found = {place.name: {figure.id: number for figure, number in place.figures} for place in all_figures(clock.now())}
    assert found["袁家湾社区"]["wishes.completed"] == 27


def test_who_may_not_serve_children_is_in_no_team_for_them(world):
    uncleared = world.users["volunteer_two"].person.volunteer
    assert uncleared.minors_cleared_on is None
    assert [one.team.name for one in uncleared.memberships.all()] == ["便民维修队"]
    children = TeamMember.objects.filter(team__name="“育”见未来团")
    assert children.count() > 2 and not children.filter(volunteer__minors_cleared_on__isnull=True).exists()


def test_the_whole_of_it_is_in_the_index(world):
    assert differing() == []
    standing = everything()
    assert len(standing) > 300
    PublicEntry.objects.all().delete()
    ScopedEntry.objects.all().delete()
    keeping.rebuild()
    assert everything() == standing


def test_time_of_the_world_never_passes_its_building():
    noon = clock.noon(clock.today())
    world = World(anchor=clock.today(), built_at=noon)
    assert world.at(0, 18) == noon
    assert world.at(1, 18) == noon - dt.timedelta(hours=18)
    assert world.day(1) == clock.today() - dt.timedelta(days=1)


def test_accounts_never_share_a_number_and_others_may():
    world = World(anchor=clock.today(), built_at=clock.now())
    numbers = [world.account_phone() for _account in range(4999)]
    assert len(set(numbers)) == 4999
    with pytest.raises(OverflowError):
        world.account_phone()
    contacts = [world.contact_phone() for _person in range(5000)]
    assert not set(contacts) & set(numbers)
    assert all(is_sample_phone(number) for number in (*numbers, *contacts, world.office_phone()))


def test_a_visitor_sees_how_an_export_goes(world):
    """One to fetch, one that waits for the head, one refused with a reason; the file sealed, expiring from now on."""
    ready, waiting, refused = (
        Export.objects.get(state=state) for state in (ExportState.READY, ExportState.PENDING, ExportState.REFUSED)
    )
    assert Export.objects.count() == 3
    assert ready.requester == refused.requester == world.users["worker"]
    assert world.built_at < ready.expires_at <= clock.now() + dt.timedelta(days=10)
    assert ready.masked and ready.approver == world.users["head"]
    with files.opened(ready.file) as content:
        names = [
            row[0] for row in load_workbook(io.BytesIO(content.read())).active.iter_rows(min_row=3, values_only=True)
        ]
    assert len(names) == ready.rows_total > 100
    assert all(name.endswith("*") for name in names)
    assert not ready.file.content.read(4).startswith(b"PK")
    assert deciders(waiting, world) == {"head", "privacy_officer"}
    [why] = [step.remark for step in steps_of(refused) if step.what == "不批准"]
    assert "用不着完整的电话" in why


def deciders(export, world) -> set[str]:
    """Who of the demonstration's accounts may decide on ``export``."""
    return {key for key, user in world.users.items() if may_decide(user, export)}
