"""关怀版 and the size of its letters, and a person to call on every page."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from portal.front.context import MODE_COOKIE, TEXT_COOKIE
from portal.people import preferences
from portal.people.choosing import COOKIE
from tests import worlds

pytestmark = pytest.mark.django_db


def _elder(client: Client, text: str = "") -> Client:
    client.cookies[MODE_COOKIE] = "elder"
    if text:
        client.cookies[TEXT_COOKIE] = text
    return client


def _size(client: Client, path: str = "/") -> str:
    found = re.search(r'<html[^>]*data-text="(\d+)"', client.get(path).content.decode())
    return found[1] if found else ""


# The size of the letters ---------------------------------------------------------------------------------------------


def test_a_visitor_chooses_a_size_without_an_account():
    client = _elder(worlds.client_for(None))
    assert _size(client) == "22"
    answer = client.post("/mode/", {"text": "26", "next": "/do/"})
    assert answer["Location"] == "/do/"
    assert _size(client) == "26"
    cookie = client.cookies[TEXT_COOKIE]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (365 * 24 * 60 * 60, True, "Lax")


def test_the_size_is_kept_with_the_account():
    user = worlds.account(worlds.community(), elder_mode=True)
    client = worlds.client_for(user)
    client.post("/mode/", {"text": "30"})
    user.refresh_from_db()
    assert user.elder_text == 30
    assert user.elder_mode, "the size is no switch"
    assert _size(worlds.client_for(user)) == "30", "another device of the same account"


def test_what_was_chosen_on_this_device_goes_before_the_account():
    client = _elder(worlds.client_for(worlds.account(worlds.community(), elder_text=30)), "24")
    assert _size(client) == "24"
    client.cookies[TEXT_COOKIE] = "99"
    assert _size(client) == "30"


@pytest.mark.parametrize("sent", ["", "19", "31", "21", "-22", "22.0", "x", "9" * 40, "２４"])
def test_a_size_that_is_not_offered_changes_nothing(sent):
    user = worlds.account(worlds.community(), elder_mode=True, elder_text=28)
    client = worlds.client_for(user)
    answer = client.post("/mode/", {"text": sent})
    assert answer.status_code == 302
    assert TEXT_COOKIE not in answer.cookies
    user.refresh_from_db()
    assert user.elder_text == 28


def test_pressing_twice_is_pressing_once():
    """A button sends the size that it leads to: a second press under way does not make letters bigger still."""
    client = _elder(worlds.client_for(None), "22")
    page = client.get("/").content.decode()
    bigger = re.search(r'data-bigger value="(\d+)"', page)[1]
    assert bigger == "24"
    for _press in range(2):
        client.post("/mode/", {"text": bigger})
    assert _size(client) == "24"


@pytest.mark.parametrize("size", preferences.TEXT_SIZES)
def test_the_buttons_end_where_the_sizes_end(size):
    page = _elder(worlds.client_for(None), str(size)).get("/").content.decode()
    smaller = re.search(r'data-smaller value="(\d+)"( aria-disabled="true")?', page)
    bigger = re.search(r'data-bigger value="(\d+)"( aria-disabled="true")?', page)
    assert (int(smaller[1]), bool(smaller[2])) == (max(20, size - 2), size == 20)
    assert (int(bigger[1]), bool(bigger[2])) == (min(30, size + 2), size == 30)
    assert (">已经是最小<" in page, ">已经是最大<" in page) == (size == 20, size == 30), "the reason is said"


def test_the_standard_version_has_no_sizes():
    page = worlds.client_for(None).get("/").content.decode()
    assert "data-text" not in page
    assert 'class="ease"' not in page


def test_a_size_between_two_is_shown_as_the_bigger_one():
    assert [preferences.nearest_text_size(size) for size in (1, 21, 25, 30, 99)] == [20, 22, 26, 30, 30]


def test_the_act_refuses_what_is_not_offered():
    user = worlds.account(worlds.community())
    with pytest.raises(ValueError, match="sizes of text"):
        preferences.set_elder_text(user=user, size=25)
    with pytest.raises(ValueError, match="sizes of text"):
        preferences.set_elder_text(user=user, size=300)


def test_keeping_what_is_kept_writes_nothing(django_assert_num_queries):
    user = worlds.account(worlds.community(), elder_text=24)
    with django_assert_num_queries(3):  # the savepoint, its release, one UPDATE that meets no row
        preferences.set_elder_text(user=user, size=24)


def test_opened_like_a_page_it_changes_nothing():
    answer = worlds.client_for(None).get("/mode/?text=30&mode=elder")
    assert answer.status_code == 302
    assert not answer.cookies


# A person to call ----------------------------------------------------------------------------------------------------

PAGES = (
    "/",
    "/do/",
    "/community/",
    "/privacy/",
    "/figures/",
    "/accounts/login/",
    "/accounts/signup/",
    "/nothing-here/",
)


@pytest.mark.parametrize("path", PAGES)
def test_there_is_somebody_to_call_on_every_page(path):
    home = worlds.community(phone="15400009901")
    worlds.community("向阳社区")
    client = _elder(worlds.client_for(None))
    bar = client.get(path).content.decode().split('class="bar"')[1]
    assert f'href="{reverse("front:help")}"' in bar, "no community chosen yet"
    client.cookies[COOKIE] = str(home.pk)
    bar = client.get(path).content.decode().split('class="bar"')[1]
    assert 'href="tel:15400009901"' in bar


def test_a_broken_page_keeps_the_letters_and_the_way_to_a_person():
    from django.test import RequestFactory

    from portal.front.views.errors import server_error

    request = RequestFactory().get("/")
    request.COOKIES = {MODE_COOKIE: "elder", TEXT_COOKIE: "28"}
    page = server_error(request).content.decode()
    assert 'data-mode="elder" data-text="28"' in page
    assert f'href="{reverse("front:help")}"' in page
    plain = server_error(RequestFactory().get("/")).content.decode()
    assert "data-mode" not in plain


def test_help_shows_the_chosen_community_first_and_never_a_closed_one():
    home = worlds.community(phone="15400009901", office_hours="8:30–17:30", address="月塘街道 1 号")
    worlds.community("向阳社区", phone="15400009902")
    worlds.community("筹备中社区", phone="15400009903", in_service=False)
    worlds.community("没有电话社区")
    client = worlds.client_for(None)
    page = client.get("/help/").content.decode()
    assert "先选您的社区" in page
    assert page.count('href="tel:154') == 2
    assert all(f'href="tel:{number}"' in page for number in (110, 119, 120))
    client.cookies[COOKIE] = str(home.pk)
    main = client.get("/help/").content.decode().split("<main")[1].split("</main>")[0]
    assert main.index("tel:15400009901") < main.index("tel:15400009902")
    assert "15400009903" not in main
    assert "月塘街道 1 号" in main
    assert main.count("tel:15400009901") == 1


def test_help_without_any_phone_says_where_to_go():
    worlds.community()
    worlds.community("向阳社区")
    assert "社区服务窗口" in worlds.client_for(None).get("/help/").content.decode()


def test_help_costs_the_same_however_many_communities(django_assert_max_num_queries):
    client = worlds.client_for(None)
    for number in range(50):
        worlds.community(f"第{number}社区", phone="15400009901")
    with django_assert_max_num_queries(2):
        page = client.get("/help/").content.decode()
    assert page.count('href="tel:154') == 12
    assert "更早的" in page or "下一页" in page
