"""Messages: whose, how many, how they are read."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.core import clock
from portal.notices.models import Notice
from portal.notices.telling import declare_kind, tell
from tests import worlds

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

KIND = declare_kind("front_test", "测试")


def _told(person, count: int = 1, **fields) -> list[Notice]:
    at = clock.now() - dt.timedelta(hours=1)
    return [tell(person=person, kind=KIND, title=f"第{number}条", at=at, **fields) for number in range(1, count + 1)]


@pytest.fixture
def reader():
    return worlds.account(worlds.community())


def test_messages_page_by_key_and_a_new_one_shifts_nothing(reader):
    _told(reader.person, 45)
    client = worlds.client_for(reader)
    first = client.get("/messages/").content.decode()
    assert "第45条" in first
    assert "第25条" not in first
    older = Notice.objects.order_by("-pk")[19].pk
    _told(reader.person)
    second = client.get(f"/messages/?before={older}").content.decode()
    assert "第25条" in second
    assert "第6条" in second
    assert "第26条" not in second
    assert f"before={Notice.objects.order_by('-pk')[40].pk}" in second


@pytest.mark.parametrize("query", ["before=abc", "before=-1", "after=" + "9" * 40, "before="])
def test_a_key_that_is_none_gives_a_page_all_the_same(reader, query):
    _told(reader.person)
    assert worlds.client_for(reader).get(f"/messages/?{query}").status_code == 200


def test_pressing_a_message_marks_it_as_read_and_leads_on(reader):
    notice = _told(reader.person, url="/do/")[0]
    client = worlds.client_for(reader)
    page = client.get("/messages/").content.decode()
    assert "未读" in page
    assert f'action="/messages/{notice.pk}/"' in page
    assert client.post(f"/messages/{notice.pk}/")["Location"] == "/do/"
    notice.refresh_from_db()
    read_at = notice.read_at
    assert read_at is not None
    client.post(f"/messages/{notice.pk}/")
    notice.refresh_from_db()
    assert notice.read_at == read_at, "the first reading counts"
    assert "未读" not in client.get("/messages/").content.decode()


def test_reading_the_list_marks_nothing(reader):
    notice = _told(reader.person)[0]
    worlds.client_for(reader).get("/messages/")
    notice.refresh_from_db()
    assert notice.read_at is None


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", ""])
def test_a_message_never_leads_off_the_site(reader, url):
    notice = _told(reader.person, url=url)[0]
    assert worlds.client_for(reader).post(f"/messages/{notice.pk}/")["Location"] == "/messages/"


def test_all_are_marked_at_once_and_only_ones_own(reader):
    stranger = worlds.account(worlds.community())
    _told(reader.person, 3)
    foreign = _told(stranger.person)[0]
    client = worlds.client_for(reader)
    client.post("/messages/", {"act": "read_all"})
    assert not Notice.objects.visible_to(reader).unread().exists()
    foreign.refresh_from_db()
    assert foreign.read_at is None


def test_a_foreign_message_does_not_exist(reader):
    stranger = worlds.account(worlds.community())
    foreign = _told(stranger.person)[0]
    for user in (reader, worlds.worker(worlds.community()), worlds.administrator()):
        client = worlds.client_for(user)
        assert client.post(f"/messages/{foreign.pk}/").status_code == 404
        assert "第1条" not in client.get("/messages/").content.decode()
    foreign.refresh_from_db()
    assert foreign.read_at is None
    assert worlds.client_for(reader).post(f"/messages/{'9' * 30}/").status_code == 404


def test_messages_to_a_record_merged_into_ones_own_are_ones_own(reader):
    earlier = worlds.person(reader.person.community, merged_into=reader.person)
    Notice.objects.create(person=earlier, kind=KIND, title="以前的记录", at=clock.now())
    assert "以前的记录" in worlds.client_for(reader).get("/messages/").content.decode()


def test_the_bar_counts_what_is_unread(reader):
    _told(reader.person, 2)
    assert (
        '<span class="bar__count" aria-hidden="true">2</span>' in worlds.client_for(reader).get("/do/").content.decode()
    )


def test_one_message_and_fifty_cost_the_same(reader):
    client = worlds.client_for(reader)
    _told(reader.person)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get("/messages/")
    _told(reader.person, 49)
    with CaptureQueriesContext(connection) as fifty:
        client.get("/messages/")
    assert len(fifty) == len(one) <= 7


@pytest.mark.sqlite
def test_counting_unread_ones_looks_up_the_reader_and_never_reads_every_message(reader):
    """An OR over two tables would scan them all."""
    assert "SCAN notices_notice" not in Notice.objects.visible_to(reader).unread().explain()
