"""People at the desk: found without leaving a phone anywhere, entered once, their contact seen only on the record."""

import logging
import re
from urllib.parse import unquote

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from portal.core import audit
from portal.core.models import AuditEntry
from portal.people.models import Person
from tests import worlds

from .desks import act_url, carry_out, enter, messages_of, page, token_of

FIND = "/admin/people/person/find/"
LIST = "/admin/people/person/"


def test_a_whole_phone_leads_to_its_person(here) -> None:
    response = here.desk.post(FIND, {"text": f" {here.resident.contact_phone[:3]}-{here.resident.contact_phone[3:]} "})
    assert response.url == page("people.person", "change", here.resident.pk)


def test_a_sign_in_phone_leads_there_too(here) -> None:
    worlds.account(person=here.resident, phone="15400009001")
    assert here.resident.contact_phone != "15400009001"
    assert here.desk.post(FIND, {"text": "15400009001"}).url == page("people.person", "change", here.resident.pk)


def test_contact_phones_and_sign_in_phones_are_looked_up_one_by_one(here) -> None:
    """One condition over both tables would read them whole."""
    with CaptureQueriesContext(connection) as queries:
        here.desk.post(FIND, {"text": here.resident.contact_phone})
    by_index = [q["sql"] for q in queries if re.search(r'phone_index" = ', q["sql"])]
    assert len(by_index) == 3  # contact phones, those of merged records, sign-in phones
    assert all(len(re.findall(r'phone_index" = ', sql)) == 1 for sql in by_index)


def test_several_people_behind_one_phone_are_listed(here) -> None:
    child = worlds.person(here.community, contact_phone=here.resident.contact_phone)
    response = here.desk.post(FIND, {"text": here.resident.contact_phone}, follow=True)
    assert set(response.context["cl"].result_list) == {child, here.resident}


def test_a_strangers_phone_is_found_no_more_than_one_that_nobody_has(here, there) -> None:
    answers = []
    for phone in (there.resident.contact_phone, "15400009999"):
        response = here.desk.post(FIND, {"text": phone}, follow=True)
        answers.append((response.redirect_chain[-1][0], messages_of(response)))
    assert answers[0] == answers[1] == ("/admin/search/", ["您管的范围里没有人登记这个号码。"])


def test_a_wrong_number_is_told(here) -> None:
    assert messages_of(here.desk.post(FIND, {"text": "1540000123"}, follow=True)) == [
        "手机号是 11 位数字，请再数一数。"
    ]


def test_a_name_leads_to_the_list(here) -> None:
    response = here.desk.post(FIND, {"text": "林小"}, follow=True)
    assert here.resident in response.context["cl"].result_list
    assert response.context["cl"].query == "林小"
    assert "林" not in unquote(response.redirect_chain[-1][0])
    assert here.desk.post(FIND, {"text": ""}).url == LIST
    assert here.desk.get(FIND).url == LIST


def test_a_phone_stands_in_no_address_no_page_and_no_record(here, caplog: pytest.LogCaptureFixture) -> None:
    phone = here.resident.contact_phone
    answers = [here.desk.get(LIST, {"q": phone}, follow=True)]
    with caplog.at_level(logging.DEBUG):
        caplog.clear()
        answers += [here.desk.post(FIND, {"text": phone}, follow=True) for _ in range(2)]
        answers.append(here.desk.get(page("people.person", "history", here.resident.pk)))
        answers.append(here.desk.get(LIST))
    for response in answers:
        assert phone not in response.content.decode()
        assert not [url for url, _status in getattr(response, "redirect_chain", []) if phone in url]
    assert phone not in caplog.text
    assert phone not in str(list(AuditEntry.objects.values()))
    found = AuditEntry.objects.filter(verb="person.phone_searched")
    assert [(entry.actor_id, entry.details) for entry in found] == [(here.worker.pk, {"found": 1})] * 2
    assert {(entry.subject_type, entry.subject_id) for entry in found} == {("people.person", here.resident.pk)}


def test_the_page_and_the_list_are_masked(here) -> None:
    mask = f"154****{here.resident.contact_phone[-4:]}"
    for url in (LIST, page("people.person", "change", here.resident.pk)):
        assert mask in here.desk.get(url).content.decode()


def test_the_whole_phone_is_seen_once_with_a_reason_on_the_record(here) -> None:
    Person.objects.filter(pk=here.resident.pk).update(address="")
    url = act_url(here.resident, "contact")
    form = {"once": token_of(here.desk, url), "reason": "送药上门前核对"}
    response = here.desk.post(url, form)
    assert here.resident.contact_phone in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    again = here.desk.post(url, form, follow=True)
    assert here.resident.contact_phone not in again.content.decode()
    entry = AuditEntry.objects.get(verb="person.contact_shown")
    assert (entry.actor_id, entry.subject_id, entry.details) == (here.worker.pk, here.resident.pk, {})
    assert entry.remark.text == "送药上门前核对"
    history = here.desk.get(page("people.person", "history", here.resident.pk)).content.decode()
    assert "查看完整电话与住址" in history
    assert "送药上门前核对" in history


def test_a_phone_typed_as_a_reason_is_masked_in_the_history(here) -> None:
    refused = carry_out(here.desk, here.resident, "contact", reason="打 15400001234 没人接")
    assert refused.context["form"].errors.keys() == {"reason"}
    before = {"actor_id": here.worker.pk, "subject": here.resident}  # as it was written when nothing refused it
    audit.record("person.contact_shown", reason="打 15400001234 没人接", **before)
    history = here.desk.get(page("people.person", "history", here.resident.pk)).content.decode()
    assert "打 154****1234 没人接" in history


def test_contact_is_changed_without_being_shown(here) -> None:
    url = act_url(here.resident, "change_contact")
    assert here.resident.contact_phone not in here.desk.get(url).content.decode()
    response = here.desk.post(url, {"once": token_of(here.desk, url), "contact_phone": "", "address": ""})
    assert "没有可改的" in response.content.decode()
    carry_out(here.desk, here.resident, "change_contact", contact_phone="154 0000 9002")
    here.resident.refresh_from_db()
    assert here.resident.contact_phone == "15400009002"
    assert here.desk.post(FIND, {"text": "15400009002"}).url == page("people.person", "change", here.resident.pk)
    assert AuditEntry.objects.get(verb="person.contact_changed").details == {"fields": ["contact_phone"]}


def test_entering_a_person_twice_makes_one(here) -> None:
    url = page("people.person", "add")
    form = {
        "once": token_of(here.desk, url),
        "name": "罗秀英",
        "community": here.community.pk,
        "contact_phone": "+86 154-0000-9003",
    }
    entered = here.desk.post(url, form)
    again = here.desk.post(url, form, follow=True)
    made = Person.objects.get(name="罗秀英")
    assert made.contact_phone == "15400009003"
    assert entered.url == page("people.person", "change", made.pk) + "?entered=1"
    assert again.redirect_chain[-1][0] == page("people.person", "change", made.pk)
    assert messages_of(again)[-1] == "这张表已经提交过，没有重复录入。"
    shown = here.desk.get(entered.url)
    assert "人员录好了" in shown.content.decode() and not messages_of(shown)
    entries = shown.context["entered"]["entries"]
    assert entries and all(f'href="{url}"' in shown.content.decode().replace("&amp;", "&") for _entry, url in entries)
    other = {"name": "罗秀兰", "community": here.community.pk, "contact_phone": ""}
    assert here.desk.post(url, {**other, "once": ""}).status_code == 400


def test_a_wrong_phone_is_told_beside_its_field_and_nothing_is_lost(here) -> None:
    response = enter(here.desk, "people.person", name="罗秀英", community=here.community.pk, contact_phone="123")
    assert "contact_phone" in response.context["adminform"].form.errors
    assert "罗秀英" in response.content.decode()


def test_djangos_own_log_stays_empty_and_ours_keeps_names_of_fields_only(here) -> None:
    enter(here.desk, "people.person", name="罗秀英", community=here.community.pk, contact_phone="15400009004")
    carry_out(here.desk, here.resident, "correct", name="林小河", sex=here.resident.sex, reason="核对了证件")
    assert LogEntry.objects.count() == 0
    added, changed = AuditEntry.objects.filter(verb__in=["record.added", "person.corrected"]).order_by("id")
    assert set(added.details["fields"]) == {"name", "community", "contact_phone"}
    assert set(changed.details["fields"]) == {"name"}
    written = str(list(AuditEntry.objects.values()))
    assert not [word for word in ("罗秀英", "林小河", "15400009004") if word in written]
    history = here.desk.get(page("people.person", "history", here.resident.pk)).content.decode()
    assert "更正登记" in history and "姓名" in history


def test_sealed_columns_named_in_a_page_are_a_finding_of_the_checks() -> None:
    from django.contrib import admin

    from portal.backoffice.scoped import ScopedAdmin

    class Careless(ScopedAdmin):
        list_display = ("name", "contact_phone")

    class Ordered(ScopedAdmin):
        ordering = ("name", "-address")
        list_display = ("name", "contact_phone")
        sealed_shown = ("contact_phone",)

    class Bare(ScopedAdmin):
        """Names nothing, so that Django would take every column."""

    assert [error.id for error in Careless(Person, admin.site).check()] == ["backoffice.E001"]
    assert [error.id for error in Ordered(Person, admin.site).check()] == ["backoffice.E002"]
    assert Ordered(Person, admin.site).get_sortable_by(RequestFactory().get("/")) == ["name"]
    assert "contact_phone" in Bare(Person, admin.site).get_exclude(RequestFactory().get("/"))
