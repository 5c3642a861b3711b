"""The copy of one's data: a whole ZIP however much there is, in bounded memory, never in clear on a disk, and nothing
left of it where the download is given up."""

import io
import json
import os
import tempfile
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.core import clock, reading_out, sealed_streams
from portal.core.models import AuditEntry, StoredFile
from portal.front import own_copy
from portal.front.own_data import Whose, held_about
from portal.notices.models import Notice
from portal.people.models import Person
from tests import worlds

pytestmark = pytest.mark.django_db
MARKER = "月塘后街的暗号"


@pytest.fixture
def spools(tmp_path: Path, monkeypatch) -> Path:
    """A temporary directory of this test's own, where what is made can be looked at."""
    place = tmp_path / "spools"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


@pytest.fixture
def person() -> Person:
    found = worlds.account(worlds.community(), name="欧阳望舒").person
    assert found is not None
    return found


def told(person: Person, count: int, body: str = MARKER) -> None:
    Notice.objects.bulk_create(
        [Notice(person=person, kind="wishes", title=f"消息之{number}号", body=body) for number in range(count)],
        batch_size=1000,
    )


def held(person: Person) -> Any:
    return held_about(Whose(person, person.user, child=False), most=None)


def built(person: Person) -> tuple[bytes, int]:
    copy, size = own_copy.build(held(person), at=clock.now())
    with copy:
        return copy.read(), size


def _open_spools(place: Path) -> list[Path]:
    """What this process holds open below ``place``, named or not."""
    links = Path("/proc/self/fd").iterdir()
    return [link for link in links if os.path.lexists(link) and str(place) in str(link.readlink())]


def test_it_is_whole_and_has_the_size_that_it_says(person, spools):
    told(person, 3)
    content, size = built(person)
    assert len(content) == size
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    data = json.loads(archive.read("data.json"))
    assert json.dumps(data, ensure_ascii=False).count(MARKER) == 3
    assert archive.read("index.html").decode().rstrip().endswith("</html>")
    assert not list(spools.iterdir())


def test_nothing_of_it_lies_in_clear_while_it_is_made_and_handed_out(person, spools, monkeypatch):
    """What is written to the disk is looked at at every frame: no word and no name of a file of it."""
    monkeypatch.setattr(own_copy, "COMPRESSION", zipfile.ZIP_STORED)  # a control could not read what is compressed
    told(person, 40, MARKER * 400)
    lain: list[bytes] = []
    seal = sealed_streams.Sealing._seal

    def watched(self: Any, piece: bytes, *, last: bool) -> None:
        seal(self, piece, last=last)
        self._box.flush()
        lain.extend(link.read_bytes() for link in _open_spools(spools))

    monkeypatch.setattr(sealed_streams.Sealing, "_seal", watched)
    copy, size = own_copy.build(held(person), at=clock.now())
    assert size > 5 * 1024 * 1024 // 8
    with copy:
        copy.read(100_000)
        lain.extend(link.read_bytes() for link in _open_spools(spools))
        rest = copy.read()
    assert lain and max(map(len, lain)) >= size, "the control: it is there, sealed"
    for secret in (MARKER, person.name, "data.json", "index.html"):
        assert not any(secret.encode() in content for content in lain)
    assert MARKER.encode() in rest, "the control: it would have been found in clear"
    assert not list(spools.iterdir())


def test_nothing_is_left_of_what_was_given_up(person, spools):
    told(person, 40, MARKER * 400)
    client = worlds.client_for(person.user)
    client.post(reverse("account_reauthenticate"), {"password": worlds.PASSWORD})
    answer = client.post("/me/data/export/")
    assert answer.status_code == 200
    first = next(iter(answer.streaming_content))
    assert len(first) < int(answer["Content-Length"]), "what was cut off is seen to be"
    assert _open_spools(spools)
    answer.close()
    assert not _open_spools(spools)
    assert not list(spools.iterdir())


def test_nothing_is_left_of_what_could_not_be_made(person, spools, monkeypatch):
    def broken(*_args: Any) -> Any:
        raise OSError

    monkeypatch.setattr(own_copy, "_csv", broken)
    with pytest.raises(OSError, match=r"^$"):
        own_copy.build(held(person), at=clock.now())
    assert not _open_spools(spools)
    assert not list(spools.iterdir())


def test_a_long_record_is_read_a_chunk_a_time(person, monkeypatch):
    """Every row is there once, in every form of the copy, in its order; what arrives meanwhile shifts nothing."""
    monkeypatch.setattr(reading_out, "CHUNK", 10)
    told(person, 35)
    AuditEntry.objects.bulk_create(
        AuditEntry(verb="person.contact_shown", subject_type="people.person", subject_id=person.pk) for _ in range(25)
    )
    whole = held(person)
    told(person, 1, "后来的")
    tables = {table.title: table for one in whole for table in one.tables}
    rows = list(tables["消息"].rows)
    assert [row[2] for row in rows] == [f"消息之{number}号" for number in reversed(range(35))]
    assert list(tables["消息"].rows) == rows, "gone through a second time"
    assert tables["消息"].total == 35
    assert len(list(tables["谁看过完整的电话和住址"].rows)) == 25
    copy, _size = own_copy.build(whole, at=clock.now())
    with copy:
        archive = zipfile.ZipFile(io.BytesIO(copy.read()))
    for name in ("index.html", "data.json", next(one for one in archive.namelist() if "notices.messages" in one)):
        assert archive.read(name).decode("utf-8-sig").count("消息之") == 35


def test_a_chunk_ends_among_equal_moments(monkeypatch):
    """Files are in the order of their moment, and many have the same."""
    monkeypatch.setattr(reading_out, "CHUNK", 4)
    owner, now = worlds.account(worlds.community()), clock.now()
    StoredFile.objects.bulk_create(
        StoredFile(kind="tests.paper", content=f"x/{number}", content_type="image/webp", size=number, sha256="",
                   owner_id=owner.pk, created_at=now)
        for number in range(11)
    )  # fmt: skip
    rows = StoredFile.objects.filter(owner_id=owner.pk).order_by("-created_at", "-pk")
    [table] = reading_out.table("文件", ("大小",), rows, lambda row: (str(row.size),), None)
    assert sorted(int(size) for (size,) in table.rows) == list(range(11))


def test_what_has_no_order_by_key_is_no_long_table(person, monkeypatch):
    monkeypatch.setattr(reading_out, "CHUNK", 4)
    told(person, 9)
    with pytest.raises(ValueError, match="by key"):
        reading_out.table("消息", ("标题",), Notice.objects.order_by("title"), lambda row: (row.title,), None)


def test_memory_does_not_grow_with_what_there_is(person, monkeypatch):
    """Twenty times as many rows take no more memory at their peak."""
    monkeypatch.setattr(reading_out, "CHUNK", 50)

    def peak() -> int:
        tracemalloc.start()
        copy, _size = own_copy.build(held(person), at=clock.now())
        copy.close()
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    told(person, 100, MARKER * 20)
    peak()
    few = peak()
    told(person, 1900, MARKER * 20)
    assert peak() < few + 512 * 1024


def test_parts_of_one_table_are_read_in_one_query(person):
    """Families, consents, looks: what stands in several tables of the page is one question, and says how many."""
    AuditEntry.objects.bulk_create(
        AuditEntry(verb=verb, subject_type="people.person", subject_id=person.pk)
        for verb in ("person.contact_shown", "person.contact_changed")
        for _ in range(12)
    )
    with CaptureQueriesContext(connection) as queries:
        shown = held_about(Whose(person, person.user, child=False), most=8)
    tables = {table.title: table for one in shown for table in one.tables}
    for title in ("谁看过完整的电话和住址", "本人以外，谁对这份登记做过什么"):
        assert (len(list(tables[title].rows)), tables[title].total) == (8, 12)
    about = [one for one in queries if '"core_auditentry"' in one["sql"] and "ROW_NUMBER" in one["sql"]]
    assert len(about) == 1


def test_the_directory_of_the_copy_is_the_systems_own():
    """Nothing of a copy lies below what the site serves or keeps."""
    assert not Path(tempfile.gettempdir()).resolve().is_relative_to(Path(settings.MEDIA_ROOT).resolve())
