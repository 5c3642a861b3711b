"""No word of English reaches a page of the back office, and every verb on the record has its Chinese."""

import re
from html import unescape
from pathlib import Path

import pytest
from django.contrib import admin
from django.db import models
from django.utils.html import strip_tags

from portal.backoffice import trail
from portal.people.models import RoleKind
from tests import worlds

from .desks import act_url, claim, page

ROOT = Path(__file__).resolve().parent.parent.parent
FOREIGN = re.compile(r"[A-Za-z]{2,}")
ALLOWED = {"PDF", "MB", "Excel"}


def words_of(html: str) -> set[str]:
    """Latin words that a reader of the page meets: text, labels, placeholders, titles."""
    html = re.sub(r"<(script|style|svg|head)\b.*?</\1>", "", html, flags=re.S)
    spoken = re.findall(
        r'(?:aria-label|placeholder|title|alt|value)="([^"]*)"', re.sub(r"<(?:option|input)[^>]*>", "", html)
    )
    text = unescape(strip_tags(html)) + " ".join(spoken)
    return set(FOREIGN.findall(re.sub(r"https?://\S+|\S+@\S+", "", text))) - ALLOWED


def codes() -> set[str]:
    """Code words that the administrator keeps: values of slugs."""
    slugs = [
        field for model in admin.site._registry for field in model._meta.fields if isinstance(field, models.SlugField)
    ]
    values = [value for field in slugs for value in field.model._default_manager.values_list(field.name, flat=True)]
    return set(FOREIGN.findall(" ".join(values)))


@pytest.fixture
def pages(here) -> list[str]:
    """Every list, every form that adds, and the page, history and acts of one row of each model that has one."""
    claim(here.resident, here.household)
    worlds.volunteer(here.community)
    worlds.team(here.community)
    urls = ["/admin/"]
    for model, model_admin in admin.site._registry.items():
        label = model._meta.label_lower
        names = {pattern.name for pattern in model_admin.get_urls()}
        urls.append(page(label, "changelist"))
        row = model._default_manager.first()
        if f"{label.replace('.', '_')}_change" not in names:
            continue
        urls.append(page(label, "add"))
        if row is not None:
            urls += [page(label, "change", row.pk), page(label, "history", row.pk)]
            urls += [act_url(row, act.name) for act in getattr(model_admin, "acts", ()) if act.possible(row)]
    return urls


@pytest.mark.parametrize("who", ["administrator", "head"])
def test_pages_speak_chinese(here, pages, who: str) -> None:
    client = worlds.client_for(
        worlds.administrator(person=worlds.person(here.community)) if who == "administrator" else here.head
    )
    found = {}
    for url in pages:
        response = client.get(url)
        assert response.status_code in {200, 403, 404}, (url, response.status_code)
        if response.status_code == 200 and (foreign := words_of(response.content.decode()) - codes()):
            found[url] = foreign
    assert found == {}


def test_forms_sent_empty_complain_in_chinese(here, pages) -> None:
    client = worlds.client_for(worlds.administrator(person=worlds.person(here.community)))
    for url in pages:
        if url.endswith("/add/"):
            opened = client.get(url)
            if opened.status_code == 200:
                answer = client.post(url, {"once": opened.context["once"]})
                assert words_of(answer.content.decode()) == set(), url


def test_every_verb_is_named() -> None:
    written = set()
    for package in ("portal", "alliance", "services"):
        for path in (ROOT / package).rglob("*.py"):
            written |= set(
                re.findall(r'(?:audit\.record|_record|_end)\(\s*\n?\s*(?:\w+, )?"([a-z_]+\.[a-z_]+)"', path.read_text())
            )
    assert {"role.granted", "option.set", "guardianship.ended"} <= written
    assert written - set(trail.verbs()) == set()


def test_every_page_has_a_wing_name_for_its_lists(here) -> None:
    client = worlds.client_for(worlds.staff(RoleKind.GRID_HEAD, here.grid))
    assert [str(wing["name"]) for wing in client.get("/admin/").context["wings"]]
    assert client.get("/admin/people/").status_code == 200
