"""What is taken as a private file: judged by content, cleaned of place and camera, nameless, within bounds."""

import io
import struct
import zipfile
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from portal.core import files
from portal.core.models import StoredFile

from .uploads import KIND, content, picture, store, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]
PLACE = b"112.9388N 28.2282E"


def with_metadata() -> bytes:
    """A photo as a phone makes it: place, time, camera, lying on its side, with a comment."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0132], exif[0x0112] = "PhoneMaker", "X-Phone 12", "2026:03:02 09:12:00", 6
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (28.0, 13.0, 41.5), "E", (112.0, 56.0, 19.7)
    exif[0x9286] = PLACE.decode()
    return picture(size=(64, 48), exif=exif, comment=PLACE)


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
