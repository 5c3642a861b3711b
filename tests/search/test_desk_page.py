"""/admin/search/: one box for everything at the desk, and the lists that are searched through the index."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from portal.backoffice import indexed
from portal.core.models import AuditEntry
from portal.people.models import Person, RoleKind
from portal.search import looking
from tests import worlds
from tests.backoffice.desks import messages_of, page
from tests.wishes import scenes as wishes

PAGE = "/admin/search/"
THROUGH_THE_INDEX = {
    "people.person": {""},
    "people.user": {"person"},
    "people.role": {"user__person"},
    "people.ownership": {"person", "household"},
    "people.residency": {"person", "household"},
    "people.representative": {"person", "household"},
    "people.guardianship": {"child", "guardian"},
    "people.authorisation": {"principal", "agent"},
    "places.building": {""},
    "places.household": {""},
    "volunteers.volunteer": {""},
    "volunteers.team": {""},
    "volunteers.teammember": {"volunteer", "team"},
    "volunteers.hourentry": {"volunteer"},
    "wishes.wish": {""},
}


def ask(user, text: str):
    return worlds.client_for(user).post(PAGE, {"text": text}, follow=True)


def titles(answer, kind: str) -> list[str]:
    found = [group for group in answer.context["groups"] if group.id == kind]
    return ["".join(part.text for part in hit.title) for group in found for hit in group.hits]


@pytest.mark.django_db
@pytest.mark.postgres
class TestFinding:
    def test_everything_of_ones_area_by_kind(self):
        here = wishes.scene("映雪社区")
        person = worlds.person(here.community, name="罗映雪")
        building = worlds.building(here.community, name="映雪楼")
        household = worlds.household(building, unit="1", number="101")
        team = worlds.team(here.community, name="映雪队")
        wish = wishes.approved(here, title="给映雪楼换灯")
        answer = ask(here.worker, "映雪")
        assert reverse("admin:search") == PAGE
        assert titles(answer, "person") == [person.name]
        assert titles(answer, "building") == ["映雪楼"]
        assert titles(answer, "household") == [str(household)]
        assert titles(answer, "team") == [team.name]
        assert titles(answer, "wish") == [wish.title]

    def test_what_is_typed_stands_in_no_address(self):
        here = worlds.community()
        answer = worlds.client_for(worlds.worker(here)).post(PAGE, {"text": "罗映雪"})
        assert answer.status_code == 302
        assert answer.url.startswith(f"{PAGE}?found=")

    def test_more_than_a_few_lead_to_the_list_with_the_same_search(self):
        here = worlds.community()
        for number in range(12):
            worlds.person(here, name=f"罗映雪{number}")
        client = worlds.client_for(worlds.worker(here))
        answer = client.post(PAGE, {"text": "映雪"}, follow=True)
        [group] = [group for group in answer.context["groups"] if group.id == "person"]
        assert (len(group.hits), group.count_text) == (8, "12")
        listing = client.get(group.more_url)
        assert listing.context["cl"].query == "映雪"
        assert len(listing.context["cl"].result_list) == 12

    def test_a_wish_s_number_leads_straight_to_it_for_who_may_see_it(self):
        here = wishes.scene()
        wish = wishes.ordered(here)
        spaced = f"{wish.code[:3]} {wish.code[3:6]} {wish.code[6:]}"
        for typed in (wish.code, spaced, f" {spaced}  "):
            answer = worlds.client_for(here.worker).post(PAGE, {"text": typed})
            assert answer.url == page("wishes.wish", "change", wish.pk)
        elsewhere = worlds.worker(worlds.community("向阳社区", parent=worlds.subdistrict("桂花街道")))
        assert messages_of(ask(elsewhere, wish.code)) == ["您管的范围里没有这个单号。"]

    def test_a_whole_phone_is_looked_up_on_the_record(self):
        here = worlds.community()
        person = worlds.person(here, name="罗映雪", contact_phone="15400007777")
        worker = worlds.worker(here)
        answer = worlds.client_for(worker).post(PAGE, {"text": "154 0000 7777"})
        assert answer.url == page("people.person", "change", person.pk)
        assert AuditEntry.objects.filter(verb="person.phone_searched", actor_id=worker.pk).count() == 1

    @pytest.mark.parametrize("typed", ["430202195003051234", "1540000", "4302021950030512"])
    def test_any_other_number_is_dropped(self, typed):
        client = worlds.client_for(worlds.worker(worlds.community()))
        answer = client.post(PAGE, {"text": typed})
        assert "found" not in answer.url
        assert "backoffice.searches" not in client.session

    def test_who_may_read_no_people_looks_nobody_up(self):
        here = worlds.community()
        worlds.person(here, contact_phone="15400007777")
        officer = worlds.staff(RoleKind.PRIVACY_OFFICER, here)
        answer = ask(officer, "15400007777")
        assert not AuditEntry.objects.filter(verb="person.phone_searched").exists()
        assert messages_of(answer) == ["这里不查号码。"]
        assert answer.context["groups"] == []

    def test_a_list_is_found_by_its_name(self):
        answer = ask(worlds.worker(worlds.community()), "志愿者")
        assert any(hit.url == page("volunteers.volunteer", "changelist") for hit in answer.context["lists"])

    def test_a_search_of_another_session_says_so(self):
        here = worlds.community()
        address = worlds.client_for(worlds.worker(here)).post(PAGE, {"text": "罗映雪"}).url
        answer = worlds.client_for(worlds.worker(here)).get(address, follow=True)
        assert messages_of(answer) == ["这次查找已经过期，请再查一次。"]

    def test_the_box_is_on_every_page_of_the_desk(self):
        client = worlds.client_for(worlds.worker(worlds.community()))
        for address in (reverse("admin:index"), page("people.person", "changelist"), page("people.person", "add")):
            assert f'action="{PAGE}"' in client.get(address).content.decode()

    def test_nothing_found_and_nothing_to_find_say_so(self):
        worker = worlds.worker(worlds.community())
        assert "没有找到“量子纠缠”" in ask(worker, "量子纠缠").content.decode()
        assert "没有看到要查的字" in ask(worker, "😀！").content.decode()

    def test_the_page_costs_the_same_for_one_and_for_fifty(self):
        here = wishes.scene()
        client = worlds.client_for(here.worker)
        costs = []
        for count in (1, 49):
            for number in range(count):
                worlds.person(here.community, name=f"罗映雪{number}")
                worlds.team(here.community, name=f"映雪队{count}-{number}")
                worlds.household(worlds.building(here.community, name=f"映雪楼{count}-{number}"))
                wishes.approved(here, title=f"给映雪楼{number}换灯")
            address = client.post(PAGE, {"text": "映雪"}).url
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                assert len(client.get(address).context["groups"]) == 5
            costs.append(len([query for query in asked if query["sql"].startswith("SELECT")]))
        # who asks: 4; of six kinds the index; of five with hits who may see them, and the rows; merged records: 1;
        # beside the index the areas, the wishes that wait, the records and the wishes of who is shown: 4
        assert costs[0] == costs[1] <= 28


@pytest.mark.django_db
@pytest.mark.postgres
class TestLists:
    def test_which_lists_go_through_the_index_and_how(self):
        found = {
            model._meta.label_lower: set(by)
            for model, model_admin in admin.site._registry.items()
            if model_admin.search_fields and (by := indexed.ways(model, model_admin.search_fields))
        }
        assert THROUGH_THE_INDEX.items() <= found.items()

    def test_a_list_without_a_source_is_searched_as_ever(self):
        here = worlds.community("映雪社区")
        assert indexed.ways(type(here), ("name",)) is None
        answer = worlds.client_for(worlds.worker(here)).post(
            page("places.area", "changelist"), {"text": "映"}, follow=True
        )
        assert list(answer.context["cl"].result_list) == [here]

    def test_several_ways_each_word_by_one_of_them(self):
        from tests.backoffice.desks import claim

        here = worlds.community()
        building = worlds.building(here, name="15栋")
        homes = [worlds.household(building, unit="1", number=number) for number in ("101", "102")]
        ties = [claim(worlds.person(here, name="罗映雪"), home) for home in homes]
        claim(worlds.person(here, name="何听涛"), homes[0])
        client = worlds.client_for(worlds.worker(here))

        def found(text):
            answer = client.post(page("people.residency", "changelist"), {"text": text}, follow=True)
            return {row.pk for row in answer.context["cl"].result_list}

        assert found("映雪") == {tie.pk for tie in ties}
        assert found("映雪 102") == {ties[1].pk}
        assert found("映雪 15栋 1单元") == {tie.pk for tie in ties}
        assert found("映雪 何听涛") == set()

    def test_a_record_that_points_beyond_ones_areas_is_found_by_it(self):
        """An account of somebody in office here whose home is elsewhere."""
        here = worlds.community()
        away = worlds.worker(here, person=worlds.person(None, name="罗映雪"))
        head = worlds.head(here)
        answer = worlds.client_for(head).post(page("people.user", "changelist"), {"text": "映雪"}, follow=True)
        assert [row.pk for row in answer.context["cl"].result_list] == [away.pk]

    def test_a_list_that_is_cut_says_so_and_a_completed_choice_does_not(self, monkeypatch):
        monkeypatch.setattr(looking, "LIST_BOUND", 3)
        here = worlds.community()
        for number in range(6):
            worlds.person(here, name=f"罗映雪{number}")
        client = worlds.client_for(worlds.worker(here))
        answer = client.post(page("people.person", "changelist"), {"text": "映雪"}, follow=True)
        assert len(answer.context["cl"].result_list) == 3
        assert "请多写几个字" in " ".join(messages_of(answer))
        choice = {"app_label": "people", "model_name": "residency", "field_name": "person", "term": "映雪"}
        assert len(client.get(reverse("admin:autocomplete"), choice).json()["results"]) == 3
        assert messages_of(client.get(reverse("admin:index"))) == []

    def test_only_signs_find_nothing(self):
        here = worlds.community()
        worlds.person(here, name="罗映雪")
        answer = worlds.client_for(worlds.worker(here)).post(
            page("people.person", "changelist"), {"text": "；。"}, follow=True
        )
        assert list(answer.context["cl"].result_list) == []


class TestWhateverIsTyped(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.client_of_all = worlds.client_for(worlds.administrator())

    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(st.text(max_size=120) | st.text(st.sampled_from("'\"\\:*|&!()<>-@^%_; \0\n王1a😀"), max_size=80))
    def test_never_an_error(self, typed):
        client = self.client_of_all
        assert client.post(PAGE, {"text": typed}, follow=True).status_code == 200
        assert client.post(page("people.person", "changelist"), {"text": typed}, follow=True).status_code == 200


@pytest.mark.django_db
def test_a_resident_is_refused():
    resident = worlds.client_for(worlds.account(worlds.community()))
    assert resident.get(PAGE).status_code == resident.post(PAGE, {"text": "映雪"}).status_code == 403
    assert Person.objects.exists()
