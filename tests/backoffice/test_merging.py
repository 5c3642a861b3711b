"""Merging at the desk: suggested, side by side, done once, taken apart on the page of the one that stands."""

import datetime as dt

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.backoffice import digest
from portal.core import clock, once
from portal.core.registries import todos
from portal.people import merging
from portal.people.models import Person
from tests import worlds

from .desks import act_url, carry_out, claim, messages_of, page, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def twin(here) -> Person:
    return worlds.person(here.community, name=here.resident.name, contact_phone=here.resident.contact_phone)


def side_by_side(one: Person, other: Person) -> str:
    return reverse("admin:people_person_merge_with", args=[one.pk, other.pk])


def test_the_page_suggests_and_finds(here, there, twin: Person) -> None:
    shown = here.desk.get(page("people.person", "change", here.resident.pk)).content.decode()
    assert "有 1 条登记看起来是同一个人" in shown
    url = reverse("admin:people_person_merge", args=[here.resident.pk])
    response = here.desk.get(url)
    assert [why for _label, why, _url in response.context["suggested"]] == ["电话相同"]
    assert here.resident.contact_phone not in response.content.decode()
    for text, count in ((twin.name, 1), (here.resident.contact_phone, 1), (there.resident.name, 0)):
        assert len(here.desk.post(url, {"text": text}).context["hits"]) == count
    assert there.desk.get(url).status_code == 404


def test_the_two_stand_side_by_side_masked(here, twin: Person) -> None:
    claim(twin, here.household)
    words = here.desk.get(side_by_side(here.resident, twin)).content.decode()
    assert words.count("林小荷") > 2
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
    earlier = worlds.person(here.community, name=here.resident.name, contact_phone="15400008888")
    merging.merge(person=earlier, into=here.resident, actor=None, at=here.resident.created_at, reason="核对")
    earlier.refresh_from_db()
    earlier.name = "林老太"  # as it was called before the desk put it right
    earlier.save()
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
        user = worlds.account(here.community)
        stands = worlds.person(here.community, name=user.person.name)
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
    stands = worlds.person(here.community, name=here.worker.person.name)
    merging.merge(person=here.worker.person, into=stands, actor=None, at=clock.now(), reason="核对")
    moments = [clock.now() + dt.timedelta(hours=hours) for hours in range(24)]
    assert any(here.worker in digest._due(clock.local_day(moment), moment) for moment in moments)


def test_a_merged_records_own_addresses_lead_on_to_the_one_that_stands(here, there, twin: Person) -> None:
    merging.merge(person=twin, into=here.resident, actor=here.worker, at=clock.now(), reason="核对了身份证")
    stands = page("people.person", "change", here.resident.pk)
    for url in (page("people.person", "change", twin.pk), act_url(twin, "contact"), side_by_side(here.resident, twin)):
        led = here.desk.get(url, follow=True)
        assert led.redirect_chain[0][0] == stands
        said = messages_of(led)[-1]
        assert twin.name in said and here.resident.name in said
    assert here.desk.get(page("people.person", "history", twin.pk)).url == page(
        "people.person", "history", here.resident.pk
    )
    entering = reverse("admin:enter_for", args=[twin.pk])
    assert here.desk.get(entering).url == reverse("admin:enter_for", args=[here.resident.pk])
    shown = here.desk.get(stands).content.decode()
    assert "另一条登记合并进来" in shown and "核对了身份证" in shown
    history = here.desk.get(page("people.person", "history", here.resident.pk)).context["steps"]
    assert {"合并到另一条登记", "另一条登记合并进来"} <= {step.what for step in history}
    for url in (page("people.person", "change", twin.pk), entering):
        assert there.desk.get(url).status_code == 404


def test_where_the_two_differ_is_marked_in_words_even_behind_the_mask(here, twin: Person) -> None:
    other = worlds.person(here.community, name="林小荷", contact_phone="15400001239")
    worn = worlds.person(here.community, name="林小荷", contact_phone="15400011239")
    response = here.desk.get(side_by_side(other, worn))
    differs = {label for label, _words, differs in response.context["sides"][0]["lines"] if differs}
    assert "联系电话" in differs and "姓名" not in differs
    assert other.phone_masked == worn.phone_masked
    assert response.content.decode().count("不一样") == 2 * len(differs)


def test_with_one_record_to_take_apart_there_is_nothing_to_choose(here, twin: Person) -> None:
    merging.merge(person=twin, into=here.resident, actor=here.worker, at=clock.now(), reason="核对")
    url = act_url(here.resident, "unmerge")
    shown = here.desk.get(url)
    assert shown.context["form"]["record"].value() == twin.pk
    assert "checked" in shown.content.decode()
    assert carry_out(here.desk, here.resident, "unmerge", reason="弄错了").status_code == 302
    assert Person.objects.get(pk=twin.pk).merged_into is None


def test_with_two_records_one_must_say_which(here, twin: Person) -> None:
    other = worlds.person(here.community, name=twin.name)
    for record in (twin, other):
        merging.merge(person=record, into=here.resident, actor=here.worker, at=clock.now(), reason="核对")
    silent = carry_out(here.desk, here.resident, "unmerge", reason="弄错了")
    assert silent.context["form"].errors.keys() == {"record"}


def test_the_page_says_what_contradicts_and_where_to_put_it_right(here) -> None:
    mother = worlds.person(here.community, name="李小雪", sex="female", birth_date=dt.date(1990, 5, 1))
    worlds.account(person=mother)
    boy = worlds.person(here.community, name="钟秋分", sex="male", birth_date=dt.date(2013, 5, 1))
    url = side_by_side(mother, boy)
    shown = here.office.get(url)
    words = shown.content.decode()
    assert "两条登记的姓名、性别、出生日期不一样" in words
    for person in (mother, boy):
        assert act_url(person, "correct") in words
    assert "是同一个人，合并" not in words
    sent = here.office.post(url, {"once": once.token(), "stands": mother.pk, "reason": "随便写的"})
    assert sent.status_code == 200
    assert Person.objects.get(pk=boy.pk).merged_into is None


def test_what_takes_two_is_proposed_on_the_page_and_stands_among_a_colleagues_work(here, twin: Person) -> None:
    user = worlds.account(person=here.resident)
    url, colleague = side_by_side(here.resident, twin), worlds.worker(here.community)
    shown = here.desk.get(url)
    assert "要两个人办" in shown.context["alone"]
    assert "是同一个人，合并" not in shown.content.decode()
    form = {"once": shown.context["once"], "stands": here.resident.pk, "reason": "核对了证件"}
    assert here.desk.post(url, form).status_code == 200  # past the button
    assert Person.objects.get(pk=twin.pk).merged_into is None
    sent = here.desk.post(url, {**form, "propose": "1"}, follow=True)
    assert "还没有合并" in messages_of(sent)[-1]
    again = here.desk.get(url).content.decode()
    assert "您已经提议过" in again and "提议合并，请同事核对" not in again
    todo = todos["people.merges"]
    assert todo.count(here.worker, clock.now()) == 0
    assert todo.count(colleague, clock.now()) == 1
    [item] = todo.items(colleague, clock.now(), 5)
    theirs = worlds.client_for(colleague)
    assert list(theirs.get(todo.url(colleague, clock.now())).context["cl"].result_list) == [twin]
    page_of_two = theirs.get(item.url)
    assert "核对了证件" in page_of_two.content.decode()
    # From whichever side one comes, what was proposed is chosen; without a proposal it is the one with the account.
    assert page_of_two.context["form"].initial["stands"] == str(here.resident.pk)
    assert shown.context["form"].initial["stands"] == str(here.resident.pk)
    assert here.desk.get(side_by_side(twin, here.resident)).context["form"].initial["stands"] == str(here.resident.pk)
    form = {"once": page_of_two.context["once"], "stands": here.resident.pk, "reason": "又核对了一遍"}
    assert theirs.post(item.url, form).status_code == 302
    assert Person.objects.get(pk=twin.pk).merged_into == user.person
    assert todo.count(colleague, clock.now()) == 0
