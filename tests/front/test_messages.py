"""Messages: whose, how many, how they are read."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.core import clock
from portal.notices import reading
from portal.notices.models import Notice
from portal.people.models import Authorisation
from tests import worlds
from tests.wishes import scenes

pytestmark = pytest.mark.django_db

KIND, OTHER = "wishes", "people"


def _told(person, count: int = 1, **fields) -> list[Notice]:
    at = clock.now() - dt.timedelta(hours=1)
    return [
        Notice.objects.create(person=person, kind=KIND, title=f"第{number}条", at=at, **fields)
        for number in range(1, count + 1)
    ]


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
    assert 'class="badge tone--red">未读' in page
    assert f'action="/messages/{notice.pk}/"' in page
    assert client.post(f"/messages/{notice.pk}/")["Location"] == "/do/"
    notice.refresh_from_db()
    read_at = notice.read_at
    assert read_at is not None
    client.post(f"/messages/{notice.pk}/")
    notice.refresh_from_db()
    assert notice.read_at == read_at, "the first reading counts"
    assert 'class="badge tone--red">未读' not in client.get("/messages/").content.decode()


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


# By kind -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def two_kinds(reader):
    """Two unread and one read of one kind, one unread of another."""
    first, second, third = _told(reader.person, 3)
    reading.mark_read(notice=third, at=clock.now())
    other = Notice.objects.create(person=reader.person, kind=OTHER, title="别的一条", at=clock.now())
    return first, second, third, other


def test_the_tabs_are_all_unread_and_every_kind_that_one_has_something_of(reader, two_kinds):
    page = worlds.client_for(reader).get("/messages/").content.decode()
    tabs = page.split('class="tabs"')[1].split("</nav>")[0]
    for words in ("全部", "未读", "微心愿", "住处和家人"):
        assert words in tabs
    assert "工作角色" not in tabs, "of which there is nothing"
    assert tabs.count('aria-current="page"') == 1


@pytest.mark.parametrize(
    ("query", "there", "not_there"),
    [
        ("", ["第1条", "第3条", "别的一条"], []),
        ("?show=unread", ["第1条", "第2条", "别的一条"], ["第3条"]),
        (f"?kind={KIND}", ["第1条", "第3条"], ["别的一条"]),
        (f"?kind={OTHER}", ["别的一条"], ["第1条"]),
        ("?show=nonsense", ["第1条", "别的一条"], []),
    ],
)
def test_a_tab_shows_its_own(reader, two_kinds, query, there, not_there):
    page = worlds.client_for(reader).get(f"/messages/{query}").content.decode()
    assert all(words in page for words in there) and not any(words in page for words in not_there)


def test_one_kind_is_marked_and_the_others_stay(reader, two_kinds):
    *_some, other = two_kinds
    client = worlds.client_for(reader)
    page = client.get(f"/messages/?kind={KIND}").content.decode()
    assert "这一类全部已读" in page and "2 条没有读过" in page
    answer = client.post("/messages/", {"act": "read_all", "kind": KIND})
    assert answer["Location"] == f"/messages/?kind={KIND}"
    other.refresh_from_db()
    assert other.read_at is None
    assert list(Notice.objects.visible_to(reader).unread()) == [other]
    assert "这一类全部已读" not in client.get(f"/messages/?kind={KIND}").content.decode()


def test_one_is_marked_without_being_followed_and_the_list_stays_where_it_was(reader):
    notice = _told(reader.person, url="/do/")[0]
    client = worlds.client_for(reader)
    back = f"/messages/?kind={KIND}&before=99"
    answer = client.post(f"/messages/{notice.pk}/", {"act": "read", "back": back})
    assert answer["Location"] == back
    notice.refresh_from_db()
    assert notice.read_at is not None


@pytest.mark.parametrize("back", ["https://evil.example/messages/", "//evil.example/", "/me/", "javascript:alert(1)"])
def test_the_way_back_is_the_list_alone(reader, back):
    notice = _told(reader.person)[0]
    answer = worlds.client_for(reader).post(f"/messages/{notice.pk}/", {"act": "read", "back": back})
    assert answer["Location"] == "/messages/"


def test_a_list_without_a_message_says_which_and_how_to_go_on(reader, two_kinds):
    client = worlds.client_for(reader)
    assert "这里没有消息" in client.get("/messages/?kind=nowhere").content.decode()
    reading.mark_all_read(user=reader, at=clock.now())
    assert "都读过了" in client.get("/messages/?show=unread").content.decode()
    nobody = worlds.client_for(worlds.account(worlds.community())).get("/messages/").content.decode()
    assert "还没有消息" in nobody and 'class="tabs"' not in nobody


def test_paging_keeps_the_tab(reader):
    _told(reader.person, 25)
    page = worlds.client_for(reader).get(f"/messages/?kind={KIND}").content.decode()
    assert f"?kind={KIND}&amp;before=" in page
    unread = worlds.client_for(reader).get("/messages/?show=unread").content.decode()
    assert "?show=unread&amp;before=" in unread


def test_in_elder_mode_a_message_has_one_button(reader):
    _told(reader.person, url="/do/")
    client = worlds.client_for(reader)
    assert 'class="mark"' in client.get("/messages/").content.decode()
    client.cookies["mode"] = "elder"
    assert 'class="mark"' not in client.get("/messages/").content.decode()


def test_a_message_whose_matter_one_may_not_open_any_more_leads_nowhere_and_says_why(reader):
    """The elder ended the authorisation: what was told then stays, the way there does not."""
    here = scenes.scene()
    elder = here.asker.person
    tie = Authorisation.objects.create(
        principal=elder, agent=reader.person, relation="外甥女", since=dt.date(2022, 1, 1), recorded_by=here.worker
    )
    wish = scenes.ordered(here)
    url = f"/wishes/{wish.code}/"
    Notice.objects.all().delete()
    [read] = _told(reader.person, url=url)
    Notice.objects.filter(pk=read.pk).update(read_at=clock.now())
    client = worlds.client_for(reader)
    page = client.get("/messages/").content.decode()
    assert f'href="{url}"' in page and "您现在看不到了" not in page
    Authorisation.objects.filter(pk=tie.pk).update(until=dt.date(2022, 2, 2))
    page = client.get("/messages/").content.decode()
    assert f'href="{url}"' not in page and "可能代办或监护已经结束" in page
    [fresh] = _told(reader.person, url=url)
    answer = client.post(f"/messages/{fresh.pk}/", follow=True)
    assert answer.redirect_chain[-1][0] == "/messages/" and "您现在看不到了" in answer.content.decode()
    Notice.objects.create(person=reader.person, kind="offices", title="工作台的事", url="/admin/")
    assert "要有任职才能打开" in client.get("/messages/").content.decode()


def test_messages_that_lead_somewhere_cost_the_same_however_many(reader):
    here = scenes.scene()
    client = worlds.client_for(reader)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/messages/").status_code == 200
        return len(queries)

    _told(reader.person, url=f"/wishes/{scenes.ordered(here).code}/")
    one = cost()
    for _number in range(8):
        _told(reader.person, url=f"/wishes/{scenes.ordered(here).code}/")
    assert cost() == one


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


@pytest.mark.django_db
def test_what_came_after_the_page_was_opened_stays_unread() -> None:
    user = worlds.account(worlds.community())
    client = worlds.client_for(user)
    told = [Notice.objects.create(person=user.person, kind="wishes", title="有新进展") for _ in range(2)]
    page = client.get(reverse("front:messages")).content.decode()
    newest = page.split('name="newest" value="')[1].split('"')[0]
    later = Notice.objects.create(person=user.person, kind="wishes", title="又有新进展")
    client.post(reverse("front:messages"), {"act": "read_all", "newest": newest})
    assert not Notice.objects.filter(pk__in=[one.pk for one in told], read_at=None).exists()
    later.refresh_from_db()
    assert later.read_at is None
