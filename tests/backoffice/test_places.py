"""Places at the desk: what an area decides for itself, and who keeps which list."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from portal.backoffice import regridding
from portal.core import clock, options
from portal.core.models import AuditEntry
from portal.people.models import PersonArea, Representative, RoleKind
from portal.places.models import Area, AreaOption, Building, Estate, Household, Level
from tests import worlds
from tests.wishes import scenes

from .desks import act_url, carry_out, claim, enter, messages_of, page, token_of

DAYS = "wishes.review_days"


def review_days(area: Area) -> int:
    return options.value(options.declared()[DAYS], area)


def keep(client, area: Area, **fields: str):
    """Open the options of ``area``, change ``fields``, send everything else as it stands."""
    url = act_url(area, "options")
    opened = client.get(url)
    form = opened.context["form"]
    typed = {name: form.initial.get(name, "") for name in form.fields}
    return client.post(url, {"once": opened.context["once"], **typed, **fields})


def test_the_head_decides_for_the_community_and_can_take_it_back(here, there) -> None:
    assert (
        f"留空则沿用上级：{review_days(here.community)}天"
        in here.office.get(act_url(here.community, "options")).content.decode()
    )
    assert keep(here.office, here.community, **{DAYS: "5"}).status_code == 302
    assert (review_days(here.community), review_days(here.grid), review_days(there.community)) == (5, 5, 2)
    keep(here.office, here.grid, **{DAYS: "3"})
    assert (review_days(here.community), review_days(here.grid)) == (5, 3)
    keep(here.office, here.grid, **{DAYS: ""})
    assert review_days(here.grid) == 5
    history = here.office.get(page("places.area", "history", here.community.pk)).content.decode()
    assert "设定社区选项" in history
    assert "审核期限 5天" in history


def test_what_is_out_of_bounds_is_told_and_nothing_is_kept(here) -> None:
    response = keep(here.office, here.community, **{DAYS: "90", "wishes.claim_days": "9"})
    assert response.context["form"].errors == {DAYS: ["请填 1 到 30 之间的数。"]}
    assert not AreaOption.objects.exists()


def test_a_yes_or_no_can_be_left_to_the_area_above(here) -> None:
    key = "wishes.one_thing_a_household"
    keep(here.office, here.community, **{key: "否"})
    assert AreaOption.objects.get(area=here.community, key=key).value is False
    keep(here.office, here.community, **{key: ""})
    assert not AreaOption.objects.exists()


def test_nothing_changed_is_nothing_done(here) -> None:
    url = act_url(here.community, "options")
    response = here.office.post(url, {"once": token_of(here.office, url)}, follow=True)
    assert messages_of(response) == ["选项没有变化。"]
    assert not AuditEntry.objects.filter(verb__startswith="option.").exists()


@pytest.mark.parametrize("kind", [RoleKind.WORKER, RoleKind.GRID_HEAD, RoleKind.BRANCH_SECRETARY])
def test_options_are_the_heads_alone(here, there, kind) -> None:
    held_at = here.grid if kind == RoleKind.GRID_HEAD else here.community
    client = worlds.client_for(worlds.staff(kind, held_at))
    assert client.get(act_url(here.community, "options")).status_code == 403
    assert here.office.get(act_url(there.community, "options")).status_code == 404
    assert (
        worlds.client_for(worlds.supervisor(here.community)).get(act_url(here.community, "options")).status_code == 403
    )


def test_the_administrator_decides_for_a_whole_city(here, there, administrator) -> None:
    keep(administrator, worlds.city(), **{DAYS: "4"})
    assert (review_days(here.community), review_days(there.community)) == (4, 4)


def test_a_head_keeps_the_numbers_people_call_and_not_the_name(here) -> None:
    url = page("places.area", "change", here.community.pk)
    sent = {"phone": "0731-00000000", "office_hours": "8:30–17:30", "name": "改名社区", "code": "430202"}
    assert here.office.post(url, sent).status_code == 302
    here.community.refresh_from_db()
    assert (here.community.phone, here.community.name, here.community.code) == ("0731-00000000", "袁家湾社区", "")
    assert here.desk.post(url, sent).status_code == 403


def test_areas_are_made_by_the_administrator(here, administrator) -> None:
    assert here.office.get(page("places.area", "add")).status_code == 403
    typed = {"level": Level.GRID, "parent": here.community.pk, "name": "第九网格"}
    assert enter(administrator, "places.area", **typed).status_code == 302
    made = Area.objects.get(name="第九网格")
    assert made.path == f"{here.community.path}{made.pk}/"
    wrong = enter(administrator, "places.area", level=Level.GRID, parent=here.community.parent.pk, name="悬空网格")
    assert "parent" in wrong.context["adminform"].form.errors


def test_workers_keep_buildings_and_households(here, there) -> None:
    assert enter(here.desk, "places.estate", community=here.community.pk, name="五公司小区").status_code == 302
    estate = Estate.objects.get()
    typed = {
        "community": here.community.pk,
        "grid": here.grid.pk,
        "estate": estate.pk,
        "kind": "apartment",
        "name": "15栋",
    }
    assert enter(here.desk, "places.building", **typed).status_code == 302
    building = Building.objects.get(name="15栋")
    assert (
        enter(
            here.desk, "places.household", building=building.pk, unit="1", number="101", floor_area="80.50"
        ).status_code
        == 302
    )
    twice = enter(here.desk, "places.household", building=building.pk, unit="1", number="101")
    assert twice.context["adminform"].form.errors
    assert Household.objects.filter(building=building).count() == 1


def test_an_estate_is_one_of_the_buildings_community(here, administrator) -> None:
    elsewhere = Estate.objects.create(community=worlds.community("南岭社区"), name="别处小区")
    typed = {"community": here.community.pk, "estate": elsewhere.pk, "kind": "apartment", "name": "1栋"}
    wrong = enter(administrator, "places.building", **typed)
    assert wrong.context["adminform"].form.errors["estate"] == ["小区要在这个社区里。"]


def test_grid_workers_read_the_lists_and_keep_none(here) -> None:
    client = worlds.client_for(worlds.staff(RoleKind.GRID_WORKER, here.grid))
    assert client.get(page("places.building", "change", here.building.pk)).status_code == 200
    assert client.post(page("places.building", "change", here.building.pk), {"name": "改"}).status_code == 403
    assert client.get(page("places.building", "add")).status_code == 403


def test_the_calendar_is_read_by_all_staff_and_kept_by_the_administrator(here, administrator) -> None:
    listing = page("core.workdayoverride", "changelist")
    assert here.desk.get(listing).status_code == 200
    assert here.office.get(page("core.workdayoverride", "add")).status_code == 403
    assert (
        enter(administrator, "core.workdayoverride", day="2027-02-06", working="on", note="春节调休").status_code == 302
    )
    assert "2027年2月6日" in here.desk.get(listing).content.decode()


def test_a_building_passes_to_another_grid_by_an_act_and_its_people_with_it(here) -> None:
    other = worlds.grid(here.community, "第四网格")
    claim(here.resident, here.household)
    url = page("places.building", "change", here.building.pk)
    sent = {"name": here.building.name, "kind": "apartment", "grid": other.pk, "community": here.community.pk}
    assert here.desk.post(url, sent).status_code == 302
    here.building.refresh_from_db()
    assert here.building.grid == here.grid  # saving the page moves nothing
    assert carry_out(here.desk, here.building, "regrid", grid=other.pk, reason="").context["form"].errors
    assert carry_out(here.desk, here.building, "regrid", grid=other.pk, reason="网格重新划分").status_code == 302
    here.building.refresh_from_db()
    assert here.building.grid == other
    assert PersonArea.objects.filter(person=here.resident, grid=other).exists()
    entry = AuditEntry.objects.get(verb="building.regridded")
    assert (entry.details, entry.remark.text) == ({"from": here.grid.pk, "to": other.pk}, "网格重新划分")
    history = here.desk.get(page("places.building", "history", here.building.pk)).content.decode()
    assert "调整网格" in history and "网格重新划分" in history


def test_no_grid_of_another_community_nor_by_a_grids_own_worker(here, there) -> None:
    def regrid(actor, grid, **said) -> None:
        regridding.regrid(building=here.building, grid=grid, actor=actor, at=clock.now(), reason="重新划分", **said)

    for grid in (there.grid, here.community, here.grid):
        with pytest.raises(ValidationError):
            regrid(here.worker, grid)
    for actor in (there.worker, worlds.staff(RoleKind.GRID_HEAD, here.grid), worlds.supervisor(here.community)):
        with pytest.raises(PermissionDenied):
            regrid(actor, None)
    with pytest.raises(ValidationError) as refused:
        regrid(here.head, None)
    assert "leaves_all" in refused.value.message_dict
    regrid(here.head, None, leaves_all=True)
    here.building.refresh_from_db()
    assert here.building.grid is None


def test_before_a_building_passes_on_it_says_what_hangs_on_it_and_who_loses_sight(here) -> None:
    keeper = worlds.staff(RoleKind.GRID_WORKER, here.grid, name="贺秋分")
    tie = claim(here.resident, here.household)
    scene = scenes.Scene(here.community, here.worker, worlds.account(here.community), worlds.volunteer(here.community))
    scenes.ordered(scene, household=here.household)
    url = act_url(here.building, "regrid")
    shown = here.desk.get(url).content.decode()
    assert "这栋楼有 1 户，登记了业主、住户 1 人。" in shown and "正在办的 1 件留在原来的网格。" in shown
    assert f"{here.grid}的{keeper}看不到这栋楼的户。" in shown and tie.person.name not in shown
    assert 'data-only="grid="' in shown
    lost = carry_out(here.desk, here.building, "regrid", grid="", reason="网格撤销")
    assert "leaves_all" in lost.context["form"].errors
    assert carry_out(here.desk, here.building, "regrid", grid="", leaves_all="on", reason="网格撤销").status_code == 302


def test_households_are_narrowed_by_grid_and_by_whether_somebody_speaks_for_them(here) -> None:
    other = worlds.building(here.community, grid=worlds.grid(here.community, "第二网格"))
    quiet = worlds.household(other)
    tie = claim(here.resident, here.household)
    Representative.objects.create(household=here.household, person=tie.person, since=clock.today())
    listing = page("places.household", "changelist")

    def rows(query: str) -> list[int]:
        return [row.pk for row in here.desk.get(f"{listing}?{query}").context["cl"].result_list]

    assert rows("represented=yes") == [here.household.pk]
    assert rows("represented=no") == [quiet.pk]
    assert rows(f"building__grid__id__exact={here.grid.pk}") == [here.household.pk]


def test_the_history_of_a_building_says_what_stood_there_before_and_who_changed_it(here) -> None:
    url = page("places.building", "change", here.building.pk)
    form = here.desk.get(url).context["adminform"].form
    sent = {name: form[name].value() or "" for name in form.fields}
    old = here.building.name
    assert here.desk.post(url, {**sent, "name": "新八栋", "address": "月塘巷8号"}).status_code == 302
    [entry] = AuditEntry.objects.filter(verb="record.changed", subject_id=here.building.pk)
    assert entry.actor_id == here.worker.pk
    assert f"{old} 改为 新八栋" in entry.remark.text and "（空） 改为 月塘巷8号" in entry.remark.text
    history = here.desk.get(page("places.building", "history", here.building.pk)).content.decode()
    assert f"{old} 改为 新八栋" in history
