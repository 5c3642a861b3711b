"""Private files: checked and cleaned when they come in, served only to whom the owning room admits.

What comes in is judged by its content, never by its name or its sender's word for it. Pictures are decoded within
bounds and written anew as WebP, which leaves every metadata block (place, camera, time) behind.
"""

import datetime as dt
import hashlib
import io
import warnings
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from .models import StoredFile

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE = 2000
UNCLAIMED = dt.timedelta(days=1)
PICTURE_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")

Reader = Callable[[Any, StoredFile], bool]
Opened = Callable[[Any, StoredFile], None]
_READERS: dict[str, tuple[Reader, Opened | None]] = {}


def reader(kind: str, *, opened: Opened | None = None) -> Callable[[Reader], Reader]:
    """Declare who may read files of ``kind``: ``(user, file) -> bool``. A kind without a reader is read by nobody.

    ``opened(user, file)`` is called before each look that was admitted, for a kind whose looks go on record.
    """

    def register(function: Reader) -> Reader:
        if kind in _READERS:
            raise ValueError(f"file kind {kind} has a reader already")
        _READERS[kind] = (function, opened)
        return function

    return register


def may_read(user: Any, stored: StoredFile) -> bool:
    """The owning room's word on whether ``user`` may see ``stored``."""
    admits, _opened = _READERS.get(stored.kind, (None, None))
    return admits is not None and admits(user, stored)


def note_opened(user: Any, stored: StoredFile) -> None:
    """Tell the owning room that ``user`` is about to look at ``stored``."""
    _admits, opened = _READERS.get(stored.kind, (None, None))
    if opened is not None:
        opened(user, stored)


def _picture(data: bytes) -> tuple[bytes, int, int]:
    """``data`` decoded, turned upright, bounded and written as WebP without metadata. Raises ValidationError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=PICTURE_FORMATS) as opened:
                if opened.width * opened.height > MAX_PIXELS:
                    raise ValidationError(_("这张图片太大了，请缩小后再传。"))
                opened.load()
                picture = ImageOps.exif_transpose(opened)
                picture = picture.convert("RGBA" if "A" in picture.getbands() else "RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ValidationError(_("这张图片太大了，请缩小后再传。")) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        raise ValidationError(_("这张图片打不开，请换一张，或重新拍一张。")) from None
    picture.thumbnail((MAX_SIDE, MAX_SIDE))
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)
    out = io.BytesIO()
    clean.save(out, "WEBP", quality=82, method=4)
    return out.getvalue(), clean.width, clean.height


def store(*, upload: UploadedFile, kind: str, owner_id: int | None, documents: bool = False) -> StoredFile:
    """Check, clean and keep ``upload``. With ``documents`` a PDF is taken as it is; otherwise pictures only.

    Raises ValidationError in plain words for what is empty, too big, or no picture.
    """
    if not upload.size:
        raise ValidationError(_("这个文件是空的，请换一个。"))
    if upload.size > MAX_BYTES:
        raise ValidationError(_("文件不能超过 10 MB，请缩小后再传。"))
    data = upload.read()
    width = height = None
    if documents and data.startswith(b"%PDF-"):
        content_type = "application/pdf"
    else:
        data, width, height = _picture(data)
        content_type = "image/webp"
    stored = StoredFile(
        kind=kind,
        content_type=content_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        width=width,
        height=height,
        owner_id=owner_id,
    )
    stored.content.save("upload", ContentFile(data), save=False)
    stored.save(force_insert=True)
    return stored


def erase(stored: StoredFile) -> None:
    """Remove the row now and the content once that is committed: a rollback loses nothing."""
    storage, name = stored.content.storage, str(stored.content.name)
    stored.delete()
    transaction.on_commit(lambda: storage.delete(name))


def sweep(*, at: dt.datetime) -> int:
    """Erase content that no row names any more: its transaction was rolled back after the file was written.

    What is younger than ``UNCLAIMED`` may belong to a transaction that is still under way. Returns how many went.
    """
    storage = StoredFile._meta.get_field("content").storage
    folders = storage.listdir("")[0] if storage.exists("") else []
    gone = 0
    for folder in folders:
        names = [f"{folder}/{name}" for name in storage.listdir(folder)[1]]
        claimed = set(StoredFile.objects.filter(content__in=names).values_list("content", flat=True))
        for name in names:
            if name not in claimed and storage.get_modified_time(name) < at - UNCLAIMED:
                storage.delete(name)
                gone += 1
    return gone
