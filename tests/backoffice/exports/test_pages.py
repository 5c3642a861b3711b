"""The pages of exports, as every role: the button on each list, asking, deciding, watching, fetching."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.backoffice.exports import building
from portal.backoffice.exports.sources import sources
from portal.backoffice.models import Export, ExportDownload, ExportState
from portal.core import clock
from portal.core.registries import todos
from portal.people.models import RoleKind
from portal.search import looking
from tests import worlds

from ..desks import act_url, carry_out, messages_of, page
from . import desk

pytestmark = pytest.mark.django_db
WECHAT = "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0.49"


def lists() -> dict[str, str]:
    """The address of each list that may leave, by source."""
    return {source.id: page(source.model._meta.label_lower, "changelist") for source in sources}


# The way in ----------------------------------------------------------------------------------------------------------


def test_every_list_offers_it_to_who_may_ask_and_keeps_its_filters(here):
    officer = worlds.client_for(worlds.staff(RoleKind.PRIVACY_OFFICER, here.community))
    for source_id, url in lists().items():
        kinds = sources[source_id].kinds
        client = here.desk if RoleKind.WORKER in kinds else here.office if RoleKind.HEAD in kinds else officer
        body = client.get(f"{url}?o=1").content.decode()
        assert f'href="{desk.ask_url(source_id)}?o=1"' in body, source_id


def test_who_only_reads_is_offered_none_and_gets_none(here):
    reader = worlds.client_for(worlds.supervisor(here.community))
    body = reader.get(lists()[desk.PERSON]).content.decode()
    assert "导出 Excel" not in body
    assert reader.get(desk.ask_url()).status_code == 403
    assert reader.post(desk.ask_url(), {"once": "x" * 32, "columns": "name", "purpose": "x"}).status_code == 403
    assert reader.get(reverse("admin:backoffice_export_changelist")).status_code == 403


def test_lists_of_the_few_are_theirs_alone(here):
    for source_id in ("core.auditentry", "people.role"):
        assert here.desk.get(desk.ask_url(source_id)).status_code == 403
    assert here.desk.get(desk.ask_url("no.such")).status_code == 404


def test_no_list_of_anybody_has_another_way_to_excel():
    for model_admin in admin.site._registry.values():
        assert not [name for name in dir(model_admin) if name.startswith(("export_", "get_export"))]


# Asking --------------------------------------------------------------------------------------------------------------


def test_asking_says_what_leaves_and_keeps_what_was_typed(here):
    worlds.person(here.community, sex="female")
    client = here.desk
    url = desk.ask_url(query="?sex__exact=female")
    body = client.get(url).content.decode()
    assert "性别：女" in body
    assert "1 条" in body
    refused = desk.send(client, url, columns=["name", "contact_phone"], whole=["contact_phone"], purpose="打电话通知")
    body = refused.content.decode()
    assert refused.status_code == 200
    assert "请写明为什么遮盖的不够用" in body
    assert "打电话通知" in body
    assert 'name="whole" value="contact_phone" checked' in body
    assert 'name="columns" value="address" checked' not in body
    assert not Export.objects.exists()
    token = refused.context["once"]
    sent = {"once": token, "columns": ["name"], "purpose": "打电话通知"}
    for _turn in range(2):
        answer = client.post(url, sent)
        export = Export.objects.get()
        assert answer["Location"] == desk.page_url(export)
    assert export.listing["query"] == "sex__exact=female"
    assert (export.columns, export.whole_columns, export.purpose) == (["name"], [], "打电话通知")


def test_what_is_personal_is_ticked_by_whoever_needs_it_and_the_purpose_is_asked(here):
    opened = here.desk.get(desk.ask_url())
    lines = {line["column"].id: line for line in opened.context["form"].lines()}
    assert [id for id, line in lines.items() if line["taken"] == line["column"].personal] == []
    assert not any(line["whole"] for line in lines.values())
    assert "先只勾了不含个人信息的列" in opened.content.decode()
    silent = desk.send(here.desk, desk.ask_url(), columns=["name"])
    assert silent.context["form"].errors == {"purpose": ["勾了个人信息的列，请写明做什么用。"]}
    assert not Export.objects.exists()
    plainly = desk.send(here.desk, desk.ask_url(), columns=["sex"])  # the page says: no approval
    export = Export.objects.get()
    assert (plainly["Location"], export.state) == (desk.page_url(export), ExportState.APPROVED)
    body = here.desk.get(desk.page_url(export)).content.decode()
    assert "没有个人信息，不用批准" in body
    plain = here.desk.get(desk.ask_url(desk.BUILDING)).context["form"].lines()
    assert all(line["taken"] for line in plain)


def test_a_list_without_personal_columns_is_asked_for_without_a_word(here):
    body = here.desk.get(desk.ask_url(desk.BUILDING)).content.decode()
    assert "不用批准" in body
    assert 'name="purpose"' not in body
    answer = desk.send(here.desk, desk.ask_url(desk.BUILDING), columns=["name"])
    assert answer["Location"] == desk.page_url(Export.objects.get())
    assert Export.objects.get().state == ExportState.APPROVED


@pytest.mark.parametrize("sent", [{"columns": ["nothing"]}, {"columns": ["name"], "whole": ["sex"]}, {}])
def test_what_was_not_offered_is_refused_in_words(here, sent):
    answer = desk.send(here.desk, desk.ask_url(), purpose="核对", **sent)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not Export.objects.exists()


def test_without_its_token_it_is_no_form(here):
    assert here.desk.post(desk.ask_url(), {"columns": "name", "purpose": "x"}).status_code == 400
    assert not Export.objects.exists()


def test_a_search_goes_along_without_standing_in_an_address(here):
    worlds.person(here.community, name="林秋水")
    client = here.desk
    found = client.post(page(desk.PERSON, "find"), {"text": "林秋"})
    body = client.get(found["Location"]).content.decode()
    key = found["Location"].partition("?")[2]
    assert f"{desk.ask_url()}?{key}" in body
    assert "查找：林秋" in client.get(f"{desk.ask_url()}?{key}").content.decode()
    desk.send(client, f"{desk.ask_url()}?{key}", columns=["name"], purpose="核对")
    export = Export.objects.get()
    assert (export.rows_asked, export.listing["search"]) == (1, "林秋")
    stranger = here.desk.get(f"{desk.ask_url()}?{key}")
    assert (stranger.status_code, stranger["Location"]) == (302, page(desk.PERSON, "changelist"))


def test_a_filter_that_is_none_leads_back_to_the_list(here):
    answer = here.desk.get(desk.ask_url(query="?user__password__startswith=x"), follow=True)
    assert any("筛选条件已经失效" in text for text in messages_of(answer))


@pytest.mark.parametrize(
    "query", ["name__startswith=林", "contact_phone_index=" + "0" * 64, "name__regex=(((", "id__in=" + "9" * 20, "q=林"]
)
def test_a_condition_that_the_approver_would_not_read_is_refused(here, query):
    answer = here.desk.get(desk.ask_url(query=f"?{query}"), follow=True)
    assert answer.redirect_chain[-1][0] == page(desk.PERSON, "changelist")
    assert any(text.startswith(("筛选条件已经失效", "请先在列表的查找框里查")) for text in messages_of(answer))
    sent = {"once": "x" * 32, "columns": "name", "purpose": "核对"}
    assert here.desk.post(desk.ask_url(query=f"?{query}"), sent).status_code == 302
    assert not Export.objects.exists()


def test_a_search_that_found_too_many_leads_back_in_words(here, monkeypatch):
    for _turn in range(3):
        worlds.person(here.community, name="林秋水")
    monkeypatch.setattr(looking, "LIST_BOUND", 2)
    client = here.desk
    key = client.post(page(desk.PERSON, "changelist"), {"text": "林秋"})["Location"].partition("?")[2]
    answer = client.get(f"{desk.ask_url()}?{key}", follow=True)
    assert any("请先缩小查找" in text for text in messages_of(answer))


def test_an_empty_and_a_far_too_long_list_have_no_form(here, monkeypatch):
    from portal.backoffice.exports import terms

    body = here.desk.get(desk.ask_url(query="?sex__exact=male")).content.decode()
    assert "没有您能导出的记录" in body
    assert "<form method" not in body.split("export-ask")[1]
    monkeypatch.setattr(terms, "MOST_ROWS", 1)
    body = here.desk.get(desk.ask_url()).content.decode()
    assert "一次最多导出 1 条" in body
    assert "<form method" not in body.split("export-ask")[1]


# Who sees it ---------------------------------------------------------------------------------------------------------


def test_an_export_exists_for_who_asked_and_who_may_decide(here, there):
    export = desk.ask(here.worker)
    officer = worlds.staff(RoleKind.PRIVACY_OFFICER, here.community)
    for user in (here.worker, here.head, officer, worlds.administrator()):
        client = worlds.client_for(user)
        assert client.get(desk.page_url(export)).status_code == 200
        assert export in client.get(reverse("admin:backoffice_export_changelist")).context["cl"].result_list
    strangers = [there.worker, there.head, worlds.worker(here.community), worlds.supervisor(here.community)]
    strangers += [
        worlds.staff(RoleKind.PRIVACY_OFFICER, there.community),
        worlds.staff(RoleKind.COUNSELLOR, here.community),
    ]
    for user in strangers:
        client = worlds.client_for(user)
        addresses = [desk.page_url(export, what) for what in ("change", "progress", "download", "history")]
        addresses += [act_url(export, name) for name in ("approve", "refuse", "withdraw", "revoke")]
        for url in addresses:
            assert client.get(url).status_code == 404, (user, url)
            assert client.post(url, {"once": "x" * 32, "reason": "x"}).status_code == 404, (user, url)
        found = client.get(reverse("admin:backoffice_export_changelist"))
        assert found.status_code == 403 or export not in found.context["cl"].result_list
    assert desk.fresh(export).state == ExportState.PENDING


def test_the_requester_finds_no_button_to_approve_and_no_way_round_it(here):
    worlds.staff(RoleKind.PRIVACY_OFFICER, here.community)
    export = desk.ask(here.head)
    body = here.office.get(desk.page_url(export)).content.decode()
    assert act_url(export, "approve") not in body
    assert act_url(export, "withdraw") in body
    assert here.office.get(act_url(export, "approve")).status_code == 403
    assert here.office.post(act_url(export, "approve"), {"once": "x" * 32}).status_code == 403
    assert desk.fresh(export).state == ExportState.PENDING


def test_only_who_asked_fetches_it(here):
    export = desk.built(here.worker, here.head)
    for user in (here.head, worlds.administrator(), worlds.staff(RoleKind.PRIVACY_OFFICER, here.community)):
        client = worlds.client_for(user)
        assert desk.fetch(client, export).status_code == 403
        assert "下载 导" not in client.get(desk.page_url(export)).content.decode()
        assert client.get(f"/files/{export.file.pk}/").status_code == 404
    assert here.desk.get(f"/files/{export.file.pk}/").status_code == 404, "there is one way, and it counts"
    assert not ExportDownload.objects.exists()
    assert desk.fetch(here.desk, export).status_code == 200


def test_a_link_that_is_opened_beforehand_uses_up_nothing(here):
    export = desk.built(here.worker, here.head)
    answer = here.desk.get(desk.page_url(export, "download"))
    assert (answer.status_code, answer["Location"]) == (302, desk.page_url(export))
    assert here.desk.post(desk.page_url(export, "download")).status_code == 400
    assert not ExportDownload.objects.exists()


# Deciding ------------------------------------------------------------------------------------------------------------


def test_where_something_was_asked_in_clear_the_approver_says_which(here):
    how = {"whole": ["contact_phone"], "whole_reason": "要逐户打电话"}
    export = desk.ask(here.worker, **how)
    shown = here.office.get(act_url(export, "approve")).content.decode()
    assert "要逐户打电话" in shown
    assert "checked" not in shown, "nothing is chosen beforehand"
    assert carry_out(here.office, export, "approve").status_code == 200
    assert desk.fresh(export).state == ExportState.PENDING
    assert carry_out(here.office, export, "approve", whole="no").status_code == 302
    assert (desk.fresh(export).state, desk.fresh(export).masked) == (ExportState.APPROVED, True)
    other = desk.ask(here.worker, **how)
    carry_out(here.office, other, "approve", whole="yes")
    assert not desk.fresh(other).masked


def test_where_nothing_was_asked_in_clear_nothing_comes_in_clear(here):
    export = desk.ask(here.worker)
    carry_out(here.office, export, "approve", whole="yes")
    assert desk.fresh(export).masked


def test_refusing_and_taking_back_want_a_reason_that_the_requester_reads(here):
    export = desk.ask(here.worker)
    assert carry_out(here.office, export, "refuse", reason="").status_code == 200
    carry_out(here.office, export, "refuse", reason="用途写得不清楚")
    assert "用途写得不清楚" in here.desk.get(desk.page_url(export)).content.decode()
    ready = desk.built(here.worker, here.head)
    carry_out(here.office, ready, "revoke", reason="名单发错了人")
    body = here.desk.get(desk.page_url(ready)).content.decode()
    assert "名单发错了人" in body
    assert "批准收回，文件作废" in body


# Watching and fetching -----------------------------------------------------------------------------------------------


def test_its_page_says_how_far_it_is(here):
    export = desk.approved(here.worker, here.head)
    client = here.desk
    waiting = client.get(desk.page_url(desk.ask(here.worker), "progress")).content.decode()
    assert "还没有批准" in waiting and "正在生成" not in waiting and "<progress" not in waiting
    assert "已经排上队" in client.get(desk.page_url(export)).content.decode()
    at = clock.now()
    changes = {"beat_at": at, "rows_total": 3, "rows_done": 2}
    building.moves.move(export, "build", actor_id=None, actor_part="system", at=at, changes=changes)
    body = client.get(desk.page_url(export)).content.decode()
    assert "正在生成：2 / 3 条" in body
    assert f'hx-get="{desk.page_url(export, "progress")}"' in body
    part = client.get(desk.page_url(export, "progress"))
    assert "正在生成：2 / 3 条" in part.content.decode()
    assert "<html" not in part.content.decode()
    assert "HX-Refresh" not in part
    assert "正在生成" in here.office.get(desk.page_url(export, "progress")).content.decode()
    Export.objects.filter(pk=export.pk).update(beat_at=at - desk.hours(1))
    building.build_due(at=at)
    assert client.get(desk.page_url(export, "progress"))["HX-Refresh"] == "true"
    assert f"下载 {export.number}.xlsx" in client.get(desk.page_url(export)).content.decode()


def test_inside_wechat_it_is_explained_and_not_sent(here):
    export = desk.built(here.worker, here.head)
    client = worlds.client_for(here.worker, headers={"User-Agent": WECHAT})
    body = client.get(desk.page_url(export)).content.decode()
    assert "在浏览器打开" in body
    assert desk.page_url(export, "download") not in body
    assert client.post(desk.page_url(export, "download"), {"once": "x" * 32}).status_code == 302
    assert not ExportDownload.objects.exists()


def test_what_waits_stands_on_the_first_page_and_opens_exactly_its_rows(here, there):
    officer = worlds.staff(RoleKind.PRIVACY_OFFICER, here.community)
    waiting, own = desk.ask(here.worker), desk.ask(here.head)
    ready = desk.built(here.worker, here.head)
    desk.ask(there.worker)

    def rows_behind(todo: str, user) -> list[Export]:
        entry, at = todos[todo], clock.now()
        assert entry.items is not None
        answer = worlds.client_for(user).get(entry.url(user, at))
        found = list(answer.context["cl"].result_list)
        assert entry.count(user, at) == len(found)
        assert {item.url for item in entry.items(user, at, 5)} == {desk.page_url(export) for export in found}
        return found

    assert rows_behind("exports.decide", here.head) == [waiting]
    assert rows_behind("exports.decide", officer) == [own, waiting]
    assert rows_behind("exports.fetch", here.worker) == [ready]
    assert todos["exports.decide"].shown(here.head)
    assert not todos["exports.decide"].shown(here.worker)


def test_the_list_costs_the_same_however_long_it_is(here):
    client: Client = here.office
    url = reverse("admin:backoffice_export_changelist")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        # The session is written now and then, by the clock: that is no query of the list.
        return len([query for query in queries if query["sql"].startswith("SELECT")])

    desk.ask(here.worker)
    one = asked()
    for _turn in range(12):
        desk.ask(here.worker)
    assert asked() == one
