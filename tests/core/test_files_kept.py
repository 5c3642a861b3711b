"""Private files while they are kept: served only to whom their room admits, gone from the disk when their row goes."""

import datetime as dt
import os

import pytest
from django.db import transaction

from portal.core import clock, files
from portal.core.models import StoredFile
from tests import worlds

from .uploads import KIND, content, picture, store, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]

# Who may read --------------------------------------------------------------------------------------------------------


@pytest.fixture
def owner_reads(monkeypatch):
    monkeypatch.setattr(files, "_READERS", {})

    @files.reader(KIND)
    def owner_alone(user, stored):
        return user.is_authenticated and stored.owner_id == user.pk


def _address(stored: StoredFile) -> str:
    return f"/files/{stored.pk}/"


def test_the_room_admits_its_reader_and_nobody_else(owner_reads):
    owner = worlds.account()
    stored = files.store(upload=upload(picture()), kind=KIND, owner_id=owner.pk)
    answer = worlds.client_for(owner).get(_address(stored))
    assert answer.status_code == 200
    assert b"".join(answer) == content(stored)
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert "filename" not in answer["Content-Disposition"]
    for stranger in (None, worlds.account(), worlds.administrator()):
        assert worlds.client_for(stranger).get(_address(stored)).status_code == 404
    assert worlds.client_for(owner).post(_address(stored)).status_code == 405


def test_a_kind_without_a_reader_is_read_by_nobody(monkeypatch):
    monkeypatch.setattr(files, "_READERS", {})
    owner = worlds.account()
    stored = files.store(upload=upload(picture()), kind=KIND, owner_id=owner.pk)
    for reader in (owner, worlds.administrator()):
        assert worlds.client_for(reader).get(_address(stored)).status_code == 404


def test_a_file_that_never_was_looks_the_same(owner_reads):
    assert worlds.client_for(worlds.account()).get("/files/00000000-0000-4000-8000-000000000000/").status_code == 404


def test_a_paper_is_handed_out_for_saving_and_not_shown_in_our_name(owner_reads):
    owner = worlds.account()
    stored = files.store(upload=upload(b"%PDF-1.7"), kind=KIND, owner_id=owner.pk, documents=True)
    answer = worlds.client_for(owner).get(_address(stored))
    assert answer["Content-Disposition"] == "attachment"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_kind_whose_looks_go_on_record_is_told_of_each_look_and_of_no_refusal(monkeypatch):
    monkeypatch.setattr(files, "_READERS", {})
    owner, looked = worlds.account(), []
    files.reader(KIND, opened=lambda user, stored: looked.append((user, stored)))(lambda user, _stored: user == owner)
    stored = files.store(upload=upload(picture()), kind=KIND, owner_id=owner.pk)
    assert worlds.client_for(worlds.account()).get(_address(stored)).status_code == 404
    assert not looked
    for _time in range(2):
        assert worlds.client_for(owner).get(_address(stored)).status_code == 200
    assert looked == [(owner, stored)] * 2


def test_one_kind_has_one_reader(owner_reads):
    with pytest.raises(ValueError, match="has a reader already"):
        files.reader(KIND)(lambda user, stored: True)


# Going away ----------------------------------------------------------------------------------------------------------


def test_erasing_takes_the_row_now_and_the_content_on_commit(own_media, django_capture_on_commit_callbacks):
    stored = store(picture())
    path = own_media / stored.content.name
    with django_capture_on_commit_callbacks(execute=True):
        files.erase(stored)
        assert path.exists()
    assert not path.exists()
    assert not StoredFile.objects.exists()


def test_content_whose_row_was_rolled_back_is_swept_after_a_day(own_media):
    kept = store(picture())
    with pytest.raises(LookupError), transaction.atomic():
        store(picture())
        raise LookupError
    left = [path for path in own_media.rglob("*") if path.is_file()]
    assert len(left) == 2
    assert files.sweep(at=clock.now()) == 0, "its transaction may be under way"
    for path in left:
        os.utime(path, (0, 0))
    assert files.sweep(at=clock.now() + dt.timedelta(days=2)) == 1
    assert [path for path in own_media.rglob("*") if path.is_file()] == [own_media / kept.content.name]


def test_sweeping_an_empty_house_is_no_error(settings, tmp_path):
    default = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path / "none")},
    }
    settings.STORAGES = {**settings.STORAGES, "default": default}
    assert files.sweep(at=clock.now()) == 0
