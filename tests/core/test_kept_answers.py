"""A refused form is led to by GET and stands there for a while: for its own session, for who still has the page."""

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.test import Client
from django.urls import reverse
from redis.exceptions import ConnectionError as CacheGone

from portal.core import kept_answers
from portal.core.models import StoredFile
from portal.people.models import Residency, Role, User
from services.wishes.models import ContactReveal, Wish
from tests import worlds
from tests.people import walks
from tests.wishes import scenes

pytestmark = pytest.mark.django_db
PAGE = {"Sec-Fetch-Mode": "navigate", "Accept": "text/html"}
PDF = b"%PDF-1.7\n%%EOF"
NAME, PHONE, WORDS = "欧阳望舒", "15400009876", "月塘后街七十三号二单元"


def browser(user: User | None = None, **options: Any) -> Client:
    """A client that says of itself what a browser says when it goes from page to page."""
    return worlds.client_for(user, headers=PAGE, **options)


@pytest.fixture
def home() -> Any:
    return worlds.community()


@pytest.fixture
def asker(home: Any) -> User:
    return worlds.account(home)


CONTACT = "/me/profile/contact/"


def refused(client: Client, path: str = CONTACT, **data: Any) -> str:
    """Send what is refused; the address that it leads to."""
    answer = client.post(path, data or {"contact_phone": "12", "address": WORDS})
    assert answer.status_code == 303, answer.status_code
    return answer["Location"]


def in_cache() -> str:
    return str(getattr(cache, "_cache"))  # noqa: B009  (the memory itself, as it lies there)


# What is kept, and for whom ------------------------------------------------------------------------------------------


def test_the_refused_page_stands_at_an_address_of_its_own(asker: User) -> None:
    client = browser(asker)
    way = refused(client)
    assert re.fullmatch(rf"{CONTACT}\?answer=[\w-]{{16}}", way)
    for _time in range(2):
        page = client.get(way)
        assert page.status_code == 200 and page["Cache-Control"] == "private, no-store"
        assert "Content-Security-Policy" in page and page["Content-Type"].startswith("text/html")
        body = page.content.decode()
        assert WORDS in body and 'value="12"' in body and "error" in body
        assert way.partition("=")[2] not in body, "no form, link or button carries the key on"


def test_what_is_no_page_of_a_browser_is_answered_as_ever(asker: User) -> None:
    data = {"contact_phone": "12"}
    assert worlds.client_for(asker).post(CONTACT, data).status_code == 422
    assert browser(asker).post(CONTACT, data, headers={"HX-Request": "true"}).status_code == 422
    assert browser(asker).post(CONTACT, data, headers={"Sec-Fetch-Mode": "cors"}).status_code == 422
    by_script = {"Sec-Fetch-Mode": "cors", kept_answers.BY_SCRIPT: "1"}
    assert browser(asker).post(CONTACT, data, headers=by_script).status_code == 303


def test_another_session_has_no_part_in_it(asker: User, home: Any) -> None:
    way = refused(browser(asker))
    for other in (browser(asker), browser(worlds.account(home)), browser()):
        answer = other.get(way)
        assert (answer.status_code, answer["Location"]) == (302, CONTACT)


def test_signing_out_or_in_leaves_it_behind(asker: User) -> None:
    client = browser(asker)
    way = refused(client)
    old = client.cookies["portal_session"].value
    client.post(reverse("account_logout"))
    assert client.get(way)["Location"] == CONTACT
    client.cookies["portal_session"] = old  # the cookie of a session that was ended opens nothing
    assert client.get(way)["Location"] == CONTACT

    visitor = browser()
    way = refused(visitor, reverse("account_login"), login=asker.phone, password="not-this-one")
    assert visitor.get(way).status_code == 200
    walks.sign_in_by_password(visitor, asker.phone)
    assert walks.is_signed_in(visitor)
    assert visitor.get(way)["Location"] == reverse("account_login")


def test_it_lasts_half_an_hour(asker: User, time_machine: Any) -> None:
    now = dt.datetime(2026, 11, 20, 4, 0, tzinfo=dt.UTC)
    time_machine.move_to(now, tick=False)
    client = browser(asker)
    way = refused(client)
    time_machine.move_to(now + kept_answers.KEPT - dt.timedelta(seconds=1), tick=False)
    assert client.get(way).status_code == 200
    time_machine.move_to(now + kept_answers.KEPT, tick=False)
    assert client.get(way)["Location"] == CONTACT


def test_it_is_of_its_own_address_alone(asker: User) -> None:
    client = browser(asker)
    key = refused(client).partition("=")[2]
    answer = client.get(f"/me/profile/?answer={key}")
    assert (answer.status_code, answer["Location"]) == (302, "/me/profile/")
    assert client.get("/me/profile/?answer=")["Location"] == "/me/profile/"
    assert client.get("/wishes/?kind=3&answer=x&state=open")["Location"] == "/wishes/?kind=3&state=open"


def test_who_has_the_page_no_more_gets_what_it_says_now(home: Any) -> None:
    worker = worlds.worker(home)
    wish = scenes.ordered(scenes.Scene(home, worker, worlds.account(home), worlds.volunteer(home)))
    client = browser(worker)
    path = reverse("admin:wishes_wish_act", args=[wish.pk, "decline"])
    way = refused(client, path, once="x" * 20, reason="")
    kept = client.get(way)
    assert kept.status_code == 200 and "理由只给提出心愿的人看" in kept.content.decode()
    wish.state = "withdrawn"
    wish.save()
    done = client.get(way)
    assert done.status_code == 302 and "answer" not in done["Location"], "done meanwhile: back to the row, with a word"
    Role.objects.filter(user=worker).delete()
    assert client.get(way).status_code in {302, 403, 404}
    assert "理由只给提出心愿的人看" not in client.get(way).content.decode()


def test_no_more_than_ten_of_a_session(asker: User) -> None:
    client = browser(asker)
    ways = [refused(client) for _time in range(kept_answers.MOST + 2)]
    assert [client.get(way).status_code for way in ways] == [302, 302, *[200] * kept_answers.MOST]


# What is not kept ----------------------------------------------------------------------------------------------------


def test_the_answer_to_a_recorded_look_is_that_answer_alone(home: Any) -> None:
    here = scenes.Scene(home, worlds.worker(home), worlds.account(home), worlds.volunteer(home))
    wish = scenes.claimed(here)
    helper = browser(here.helper)
    for path in (reverse("wishes:contact", args=[wish.code]), reverse("wishes:sheet", args=[wish.code])):
        shown = helper.post(path, {"once": "y" * 20})
        assert shown.status_code == 200 and wish.contact_phone in shown.content.decode()
    assert ContactReveal.objects.count() == 2
    office = browser(here.worker)
    shown = office.post(reverse("wishes:sheet", args=[wish.code]), {"once": "z" * 20, "reason": "上门前核对"})
    assert shown.status_code == 200 and wish.contact_phone in shown.content.decode()
    assert "kept_answer" not in in_cache()
    way = refused(office, reverse("wishes:sheet", args=[wish.code]), once="q" * 20, reason="")
    assert wish.contact_phone not in office.get(way).content.decode()


def test_a_desk_page_that_shows_a_contact_is_not_kept(home: Any) -> None:
    here = scenes.Scene(home, worlds.worker(home), worlds.account(home), worlds.volunteer(home))
    wish = scenes.ordered(here)
    path = reverse("admin:wishes_wish_act", args=[wish.pk, "contact"])
    shown = browser(here.worker).post(path, {"once": "x" * 20, "reason": "核对地址"})
    assert shown.status_code == 200 and wish.contact_phone in shown.content.decode()
    assert "kept_answer" not in in_cache()


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (HttpResponse(status=422), True),
        (HttpResponse(status=409), True),
        *((HttpResponse(status=status), False) for status in (200, 302, 400, 403, 404, 405, 419, 429, 500)),
    ],
)
def test_what_is_a_refusal(answer: HttpResponse, expected: bool) -> None:
    assert kept_answers.is_refusal(answer) is expected


def test_what_a_template_was_given_says_so_too() -> None:
    class Form:
        def __init__(self, is_bound: bool, errors: dict[str, str]) -> None:
            self.is_bound, self.errors = is_bound, errors

    def says(**given: Any) -> bool:
        return kept_answers.is_refusal(TemplateResponse(None, "none.html", given))

    assert says(errors=["x"]) and says(form=Form(True, {"a": "b"}))
    assert not says(errors=[]) and not says(form=Form(True, {})) and not says(form=Form(False, {"a": "b"}))
    assert not says(form="text") and not says()


def test_what_is_too_big_or_no_page_is_answered_as_ever(asker: User, monkeypatch: Any) -> None:
    monkeypatch.setattr(kept_answers, "MOST_BYTES", 1000)
    answer = browser(asker).post(CONTACT, {"contact_phone": "12"})
    assert answer.status_code == 422 and "kept_answer" not in in_cache()


def test_beyond_the_bound_of_one_address_on_the_net_it_is_answered_as_ever(asker: User, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, kept_answers.RATE: "2/30m/ip"}
    client = browser(asker)
    assert [client.post(CONTACT, {"contact_phone": "12"}).status_code for _time in range(3)] == [303, 303, 422]


@pytest.mark.parametrize("call", ["set", "get"])
def test_a_cache_that_fails_takes_nothing_away(asker: User, monkeypatch: Any, caplog: Any, call: str) -> None:
    client = browser(asker)
    way = refused(client)

    def gone(*_args: Any, **_kwargs: Any) -> None:
        raise CacheGone("redis://:secret@cache.example.com is gone")

    monkeypatch.setattr("django.core.cache.backends.locmem.LocMemCache." + call, gone)
    assert client.post(CONTACT, {"contact_phone": "12", "address": WORDS}).status_code == 422
    if call == "get":
        assert client.get(way)["Location"] == CONTACT
    assert "could not be kept" in caplog.text
    assert WORDS not in caplog.text and "secret" not in caplog.text


def test_one_whose_sealing_key_was_taken_away_is_gone(settings: Any) -> None:
    client = browser()
    way = refused(client, reverse("account_login"), login=PHONE, password="no")
    settings.SEALED_KEYS = "other1:dGVzdHMtb3RoZXIta2V5LW9mLTMyLWJ5dGVzLS0tLS4="
    answer = client.get(way)
    assert (answer.status_code, answer["Location"]) == (302, reverse("account_login"))


# What lies where -----------------------------------------------------------------------------------------------------


def test_nothing_that_was_typed_lies_in_clear(home: Any) -> None:
    client = browser()
    way = refused(
        client, reverse("account_signup"), name=NAME, phone=PHONE, community=home.pk, password="lotus-1-2-3-4"
    )
    body = client.get(way).content.decode()
    assert NAME in body and PHONE in body and "请先看看上面的" in body
    held = in_cache()
    session, key = client.cookies["portal_session"].value, way.partition("=")[2]
    assert "kept_answer:" in held
    for word in (NAME, PHONE, "csrfmiddlewaretoken", "<html", session, key):
        assert word not in held
    assert "lotus-1-2-3-4" not in body, "a password is in no page, kept or not"


def test_no_code_is_written_into_a_page(home: Any) -> None:
    client = browser()
    client.post(reverse("account_signup"), walks.sign_up_data(PHONE, home))
    way = refused(client, reverse("account_code"), code="135790")
    body = client.get(way).content.decode()
    assert "验证码不对" in body and "135790" not in body
    plain = Client()
    plain.cookies = client.cookies
    assert "135791" not in plain.post(reverse("account_code"), {"code": "135791"}).content.decode()


def test_a_visitor_gets_a_session_that_ends_and_the_cookie_of_the_form(home: Any) -> None:
    client = browser(enforce_csrf_checks=True)
    path = reverse("account_signup")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get(path).content.decode())
    assert token and "portal_session" not in client.cookies
    way = refused(client, path, csrfmiddlewaretoken=token[1], name=NAME)
    lasts = Session.objects.get().expire_date - dt.datetime.now(dt.UTC)
    assert dt.timedelta(minutes=59) < lasts <= dt.timedelta(hours=1)
    body = client.get(way).content.decode()
    again = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', body)
    assert again
    data = {**walks.sign_up_data(PHONE, home), "csrfmiddlewaretoken": again[1]}
    assert client.post(way, data)["Location"] == reverse("account_code"), "the kept form is as good as a fresh one"
    code = walks.last_code(PHONE)
    page = client.get(reverse("account_code")).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    client.post(reverse("account_code"), {"code": code, "csrfmiddlewaretoken": token[1]})
    assert walks.is_signed_in(client)
    ends = Session.objects.get(session_key=client.cookies["portal_session"].value).expire_date
    assert ends - dt.datetime.now(dt.UTC) > dt.timedelta(days=29), "who signs in stays as long as anybody"


# Addresses -----------------------------------------------------------------------------------------------------------


def test_the_rest_of_the_address_stays_and_no_view_reads_the_key(asker: User) -> None:
    client = browser(asker)
    query = "x=%E6%9C%88&a=1&a=2&empty="
    way = refused(client, f"{CONTACT}?{query}")
    assert way.startswith(f"{CONTACT}?{query}&answer=")
    again = refused(client, way)
    assert again.startswith(f"{CONTACT}?{query}&answer=") and again != way and again.count("answer=") == 1
    body = client.get(again).content.decode()
    assert "answer=" not in body and again.rpartition("=")[2] not in body


def test_the_key_is_no_filter_of_a_list_and_no_way_on_from_signing_in(home: Any) -> None:
    client = browser(worlds.worker(home))
    path = reverse("admin:wishes_wish_changelist")
    answer = client.get(f"{path}?state=pending_review&answer=x")
    assert (answer.status_code, answer["Location"]) == (302, f"{path}?state=pending_review")
    assert client.post(f"{path}?answer=x", {"text": "灯"}).status_code == 302
    to_sign_in = Client().post(f"{CONTACT}?answer=x", {})
    assert "answer" not in to_sign_in["Location"]


def test_a_form_that_is_only_sent_to_stands_where_it_is_shown() -> None:
    client = browser()
    way = refused(client, reverse("account_request_login_code") + "?next=/me/", phone="12")
    assert way.startswith(reverse("account_login") + "?next=")
    body = client.get(way).content.decode()
    assert 'value="12"' in body and reverse("account_request_login_code") in body


def test_what_has_no_page_of_its_own_is_shown_all_the_same(home: Any) -> None:
    here = scenes.Scene(home, worlds.worker(home), worlds.account(home), worlds.volunteer(home))
    wish = scenes.claimed(here)
    late = browser(worlds.volunteer(home).person.user)
    way = refused(late, reverse("wishes:claim", args=[wish.code]), once="x" * 20)
    page = late.get(way)
    assert page.status_code == 200 and "看看别的任务" in page.content.decode()


def test_messages_that_wait_are_not_used_up_by_a_page_that_does_not_show_them(asker: User) -> None:
    client = browser(asker)
    way = refused(client)
    client.post(reverse("front:community"), {"community": "0"})
    client.get(way)
    assert "没有找到这个社区" in client.get("/me/").content.decode()


# Once ----------------------------------------------------------------------------------------------------------------


def test_a_kept_form_sent_after_mending_counts_once(home: Any) -> None:
    user = worlds.account(home)
    household = worlds.household(worlds.building(home))
    client = browser(user)
    path = reverse("front:claim_home")
    fields = {"building": household.building_id, "unit": household.unit, "kind": "tenant", "since": "2020-01-01"}
    way = refused(client, path, once="k" * 24, **fields)
    token = re.search(r'name="once" value="([^"]+)"', client.get(way).content.decode())
    assert token and token[1] == "k" * 24
    data = {**fields, "number": household.number, "once": token[1]}
    for _time in range(2):
        assert client.post(way, data)["Location"] == reverse("front:homes")
    assert Residency.objects.count() == 1


def test_at_the_desk_with_its_paper(home: Any) -> None:
    client = browser(worlds.worker(home))
    path = reverse("admin:wishes_wish_add")
    resident = worlds.person(home)
    data = {"community": home.pk, "subject": resident.pk, "asker": resident.pk, "details": "", "contact_name": NAME}
    way = refused(client, path, once="w" * 24, paper=SimpleUploadedFile("scan.pdf", PDF, "application/pdf"), **data)
    body = client.get(way).content.decode()
    waiting = StoredFile.objects.get()
    assert NAME in body and "已收到" in body and str(waiting.pk) in body
    assert not Wish.objects.exists()
