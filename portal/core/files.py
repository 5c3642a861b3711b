"""Private files: checked and cleaned when they come in, served only to whom the owning room admits.

What comes in is judged by its content, never by its name or its sender's word for it. Pictures are decoded within
bounds and written anew as WebP, which leaves every metadata block (place, camera, time) behind.

What lies in the storage is sealed (``sealed_streams``) with the key that the row names; a row from the time before
that names none, and its content is plain until ``manage.py rotate_sealed`` has come by.
"""

import datetime as dt
import io
import tempfile
import warnings
from collections.abc import Callable
from typing import Any, BinaryIO, cast

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from . import keys, sealed, sealed_streams
from .models import StoredFile

MAX_BYTES = 10 * 1024 * 1024  # of what a person sends
HELD_IN_MEMORY = 1024 * 1024  # of a sealed stream before it goes to the disk, sealed
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
    stored = prepare(
        fill=lambda out: out.write(data), kind=kind, content_type=content_type, owner_id=owner_id, most=len(data)
    )
    stored.width, stored.height = width, height
    stored.save(force_insert=True)
    return stored


# What lies in the storage ---------------------------------------------------------------------------------------------


def prepare(
    *, fill: Callable[[BinaryIO], object], kind: str, content_type: str, owner_id: int | None, most: int
) -> StoredFile:
    """Seal what ``fill`` writes and put it into the storage; returns the row that names it, not saved yet.

    Long content is written without holding a transaction; whoever does not save the row calls ``discard``.
    ``sealed_streams.TooLong`` when ``fill`` writes more than ``most`` bytes.
    """
    stored = StoredFile(kind=kind, content_type=content_type, owner_id=owner_id)
    _seal_into(stored, fill, most=most)
    return stored


def _seal_into(stored: StoredFile, fill: Callable[[BinaryIO], object], *, most: int) -> None:
    """Write content under a fresh name and let ``stored`` name it, with its key, size and fingerprint."""
    key_id, key = next(iter(keys.sealing_keys().items()))
    with tempfile.SpooledTemporaryFile(HELD_IN_MEMORY) as box:
        out = sealed_streams.Sealing(cast(BinaryIO, box), key=key, context=_context(stored), most=most)
        fill(cast(BinaryIO, out))
        out.finish()
        stored.content.save("upload", File(box), save=False)
    stored.key_id, stored.size, stored.sha256 = key_id, out.size, out.sha256


def _context(stored: StoredFile) -> str:
    return f"core.storedfile.content:{stored.pk.hex}"


def opened(stored: StoredFile) -> BinaryIO:
    """The content in clear, to be read from the beginning and closed. Whether the reader may is asked elsewhere.

    ``KeyLost`` when the key it was sealed with is gone; ``SealedValueError`` when it was tampered with.
    """
    key = keys.sealing_keys().get(stored.key_id)
    if stored.key_id and key is None:
        raise sealed.KeyLost(f"the key {stored.key_id!r} that sealed a file is not in SEALED_KEYS")
    box = cast(BinaryIO, stored.content.storage.open(str(stored.content.name), "rb"))
    if key is None:
        return box
    try:
        return sealed_streams.opened(box, key=key, context=_context(stored))
    except sealed.SealedValueError:
        box.close()
        raise


def discard(stored: StoredFile) -> None:
    """Remove content whose row will not be saved."""
    stored.content.storage.delete(str(stored.content.name))


@sealed.also_rotate("core.StoredFile.content")
def rotate() -> int:
    """Seal every content anew that the current key does not seal, plain ones too; returns how many.

    The old content goes when the row names the new one for good. A row that was erased or rotated meanwhile is left
    as it is, and the new content goes instead.
    """
    current, last, changed = next(iter(keys.sealing_keys())), None, 0
    while True:
        rows = StoredFile.objects.exclude(key_id=current).order_by("pk")
        stored = (rows.filter(pk__gt=last) if last is not None else rows).first()
        if stored is None:
            return changed
        changed += _rotate_one(stored)
        last = stored.pk


def _rotate_one(stored: StoredFile) -> bool:
    storage, old = stored.content.storage, str(stored.content.name)

    def copy(out: BinaryIO) -> None:
        with opened(before) as plain:
            while piece := plain.read(sealed_streams.FRAME):
                out.write(piece)

    before = StoredFile(pk=stored.pk, content=old, key_id=stored.key_id)
    _seal_into(stored, copy, most=stored.size)
    with transaction.atomic():
        mine = StoredFile.objects.filter(pk=stored.pk, content=old)
        done = mine.update(content=str(stored.content.name), key_id=stored.key_id) == 1
        gone = old if done else str(stored.content.name)
        transaction.on_commit(lambda: storage.delete(gone))
    return done


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
