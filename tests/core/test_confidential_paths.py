"""Where a name or a number could leave by a side door: caches on the way, the address that the next site is told, file
names, and what a database says of the row that it refused."""

import logging
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from portal.core import clock
from portal.core.scrub import scrub_event
from portal.people.models import Person
from portal.places.models import Building
from tests import worlds

pytestmark = pytest.mark.django_db
NAME = "欧阳望舒"


@pytest.fixture
def here() -> Any:
    return worlds.community()


def answers(client: Any, person: Person) -> list[Any]:
    """A page, a way on, what is not there, what is not allowed, what is no method, what is no request."""
    return [
        client.get("/me/"),
        client.get("/me/data/export/"),
        client.get("/wishes/000000000/"),
        client.get(reverse("admin:people_person_change", args=[person.pk])),
        client.get("/admin/people/role/"),
        client.post("/me/data/"),
        client.get("/me/homes/?before=" + "9" * 40),
    ]


def test_whatever_is_answered_to_somebody_signed_in_is_kept_by_nobody_on_the_way(here) -> None:
    person = worlds.person(here, name=NAME)
    seen = set()
    for user in (worlds.account(here), worlds.worker(here)):
        for answer in answers(worlds.client_for(user), person):
            seen.add(answer.status_code)
            assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", ")), answer.status_code
            assert answer["Referrer-Policy"] == "same-origin"
            assert NAME not in str(answer.headers)
    assert {200, 302, 403, 404, 405} <= seen


def test_what_breaks_is_kept_by_nobody_either(here, monkeypatch) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> Any:
        raise RuntimeError(NAME)

    monkeypatch.setattr("portal.front.views.data.held_about", broken)
    client = worlds.client_for(worlds.account(here, name=NAME))
    client.raise_request_exception = False
    answer = client.get("/me/data/")
    assert answer.status_code == 500
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
    assert answer["Referrer-Policy"] == "same-origin"
    assert "RuntimeError" not in answer.content.decode()


@pytest.mark.postgres
def test_a_row_that_the_database_refused_is_not_written_into_the_log(here) -> None:
    """PostgreSQL tells the values of the row beside the rule that it broke."""
    Building.objects.create(community=here, name=NAME, kind="house")
    refusals = []
    for refused in (
        lambda: Building.objects.bulk_create([Building(community=here, name=NAME, kind="house")]),
        lambda: Person.objects.filter(pk=worlds.person(here, name=NAME).pk).update(merged_into=Person.objects.last()),
    ):
        with pytest.raises(IntegrityError) as failure, transaction.atomic():
            refused()
        refusals.append(str(failure.value))
    for refusal in refusals:
        line = scrub_event(None, "error", {"exception": f"Traceback\n{refusal}\nDuring handling of another"})
        assert NAME not in str(line)
        assert "During handling of another" in str(line), "the rest of the traceback stays"


def test_the_words_beside_a_refusal_are_cut_out_of_every_log_line() -> None:
    told = (
        'new row for relation "people_person" violates check constraint "person_not_merged_into_itself"\n'
        f"DETAIL:  Failing row contains (7, {NAME}, female, 1951-04-06, 月塘后街七十三号).\n"
        "The above exception was the direct cause"
    )
    line = str(scrub_event(logging.getLogger(), "error", {"exception": told, "nested": [{"text": told}]}))
    assert NAME not in line and "七十三号" not in line
    assert "person_not_merged_into_itself" in line and "direct cause" in line


def test_no_file_tells_its_subject_in_its_name(here) -> None:
    """Names of what one downloads are made of days and numbers; what was uploaded is served without a name."""
    user = worlds.account(here, name=NAME)
    client = worlds.client_for(user)
    client.post(reverse("account_reauthenticate"), {"password": worlds.PASSWORD})
    answer = client.post("/me/data/export/")
    named = answer["Content-Disposition"]
    assert b"".join(answer.streaming_content).startswith(b"PK")
    assert named.startswith("attachment; filename=") and named.isascii()
    for told in (NAME, str(user.phone), str(user.pk), user.username):
        assert told not in named.replace(f"{clock.today():%Y%m%d}", "")
