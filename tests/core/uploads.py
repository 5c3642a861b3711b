"""What tests of private files send and read back: pictures made on the spot, papers, and the content as it is kept."""

import io
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from portal.core import files
from portal.core.models import StoredFile

KIND = "tests.kind"
WORDS = "李桂香 15400001234".encode()
PAPER = b"%PDF-1.7\n" + WORDS + b"\n%%EOF"


def upload(data: bytes, name: str = "photo.jpg", content_type: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type)


def picture(size=(64, 48), form: str = "JPEG", mode: str = "RGB", **options) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 120 if mode in {"L", "P", "1"} else (200, 80, 40, 255)[: len(mode)]).save(
        out, form, **options
    )
    return out.getvalue()


def store(data: bytes, **options) -> StoredFile:
    return files.store(upload=upload(data), kind=KIND, owner_id=None, **options)


def content(stored: StoredFile) -> bytes:
    with files.opened(stored) as opened:
        return opened.read()


def on_disk(folder: Path) -> bytes:
    """Everything that lies below ``folder``."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
