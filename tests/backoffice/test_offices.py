"""Offices: given by whom they may, ended at once; accounts closed with their sessions."""

from contextlib import suppress
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from portal.core import clock
from portal.core.models import AuditEntry
from portal.core.templating import date_cn
from portal.people import offices, roles
from portal.people.models import PersonArea, Role, RoleKind
from tests import worlds

from .desks import act_url, carry_out, enter, page


def give(actor, user, area, kind) -> Role:
    return offices.grant_role(actor=actor, user=user, area=area, kind=kind, at=clock.now(), reason="居委会决定")


def test_a_head_gives_the_desks_offices_at_the_community_and_its_grids(here) -> None:
    newcomer = worlds.account(here.community)
    role = give(here.head, newcomer, here.grid, RoleKind.GRID_WORKER)
    assert newcomer.is_staff
    assert PersonArea.objects.filter(person=newcomer.person, grid=here.grid).exists()
    entry = AuditEntry.objects.get(verb="role.granted")
    assert entry.details == {"user": newcomer.pk, "area": here.grid.pk, "kind": "grid_worker"}
    assert (entry.actor_id, entry.subject_id) == (here.head.pk, role.pk)


@pytest.mark.parametrize("kind", [RoleKind.SUPERVISOR, RoleKind.PRIVACY_OFFICER])
def test_a_head_gives_none_that_stands_over_heads(here, kind) -> None:
    with pytest.raises(PermissionDenied):
        give(here.head, worlds.account(here.community), here.community, kind)


def test_a_head_gives_nothing_elsewhere_and_a_worker_nothing_at_all(here, there) -> None:
    newcomer = worlds.account(here.community)
    for area in (there.community, there.grid, here.community.parent):
        with pytest.raises(PermissionDenied):
            give(here.head, newcomer, area, RoleKind.WORKER)
    with pytest.raises(PermissionDenied):
        give(here.worker, newcomer, here.community, RoleKind.GRID_WORKER)
    with pytest.raises(PermissionDenied):
        give(here.head, here.head, here.community, RoleKind.WORKER)
    assert not newcomer.is_staff


def test_the_administrator_gives_any_but_no_supervisor_of_a_community(here) -> None:
    boss, newcomer = worlds.administrator(), worlds.account(here.community)
    give(boss, newcomer, here.community.parent, RoleKind.SUPERVISOR)
    with pytest.raises(ValidationError):
        give(boss, newcomer, here.community, RoleKind.SUPERVISOR)
    with pytest.raises(ValidationError):
        give(boss, newcomer, here.community.parent, RoleKind.SUPERVISOR)


def areas_of(here) -> dict[str, Any]:
    street = here.community.parent
    chain = {"grid": here.grid, "community": here.community, "subdistrict": street}
    return {**chain, "district": street.parent, "city": street.parent.parent}


@pytest.mark.parametrize("kind", list(RoleKind))
def test_an_office_is_held_at_its_own_level_alone_by_the_act_and_by_the_database(here, kind: RoleKind) -> None:
    boss, areas = worlds.administrator(), areas_of(here)
    given = set()
    for level, area in areas.items():
        with suppress(ValidationError):
            give(boss, worlds.account(here.community), area, kind)
            given.add(level)
    assert given == roles.HELD_AT[kind]
    for level in set(areas) - given:
        user = worlds.account(here.community)
        with pytest.raises(IntegrityError), transaction.atomic():
            Role.objects.create(user=user, area=areas[level], kind=kind, since=clock.now())
        past = clock.now()
        Role.objects.create(user=user, area=areas[level], kind=kind, since=past, until=past)  # history stays
        with pytest.raises(IntegrityError), transaction.atomic():
            Role.objects.filter(user=user).update(until=None)


def test_a_crafted_form_gives_no_grid_worker_of_a_community_and_no_head_of_a_grid(here) -> None:
    newcomer = worlds.account(here.community)
    for area, kind, words in (
        (here.community, "grid_worker", "网格员要任在网格"),
        (here.grid, "head", "社区负责人要任在社区"),
    ):
        sent = enter(here.office, "people.role", reason="居委会决定", user=newcomer.pk, area=area.pk, kind=kind)
        assert words in str(sent.context["adminform"].form.errors["area"])
    assert not newcomer.roles.exists()


def test_an_office_that_has_ended_ends_no_second_time(here) -> None:
    role = here.worker.roles.get()
    offices.end_role(actor=here.head, role=role, at=clock.now(), reason="调岗")
    with pytest.raises(ValidationError):
        offices.end_role(actor=here.head, role=role, at=clock.now(), reason="调岗")
    with pytest.raises(PermissionDenied):
        offices.end_role(actor=here.head, role=here.head.roles.get(), at=clock.now(), reason="调岗")
    assert not worlds.User.objects.get(pk=here.worker.pk).is_staff


def test_the_page_that_gives_offices(here, there) -> None:
    newcomer = worlds.account(here.community)
    form = here.office.get(page("people.role", "add")).context["adminform"].form
    groups = dict(form.fields["kind"].choices[1:])
    assert {value for group in groups.values() for value, _label in group} == set(offices.GIVEN_BY_HEAD)
    assert [value for value, _label in groups["任在网格"]] == [RoleKind.GRID_WORKER, RoleKind.GRID_HEAD]
    assert set(form.fields["area"].queryset) == {here.community, here.grid}
    assert (
        enter(
            here.office, "people.role", reason="居委会决定", user=newcomer.pk, area=here.grid.pk, kind="grid_head"
        ).status_code
        == 302
    )
    assert worlds.User.objects.get(pk=newcomer.pk).is_staff

    twice = enter(
        here.office, "people.role", reason="居委会决定", user=newcomer.pk, area=here.grid.pk, kind="grid_head"
    )
    assert twice.status_code == 200
    assert twice.context["adminform"].form.errors
    for forged in ({"area": there.community.pk, "kind": "worker"}, {"area": here.community.pk, "kind": "supervisor"}):
        assert (
            enter(here.office, "people.role", reason="居委会决定", user=newcomer.pk, **forged)
            .context["adminform"]
            .form.errors
        )
    own = enter(here.office, "people.role", reason="居委会决定", user=here.head.pk, area=here.grid.pk, kind="grid_head")
    assert own.status_code == 403
    assert here.desk.get(page("people.role", "add")).status_code == 403


def test_ending_an_office_from_its_page_shuts_the_door(here) -> None:
    desk = here.desk
    assert desk.get("/admin/").status_code == 200
    assert carry_out(here.office, here.worker.roles.get(), "end", reason="调岗").status_code == 302
    assert desk.get("/admin/").status_code == 403
    assert here.office.get(act_url(here.head.roles.get(), "end")).status_code == 403


def test_closing_an_account_ends_sessions_offices_and_password(here, administrator) -> None:
    desk = here.desk
    assert here.office.get(act_url(here.worker, "close")).status_code == 403
    assert carry_out(administrator, here.worker, "close", reason="离职").status_code == 302
    assert desk.get("/admin/").url.startswith(reverse("account_login"))
    closed = worlds.User.objects.get(pk=here.worker.pk)
    assert not closed.is_active
    assert not closed.has_usable_password()
    assert not Role.objects.current().filter(user=closed).exists()
    ended = AuditEntry.objects.get(verb="role.ended")
    assert ended.remark.text == "离职"  # whoever reads of the office alone reads why
    assert carry_out(administrator, closed, "reopen", reason="回来上班").status_code == 302
    assert desk.get("/me/").status_code == 302
    assert not worlds.User.objects.get(pk=here.worker.pk).is_staff


def test_nobody_closes_themselves(here) -> None:
    boss = worlds.administrator()
    with pytest.raises(ValidationError):
        offices.close_account(actor=boss, user=boss, at=clock.now(), reason="试试")
    with pytest.raises(PermissionDenied):
        offices.close_account(actor=here.head, user=here.worker, at=clock.now(), reason="离职")


def test_the_desk_helps_residents_with_their_number_and_staff_ask_the_administrator(here) -> None:
    resident = worlds.account(here.community, phone_confirmed_at=None)
    carry_out(here.desk, resident, "confirm_phone", reason="看了身份证和手机")
    resident.refresh_from_db()
    assert resident.phone_confirmed_at is not None
    for name in ("confirm_phone", "release_phone"):
        assert here.desk.get(act_url(here.head, name)).status_code == 403
    assert here.office.get(act_url(here.worker, "remove_factor")).status_code == 403


def test_who_left_reads_that_the_office_is_over_and_the_account_keeps_what_it_was(here) -> None:
    desk, resident = here.desk, worlds.client_for(worlds.account(here.community))
    offices.end_role(actor=here.head, role=here.worker.roles.get(), at=clock.now(), reason="调岗")
    answer = desk.get("/admin/")
    words = answer.content.decode()
    assert answer.status_code == 403
    assert "您的任职已经结束" in words and f"{here.community} 社区工作者" in words and date_cn(clock.today()) in words
    stranger = resident.get("/admin/")
    assert stranger.status_code == 403 and "任职" not in stranger.content.decode()
    shown = here.office.get(page("people.user", "change", here.worker.pk)).content.decode()
    assert f"{here.community} 社区工作者（{date_cn(clock.today())}至{date_cn(clock.today())}）" in shown


def test_who_appoints_says_on_what_grounds(here) -> None:
    newcomer = worlds.account(here.community)
    with pytest.raises(ValidationError, match="任命依据"):
        offices.grant_role(
            actor=here.head, user=newcomer, area=here.community, kind=RoleKind.WORKER, at=clock.now(), reason=" "
        )
    values = {"user": newcomer.pk, "area": here.community.pk, "kind": "worker"}
    silent = enter(here.office, "people.role", **values)
    assert silent.context["adminform"].form.errors.keys() == {"reason"}
    assert enter(here.office, "people.role", reason="街道任命文件", **values).status_code == 302
    assert AuditEntry.objects.get(verb="role.granted").remark.text == "街道任命文件"


def test_who_would_hand_over_their_own_office_is_told_who_can(here) -> None:
    answer = here.office.get(act_url(here.head, "handover"))
    assert answer.status_code == 403 and "系统管理员" in answer.content.decode()
    shown = here.office.get(page("people.user", "change", here.head.pk)).content.decode()
    assert "自己的离任交接不能自己办" in shown and "系统管理员" in shown
    own = here.desk.get(act_url(here.worker, "handover"))
    assert own.status_code == 403 and str(here.head) in own.content.decode()
    assert "自己的离任交接" not in here.office.get(page("people.user", "change", here.worker.pk)).content.decode()
