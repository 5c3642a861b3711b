"""关怀版 is switched in the middle of a form and nothing typed is lost, without a script too."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests import worlds
from tests.wishes import scenes

pytestmark = pytest.mark.django_db


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found is not None, pattern
    return found[1]


def _switch(client: Client, path: str, typed: dict[str, object], button: str = "pill--mode") -> str:
    """The page at ``path`` after its button was pressed with ``typed`` in its form, as a browser without a script
    does it: the form that the button belongs to is sent to the button's address."""
    page = client.get(path).content.decode()
    tag = _found(rf'(<button class="[^"]*{button}[^>]*>)', page)
    assert 'form="typed"' in tag and "formnovalidate" in tag
    assert page.count('id="typed"') == 1
    address = _found(r'formaction="([^"]+)"', tag).replace("&amp;", "&")
    answer = client.post(address, {"csrfmiddlewaretoken": "x", "once": "t" * 32, **typed})
    assert (answer.status_code, answer["Location"]) == (302, path)
    return client.get(path).content.decode()


def test_the_order_form_keeps_every_word():
    here = scenes.scene()
    client = worlds.client_for(here.asker)
    step = [reverse("wishes:order_step", args=[number]) for number in (1, 2, 3)]
    page = _switch(client, step[0], {"kind": "repair"})
    assert 'data-mode="elder"' in page
    assert re.search(r'value="repair"[^>]*checked', page)
    client.post(step[0], {"kind": "repair"})
    back = 'ease__btn" type="submit" form="typed" formaction="[^"]*mode=standard'
    page = _switch(client, step[1], {"details": "灯坏了，<b>晚上</b>看不见", "when": "evenings"}, back)
    assert "灯坏了，&lt;b&gt;晚上" in page and re.search(r'value="evenings"[^>]*checked', page)
    assert "data-mode" not in page.split("<body>")[0], "and back again"
    client.post(step[1], {"details": "楼道的灯坏了", "when": "any"})
    page = _switch(client, step[2], {"contact_name": "李雪", "contact_phone": "154 0000 20", "contact_address": "2栋"})
    assert 'value="154 0000 20"' in page and 'value="2栋"' in page


def test_the_size_of_the_letters_keeps_every_word_too():
    client = worlds.client_for(worlds.account(worlds.community(), elder_mode=True))
    page = _switch(client, "/me/data/correct/new/name/", {"value": "李小雪", "words": "证上这样写"}, "ease__btn")
    assert 'value="李小雪"' in page and "证上这样写" in page and 'data-text="20"' in page


def test_a_correction_keeps_the_three_boxes_of_a_day():
    client = worlds.client_for(worlds.account(worlds.community()))
    page = client.get("/me/data/correct/new/birth_date/").content.decode()
    boxes = re.findall(r'<input[^>]*name="(value_\w+)"', page)
    assert len(boxes) == 3
    page = _switch(client, "/me/data/correct/new/birth_date/", dict(zip(boxes, ("1950", "13", "x"), strict=True)))
    for name, typed in zip(boxes, ("1950", "13", "x"), strict=True):
        tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)[0]
        assert f'value="{typed}"' in tag


def test_signing_up_keeps_all_but_the_password():
    home = worlds.community()
    worlds.community("向阳社区")
    client = worlds.client_for(None)
    typed = {"name": "李雪", "community": str(home.pk), "phone": "15400002001", "password": "not-kept-1", "agree": "on"}
    page = _switch(client, "/accounts/signup/", typed)
    assert 'value="李雪"' in page and 'value="15400002001"' in page
    assert re.search(rf'<option value="{home.pk}" selected', page)
    assert re.search(r'<input[^>]*name="agree"[^>]*checked', page)
    assert "not-kept-1" not in page
    assert client.get("/accounts/signup/").content.decode().count("李雪") == 0, "once"


def test_what_is_kept_of_a_form_holds_no_secret():
    client = worlds.client_for(None)
    address = "/mode/?keep=1&mode=elder&next=/accounts/signup/"
    client.post(address, {"password": "a", "password2": "b", "code": "c", "once": "d", "name": "李雪"})
    assert client.session["unsent"] == {"path": "/accounts/signup/", "typed": {"name": ["李雪"]}}


def test_a_field_of_the_form_is_never_taken_for_the_choice():
    """What a form calls mode, text or next is what was typed into it."""
    client = worlds.client_for(None)
    answer = client.post("/mode/?keep=1&mode=elder&next=/privacy/", {"text": "30", "next": "/do/", "mode": "standard"})
    assert answer["Location"] == "/privacy/"
    assert {name: morsel.value for name, morsel in answer.cookies.items() if name in ("mode", "text")} == {
        "mode": "elder"
    }


def test_it_leads_to_no_other_host():
    answer = worlds.client_for(None).post("/mode/?keep=1&mode=elder&next=https://example.com/", {"name": "x"})
    assert answer["Location"] == "/"


def test_a_page_without_such_a_form_sends_none_along():
    page = worlds.client_for(None).get("/privacy/").content.decode()
    assert "keep=1" not in page and "data-carries" not in page
