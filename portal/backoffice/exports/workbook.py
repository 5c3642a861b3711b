"""The Excel file: written row by row straight into its sealed place, nothing of it lies anywhere in clear.

openpyxl's own way of writing row by row keeps the sheet in a temporary file in clear; here the sheet's rows are pulled
while its part of the archive is being written.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

LONGEST_CELL = 32_000  # Excel takes 32,767
_A4 = 9
HEAD_ROW = 2  # beneath the watermark
_TEXT, _DAY, _MOMENT = "@", 'yyyy"年"m"月"d"日"', 'yyyy"年"m"月"d"日" hh:mm'
# What a spreadsheet may take for a formula, also where blanks or marks that are not seen stand before it.
_FORMULA = re.compile(r"^[\s\u00a0\u200b-\u200f\ufeff'\"]*[=+\-@＝＋－＠−\t\r\n|%]")


@dataclass(frozen=True)
class Sheet:
    """What stands on the sheet besides its rows. ``mark`` names number, requester and date."""

    title: str
    number: str
    mark: str
    head: list[str]
    widths: list[int]


def harmless(text: str) -> str:
    """``text`` as a cell may hold it: without control characters, not too long, never a formula."""
    clean = ILLEGAL_CHARACTERS_RE.sub("", text)
    clean = re.sub("[\ud800-\udfff\ufffe\uffff]", "", clean)[:LONGEST_CELL]
    return f"'{clean}" if _FORMULA.match(clean) else clean


def write(out: BinaryIO, sheet: Sheet, rows: Iterable[list[Any]]) -> None:
    """Write the whole workbook to ``out``, which need not be able to go back. ``rows`` are asked for as they are
    written; what they raise ends the writing."""
    book = Workbook(write_only=True)
    page: Any = book.create_sheet(_sheet_name(sheet.title))
    _lay_out(page, sheet)
    about = book.properties
    about.title, about.subject, about.keywords = sheet.title, sheet.number, sheet.number
    about.creator = about.lastModifiedBy = sheet.mark
    about.description = _("内部资料，不得外传。%s") % sheet.mark
    with ZipFile(out, "w", ZIP_DEFLATED, allowZip64=True) as archive:
        _StraightWriter(book, archive, _lines(page, sheet, rows)).write_data()


class _StraightWriter(ExcelWriter):
    """Writes the one sheet's rows into the archive as they come."""

    def __init__(self, book: Workbook, archive: ZipFile, lines: Iterator[list[Any]]) -> None:
        super().__init__(book, archive)
        self._lines = lines

    def write_worksheet(self, ws: Any) -> None:
        with self._archive.open(ws.path[1:], "w", force_zip64=True) as part:
            writer = WorksheetWriter(ws, out=part)
            try:
                writer.write_top()
                stream = writer.xf.send(True)
                with stream.element("sheetData"):
                    for number, line in enumerate(self._lines, 1):
                        writer.write_row(stream, _placed(line, number), number)
                writer.xf.send(None)
                writer.write_tail()
            finally:
                writer.close()  # its closing tags go out while there is a part to write them to
        ws._rels, ws._drawing = writer._rels, None
        self.manifest.append(ws)


def _placed(line: list[Any], number: int) -> Iterator[Any]:
    for column, cell in enumerate(line, 1):
        if cell is not None:
            cell.row, cell.column = number, column
            yield cell


def _sheet_name(title: str) -> str:
    return re.sub(r"[\\/*?:\[\]']", " ", title)[:31] or "1"


def _lay_out(page: Any, sheet: Sheet) -> None:
    """Frozen head, widths, and the mark on every printed page."""
    page.freeze_panes = f"A{HEAD_ROW + 1}"
    for place, width in enumerate(sheet.widths, 1):
        page.column_dimensions[get_column_letter(place)].width = width
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", _A4
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.print_title_rows = f"1:{HEAD_ROW}"
    mark = sheet.mark.replace("&", "＆")  # in headers & begins a code
    page.oddHeader.left.text = _("内部资料，不得外传")
    page.oddHeader.right.text = mark
    page.oddFooter.left.text = mark
    page.oddFooter.right.text = _("第 &P 页，共 &N 页")


def _lines(page: Any, sheet: Sheet, rows: Iterable[list[Any]]) -> Iterator[list[Any]]:
    """The watermark, the head, and each row with the mark behind it."""
    warning = _text(page, _("内部资料，不得外传。%s") % sheet.mark)
    warning.font = Font(bold=True, color="B5321F")
    yield [warning]
    head = [_text(page, text) for text in [*sheet.head, _("导出编号")]]
    for cell in head:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E9E1D6")
        cell.alignment = Alignment(vertical="center", wrap_text=True)
    yield head
    for row in rows:
        yield [*(_cell(page, value) for value in row), _text(page, sheet.mark)]


def _text(page: Any, text: str) -> Any:
    cell = WriteOnlyCell(page)
    cell._value, cell.data_type = harmless(text), "s"  # set past openpyxl's guessing: a text is a text
    cell.number_format = _TEXT
    return cell


def _cell(page: Any, value: Any) -> Any:
    """A number as a number, a day as a day in Chinese, everything else as text; nothing for nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return _text(page, _("是") if value else _("否"))
    if isinstance(value, int | Decimal):
        return WriteOnlyCell(page, value)
    if isinstance(value, dt.datetime):
        plain = timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
        return _dated(page, plain, _MOMENT)
    if isinstance(value, dt.date):
        return _dated(page, value, _DAY)
    return _text(page, str(value)) if harmless(str(value)) else None


def _dated(page: Any, value: dt.date, number_format: str) -> Any:
    cell = WriteOnlyCell(page, value)
    cell.number_format = number_format
    return cell
