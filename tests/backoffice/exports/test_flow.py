"""From the list to the file: asked for by one, approved by another, built, fetched, gone."""

import datetime as dt
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.backoffice.exports import asking, building, deciding, ending, handing_out
from portal.backoffice.exports.listing import Listing
from portal.backoffice.exports.sources import sources
from portal.backoffice.models import Export, ExportDownload, ExportState
from portal.core import clock
from portal.core.models import AuditEntry, StoredFile
from portal.core.moves import MoveRefused
from portal.notices.models import Notice
from portal.people import offices
from portal.people.contacting import CONTACT_SHOWN
from portal.people.models import Ownership, Representative, Residency, RoleKind
from portal.search import looking
from tests import worlds

from . import desk

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
S = ExportState


def test_the_way_of_an_export(here):
    export = desk.ask(here.worker, purpose="核对高龄名册")
    assert (export.state, export.masked, export.area) == (S.PENDING, True, here.community)
    assert export.number == f"导{timezone.localdate().year}-0001"
    assert building.build_due(at=clock.now()) == 0, "nothing is made before somebody approved"
    deciding.approve(export=export, actor=here.head, at=clock.now())
    assert building.build_due(at=clock.now()) == 1
    export = desk.fresh(export)
    assert (export.state, export.rows_total, export.rows_done) == (S.READY, 3, 3)
    assert export.expires_at > clock.now() + dt.timedelta(hours=71)
    answer = desk.fetch(here.desk, export)
    assert answer.status_code == 200
    assert b"".join(answer).startswith(b"PK")
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
    assert "%E5%AF%BC" in answer["Content-Disposition"]
    assert answer["Content-Disposition"].startswith("attachment")
    assert here.resident.name not in answer["Content-Disposition"]
    download = ExportDownload.objects.get()
    assert (download.user, download.ordinal) == (here.worker, 1)
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"export.asked", "export.built", "export.downloaded"} <= verbs
    titles = {notice.title for notice in Notice.objects.filter(person=here.worker.person)}
    assert titles == {"您申请的名单导出已批准，正在生成", "您申请的名单可以下载了"}
    assert Notice.objects.get(person=here.head.person).title == "有一份名单导出等您批准"


def test_numbers_are_gapless_a_year_and_no_two_share_one(here, there):
    year = timezone.localdate().year
    for _turn in range(2):
        desk.ask(here.worker)
        with pytest.raises(ValidationError):
            desk.ask(here.worker, purpose=" ")
    desk.ask(there.worker)
    found = Export.objects.order_by("pk").values_list("area", "number")
    first, second, third = (f"导{year}-000{count}" for count in (1, 2, 3))
    assert list(found) == [(here.community.pk, first), (here.community.pk, second), (there.community.pk, third)]
    later = clock.noon(dt.date(year + 1, 1, 1))
    assert desk.ask(here.worker, at=later).number == f"导{year + 1}-0001"


def test_what_is_missing_is_said_beside_its_field_and_nothing_is_kept(here):
    for field, wrong in {
        "columns": {"columns": []},
        "purpose": {"purpose": "  "},
        "whole": {"columns": ["name"], "whole": ["contact_phone"]},
        "whole_reason": {"whole": ["contact_phone"]},
    }.items():
        with pytest.raises(ValidationError) as refusal:
            desk.ask(here.worker, **wrong)
        assert set(refusal.value.error_dict) == {field}
    for wrong in ({"columns": ["password"]}, {"whole": ["community"], "whole_reason": "要"}):
        with pytest.raises(ValidationError):
            desk.ask(here.worker, **wrong)
    with pytest.raises(ValidationError, match="筛选条件已经失效"):
        desk.ask(here.worker, wanted=Listing("user__password=x"))
    assert not Export.objects.exists()


def test_a_list_without_personal_columns_needs_nobody_and_is_still_on_record_and_marked(here):
    export = desk.ask(here.worker, desk.BUILDING, purpose="")
    assert (export.state, export.approver) == (S.APPROVED, None)
    assert building.build_due(at=clock.now()) == 1
    (row,) = desk.rows(export)
    assert row["导出编号"].startswith(export.number)
    assert AuditEntry.objects.filter(verb="export.asked", actor_id=here.worker.pk).count() == 1
    assert not Notice.objects.filter(person=here.head.person).exists()


# The second person ---------------------------------------------------------------------------------------------------


def test_nobody_approves_their_own_whatever_they_are(here):
    administrator, officer = worlds.administrator(), worlds.staff(RoleKind.PRIVACY_OFFICER, here.community)
    export = desk.ask(here.head)
    with pytest.raises(PermissionDenied):
        deciding.approve(export=export, actor=here.head, at=clock.now())
    with pytest.raises(PermissionDenied):
        deciding.refuse(export=export, actor=here.head, at=clock.now(), reason="不行")
    own = desk.ask(administrator)
    with pytest.raises(PermissionDenied):
        deciding.approve(export=own, actor=administrator, at=clock.now())
    for act in (deciding.approve, partial(deciding.refuse, reason="不行")):
        with pytest.raises(PermissionDenied):  # who keeps the system decides on nobody's data
            act(export=export, actor=administrator, at=clock.now())
    deciding.approve(export=export, actor=officer, at=clock.now())
    assert desk.fresh(export).approver == officer


def test_the_database_itself_refuses_an_approver_who_asked(here):
    export = desk.ask(here.worker)
    with pytest.raises(IntegrityError, match="export_approved_by_another"), transaction.atomic():
        Export.objects.filter(pk=export.pk).update(approver=here.worker)
    with pytest.raises(ValidationError, match="export_approved_by_another"):
        export.approver = here.worker
        export.full_clean(exclude=["listing"])


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"masked": False}, "export_whole_is_approved"),
        ({"state": "ready"}, "export_file_while_ready"),
    ],
)
def test_the_database_holds_the_rest_too(here, wrong, name):
    export = desk.ask(here.worker)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Export.objects.filter(pk=export.pk).update(**wrong)


def test_who_may_decide(here, there):
    export = desk.ask(here.worker)
    street = here.community.parent
    may = [here.head, worlds.staff(RoleKind.PRIVACY_OFFICER, here.community)]
    may += [worlds.staff(RoleKind.PRIVACY_OFFICER, street)]
    may_not = [there.head, there.worker, worlds.worker(here.community), worlds.supervisor(here.community)]
    may_not += [worlds.administrator(), worlds.staff(RoleKind.GRID_HEAD, here.grid), worlds.account(here.community)]
    from portal.backoffice.exports.access import may_decide

    assert [user for user in may if not may_decide(user, export)] == []
    assert [user for user in may_not if may_decide(user, export)] == []


def test_what_lies_in_two_communities_is_approved_above_both(here):
    other = worlds.community("南岭社区", parent=here.community.parent)
    worlds.person(other)
    offices.grant_role(actor=None, user=here.worker, area=other, kind=RoleKind.WORKER, at=clock.now())
    here.worker.__dict__.pop("current_roles", None)
    officer = worlds.staff(RoleKind.PRIVACY_OFFICER, here.community.parent)
    export = desk.ask(here.worker)
    assert export.area == here.community.parent
    with pytest.raises(PermissionDenied):
        deciding.approve(export=export, actor=here.head, at=clock.now())
    deciding.approve(export=export, actor=officer, at=clock.now())
    one = desk.ask(here.worker, wanted=Listing(f"community__id__exact={here.community.pk}"))
    assert one.area == here.community, "filtered to one community, its own head decides"


def test_without_anybody_else_to_ask_it_is_refused(here):
    from portal.people.models import Role

    Role.objects.filter(user=here.head).update(until=clock.now())
    worlds.administrator()
    with pytest.raises(ValidationError, match="没有人能批"):
        desk.ask(here.worker)
    page = here.desk.get(desk.ask_url()).content.decode()
    assert "没有人能批" in page and "请街道报系统管理员任命一位" in page
    assert desk.ask(here.worker, columns=["sex"], purpose="").state == S.APPROVED  # nobody is asked for that
    worlds.staff(RoleKind.PRIVACY_OFFICER, here.community.parent)
    assert "没有人能批" not in here.desk.get(desk.ask_url()).content.decode()
    assert desk.ask(here.worker).state == S.PENDING


def test_what_waits_with_nobody_left_to_decide_says_so(here):
    export = desk.ask(here.worker)
    here.head.roles.update(until=clock.now())
    assert "现在没有人能批" in here.desk.get(desk.page_url(export)).content.decode()


@pytest.mark.parametrize("number", ["15400001234", "154 0000 1234", "430204195003021234", "6222021234567890128"])
@pytest.mark.parametrize("field", ["purpose", "whole_reason"])
@pytest.mark.parametrize("text", ["找李桂香 %s 核对", "%s"])
def test_no_number_stands_in_what_it_is_for(here, number, field, text):
    words = {"purpose": "核对台账", "whole": ["contact_phone"], "whole_reason": "要打电话"}
    with pytest.raises(ValidationError, match="不要写手机号、身份证号、银行卡号") as refusal:
        desk.ask(here.worker, **{**words, field: text % number})
    assert refusal.value.message_dict.keys() == {field} and number not in str(refusal.value)
    assert not Export.objects.exists()


def test_decided_is_decided(here):
    export, stale = desk.ask(here.worker), None
    stale = desk.fresh(export)
    deciding.refuse(export=export, actor=here.head, at=clock.now(), reason="用途写得不清楚")
    for late in (
        lambda: deciding.approve(export=stale, actor=here.head, at=clock.now()),
        lambda: deciding.withdraw(export=stale, actor=here.worker, at=clock.now()),
    ):
        with pytest.raises(MoveRefused):
            late()
    assert desk.fresh(export).state == S.REFUSED
    with pytest.raises(MoveRefused, match="理由"):
        deciding.refuse(export=desk.ask(here.worker), actor=here.head, at=clock.now(), reason=" ")


# Who loses the office ------------------------------------------------------------------------------------------------


def test_who_leaves_the_office_gets_nothing_at_any_step(here, django_capture_on_commit_callbacks):
    waiting, ready = desk.ask(here.worker), desk.built(here.worker, here.head)
    name = ready.file.content.name
    role = here.worker.roles.get()
    with django_capture_on_commit_callbacks(execute=True):
        offices.end_role(actor=None, role=role, at=clock.now())
    assert {desk.fresh(waiting).state, desk.fresh(ready).state} == {S.WITHDRAWN}
    assert not StoredFile.objects.exists()
    assert not ready.file.content.storage.exists(name)


def test_it_is_asked_again_at_each_step_even_if_nobody_said_that_the_office_ended(here):
    """As when a term that was set beforehand runs out: no act ends it."""
    pending, approved = desk.ask(here.worker), desk.approved(here.worker, here.head)
    ready = desk.built(here.worker, here.head)
    client = here.desk
    here.worker.roles.update(until=clock.now())
    with pytest.raises(MoveRefused, match="不担任"):
        deciding.approve(export=pending, actor=here.head, at=clock.now())
    assert not building.build(export=approved, at=clock.now())
    assert desk.fresh(approved).state == S.FAILED
    with pytest.raises(PermissionDenied):
        handing_out.hand_out(export=ready, actor=here.worker, at=clock.now())
    assert desk.fetch(client, ready).status_code == 403
    offices.grant_role(actor=None, user=here.worker, area=here.community, kind=RoleKind.HEAD, at=clock.now())
    assert "不担任申请时的角色" in desk.fetch(client, ready).content.decode(), "another office is not that office"
    assert not ExportDownload.objects.exists()


def test_who_is_administrator_no_more_gets_nothing(here):
    administrator = worlds.administrator(person=worlds.person(here.community))
    ready = desk.built(administrator, here.head)
    type(administrator).objects.filter(pk=administrator.pk).update(is_superuser=False)
    with pytest.raises(PermissionDenied):
        handing_out.hand_out(export=ready, actor=administrator, at=clock.now())
    assert ending.close_of_administrators(at=clock.now()) == 1
    assert desk.fresh(ready).state == S.WITHDRAWN


def test_former_administrators_are_not_behind_everybody_elses_exports(here, monkeypatch):
    monkeypatch.setattr(ending, "BATCH", 1)
    desk.ask(here.worker)
    administrator = worlds.administrator(person=worlds.person(here.community))
    export = desk.ask(administrator)
    assert ending.close_of_administrators(at=clock.now()) == 0
    type(administrator).objects.filter(pk=administrator.pk).update(is_superuser=False)
    assert ending.close_of_administrators(at=clock.now()) == 1
    assert desk.fresh(export).state == S.WITHDRAWN


# Building ------------------------------------------------------------------------------------------------------------


def test_the_scope_is_the_requesters_at_the_moment_of_building(here, there):
    export = desk.approved(here.worker, here.head)
    moved = worlds.person(here.community, name="何春生")
    assert building.build(export=export, at=clock.now())
    assert len(desk.rows(export)) == 4, "who came meanwhile stands in it"
    assert moved.pk


def test_more_areas_than_were_approved_are_not_built(here):
    export = desk.approved(here.worker, here.head)
    other = worlds.community("南岭社区", parent=here.community.parent)
    worlds.person(other)
    offices.grant_role(actor=None, user=here.worker, area=other, kind=RoleKind.WORKER, at=clock.now())
    assert not building.build(export=export, at=clock.now())
    export = desk.fresh(export)
    assert export.state == S.FAILED
    assert "别的区域" in export.transitions().last().remark.text


def test_who_only_reads_elsewhere_exports_nothing_from_there(here, there):
    offices.grant_role(actor=None, user=here.worker, area=there.community.parent, kind="supervisor", at=clock.now())
    here.worker.__dict__.pop("current_roles", None)
    export = desk.built(here.worker, here.head)
    assert there.resident.name not in desk.text_of(export).replace("*", "")
    assert len(desk.rows(export)) == 3


def test_filters_and_search_are_kept(here):
    worlds.person(here.community, name="林秋水", sex="female")
    worlds.person(here.community, name="林大山", sex="male")
    export = desk.built(here.worker, here.head, wanted=Listing("sex__exact=female", "林"))
    assert export.rows_asked == 1
    assert export.listing["words"] == "性别：女；查找：林"
    assert [row["性别"] for row in desk.rows(export)] == ["女"]


def test_a_search_that_found_more_than_it_looked_at_is_never_a_part_of_a_list(here, monkeypatch):
    for _turn in range(3):
        worlds.person(here.community, name="林秋水")
    wanted = Listing("", "林秋")
    export = desk.approved(here.worker, here.head, wanted=wanted)
    assert export.rows_asked == 3
    monkeypatch.setattr(looking, "LIST_BOUND", 2)
    with pytest.raises(ValidationError, match="请先缩小查找"):
        asking.count_of(sources[desk.PERSON], wanted, here.worker)
    with pytest.raises(ValidationError, match="请先缩小查找"):
        desk.ask(here.worker, wanted=wanted)
    assert not building.build(export=export, at=clock.now())
    assert desk.fresh(export).state == S.FAILED
    assert "请先缩小查找" in desk.fresh(export).transitions().last().remark.text


@pytest.mark.parametrize("in_clear", [True, False])
@pytest.mark.parametrize("source_id", ["people.residency", "people.ownership", "people.representative"])
def test_a_whole_address_of_a_tie_stands_on_the_record_of_who_lives_there(here, source_id, in_clear):
    day, now = clock.today(), clock.now()
    tie = {"household": here.household, "person": here.resident, "since": day}
    Residency.objects.create(kind="owner", state="confirmed", state_since=now, **tie)
    Ownership.objects.create(share_denominator=1, state="confirmed", state_since=now, **tie)
    Representative.objects.create(**tie)
    how = {"columns": ["household"], "whole": ["household"], "whole_reason": "要上门"}
    export = desk.approved(here.worker, here.head, source_id, in_clear=in_clear, **how)
    assert building.build(export=export, at=clock.now())
    lines = AuditEntry.objects.filter(verb=CONTACT_SHOWN, actor_id=here.worker.pk)
    assert list(lines.values_list("subject_id", flat=True)) == ([here.resident.pk] if in_clear else [])
