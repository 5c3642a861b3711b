"""Staff see and touch only what lies below their roles: in lists, pages, choices, autocomplete, acts and forms."""

import pytest
from django.test import RequestFactory

from portal.backoffice import access
from portal.core.models import AuditEntry
from portal.people.models import Ownership, Person, Residency, RoleKind, TieState
from portal.places.models import Building, Household
from tests import worlds

from .desks import YESTERDAY, act_url, carry_out, claim, enter, page, token_of


def rows_of(client, model: str, query: str = "") -> list:
    response = client.get(page(model, "changelist") + query)
    assert response.status_code == 200
    return list(response.context["cl"].result_list)


def strangers(there) -> list:
    return [
        there.community,
        there.building,
        there.household,
        there.resident,
        there.worker,
        claim(there.resident, there.household),
    ]


def test_lists_show_ones_own_and_no_others(here, there) -> None:
    claim(there.resident, there.household)
    mine = claim(here.resident, here.household)
    assert here.community in rows_of(here.desk, "places.area")
    assert there.community not in rows_of(here.desk, "places.area")
    assert rows_of(here.desk, "places.building") == [here.building]
    assert rows_of(here.desk, "places.household") == [here.household]
    assert rows_of(here.desk, "people.residency") == [mine]
    assert there.resident not in rows_of(here.desk, "people.person")
    assert there.worker not in rows_of(here.desk, "people.user")


def test_a_strangers_row_does_not_exist(here, there) -> None:
    for obj in strangers(there):
        label = obj._meta.label_lower
        for what in ("change", "history"):
            assert here.desk.get(page(label, what, obj.pk)).status_code == 404, (label, what)
        assert here.desk.post(page(label, "change", obj.pk), {}).status_code == 404, label
    tie = Residency.objects.get()
    assert here.desk.get(act_url(tie, "confirm")).status_code == 404
    assert here.desk.post(act_url(tie, "confirm"), {"once": "x" * 32}).status_code == 404
    bulk = page("people.residency", "bulk", "confirm")
    assert here.desk.get(f"{bulk}?ids={tie.pk}").status_code == 404
    tie.refresh_from_db()
    assert tie.state == TieState.CLAIMED


def test_filters_by_a_strangers_id_find_nothing(here, there) -> None:
    assert rows_of(here.desk, "places.building", f"?community__id__exact={there.community.pk}") == []
    answer = here.desk.get(page("people.person", "changelist") + f"?id__in={there.resident.pk}", follow=True)
    assert there.resident not in answer.context["cl"].result_list


def test_filter_choices_are_ones_own(here, there) -> None:
    body = here.desk.get(page("places.building", "changelist")).content.decode()
    assert here.community.name in body
    assert there.community.name not in body
    listing = here.desk.get(page("people.person", "changelist")).context["cl"]
    community = next(spec for spec in listing.filter_specs if spec.field_path == "community")
    assert [label for _value, label in community.lookup_choices] == [here.community.name]


def test_autocomplete_answers_from_ones_own(here, there) -> None:
    def found(client, model: str, field: str, term: str) -> set[str]:
        query = {"app_label": "people", "model_name": model, "field_name": field, "term": term}
        return {row["id"] for row in client.get("/admin/autocomplete/", query).json()["results"]}

    assert found(here.desk, "residency", "person", "林小荷") == {str(here.resident.pk)}
    assert found(here.desk, "residency", "person", "周长青") == set()
    assert str(there.household.pk) not in found(here.desk, "residency", "household", "")
    assert found(here.office, "role", "user", "窗口甲") == {str(here.worker.pk)}
    assert found(here.desk, "residency", "person", here.resident.contact_phone) == set()


def test_autocomplete_of_a_list_that_one_may_not_open_is_refused(here) -> None:
    counsellor = worlds.client_for(worlds.staff(RoleKind.COUNSELLOR, here.community))
    query = {"app_label": "people", "model_name": "residency", "field_name": "person", "term": ""}
    assert counsellor.get("/admin/autocomplete/", query).status_code == 403


def test_a_forged_foreign_key_is_refused(here, there) -> None:
    forged = {"person": there.resident.pk, "household": here.household.pk, "kind": "owner", "since": YESTERDAY}
    response = enter(here.desk, "people.residency", **forged)
    assert response.status_code == 200
    assert "person" in response.context["adminform"].form.errors
    forged = {"person": here.resident.pk, "household": there.household.pk, "kind": "owner", "since": YESTERDAY}
    assert "household" in enter(here.desk, "people.residency", **forged).context["adminform"].form.errors
    forged = {"building": there.building.pk, "number": "101"}
    assert "building" in enter(here.desk, "places.household", **forged).context["adminform"].form.errors
    assert (
        "community"
        in enter(here.desk, "places.estate", community=there.community.pk, name="某小区")
        .context["adminform"]
        .form.errors
    )
    person = {"name": "何春生", "community": there.community.pk}
    assert "community" in enter(here.desk, "people.person", **person).context["adminform"].form.errors
    assert Residency.objects.count() == 0
    assert Household.objects.count() == 2
    assert not Person.objects.filter(name="何春生").exists()


def test_a_building_stays_in_its_community(here, there) -> None:
    url = page("places.building", "change", here.building.pk)
    sent = {"community": there.community.pk, "grid": there.grid.pk, "kind": "apartment", "name": "改名"}
    assert here.desk.post(url, sent).status_code == 302
    here.building.refresh_from_db()
    assert here.building.name == "改名"
    assert here.building.community == here.community
    assert here.building.grid == here.grid


def test_a_grid_worker_sees_the_grid_alone(here) -> None:
    other = worlds.building(here.community, grid=worlds.grid(here.community, "第二网格"))
    client = worlds.client_for(worlds.staff(RoleKind.GRID_WORKER, here.grid))
    assert rows_of(client, "places.building") == [here.building]
    assert client.get(page("places.building", "change", other.pk)).status_code == 404
    assert here.resident not in rows_of(client, "people.person")


def test_whom_a_grid_worker_enters_the_grid_worker_sees(here) -> None:
    client = worlds.client_for(worlds.staff(RoleKind.GRID_WORKER, here.grid))
    assert enter(client, "people.person", name="罗秀英", community=here.community.pk).status_code == 302
    assert [person.name for person in rows_of(client, "people.person")] == ["罗秀英"]


def test_the_supervisor_reads_all_below_and_changes_nothing(here, there) -> None:
    tie = claim(here.resident, here.household)
    client = worlds.client_for(worlds.supervisor(here.community))
    assert rows_of(client, "people.residency") == [tie]
    assert client.get(page("people.person", "change", here.resident.pk)).status_code == 200
    assert client.get(page("people.person", "change", there.resident.pk)).status_code == 404
    assert client.post(page("people.person", "change", here.resident.pk), {"name": "改"}).status_code == 403
    for name in ("contact", "change_contact"):
        assert client.get(act_url(here.resident, name)).status_code == 403
    assert client.get(act_url(tie, "confirm")).status_code == 403
    assert client.get(page("people.person", "add")).status_code == 403
    assert client.get(page("places.building", "add")).status_code == 403


def test_roles_that_have_no_lists_here_see_none(here) -> None:
    client = worlds.client_for(worlds.staff(RoleKind.COUNSELLOR, here.community))
    assert client.get("/admin/").status_code == 200
    for model in ("people.person", "people.residency", "places.building", "people.role", "core.auditentry"):
        assert client.get(page(model, "changelist")).status_code == 403, model


def test_two_roles_do_not_lend_each_other_rights(here, there) -> None:
    """Supervisor there and worker here: reads there, acts only here."""
    both = worlds.staff(RoleKind.SUPERVISOR, there.community.parent)
    worlds.Role.objects.create(user=both, area=here.community, kind=RoleKind.WORKER)
    client = worlds.client_for(both)
    assert client.get(page("people.person", "change", there.resident.pk)).status_code == 200
    assert client.get(act_url(there.resident, "contact")).status_code == 403
    assert client.get(act_url(here.resident, "contact")).status_code == 200
    assert client.get(act_url(claim(there.resident, there.household), "confirm")).status_code == 403


def test_denied_by_default(here) -> None:
    from django.contrib import admin

    from portal.backoffice.scoped import ScopedAdmin

    class Silent(ScopedAdmin):
        """Says nothing."""

    request = RequestFactory().get("/")
    request.user = worlds.administrator()
    silent = Silent(Building, admin.site)
    assert list(silent.get_queryset(request)) == []
    assert not silent.has_view_permission(request, here.building)
    assert not silent.has_change_permission(request, here.building)
    assert not silent.has_delete_permission(request, here.building)
    assert not silent.has_add_permission(request)


def test_the_record_is_for_the_administrator_and_the_privacy_officer(here, there, administrator) -> None:
    carry_out(here.desk, here.resident, "contact", reason="核对地址")
    carry_out(there.desk, there.resident, "contact", reason="核对地址")
    officer = worlds.client_for(worlds.staff(RoleKind.PRIVACY_OFFICER, here.community))
    for refused in (here.desk, here.office, worlds.client_for(worlds.supervisor(here.community))):
        assert refused.get(page("core.auditentry", "changelist")).status_code == 403
        assert refused.get(page("core.transition", "changelist")).status_code == 403
    shown = {entry.actor_id for entry in rows_of(officer, "core.auditentry", "?verb=person.contact_shown")}
    assert shown == {here.worker.pk}
    shown = {entry.actor_id for entry in rows_of(administrator, "core.auditentry", "?verb=person.contact_shown")}
    assert shown == {here.worker.pk, there.worker.pk}
    entry = AuditEntry.objects.filter(actor_id=here.worker.pk).first()
    assert entry is not None
    assert officer.get(f"{page('core.auditentry', 'changelist')}{entry.pk}/change/").status_code == 404
    assert officer.get(f"{page('core.auditentry', 'changelist')}add/").status_code == 404


@pytest.mark.parametrize(
    "model", ["people.person", "people.residency", "people.user", "people.role", "places.household"]
)
def test_a_list_costs_the_same_at_one_row_and_at_many(here, model: str, django_assert_max_num_queries) -> None:
    def queries(client) -> list[str]:
        with django_assert_max_num_queries(60) as counted:
            assert client.get(page(model, "changelist")).status_code == 200
        reads = [query["sql"] for query in counted.captured_queries if query["sql"].startswith("SELECT")]
        return [sql for sql in reads if "django_session" not in sql]  # the session is written when a second has passed

    client = here.office
    client.get("/admin/")
    claim(here.resident, here.household)
    few = queries(client)
    for _ in range(25):
        worlds.worker(here.community)
        claim(worlds.person(here.community), worlds.household(here.building))
    many = queries(client)
    assert len(many) <= len(few), "\n".join(many)


def test_ownerships_in_scope_follow_the_building(here, there) -> None:
    assert not access.ties_in(here.worker, Ownership).exists()
    assert list(access.households_in(here.worker)) == [here.household]
    assert token_of(here.desk, page("people.ownership", "add"))
