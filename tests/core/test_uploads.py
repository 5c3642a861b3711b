"""What a person sends is held in memory until it is sealed; what is too long is counted, not kept."""

import tempfile
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from portal.core import files, uploads

MEGABYTE = 1024 * 1024


def _sent(*sizes: int):
    sent = {
        f"paper{place}": SimpleUploadedFile("纸.pdf", b"%PDF-" + b"x" * (size - 5)) for place, size in enumerate(sizes)
    }
    return RequestFactory().post("/", sent)


def test_nothing_is_written_to_the_temporary_directory(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    request = _sent(6 * MEGABYTE)
    upload = request.FILES["paper0"]
    assert upload.size == 6 * MEGABYTE and upload.read(5) == b"%PDF-"
    assert not list(Path(tmp_path).iterdir())


def test_control_djangos_own_handlers_would(tmp_path, monkeypatch, settings) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    settings.FILE_UPLOAD_HANDLERS = [
        "django.core.files.uploadhandler.MemoryFileUploadHandler",
        "django.core.files.uploadhandler.TemporaryFileUploadHandler",
    ]
    request = _sent(6 * MEGABYTE)
    assert request.FILES["paper0"].size == 6 * MEGABYTE
    assert list(Path(tmp_path).iterdir())


@pytest.mark.django_db
def test_what_is_too_long_is_refused_in_words_and_not_held() -> None:
    upload = _sent(files.MAX_BYTES + 1).FILES["paper0"]
    assert upload.size > files.MAX_BYTES and upload.read() == b""
    with pytest.raises(ValidationError, match="10 MB"):
        files.store(upload=upload, kind="test", owner_id=None, documents=True)


def test_a_request_of_many_files_holds_no_more_than_its_bound() -> None:
    many = [9 * MEGABYTE] * 6
    request = _sent(*many)
    held = sum(len(upload.read()) for upload in request.FILES.values())
    assert held <= uploads.MOST_OF_A_REQUEST
    assert [upload.size > files.MAX_BYTES for upload in request.FILES.values()] == [False] * 4 + [True] * 2
