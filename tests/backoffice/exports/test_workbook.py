"""The file: masked, marked on every row, nothing in it that a spreadsheet would carry out, nothing of it in clear."""

import datetime as dt
import io
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from portal.backoffice.exports import workbook
from portal.backoffice.exports.sources import Column, hidden, sources
from portal.core import clock, files
from portal.core.masking import mask_id_number, mask_name, mask_phone
from portal.core.models import AuditEntry
from portal.core.templating import date_cn
from portal.people.contacting import CONTACT_SHOWN
from services.wishes.models import ContactReveal
from tests import worlds
from tests.wishes import scenes

from . import desk

MARK = "导2026-0001 袁家湾社区 龙小满 2026年11月24日"
SHEET = workbook.Sheet("人员", "导2026-0001", MARK, ["甲", "乙"], [14, 14, 60])
PHONES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
NUMBERS = st.from_regex(r"[1-8][0-9]{16}[0-9X]", fullmatch=True)


def opened(*rows: list) -> list[tuple]:
    """The cells of the rows, read back."""
    out = io.BytesIO()
    workbook.write(out, SHEET, rows)
    return list(load_workbook(io.BytesIO(out.getvalue())).active.iter_rows(min_row=3))


# Formulas ------------------------------------------------------------------------------------------------------------

FORMULAS = (
    "=1+1",
    "+86",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =HYPERLINK(1)",
    "'=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "\u200b=1",
    "=cmd|' /C calc'!A0",
    "%0a=1",
    "|x",
)


@pytest.mark.parametrize("text", FORMULAS)
def test_what_looks_like_a_formula_is_words(text):
    ((cell, *_others),) = opened([text, "x"])
    assert cell.data_type == "s"
    assert cell.value.startswith("'")
    assert cell.number_format == "@"


@given(text=st.text(max_size=80))
@settings(deadline=None, max_examples=150)
def test_whatever_was_typed_is_words_and_comes_back(text):
    ((cell, *_others),) = opened([text, "x"])
    if cell.value is None:
        assert not workbook.harmless(text), "there was nothing to show"
        return
    assert cell.data_type == "s", "never a formula, never an error value"
    kept = workbook.harmless(text).replace("\r\n", "\n").replace("\r", "\n")
    assert cell.value.replace("\r\n", "\n").replace("\r", "\n") == kept
    assert kept.lstrip()[:1] not in set("=+-@＝＋－＠")


def test_numbers_of_people_are_text_and_days_are_days():
    moment = dt.datetime(2026, 1, 1, 3, tzinfo=dt.UTC)
    (line,) = opened(["430202194903071235", dt.date(2026, 3, 2), moment, 7, None, True, "#N/A"])
    number, day, time, count, nothing, yes, error, mark = line
    assert (number.value, number.data_type, number.number_format) == ("430202194903071235", "s", "@")
    assert (day.value.date(), day.number_format) == (dt.date(2026, 3, 2), 'yyyy"年"m"月"d"日"')
    assert f"{time.value}" == "2026-01-01 11:00:00", "in the site's own time"
    assert (count.value, count.data_type) == (7, "n")
    assert (nothing.value, yes.value) == (None, "是")
    assert (error.value, error.data_type) == ("#N/A", "s")
    assert mark.value == MARK


def test_the_mark_is_everywhere():
    out = io.BytesIO()
    workbook.write(out, SHEET, [["a", "b"], ["c", "d"]])
    book = load_workbook(io.BytesIO(out.getvalue()))
    page = book.active
    assert page["A1"].value == f"内部资料，不得外传。{MARK}"
    assert [cell.value for cell in page[2]] == ["甲", "乙", "导出编号"]
    assert [row[-1].value for row in page.iter_rows(min_row=3)] == [MARK, MARK]
    assert (page.oddHeader.right.text, page.oddFooter.left.text) == (MARK, MARK)
    assert (page.freeze_panes, page.print_title_rows) == ("A3", "$1:$2")
    assert (book.properties.creator, book.properties.subject) == (MARK, "导2026-0001")
    assert page.column_dimensions["A"].width == 14


def test_a_long_list_takes_no_more_memory_than_a_short_one(tmp_path):
    def peak(count: int) -> int:
        with (tmp_path / "out").open("wb") as out:
            tracemalloc.start()
            workbook.write(out, SHEET, ([f"第{i}行", i] for i in range(count)))
            highest = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return highest

    assert peak(4000) < peak(400) * 1.5 + 200_000


# Masks ---------------------------------------------------------------------------------------------------------------


@given(name=st.text(min_size=2, max_size=12), phone=PHONES, number=NUMBERS)
def test_masks_hide(name, phone, number):
    assert mask_name(name)[1:] == "*" * (len(name) - 1)
    assert mask_phone(phone) == f"{phone[:3]}****{phone[-4:]}"
    assert mask_id_number(number)[4:-4] == "*" * 10
    assert hidden(name) == "***"


@given(text=st.text(min_size=1, max_size=40) | PHONES | NUMBERS)
def test_no_mask_of_any_list_shows_the_whole(text):
    for source in sources:
        for column in source.columns:
            if column.masked is not None:
                same = replace(column, value=lambda _obj: text)
                assert same.shown(None, whole=True) == text
                assert same.shown(None, whole=False) != text or text == hidden(text), (source.id, column.id)


def test_what_is_personal_has_its_mask_and_what_is_not_has_none():
    with pytest.raises(ValueError, match="has its mask"):
        Column("name", "姓名", str, personal=True)
    with pytest.raises(ValueError, match="has its mask"):
        Column("code", "编号", str, masked=hidden)


# What stands in the file ----------------------------------------------------------------------------------------------

NAME, PHONE, STREET = "欧阳望江", "15400009876", "月塘后街七十三号"


@pytest.fixture
def known(here):
    return worlds.person(here.community, name=NAME, contact_phone=PHONE, address=STREET, birth_date="1949-03-07")


@pytest.mark.django_db
def test_masked_unless_said_otherwise(here, known):
    export = desk.built(here.worker, here.head)
    row = next(row for row in desk.rows(export) if row["姓名"].startswith("欧"))
    assert (row["姓名"], row["联系电话"], row["住址"]) == ("欧***", "154****9876", "***")
    assert row["出生日期"] == "1949年"
    assert not [word for word in (NAME, PHONE, STREET) if word in desk.text_of(export)]
    assert not AuditEntry.objects.filter(verb=CONTACT_SHOWN).exists()


@pytest.mark.django_db
def test_asked_for_in_clear_and_approved_masked_is_masked(here, known):
    export = desk.built(here.worker, here.head, whole=["contact_phone"], whole_reason="要打电话")
    assert PHONE not in desk.text_of(export)


@pytest.mark.django_db
def test_what_was_approved_in_clear_is_and_nothing_else_and_the_person_reads_it(here, known):
    export = desk.built(here.worker, here.head, whole=["contact_phone"], whole_reason="要打电话", in_clear=True)
    text = desk.text_of(export)
    assert PHONE in text
    assert not [word for word in (NAME, STREET) if word in text]
    looks = AuditEntry.objects.filter(verb=CONTACT_SHOWN, subject_id=known.pk)
    assert [look.actor_id for look in looks] == [here.worker.pk]


@pytest.mark.django_db
def test_a_name_alone_in_clear_is_no_look_at_the_contact(here, known):
    desk.built(here.worker, here.head, whole=["name"], whole_reason="要核对", in_clear=True)
    assert not AuditEntry.objects.filter(verb=CONTACT_SHOWN).exists()


@pytest.mark.django_db
def test_the_requester_of_a_wish_reads_who_took_the_contact_along():
    here = scenes.scene()
    wish = scenes.ordered(here, contact_phone=PHONE)
    how = {"whole": ["contact_phone"], "whole_reason": "要打电话", "in_clear": True}
    export = desk.built(here.worker, worlds.head(here.community), "wishes.wish", **how)
    assert PHONE in desk.text_of(export)
    reveal = ContactReveal.objects.get()
    assert (reveal.wish, reveal.viewer, reveal.part) == (wish, here.worker, "staff")


@pytest.mark.django_db
def test_the_mark_of_a_real_file_names_number_requester_and_date(here, known):
    export = desk.built(here.worker, here.head)
    mark = f"{export.number} {here.community.name} {here.worker} {date_cn(clock.today())}"
    assert {row["导出编号"] for row in desk.rows(export)} == {mark}


@pytest.mark.django_db
def test_nothing_of_the_file_lies_anywhere_in_clear(here, known, settings, tmp_path, monkeypatch):
    place, scratch = tmp_path / "media", tmp_path / "scratch"
    scratch.mkdir()
    default = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(place)}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    monkeypatch.setattr(files, "HELD_IN_MEMORY", 1)
    seen: list[bytes] = []
    harmless = workbook.harmless

    def look_around(text: str) -> str:
        seen.extend(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
        return harmless(text)

    monkeypatch.setattr(workbook, "harmless", look_around)
    export = desk.built(here.worker, here.head, whole=["name", "contact_phone"], whole_reason="要打电话", in_clear=True)
    assert NAME in desk.text_of(export)
    kept = b"".join(path.read_bytes() for path in place.rglob("*") if path.is_file())
    assert kept
    assert not list(Path(scratch).iterdir())
    for word in (NAME.encode(), PHONE.encode(), b"PK\x03\x04", b"xl/worksheets"):
        assert word not in kept
        assert not [held for held in seen if word in held]
