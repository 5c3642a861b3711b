"""An export while it is built, fetched and ended: killed workers, bounds, its time, its downloads."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from portal.backoffice import trail
from portal.backoffice.exports import asking, building, deciding, ending, handing_out, terms
from portal.backoffice.exports.listing import Listing
from portal.backoffice.models import Export, ExportDownload, ExportState
from portal.core import clock, files
from portal.core.models import StoredFile
from portal.notices.models import Notice
from tests import worlds

from . import desk

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
S = ExportState


def test_a_killed_worker_loses_nothing(here):
    export = desk.approved(here.worker, here.head)
    at = clock.now()
    building.moves.move(
        export, "build", actor_id=None, actor_part="system", at=at, changes={"beat_at": at, "attempts": 1}
    )
    assert building.build_due(at=at + dt.timedelta(minutes=1)) == 0, "its beat is young"
    later = at + building.BEAT_LOST + dt.timedelta(seconds=1)
    assert building.build_due(at=later) == 1
    assert desk.fresh(export).state == S.READY
    names = [move.name for move in export.transitions()]
    assert names == ["begin", "approve", "build", "restart", "build", "finish"]
    told = [step.what for step in trail.steps_of(desk.fresh(export)) if step.at >= later or step.at == at]
    assert told.index("生成中断，重新排队") < len(told) - 1 - told[::-1].index("开始生成")


def test_what_fails_again_and_again_has_failed(here, monkeypatch):
    export = desk.approved(here.worker, here.head)

    def broken(*_args):
        raise OSError("李桂香 15400001234")

    monkeypatch.setattr(building.workbook, "write", broken)
    for _turn in range(building.TRIES):
        assert building.build_due(at=clock.now()) == 0
    export = desk.fresh(export)
    assert (export.state, export.attempts) == (S.FAILED, building.TRIES)
    assert not StoredFile.objects.exists()
    assert Notice.objects.filter(person=here.worker.person).latest("pk").title == "您申请的名单没有生成出来"


def test_who_withdraws_while_it_is_built_leaves_no_file(here, monkeypatch):
    export = desk.approved(here.worker, here.head)
    write = building.workbook.write

    def meanwhile(*args):
        deciding.withdraw(export=desk.fresh(export), actor=here.worker, at=clock.now())
        write(*args)

    monkeypatch.setattr(building.workbook, "write", meanwhile)
    assert not building.build(export=export, at=clock.now())
    assert desk.fresh(export).state == S.WITHDRAWN
    assert not StoredFile.objects.exists()


def test_who_withdraws_at_the_last_moment_leaves_no_content(here, monkeypatch, settings, tmp_path):
    default = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    export = desk.approved(here.worker, here.head)
    prepare = files.prepare

    def then(**how):
        stored = prepare(**how)
        deciding.withdraw(export=desk.fresh(export), actor=here.worker, at=clock.now())
        return stored

    monkeypatch.setattr(files, "prepare", then)
    assert not building.build(export=export, at=clock.now())
    assert desk.fresh(export).state == S.WITHDRAWN
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_too_many_rows_are_refused_with_a_way_on(here, monkeypatch):
    monkeypatch.setattr(terms, "MOST_ROWS", 2)
    with pytest.raises(ValidationError, match="请先按社区、状态或时间筛选"):
        desk.ask(here.worker)
    monkeypatch.setattr(terms, "MOST_ROWS", 3)
    export = desk.approved(here.worker, here.head)
    worlds.person(here.community)
    assert not building.build(export=export, at=clock.now())
    assert "超过 3 条" in desk.fresh(export).transitions().last().remark.text


def test_too_many_bytes_are_refused(here, monkeypatch):
    export = desk.approved(here.worker, here.head)
    monkeypatch.setattr(terms, "MOST_BYTES", 1000)
    assert not building.build(export=export, at=clock.now())
    assert "文件太大" in desk.fresh(export).transitions().last().remark.text
    assert not StoredFile.objects.exists()


# Its end -------------------------------------------------------------------------------------------------------------


def test_it_goes_by_itself_when_its_time_is_over(here, django_capture_on_commit_callbacks):
    export = desk.built(here.worker, here.head)
    stored = export.file
    assert ending.expire_due(at=export.expires_at - desk.hours(1)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert ending.expire_due(at=export.expires_at) == 1
    assert desk.fresh(export).state == S.EXPIRED
    assert not stored.content.storage.exists(stored.content.name)
    assert not StoredFile.objects.exists()
    with pytest.raises(handing_out.Gone):
        handing_out.hand_out(export=export, actor=here.worker, at=clock.now())


def test_after_its_time_nothing_leaves_even_before_the_task_came(here):
    export = desk.built(here.worker, here.head)
    Export.objects.filter(pk=export.pk).update(expires_at=clock.now())
    answer = desk.fetch(here.desk, export)
    assert answer.status_code == 410
    assert "已经过期" in answer.content.decode()
    assert here.desk.get(desk.page_url(export, "download")).status_code == 410
    assert not ExportDownload.objects.exists()


def test_so_many_times_and_no_more(here):
    export = desk.built(here.worker, here.head)
    for _turn in range(export.downloads_allowed):
        assert desk.fetch(here.desk, export).status_code == 200
    assert desk.fetch(here.desk, export).status_code == 410
    assert ExportDownload.objects.count() == 3
    assert ending.expire_due(at=clock.now()) == 0, "the last one may still be on its way"
    assert ending.expire_due(at=clock.now() + desk.hours(1)) == 1
    assert desk.fresh(export).state == S.EXPIRED


def test_a_button_pressed_twice_counts_once(here):
    export = desk.built(here.worker, here.head)
    client, token = here.desk, "t" * 32
    assert desk.fetch(client, export, token=token).status_code == 200
    again = desk.fetch(client, export, token=token)
    assert (again.status_code, ExportDownload.objects.count()) == (302, 1)


def test_an_approval_is_taken_back_and_the_file_is_gone(here):
    export = desk.built(here.worker, here.head)
    with pytest.raises(PermissionDenied):
        deciding.revoke(export=export, actor=here.worker, at=clock.now(), reason="x")
    deciding.revoke(export=export, actor=here.head, at=clock.now(), reason="用途不对")
    assert desk.fresh(export).state == S.WITHDRAWN
    assert not StoredFile.objects.exists()


def test_what_nobody_answers_lapses(here):
    export = desk.ask(here.worker)
    assert export.due_on == timezone.localdate() + dt.timedelta(days=7)
    assert ending.lapse_due(at=clock.now() + dt.timedelta(days=7)) == 0
    assert ending.lapse_due(at=clock.now() + dt.timedelta(days=8)) == 1
    assert desk.fresh(export).state == S.EXPIRED


def test_purpose_and_filters_go_after_a_year_and_who_asked_stays(here):
    export = desk.ask(here.worker, wanted=Listing("", "荷"), whole=["contact_phone"], whole_reason="要打电话")
    deciding.refuse(export=export, actor=here.head, at=clock.now(), reason="不用")
    assert ending.erase_words(at=clock.now() + dt.timedelta(days=364)) == 0
    assert ending.erase_words(at=clock.now() + dt.timedelta(days=366)) == 1
    export = desk.fresh(export)
    assert (export.purpose, export.whole_reason, export.listing) == ("", "", {})
    assert (export.requester, export.approver) == (here.worker, here.head)
    assert here.office.get(desk.page_url(export)).status_code == 200


def test_a_search_that_was_forgotten_is_no_search(here):
    with pytest.raises(ValidationError, match="没有您能导出的"):
        desk.ask(here.worker, wanted=Listing("", "没有这个人"))
    assert asking.count_of(desk.sources[desk.PERSON], Listing(), here.worker) == 3
