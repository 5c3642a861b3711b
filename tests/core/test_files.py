"""Private files: judged by content, cleaned, nameless, and served only to whom their room admits."""

import datetime as dt
import hashlib
import io
import os
import struct
import zipfile
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from portal.core import clock, files
from portal.core.models import StoredFile
from portal.core.sealed import KeyLost, SealedValueError
from portal.core.sealed_streams import FRAME, TooLong
from tests import worlds

pytestmark = pytest.mark.django_db
KIND = "tests.kind"
PLACE = b"112.9388N 28.2282E"


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    """Each test stores into a folder of its own."""
    default = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    return tmp_path


def upload(data: bytes, name: str = "photo.jpg", content_type: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type)


def picture(size=(64, 48), form: str = "JPEG", mode: str = "RGB", **options) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 120 if mode in {"L", "P", "1"} else (200, 80, 40, 255)[: len(mode)]).save(
        out, form, **options
    )
    return out.getvalue()


def with_metadata() -> bytes:
    """A photo as a phone makes it: place, time, camera, lying on its side, with a comment."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0132], exif[0x0112] = "PhoneMaker", "X-Phone 12", "2026:03:02 09:12:00", 6
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (28.0, 13.0, 41.5), "E", (112.0, 56.0, 19.7)
    exif[0x9286] = PLACE.decode()
    return picture(size=(64, 48), exif=exif, comment=PLACE)


def store(data: bytes, **options) -> StoredFile:
    return files.store(upload=upload(data), kind=KIND, owner_id=None, **options)


def content(stored: StoredFile) -> bytes:
    with files.opened(stored) as opened:
        return opened.read()


def test_place_time_and_camera_are_gone_and_the_picture_stands_upright():
    photo = with_metadata()
    assert PLACE in photo
    stored = store(photo)
    kept = content(stored)
    for trace in (PLACE, b"PhoneMaker", b"X-Phone", b"2026:03:02", b"Exif", b"EXIF", b"XMP", b"ICCP"):
        assert trace not in kept
    opened = Image.open(io.BytesIO(kept))
    assert opened.format == "WEBP"
    assert not opened.getexif()
    assert (stored.width, stored.height) == opened.size == (48, 64), "the sixth orientation lies on its side"
    assert (stored.content_type, stored.size) == ("image/webp", len(kept))


def test_the_place_written_into_a_png_is_gone():
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Location", PLACE.decode())
    kept = content(store(picture(form="PNG", pnginfo=info)))
    assert PLACE not in kept


@pytest.mark.parametrize(
    ("form", "mode"),
    [
        ("JPEG", "RGB"),
        ("JPEG", "CMYK"),
        ("PNG", "RGBA"),
        ("PNG", "L"),
        ("PNG", "1"),
        ("GIF", "P"),
        ("WEBP", "RGB"),
        ("BMP", "RGB"),
    ],
)
def test_every_usual_picture_is_taken(form, mode):
    stored = store(picture(form=form, mode=mode))
    assert Image.open(io.BytesIO(content(stored))).format == "WEBP"


def test_a_large_picture_is_made_smaller_in_proportion():
    stored = store(picture(size=(4000, 1000), form="PNG"))
    assert (stored.width, stored.height) == (files.MAX_SIDE, 500)


def test_a_moving_picture_keeps_its_first_frame_only():
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    assert getattr(Image.open(io.BytesIO(content(store(out.getvalue())))), "n_frames", 1) == 1


def _bomb_by_header(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is enormous."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(6400, 6400), (10_000, 10_000), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_before_it_is_unpacked(size):
    with pytest.raises(ValidationError, match=r"太大了|打不开"):
        store(_bomb_by_header(*size))
    assert not StoredFile.objects.exists()


def test_a_real_picture_beyond_the_bound_is_refused():
    with pytest.raises(ValidationError, match="太大了"):
        store(picture(size=(6400, 6400), form="PNG", mode="1"))


@pytest.mark.parametrize("cut", [2, 20, 200, 400])
def test_a_picture_cut_short_is_refused(cut):
    whole = picture(size=(200, 200))
    with pytest.raises(ValidationError, match="打不开"):
        store(whole[:cut])


NO_PICTURES = {
    "words": b"just words",
    "page": b"<!doctype html><script>alert(1)</script>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "program": b"MZ\x90\x00" + b"\0" * 200,
    "pdf": b"%PDF-1.7\n%%EOF",
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
    "tiff": picture(form="TIFF"),
    "ico": picture(form="ICO", size=(32, 32)),
}


@pytest.mark.parametrize("name", NO_PICTURES)
def test_what_is_no_picture_is_refused_whatever_it_calls_itself(name):
    with pytest.raises(ValidationError, match="打不开"):
        store(NO_PICTURES[name])
    assert not StoredFile.objects.exists()


def test_a_picture_that_is_something_else_as_well_is_only_a_picture_afterwards():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("evil.html", "<script>alert(1)</script>")
    for tail in (b"<script>alert(1)</script>", packed.getvalue(), b"%PDF-1.7 evil", b"<?php evil ?>"):
        kept = content(store(picture() + tail))
        assert tail not in kept
        assert b"evil" not in kept
        assert b"script" not in kept
        assert not zipfile.is_zipfile(io.BytesIO(kept))


@pytest.mark.parametrize("size", [files.MAX_BYTES + 1, files.MAX_BYTES * 2])
def test_too_many_bytes_are_refused_unread(size):
    class Heavy(SimpleUploadedFile):
        def read(self, *args):
            raise AssertionError("it was read")

    heavy = Heavy("photo.jpg", b"x", "image/jpeg")
    heavy.size = size
    with pytest.raises(ValidationError, match="10 MB"):
        files.store(upload=heavy, kind=KIND, owner_id=None)


def test_an_empty_file_is_refused():
    with pytest.raises(ValidationError, match="空的"):
        store(b"")


def test_a_paper_is_taken_as_it_is_where_papers_are_asked_for():
    paper = b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF"
    stored = store(paper, documents=True)
    assert content(stored) == paper
    assert (stored.content_type, stored.width) == ("application/pdf", None)
    assert store(picture(), documents=True).content_type == "image/webp"


def test_neither_name_nor_type_nor_record_of_the_sender_is_kept(own_media):
    name = "李桂香 身份证 430202.jpg"
    stored = files.store(upload=upload(picture(), name, "text/html"), kind=KIND, owner_id=7)
    again = StoredFile.objects.get(pk=stored.pk)
    assert again.content.name == f"{stored.pk.hex[:2]}/{stored.pk.hex}"
    assert again.content_type == "image/webp"
    held = [str(value) for value in StoredFile.objects.values_list().get()]
    held += [str(path) for path in own_media.rglob("*")]
    assert not [text for text in held if "李桂香" in text or "430202" in text or "jpg" in text]


# At rest -------------------------------------------------------------------------------------------------------------

KEY_A, KEY_B = ("A" * 43 + "=", "B" * 43 + "=")
WORDS = "李桂香 15400001234".encode()
PAPER = b"%PDF-1.7\n" + WORDS + b"\n%%EOF"


def on_disk(folder) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def put_in_clear(data: bytes) -> StoredFile:
    """A file as it was kept before contents were sealed."""
    stored = StoredFile(kind=KIND, content_type="application/pdf", size=len(data), sha256="", owner_id=None)
    stored.content.save("upload", ContentFile(data), save=False)
    stored.save(force_insert=True)
    return stored


def written(*pieces: bytes, most: int = 10**7) -> StoredFile:
    def fill(out):
        for piece in pieces:
            out.write(piece)

    stored = files.prepare(fill=fill, kind=KIND, content_type="text/plain", owner_id=None, most=most)
    stored.save(force_insert=True)
    return stored


def test_nothing_lies_on_the_disk_in_clear(own_media):
    stored = store(PAPER, documents=True)
    assert stored.key_id == "test1"
    held = on_disk(own_media)
    assert held
    assert not [word for word in (WORDS, b"PDF", b"EOF", WORDS[:6]) if word in held]
    assert content(StoredFile.objects.get()) == PAPER


def test_control_a_file_in_clear_is_found(own_media):
    put_in_clear(PAPER)
    assert WORDS in on_disk(own_media)


@given(pieces=st.lists(st.binary(max_size=3 * FRAME), max_size=4), read=st.integers(1, 2 * FRAME))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_written_in_whatever_pieces_is_read_in_whatever_pieces(pieces, read):
    stored = written(*pieces)
    whole = b"".join(pieces)
    with files.opened(stored) as opened:
        assert b"".join(iter(lambda: opened.read(read), b"")) == whole
    assert (stored.size, stored.sha256) == (len(whole), hashlib.sha256(whole).hexdigest())


@pytest.mark.parametrize("length", [0, 1, FRAME - 1, FRAME, FRAME + 1, 2 * FRAME])
def test_content_that_was_cut_short_changed_or_put_elsewhere_does_not_open(own_media, length):
    stored, other = written(b"x" * length), written(b"y" * length)
    path = own_media / stored.content.name
    whole = path.read_bytes()
    spoilt = [whole[:-1], whole[: 36 + FRAME + 16], whole[:36], whole[:10], b"", whole + b"x"]
    spoilt += [whole[:40] + bytes([whole[40] ^ 1]) + whole[41:], (own_media / other.content.name).read_bytes()]
    for kept in spoilt:
        if kept != whole:
            path.write_bytes(kept)
            with pytest.raises(SealedValueError), files.opened(stored) as opened:
                opened.read()


def test_more_than_was_agreed_is_not_kept(own_media):
    with pytest.raises(TooLong):
        written(b"x" * 600, b"x" * 600, most=1000)
    assert not on_disk(own_media)


def test_what_was_kept_in_clear_still_opens():
    assert content(put_in_clear(PAPER)) == PAPER


def test_a_lost_key_raises_and_shows_nothing(settings):
    settings.SEALED_KEYS = f"old:{KEY_A}"
    stored = store(PAPER, documents=True)
    settings.SEALED_KEYS = f"new:{KEY_B}"
    with pytest.raises(KeyLost):
        files.opened(stored)


def test_a_key_of_the_same_name_that_is_another_raises(settings):
    settings.SEALED_KEYS = f"old:{KEY_A}"
    stored = store(PAPER, documents=True)
    settings.SEALED_KEYS = f"old:{KEY_B}"
    with pytest.raises(SealedValueError):
        files.opened(stored)


def test_rotation_seals_anew_and_seals_what_was_in_clear(settings, own_media, django_capture_on_commit_callbacks):
    settings.SEALED_KEYS = f"old:{KEY_A}"
    sealed, clear = store(PAPER, documents=True), put_in_clear(PAPER)
    settings.SEALED_KEYS = f"new:{KEY_B},old:{KEY_A}"
    fresh = store(PAPER, documents=True)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("rotate_sealed", verbosity=0, stdout=io.StringIO())
    settings.SEALED_KEYS = f"new:{KEY_B}"
    for stored in (sealed, clear, fresh):
        again = StoredFile.objects.get(pk=stored.pk)
        assert (again.key_id, content(again)) == ("new", PAPER)
    assert WORDS not in on_disk(own_media)
    assert len([path for path in own_media.rglob("*") if path.is_file()]) == 3
    assert files.rotate() == 0


def test_rotation_leaves_what_was_erased_meanwhile(
    settings, own_media, monkeypatch, django_capture_on_commit_callbacks
):
    settings.SEALED_KEYS = f"old:{KEY_A}"
    stored = store(PAPER, documents=True)
    settings.SEALED_KEYS = f"new:{KEY_B},old:{KEY_A}"
    seal_into = files._seal_into

    def and_then_erase(*args, **options):
        seal_into(*args, **options)
        files.erase(StoredFile.objects.get(pk=stored.pk))

    monkeypatch.setattr(files, "_seal_into", and_then_erase)
    with django_capture_on_commit_callbacks(execute=True):
        assert files.rotate() == 0
    assert not on_disk(own_media)


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
