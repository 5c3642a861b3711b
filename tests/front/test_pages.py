"""The front's own pages for every kind of reader, what the shell shows, and the two choices kept in cookies."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.front.context import Place
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


@pytest.mark.parametrize(("url", "parent"), [("/mode/", "/"), ("/messages/1/", "/messages/")])
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


# The bar and small files ---------------------------------------------------------------------------------------------


def test_one_place_of_the_bar_is_marked_as_the_present_one():
    client = worlds.client_for(worlds.account(worlds.community()))
    for url, label in (("/", "首页"), ("/do/", "办事"), ("/messages/", "消息"), ("/me/data/", "我的")):
        bar = client.get(url).content.decode().split('class="bar"')[1].split("</nav>")[0]
        marked = bar.split('aria-current="page"')
        assert len(marked) == 2, url
        assert label in marked[1].split("</a>")[0]


def test_robots_keep_out_of_what_is_private():
    answer = worlds.client_for(None).get("/robots.txt")
    assert answer["Content-Type"].startswith("text/plain")
    for path in ("/admin/", "/accounts/", "/me/", "/messages/", "/files/"):
        assert f"Disallow: {path}\n" in answer.content.decode()


def test_the_icon_is_the_seal():
    assert worlds.client_for(None).get("/favicon.ico")["Location"].endswith(".svg")
