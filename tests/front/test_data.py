"""What is stored about one: read whole and by its owner alone, taken along as a file, and held against the register."""

import csv
import datetime as dt
import io
import json
import zipfile
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.core import clock
from portal.core.models import AuditEntry, SavedFilter
from portal.core.reading_out import words
from portal.core.registries import purposes
from portal.notices.models import Notice
from portal.people import own_records
from portal.people.models import Guardianship, Person
from services.wishes.models import Wish
from tests import worlds
from tests.core.everything import make

from .lives import NEIGHBOURS_STREET, NEIGHBOURS_WORDS, PAPER, STREET, Life, life, proven

pytestmark = pytest.mark.django_db

# Fields of a purpose that say nothing when they are read out, each with its reason.
NOT_SAID = {
    "people.User.password": "a checksum: whether there is one is said",
    "people.User.phone_index": "a checksum of the phone",
    "people.Person.contact_phone_index": "a checksum of the phone",
    "people.Person.merged_into": "the old record is listed under its own title",
    "people.Person.erased_on": "said once it is there",
    "people.User.closed_at": "said once it is there; a closed account signs in nowhere",
    "people.ConsentRecord.guardian": "another person, masked",
    "people.ConsentRecord.paper": "the paper lies in the copy",
    "people.Authorisation.recorded_by": "a member of staff",
    "people.Authorisation.checked_by": "a member of staff",
    "people.Authorisation.scan": "the paper lies in the copy",
    "people.Guardianship.recorded_by": "a member of staff",
    "people.Guardianship.checked_by": "a member of staff",
    "people.Guardianship.scan": "the paper lies in the copy",
    "people.SmsCode.phone_index": "a checksum of the phone",
    "people.DataRequest.typist": "a member of staff",
    "people.DataRequest.handler": "a member of staff",
    "people.DataRequest.scan": "the paper lies in the copy",
    "mfa.Authenticator.data": "a secret that opens the account",
    "core.Draft.owner_id": "whom it is read out to",
    "core.StoredFile.owner_id": "whom it is read out to",
    "core.StoredFile.content": "the paper lies in the copy of the matter it belongs to",
    "core.SavedFilter.owner_id": "whom it is read out to",
    "core.SavedFilter.query": "may hold somebody else's name",
    "core.AuditEntry.actor_id": "oneself, or an office with a masked name",
    "core.AuditEntry.subject_id": "a number of a record",
    "core.Transition.actor_id": "whom it is read out to",
    "core.Transition.subject_id": "a number of a record",
    "core.Transition.name": "said by the label of the move",
    "core.AuditEntry.verb": "said by the label of the verb",
    "core.Remark.text": "shown with the matter it was written for",
    "notices.Delivery.notice": "named by its moment and kind",
    "notices.Notice.kind": "said by its label",
    "notices.NoticeChoice.kind": "said by its label",
    "volunteers.HourEntry.credited_by_id": "what one credited to others has a table of its own",
    "volunteers.HourEntry.half_hours": "said in hours",
    "volunteers.Volunteer.skills": "said by their names",
    "wishes.Wish.erased_on": "said once it is there",
    "volunteers.Volunteer.typist": "that staff typed it is said, not who",
    "volunteers.Volunteer.scan": "the paper lies in the copy",
    "core.Draft.data": "what was typed is said under its label, keys of ours are not",
    "backoffice.Export.approver": "another member of staff",
    "backoffice.Export.listing": "may hold somebody else's name",
    "backoffice.Export.whole_reason": "may hold somebody else's name",
    "backoffice.Export.columns": "names of columns",
    "backoffice.Export.whole_columns": "names of columns",
    "backoffice.Export.offices": "numbers of offices",
    "backoffice.Export.file": "other people's data",
    "backoffice.ExportDownload.at": "stands among one's acts, with its moment",
    "people.Residency.typist": "a member of staff, masked",
    "people.Ownership.typist": "a member of staff, masked",
    "people.Residency.scan": "the paper lies in the copy",
    "people.Ownership.scan": "the paper lies in the copy",
    "wishes.Wish.typist": "that staff typed it is said, not who",
    "wishes.Wish.handler": "a member of staff",
    "wishes.Wish.scan": "the paper lies in the copy",
    "wishes.Wish.volunteer": "masked",
    "wishes.Wish.dispatched_to": "another person",
    "wishes.Wish.asker": "oneself, or masked",
    "wishes.Wish.price_fen": "said in yuan",
    "wishes.Wish.code": "said in groups of three",
    "wishes.ContactReveal.wish": "named by its number",
    "wishes.ContactReveal.viewer": "masked",
    "wishes.ContactReveal.part": "said by its word",
    "people.Ownership.share_denominator": "said with the numerator",
    "people.Ownership.share_numerator": "said with the denominator",
    "core.SavedFilter.listing": "said by the list's name",
    "people.ConsentRecord.purpose": "said by the purpose's title",
    "people.DataRequest.code": "said in groups of three",
    "people.User.elder_mode": "said by its word",
    "people.User.sms_notices": "said by its word",
    "people.User.email_notices": "said by its word",
    "notices.QuietHours.begin": "said as a time of day",
    "notices.QuietHours.end": "said as a time of day",
    "mfa.Authenticator.type": "said by its word",
}


def _text(purpose: Any, person: Person) -> str:
    tables = purpose.collect(person.record_ids(), None)
    return "\n".join(cell for table in tables for row in table.rows for cell in row)


def _collected(person: Person) -> str:
    return "\n".join(_text(purpose, person) for purpose in purposes if purpose.collect is not None)


def _own_rows(model: type[models.Model], here: Life) -> list[Any]:
    """The rows of ``model`` that are the person's own, through whichever column points at them."""
    ids, account = here.person.record_ids(), here.user.pk
    for name, value in (
        ("pk", ids if model is Person else [account] if model is type(here.user) else None),
        ("subject", ids),
        ("person", ids),
        ("user", [account]),
        ("requester", [account]),
        ("owner_id", [account]),
        ("actor_id", [account]),
        ("principal", ids),
        ("guardian", ids),
        ("notice__person", ids),
        ("volunteer__person", ids),
        ("wish__subject", ids),
        ("leader__person", ids),
    ):
        known = {field.name for field in model._meta.get_fields()} | {"pk"}
        if value is not None and name.split("__")[0] in known:
            return list(model._default_manager.filter(**{f"{name}__in": value}))
    return list(model._default_manager.all())


def _said(row: Any, name: str) -> set[str]:
    """Every way in which a value may be read out."""
    value = getattr(row, name)
    shown = {words(value), str(value)}
    display = getattr(row, f"get_{name}_display", None)
    return {text for text in (*shown, str(display()) if display else "") if text and text != "None"}


def _points_at_oneself(rows: list[Any], name: str, here: Life) -> bool:
    """A key whose value is the person or their account says nothing beside whom it is read out to."""
    own = {*Person.objects.filter(pk__in=here.person.record_ids()), here.user}
    return bool(rows) and all(
        isinstance(getattr(row, name), models.Model) and getattr(row, name) in own for row in rows
    )


def test_every_field_of_every_purpose_is_read_out():
    here = life()
    Authenticator.objects.create(user=here.user, type="totp", data={}, last_used_at=timezone.now())
    export = make("backoffice.Export", requester=here.user, purpose="季度报表", number="DC-2026-0007")
    make("backoffice.ExportDownload", export=export, user=here.user)
    here.user.last_login = clock.now()
    here.user.save(update_fields=["last_login"])
    missing = []
    for purpose in purposes:
        if purpose.collect is None:
            continue
        text = _text(purpose, here.person)
        for name in purpose.fields:
            if name in NOT_SAID:
                continue
            label, model_name, field = name.split(".")
            rows = _own_rows(apps.get_model(label, model_name), here)
            values = [said for row in rows if (said := _said(row, field))]
            if _points_at_oneself(rows, field, here):
                continue
            if not rows or not values or not any(one in text for said in values for one in said):
                missing.append(name)
    assert not missing, f"no record in the life, or not read out: {missing}"


def test_no_reason_stands_for_a_field_that_no_purpose_has():
    assert set(NOT_SAID) <= {name for purpose in purposes for name in purpose.fields}


def test_nothing_of_anybody_else_is_read_out():
    here = life()
    text = _collected(here.person)
    for others in ("皇甫", NEIGHBOURS_STREET, NEIGHBOURS_WORDS, "司徒青云", "诸葛长风", "别人", "送药上门"):
        assert others not in text, others
    assert "司***" in text or "司徒**" in text or "司" + "*" * 3 in text, "who served is masked"
    assert "社区工作者 诸***" in text, "who looked is an office and a masked name"
    theirs = _collected(here.neighbour.person)
    for secret in here.secrets:
        if secret != here.user.phone:  # the two share the phone that they are reached by
            assert secret not in theirs, secret
    served = _collected(here.helper.person)
    for secret in here.secrets:
        assert secret not in served, secret
    at_the_desk = _collected(here.worker.person)
    for secret in here.secrets:
        assert secret not in at_the_desk, secret


def test_the_page_shows_it_by_purpose_bounded_and_says_how_many(django_assert_max_num_queries):
    here = life()
    client = worlds.client_for(here.user)
    page = client.get("/me/data/").content.decode()
    for word in ("欧阳望舒", STREET, "1951年4月6日", "会修收音机", "厨房的灯一闪一闪", "登记居民", "开立和使用账号"):
        assert word in page
    for number in range(30):
        Notice.objects.create(person=here.person, kind="wishes", title=f"消息之{number}号")
    with django_assert_max_num_queries(52):
        page = client.get("/me/data/").content.decode()
    assert page.count("消息之") == 8
    assert "这里列出最近 8 条" in page


def test_the_page_costs_the_same_with_one_row_and_with_many():
    here = life()
    client = worlds.client_for(here.user)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/me/data/").status_code == 200
        return len(queries)

    client.get("/me/data/")
    for _number in range(9):
        AuditEntry.objects.create(verb="person.contact_shown", subject_type="people.person", subject_id=here.person.pk)
    before = cost()
    for _number in range(40):
        AuditEntry.objects.create(verb="person.contact_shown", subject_type="people.person", subject_id=here.person.pk)
    assert cost() == before


def _download(client: Any, url: str = "/me/data/export/") -> tuple[Any, zipfile.ZipFile]:
    answer = client.post(url)
    assert answer.status_code == 200, answer.status_code
    return answer, zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def test_the_copy_is_a_page_tables_and_data_and_the_papers():
    here = life()
    answer, copy = _download(proven(here.user))
    assert answer["Content-Type"] == "application/zip"
    assert "no-store" in answer["Cache-Control"]
    assert "my-data-" in answer["Content-Disposition"]
    names = copy.namelist()
    assert not any(secret in name for name in [*names, answer["Content-Disposition"]] for secret in here.secrets)
    page = copy.read("index.html").decode()
    assert "厨房的灯一闪一闪" in page and STREET in page
    data = json.loads(copy.read("data.json"))
    assert {one["id"] for one in data["purposes"]} >= {"people.person", "wishes.service", "notices.messages"}
    table = copy.read("tables/people.person-1.csv")
    assert table.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(table.decode("utf-8-sig"))))
    assert ["姓名", "欧阳望舒"] in rows
    papers = [name for name in names if name.startswith("files/")]
    assert [copy.read(paper) for paper in papers] == [PAPER, PAPER], "of the wish and of the volunteer"
    entry = AuditEntry.objects.get(verb="data.exported")
    assert (entry.actor_id, entry.subject_id) == (here.user.pk, here.person.pk)


def test_a_filter_of_a_list_that_is_gone_is_read_out_all_the_same():
    here = life()
    SavedFilter.objects.create(owner_id=here.user.pk, listing="people.gone", name="旧名单", query={})
    SavedFilter.objects.create(owner_id=here.user.pk, listing="gone.person", name="更旧的", query={})
    [table] = own_records.filters(here.person.record_ids(), None)
    assert [row[:2] for row in table.rows[:2]] == [("更旧的", "已停用的一张名单"), ("旧名单", "已停用的一张名单")]


def test_the_copy_has_every_row_where_the_page_has_some():
    here = life()
    for number in range(60):
        Notice.objects.create(person=here.person, kind="wishes", title=f"消息之{number}号")
    _answer, copy = _download(proven(here.user))
    assert copy.read("data.json").decode().count("消息之") == 60


def test_a_cell_that_a_spreadsheet_would_run_is_text():
    user = worlds.account(worlds.community(), name="=1+1")
    _answer, copy = _download(proven(user))
    assert "'=1+1" in copy.read("tables/people.person-1.csv").decode()
    assert '"=1+1"' in copy.read("data.json").decode()


def test_what_was_typed_is_text_in_the_page_of_the_copy():
    user = worlds.account(worlds.community(), name="<script>x</script>")
    _answer, copy = _download(proven(user))
    assert "<script>" not in copy.read("index.html").decode()


def test_the_holder_proves_who_they_are_first():
    user = worlds.account(worlds.community())
    client = worlds.client_for(user)
    for answer in (client.get("/me/data/export/"), client.post("/me/data/export/")):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not AuditEntry.objects.filter(verb="data.exported").exists()


def test_inside_wechat_it_says_how_to_get_out():
    client = proven(worlds.account(worlds.community()))
    page = client.get("/me/data/export/", HTTP_USER_AGENT="Mozilla/5.0 MicroMessenger/8.0").content.decode()
    assert "在浏览器打开" in page
    assert '<form method="post" action="/me/data/export/"' not in page


def test_a_guardian_takes_the_childs_along_and_a_relative_does_not():
    here = life()
    client = proven(here.user)
    assert f"?child={here.child.pk}" in client.get("/me/data/").content.decode()
    page = client.get(f"/me/data/?child={here.child.pk}").content.decode()
    assert "欧阳小满" in page
    assert STREET not in page
    answer, copy = _download(client, f"/me/data/export/?child={here.child.pk}")
    assert "child-data-" in answer["Content-Disposition"]
    assert "欧阳小满" in copy.read("data.json").decode()
    son = Person.objects.get(name="欧阳大川")
    relative = worlds.client_for(worlds.account(person=son, phone=worlds.phone()))
    for path in ("/me/data/", "/me/data/export/", "/me/data/erase/", "/me/data/correct/"):
        assert relative.get(f"{path}?child={here.person.pk}").status_code == 404
    stranger = worlds.client_for(here.neighbour)
    assert stranger.get(f"/me/data/?child={here.child.pk}").status_code == 404
    for wrong in ("x", "0", "99999999999999999999"):
        assert client.get(f"/me/data/?child={wrong}").status_code == 404


def test_at_fourteen_the_child_decides():
    home = worlds.community()
    guardian = worlds.account(home)
    today = clock.today()
    born = dt.date(today.year - 14, today.month, min(today.day, 28))
    grown = worlds.person(home, birth_date=born)
    Guardianship.objects.create(child=grown, guardian=guardian.person, relation="母亲", since=dt.date(2020, 1, 1))
    assert worlds.client_for(guardian).get(f"/me/data/?child={grown.pk}").status_code == 404


def test_an_account_that_is_nobodys_sees_itself():
    admin = worlds.administrator()
    page = worlds.client_for(admin).get("/me/data/").content.decode()
    assert admin.username not in page and "系统管理员" not in page, "what only machines call one by says nothing"
    assert "登录手机" in page
    _answer, copy = _download(proven(admin))
    assert admin.username in copy.read("data.json").decode()


def test_a_wish_without_its_person_is_in_no_copy():
    here = life()
    Wish.objects.filter(pk=here.wish.pk).update(subject=here.neighbour.person)
    assert "厨房的灯一闪一闪" not in _collected(here.person)
