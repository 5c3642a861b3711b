"""When something does not work: Chinese, a way on, nothing leaked, for people and for programs."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from portal.front.middleware import words_for_405
from portal.front.views import pages, server_error
from tests import worlds

pytestmark = pytest.mark.django_db


def _raising(monkeypatch, error: Exception) -> Client:
    def fail(*_args, **_kwargs):
        raise error

    monkeypatch.setattr(pages, "home_figures", fail)
    worlds.community(phone="15400009900")
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("error", "status", "title"),
    [
        (SuspiciousOperation("secret-detail"), 400, "这一步没有办成"),
        (PermissionDenied("secret-detail"), 403, "这里您进不去"),
        (RuntimeError("secret-detail"), 500, "系统出了点问题"),
    ],
)
def test_each_error_has_its_words_a_way_on_and_no_cause(monkeypatch, error, status, title):
    answer = _raising(monkeypatch, error).get("/")
    page = answer.content.decode()
    assert answer.status_code == status
    assert title in page
    assert 'href="/"' in page
    assert "电话" in page
    assert f"代号 {status}" in page
    assert "secret-detail" not in page
    assert "Traceback" not in page


@pytest.mark.parametrize(
    ("error", "status"), [(SuspiciousOperation(), 400), (PermissionDenied(), 403), (RuntimeError("x"), 500)]
)
def test_a_program_gets_a_number_and_nothing_else(monkeypatch, error, status):
    answer = _raising(monkeypatch, error).get("/", headers={"accept": "application/json"})
    assert answer.status_code == status
    assert answer.json() == {"error": status}


def test_what_is_not_there_is_said_alike_to_people_and_programs():
    worlds.community(phone="15400009900")
    client = Client()
    answer = client.get("/no/such/secret-page/")
    assert answer.status_code == 404
    page = answer.content.decode()
    assert "没有找到这一页" in page
    assert "tel:15400009900" in page
    for way_back in ('value="/no/such/secret-page/"', "/accounts/login/?next=/no/such/secret-page/"):
        assert way_back in page
        page = page.replace(way_back, "")
    assert "secret-page" not in page, "only in the switch's way back and the sign-in's"
    answer = client.get("/no/such/secret-page/", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()) == (404, {"error": 404})


def test_who_is_signed_in_is_told_to_sign_in_by_no_page():
    home = worlds.community(phone="15400009900")
    known = worlds.client_for(worlds.account(home))
    for url, status in (("/no/such/page/", 404), ("/admin/", 403)):
        answer = known.get(url)
        page = answer.content.decode()
        assert answer.status_code == status
        assert "先登录" not in page and 'href="/me/"' in page and 'href="/messages/"' in page
    assert "这一页您不能看，或者已经没有了" in known.get("/no/such/page/").content.decode()
    assert "请先登录再看" in Client().get("/no/such/page/").content.decode()


def test_an_error_page_asks_nobody_for_a_database_when_ours_is_gone(monkeypatch, django_assert_num_queries):
    client = _raising(monkeypatch, RuntimeError("x"))
    with django_assert_num_queries(0):
        assert server_error(RequestFactory().get("/")).status_code == 500
    assert client.get("/").status_code == 500


@pytest.mark.parametrize("visited", [True, False])
def test_a_form_refused_for_its_token_says_how_to_send_it_again_whether_the_cookie_ran_out_or_was_never_kept(visited):
    client = Client(enforce_csrf_checks=True)
    if visited:
        client.get("/")
    answer = client.post("/mode/", {"mode": "elder", "csrfmiddlewaretoken": "x" * 64})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "开得太久" in page
    assert "返回上一页，刷新后再提交" in page
    assert "如果反复出现" in page
    assert page.index("刷新") < page.index("Cookie"), "what helps most people comes first"
    assert "代号 419" in page


def test_what_cannot_be_opened_like_that_has_our_words_and_still_says_what_it_takes():
    worlds.community(phone="15400009900")
    answer = Client().post("/do/")
    page = answer.content.decode()
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert "这一步要从按钮进" in page
    assert "tel:15400009900" in page
    assert "代号 405" in page


def test_a_program_gets_the_405_as_a_number_and_head_gets_no_words():
    answer = Client().post("/do/", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()) == (405, {"error": 405})
    answer = Client().head(reverse("account_confirm_phone"))
    assert (answer.status_code, answer.content) == (405, b"")


def test_a_405_that_has_words_of_its_own_keeps_them():
    def answers(_request):
        return HttpResponse("own words", status=405)

    assert words_for_405(answers)(RequestFactory().get("/")).content == b"own words"


def test_a_wrong_host_gets_a_page_that_needs_no_host():
    answer = Client(raise_request_exception=False).get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "evil.example" not in answer.content.decode()
