"""Merging at the desk: suggested, side by side, done once, taken apart on the page of the one that stands."""

import datetime as dt

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.backoffice import digest
from portal.core import clock, once
from portal.people import merging
from portal.people.models import Person
from tests import worlds

from .desks import act_url, carry_out, claim, messages_of, page, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def twin(here) -> Person:
    return worlds.person(here.community, name="林小河", contact_phone=here.resident.contact_phone)


def side_by_side(one: Person, other: Person) -> str:
    return reverse("admin:people_person_merge_with", args=[one.pk, other.pk])


def test_the_page_suggests_and_finds(here, there, twin: Person) -> None:
    shown = here.desk.get(page("people.person", "change", here.resident.pk)).content.decode()
    assert "有 1 条登记看起来是同一个人" in shown
    url = reverse("admin:people_person_merge", args=[here.resident.pk])
    response = here.desk.get(url)
    assert [why for _label, why, _url in response.context["suggested"]] == ["电话相同"]
    assert here.resident.contact_phone not in response.content.decode()
    for text, count in (("林小河", 1), (here.resident.contact_phone, 1), (there.resident.name, 0)):
        assert len(here.desk.post(url, {"text": text}).context["hits"]) == count
    assert there.desk.get(url).status_code == 404


def test_the_two_stand_side_by_side_masked(here, twin: Person) -> None:
    claim(twin, here.household)
    words = here.desk.get(side_by_side(here.resident, twin)).content.decode()
    assert "林小荷" in words and "林小河" in words
    assert str(here.household) in words
    assert here.resident.contact_phone not in words


def test_sent_twice_it_is_done_once_and_can_be_taken_apart(here, twin: Person) -> None:
    url = side_by_side(here.resident, twin)
    form = {"once": token_of(here.desk, url), "stands": here.resident.pk, "reason": "核对了证件"}
    assert here.desk.post(url, form).url == page("people.person", "change", here.resident.pk)
    assert Person.objects.get(pk=twin.pk).merged_into == here.resident
    again = here.desk.post(url, form, follow=True)  # the page of a record that no longer stands
    assert again.redirect_chain[0][0] == page("people.person", "change", here.resident.pk)
    assert messages_of(again)[-1] == "这一步已经办过，没有重复办理。"
    response = carry_out(here.desk, here.resident, "unmerge", record=twin.pk, reason="弄错了")
    assert response.status_code == 302
    assert Person.objects.get(pk=twin.pk).merged_into is None
    gone = here.desk.get(act_url(here.resident, "unmerge"), follow=True)
    assert "现在的状态不能" in messages_of(gone)[-1]


def test_what_stands_against_it_is_said_before_and_nothing_is_stored(here, twin: Person) -> None:
    for person in (here.resident, twin):
        worlds.account(person=person, phone=worlds.phone())
    url = side_by_side(here.resident, twin)
    assert "两条记录都有“账号”" in here.desk.get(url).content.decode()
    sent = here.desk.post(url, {"once": once.token(), "stands": twin.pk, "reason": "核对了证件"})
    assert sent.status_code == 200
    assert "两条记录都有“账号”" in sent.content.decode()
    assert Person.objects.get(pk=twin.pk).merged_into is None


def test_without_a_reason_or_a_choice_what_was_typed_is_kept(here, twin: Person) -> None:
    url = side_by_side(here.resident, twin)
    sent = here.desk.post(url, {"once": once.token(), "stands": twin.pk, "reason": ""})
    assert sent.context["form"].errors.keys() == {"reason"}
    assert sent.context["form"]["stands"].value() == str(twin.pk)
    forged = here.desk.post(url, {"once": once.token(), "stands": "999999", "reason": "核对"})
    assert forged.context["form"].errors.keys() == {"stands"}
    assert here.desk.post(url, {"stands": twin.pk, "reason": "核对了证件"}).status_code == 400


def test_nobody_merges_themselves_and_a_reader_nobody(here, twin: Person) -> None:
    own = here.worker.person
    assert here.desk.get(side_by_side(own, twin)).status_code == 403
    assert "合并重复登记" not in here.desk.get(page("people.person", "change", own.pk)).content.decode()
    reader = worlds.client_for(worlds.supervisor(here.community))
    assert reader.get(side_by_side(here.resident, twin)).status_code == 403


def test_a_phone_or_an_old_name_leads_to_the_record_that_stands(here) -> None:
    earlier = worlds.person(here.community, name="林老太", contact_phone="15400008888")
    merging.merge(person=earlier, into=here.resident, actor=None, at=here.resident.created_at, reason="核对")
    found = here.desk.post("/admin/people/person/find/", {"text": "15400008888"})
    assert found.url == page("people.person", "change", here.resident.pk)
    listed = here.desk.post("/admin/people/person/find/", {"text": "林老太"}, follow=True)
    assert list(listed.context["cl"].result_list) == [here.resident]


def test_the_list_shows_an_account_that_hangs_on_a_merged_record_at_the_same_cost(here) -> None:
    def listed() -> tuple[dict[int, str], int]:
        with CaptureQueriesContext(connection) as queries:
            rows = here.desk.get(page("people.person", "changelist")).context["cl"].result_list
        admin_page = admin.site.get_model_admin(Person)
        return {row.pk: str(admin_page.account(row)) for row in rows}, len(queries)

    def merged() -> Person:
        user, stands = worlds.account(here.community), worlds.person(here.community)
        merging.merge(person=user.person, into=stands, actor=None, at=clock.now(), reason="核对")
        return stands

    first = merged()
    listed()
    shown, few = listed()
    assert "有账号" in shown[first.pk]
    assert shown[here.resident.pk] == "—"
    more = [merged() for _ in range(5)]
    shown, many = listed()
    assert all("有账号" in shown[person.pk] for person in more)
    assert many == few


def test_who_works_by_the_account_of_a_merged_record_gets_the_days_list(here) -> None:
    stands = worlds.person(here.community)
    merging.merge(person=here.worker.person, into=stands, actor=None, at=clock.now(), reason="核对")
    moments = [clock.now() + dt.timedelta(hours=hours) for hours in range(24)]
    assert any(here.worker in digest._due(clock.local_day(moment), moment) for moment in moments)
