"""Asking, deciding, building and fetching the way the desk does; an Excel read back."""

import datetime as dt
import io
import re
from typing import Any

from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from portal.backoffice.exports import asking, building, deciding
from portal.backoffice.exports.listing import Listing
from portal.backoffice.exports.sources import sources
from portal.backoffice.models import Export
from portal.core import clock, files
from portal.people.models import User

PERSON = "people.person"
BUILDING = "places.building"


def all_columns(source_id: str) -> list[str]:
    return [column.id for column in sources[source_id].columns]


def ask(user: User, source_id: str = PERSON, **how: Any) -> Export:
    """An export of the whole list, with every column, unless said otherwise."""
    values = {"wanted": Listing(), "columns": all_columns(source_id), "purpose": "核对台账", "at": clock.now(), **how}
    return asking.ask(source=sources[source_id], actor=user, **values)


def approved(user: User, by: User, source_id: str = PERSON, *, in_clear: bool = False, **how: Any) -> Export:
    export = ask(user, source_id, **how)
    deciding.approve(export=export, actor=by, at=clock.now(), whole=in_clear)
    return export


def built(user: User, by: User, source_id: str = PERSON, **how: Any) -> Export:
    """An export that is ready to be fetched."""
    export = approved(user, by, source_id, **how)
    assert building.build(export=export, at=clock.now())
    return fresh(export)


def fresh(export: Export) -> Export:
    return Export.objects.get(pk=export.pk)


def book(export: Export) -> Workbook:
    """The file of ``export``, opened."""
    with files.opened(fresh(export).file) as content:
        return load_workbook(io.BytesIO(content.read()))


def rows(export: Export) -> list[dict[str, Any]]:
    """The rows of the sheet, by head."""
    lines = list(book(export).active.iter_rows(min_row=2, values_only=True))
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def text_of(export: Export) -> str:
    """Everything that stands in the file's parts."""
    import zipfile

    with files.opened(fresh(export).file) as content, zipfile.ZipFile(io.BytesIO(content.read())) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


def ask_url(source_id: str = PERSON, query: str = "") -> str:
    return reverse("admin:backoffice_export_ask", args=[source_id]) + query


def page_url(export: Export, what: str = "change") -> str:
    return reverse(f"admin:backoffice_export_{what}", args=[export.pk])


def send(client: Client, url: str, **fields: Any) -> Any:
    """Open the asking page at ``url`` and send it."""
    opened = client.get(url)
    assert opened.status_code == 200, opened.status_code
    return client.post(url, {"once": opened.context["once"], **fields})


def fetch(client: Client, export: Export, *, token: str = "") -> Any:
    """Press the button of the export's page, whether or not it is there."""
    page = client.get(page_url(export))
    found = re.search(r'name="once" value="([^"]+)"', page.content.decode()) if page.status_code == 200 else None
    token = token or (found[1] if found else "x" * 32)
    return client.post(page_url(export, "download"), {"once": token})


def hours(count: float) -> dt.timedelta:
    return dt.timedelta(hours=count)
