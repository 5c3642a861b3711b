"""A copy of everything that is stored about one person (个人信息保护法 第45条): one page to read, tables for a
spreadsheet, one file for machines, and the papers. Nothing in any name of it tells whose it is.

It is whole before its first byte goes out, and never lies anywhere in clear: what is made waits in a file without a
name, sealed with a key that only this answer knows. However much there is, a chunk of it is in memory at a time.
"""

import csv
import datetime as dt
import io
import json
import secrets
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any, BinaryIO, TextIO, cast

from django.conf import settings
from django.template.loader import get_template

from portal.core import files, sealed_streams
from portal.core.models import StoredFile
from portal.core.reading_out import words
from portal.core.registries import OwnTable

from .own_data import Held, Whose

FORMAT = "own-data/1"
COMPRESSION = zipfile.ZIP_DEFLATED
LONGEST = 1 << 40  # bytes; nobody's data comes near
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ENDINGS = {"application/pdf": "pdf", "image/webp": "webp"}
Papers = dict[str, StoredFile]


def file_name(subject: Whose, day: dt.date) -> str:
    """What the file is called: no name, no number."""
    return f"{'child' if subject.child else 'my'}-data-{day:%Y%m%d}.zip"


def build(held: list[Held], *, at: dt.datetime) -> tuple[BinaryIO, int]:
    """The copy as a ZIP, to be read once from its beginning, and how many bytes it has; the caller closes it.

    ``index.html`` to read and print, ``data.json`` for another office's system, ``tables/*.csv`` (UTF-8 with BOM, so
    that a spreadsheet shows Chinese), ``files/*`` the papers as they are kept. Closed, or given up half-way, nothing
    of it is left.
    """
    box = tempfile.TemporaryFile()  # noqa: SIM115 — handed on open
    try:
        key, context = secrets.token_bytes(32), "front.own_copy"
        sealing = sealed_streams.Sealing(box, key=key, context=context, most=LONGEST)
        with zipfile.ZipFile(cast(IO[bytes], sealing), "w", COMPRESSION) as archive:
            _fill(archive, held, at)
        sealing.finish()
        box.seek(0)
        return sealed_streams.opened(box, key=key, context=context), sealing.size
    except BaseException:
        box.close()
        raise


def _fill(archive: zipfile.ZipFile, held: list[Held], at: dt.datetime) -> None:
    papers = _papers(held)
    page = {"held": held, "made_at": words(at), "site_name": settings.SITE_NAME, "papers": len(papers)}
    template: Any = get_template("front/data_copy.html")
    with _text(archive, "index.html") as target:
        target.writelines(template.template.generate(page))
    with _text(archive, "data.json") as target:
        target.writelines(_json(held, papers, at))
    for one in held:
        for number, table in enumerate(one.tables, 1):
            with _text(archive, f"tables/{one.purpose.id}-{number}.csv", encoding="utf-8-sig") as target:
                _csv(target, table)
    for name, stored in papers.items():
        with files.opened(stored) as source, archive.open(name, "w") as paper:
            shutil.copyfileobj(source, paper)


@contextmanager
def _text(archive: zipfile.ZipFile, name: str, *, encoding: str = "utf-8") -> Iterator[TextIO]:
    """A text file of the archive, written piece by piece."""
    with (
        archive.open(name, "w") as member,
        io.TextIOWrapper(member, encoding=encoding, newline="") as target,
    ):
        yield target


def _papers(held: list[Held]) -> Papers:
    """Name in the ZIP → stored file, each once."""
    found: dict[Any, StoredFile] = {stored.pk: stored for one in held for table in one.tables for stored in table.files}
    return {
        f"files/{number}.{_ENDINGS.get(stored.content_type, 'bin')}": stored
        for number, stored in enumerate(found.values(), 1)
    }


# -- one file for machines --------------------------------------------------------------------------------------------


def _json(held: list[Held], papers: Papers, at: dt.datetime) -> Iterator[str]:
    """The text of ``data.json``, a row a line."""
    names = {stored.pk: name for name, stored in papers.items()}
    head = {"format": FORMAT, "made_at": at.isoformat(timespec="seconds"), "site": settings.SITE_NAME}
    yield from _object(head, "purposes", (_purpose(one, names) for one in held))
    yield "\n"


def _purpose(one: Held, names: dict[Any, str]) -> Iterator[str]:
    purpose = one.purpose
    head = {
        "id": purpose.id,
        "title": str(purpose.title),
        "basis": str(purpose.basis),
        "retention": str(purpose.retention),
    }
    return _object(head, "tables", (_table(table, names) for table in one.tables))


def _table(table: OwnTable, names: dict[Any, str]) -> Iterator[str]:
    head = {"title": table.title, "head": table.head, "files": [names[stored.pk] for stored in table.files]}
    return _object(head, "rows", ([json.dumps(row, ensure_ascii=False)] for row in table.rows))


def _object(head: dict[str, Any], name: str, items: Iterable[Iterable[str]]) -> Iterator[str]:
    """An object with the entries of ``head`` and, last, the list ``name`` of what the items write."""
    yield f"{json.dumps(head, ensure_ascii=False)[:-1]}, {json.dumps(name)}: ["
    for number, pieces in enumerate(items):
        yield ",\n" if number else "\n"
        yield from pieces
    yield "]}"


# -- tables for a spreadsheet -----------------------------------------------------------------------------------------


def _csv(target: TextIO, table: OwnTable) -> None:
    """A cell that a spreadsheet would run as a formula is marked as text."""
    writer = csv.writer(target)
    writer.writerow(table.head)
    writer.writerows([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row] for row in table.rows)
