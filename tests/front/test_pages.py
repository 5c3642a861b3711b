"""The front's own pages for every kind of reader, what the shell shows, and the two choices kept in cookies."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.core.registries import tiles
from portal.front.context import Place
from portal.people.choosing import COOKIE
from portal.places.models import Area, Level
from tests import worlds

pytestmark = pytest.mark.django_db

OPEN = ("front:home", "front:do", "front:community", "front:figures", "front:open_figures", "front:privacy")
OWN = ("front:messages", "front:me", "front:my_data")


def _readers() -> dict[str, Client]:
    home = worlds.community()
    return {
        "anonymous": worlds.client_for(None),
        "resident": worlds.client_for(worlds.account(home)),
        "worker": worlds.client_for(worlds.worker(home)),
        "supervisor": worlds.client_for(worlds.supervisor(home)),
        "administrator": worlds.client_for(worlds.administrator()),
    }


@pytest.mark.parametrize("name", OPEN)
def test_everybody_reads_the_open_pages(name):
    for reader, client in _readers().items():
        answer = client.get(reverse(name))
        assert answer.status_code == 200, reader
        assert "Cookie" in answer["Vary"]
        assert "ETag" not in answer
        assert "Last-Modified" not in answer


@pytest.mark.parametrize("name", OWN)
def test_own_pages_ask_a_stranger_to_sign_in_and_come_back(name):
    for reader, client in _readers().items():
        answer = client.get(reverse(name))
        if reader == "anonymous":
            assert answer.status_code == 302
            assert answer["Location"] == f"{reverse('account_login')}?next={reverse(name)}"
        else:
            assert answer.status_code == 200, reader
            assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(("url", "parent"), [("/mode/", "/"), ("/me/sms/", "/me/"), ("/messages/1/", "/messages/")])
def test_what_a_button_sends_to_leads_to_its_page_when_opened_and_changes_nothing(url, parent):
    """Sign-in sends people there when their session ended under the button."""
    user = worlds.account(worlds.community(), elder_mode=True)
    answer = worlds.client_for(user).get(url, {"mode": "standard", "sms": "on"})
    assert (answer.status_code, answer["Location"]) == (302, parent)
    assert not answer.cookies
    before = (user.elder_mode, user.sms_notices)
    user.refresh_from_db()
    assert (user.elder_mode, user.sms_notices) == before


@pytest.mark.parametrize(("count", "shown"), [(0, ""), (1, "1"), (99, "99"), (100, "99+"), (4321, "99+")])
def test_a_badge_says_a_number_that_fits_on_an_icon(count, shown):
    assert Place("消息", "/messages/", False, "bell", count).badge == shown


def test_a_visitor_finds_sign_in_on_the_home_page_and_somebody_signed_in_does_not():
    home = worlds.community()
    assert 'class="entry"' in worlds.client_for(None).get("/").content.decode()
    assert 'class="entry"' not in worlds.client_for(worlds.account(home)).get("/").content.decode()


# The community -------------------------------------------------------------------------------------------------------


def test_the_only_open_community_is_taken_for_granted():
    home = worlds.community(phone="15400009900")
    answer = worlds.client_for(None).get("/")
    assert home.name in answer.content.decode()
    assert "tel:15400009900" in answer.content.decode()


def test_with_two_communities_a_visitor_is_asked_and_a_resident_is_at_home():
    home, _other = worlds.community(), worlds.community("向阳社区")
    assert "选择我的社区" in worlds.client_for(None).get("/").content.decode()
    assert home.name in worlds.client_for(worlds.account(home)).get("/").content.decode()


def test_a_choice_is_remembered_for_a_year_and_goes_before_ones_own_community():
    home, other = worlds.community(), worlds.community("向阳社区")
    client = worlds.client_for(worlds.account(home))
    answer = client.post("/community/", {"community": other.pk, "next": "/do/"})
    assert answer["Location"] == "/do/"
    cookie = answer.cookies[COOKIE]
    assert (cookie.value, cookie["max-age"], cookie["samesite"], cookie["httponly"]) == (
        str(other.pk),
        365 * 24 * 60 * 60,
        "Lax",
        True,
    )
    assert other.name in client.get("/").content.decode()


@pytest.mark.parametrize("value", ["0", "-1", "abc", "1' OR '1'='1", "1" * 30, ""])
def test_a_cookie_that_names_no_community_is_ignored(value):
    worlds.community()
    worlds.community("向阳社区")
    client = worlds.client_for(None)
    client.cookies[COOKIE] = value
    assert "选择我的社区" in client.get("/").content.decode()


@pytest.mark.parametrize("value", ["", "x", "99999999", "9" * 30, "-1"])
def test_a_choice_of_no_community_is_said_and_not_remembered(value):
    worlds.community()
    client = worlds.client_for(None)
    answer = client.post("/community/", {"community": value})
    assert answer["Location"] == "/community/"
    assert COOKIE not in answer.cookies
    assert "没有找到这个社区" in client.get("/community/").content.decode()


def test_a_community_that_is_not_in_service_cannot_be_chosen():
    closed = worlds.area(Level.COMMUNITY, "筹备中社区", worlds.subdistrict(), in_service=False)
    worlds.community()
    client = worlds.client_for(None)
    assert closed.name not in client.get("/community/").content.decode()
    assert COOKIE not in client.post("/community/", {"community": closed.pk}).cookies


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http:///evil.example", ""],
)
def test_nobody_is_sent_off_the_site(target):
    home = worlds.community()
    client = worlds.client_for(None)
    assert client.post("/community/", {"community": home.pk, "next": target})["Location"] == "/"
    assert client.post("/mode/", {"mode": "elder", "next": target})["Location"] == "/"
    assert '<input type="hidden" name="next" value="/">' in client.get("/community/", {"next": target}).content.decode()


def test_many_communities_cost_no_more_queries_than_two(django_assert_num_queries):
    worlds.community()
    worlds.community("向阳社区", parent=worlds.subdistrict("桂花街道"))
    client = worlds.client_for(None)
    with django_assert_num_queries(2):
        client.get("/community/")
    for number in range(50):
        worlds.community(f"第{number}社区", parent=worlds.subdistrict(f"第{number % 7}街道"))
    with django_assert_num_queries(2):
        client.get("/community/")


# 关怀版 --------------------------------------------------------------------------------------------------------------


def _is_elder(answer) -> bool:
    return 'data-mode="elder"' in answer.content.decode()


def test_the_switch_is_kept_on_the_device_and_with_the_account():
    user = worlds.account(worlds.community())
    client = worlds.client_for(user)
    assert not _is_elder(client.get("/"))
    client.post("/mode/", {"mode": "elder", "next": "/me/"})
    assert _is_elder(client.get("/"))
    user.refresh_from_db()
    assert user.elder_mode
    assert _is_elder(worlds.client_for(user).get("/")), "another device of the same account"
    client.post("/mode/", {"mode": "standard"})
    assert not _is_elder(client.get("/"))
    user.refresh_from_db()
    assert not user.elder_mode


def test_what_was_chosen_on_this_device_goes_before_the_account():
    user = worlds.account(worlds.community(), elder_mode=True)
    client = worlds.client_for(user)
    client.cookies["mode"] = "standard"
    assert not _is_elder(client.get("/"))
    client.cookies["mode"] = "nonsense"
    assert _is_elder(client.get("/"))


def test_a_visitor_switches_without_an_account():
    client = worlds.client_for(None)
    client.post("/mode/", {"mode": "elder"})
    assert _is_elder(client.get("/"))


# Home and 办事 -------------------------------------------------------------------------------------------------------


def test_every_tile_leads_somewhere_and_stands_under_its_situation():
    worlds.community()
    client = worlds.client_for(worlds.account(Area.objects.communities().first()))
    page = client.get("/do/").content.decode().split("<main")[1]
    for tile in tiles:
        assert f'href="{reverse(tile.url_name)}"' in page
        assert page.index(str(tile.situation)) < page.index(str(tile.label))
        assert client.get(reverse(tile.url_name), follow=True).status_code == 200


def test_one_place_of_the_bar_is_marked_as_the_present_one():
    client = worlds.client_for(worlds.account(worlds.community()))
    for url, label in (("/", "首页"), ("/do/", "办事"), ("/messages/", "消息"), ("/me/data/", "我的")):
        bar = client.get(url).content.decode().split('class="bar"')[1].split("</nav>")[0]
        marked = bar.split('aria-current="page"')
        assert len(marked) == 2, url
        assert label in marked[1].split("</a>")[0]


def test_home_costs_the_same_however_much_there_is(django_assert_max_num_queries):
    home = worlds.community()
    client = worlds.client_for(None)
    client.cookies[COOKIE] = str(home.pk)
    with django_assert_max_num_queries(6):
        client.get("/")


def test_robots_keep_out_of_what_is_private():
    answer = worlds.client_for(None).get("/robots.txt")
    assert answer["Content-Type"].startswith("text/plain")
    for path in ("/admin/", "/accounts/", "/me/", "/messages/", "/files/"):
        assert f"Disallow: {path}\n" in answer.content.decode()


def test_the_icon_is_the_seal():
    assert worlds.client_for(None).get("/favicon.ico")["Location"].endswith(".svg")
