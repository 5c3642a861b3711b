"""A copy of everything that is stored about one person (个人信息保护法 第45条): one page to read, tables for a
spreadsheet, one file for machines, and the papers. Nothing in any name of it tells whose it is."""

import csv
import datetime as dt
import io
import json
import shutil
import tempfile
import zipfile
from typing import IO, Any

from django.conf import settings
from django.template.loader import render_to_string

from portal.core import files
from portal.core.models import StoredFile
from portal.core.reading_out import words

from .own_data import Held, Whose

IN_MEMORY = 5 * 1024 * 1024
FORMAT = "own-data/1"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ENDINGS = {"application/pdf": "pdf", "image/webp": "webp"}


def file_name(subject: Whose, day: dt.date) -> str:
    """What the file is called: no name, no number."""
    return f"{'child' if subject.child else 'my'}-data-{day:%Y%m%d}.zip"


def build(held: list[Held], *, at: dt.datetime) -> IO[bytes]:
    """The copy as a ZIP, open at its beginning; the caller closes it.

    ``index.html`` to read and print, ``data.json`` for another office's system, ``tables/*.csv`` (UTF-8 with BOM, so
    that a spreadsheet shows Chinese), ``files/*`` the papers as they are kept.
    """
    out = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 — handed on open
    papers = _papers(held)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        page = {"held": held, "made_at": words(at), "site_name": settings.SITE_NAME, "papers": len(papers)}
        archive.writestr("index.html", render_to_string("front/data_copy.html", page))
        archive.writestr("data.json", json.dumps(_plain(held, papers, at), ensure_ascii=False, indent=1))
        for one in held:
            for number, table in enumerate(one.tables, 1):
                archive.writestr(f"tables/{one.purpose.id}-{number}.csv", _csv(table.head, table.rows))
        for name, stored in papers.items():
            with files.opened(stored) as source, archive.open(name, "w") as target:
                shutil.copyfileobj(source, target)
    out.seek(0)
    return out


def _papers(held: list[Held]) -> dict[str, StoredFile]:
    """Name in the ZIP → stored file, each once."""
    found: dict[Any, StoredFile] = {stored.pk: stored for one in held for table in one.tables for stored in table.files}
    return {
        f"files/{number}.{_ENDINGS.get(stored.content_type, 'bin')}": stored
        for number, stored in enumerate(found.values(), 1)
    }


def _plain(held: list[Held], papers: dict[str, StoredFile], at: dt.datetime) -> dict[str, Any]:
    names = {stored.pk: name for name, stored in papers.items()}
    return {
        "format": FORMAT,
        "made_at": at.isoformat(timespec="seconds"),
        "site": settings.SITE_NAME,
        "purposes": [
            {
                "id": one.purpose.id,
                "title": str(one.purpose.title),
                "basis": str(one.purpose.basis),
                "retention": str(one.purpose.retention),
                "tables": [
                    {
                        "title": table.title,
                        "head": table.head,
                        "rows": table.rows,
                        "files": [names[stored.pk] for stored in table.files],
                    }
                    for table in one.tables
                ],
            }
            for one in held
        ],
    }


def _csv(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """With a BOM; a cell that a spreadsheet would run as a formula is marked as text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([[f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row] for row in rows])
    return "\ufeff" + out.getvalue()
