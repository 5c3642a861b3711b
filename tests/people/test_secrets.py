"""Neither phones nor codes stand in clear in the database, sessions, logs, the cache or addresses."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests import worlds

from . import walks

pytestmark = pytest.mark.django_db
CODE = "918273"
PHONE, OTHER = "15400009876", "15400009877"
PASSWORD = "magnolia-bridge-77"


@pytest.fixture(autouse=True)
def _known_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.people.codes.fresh_code", lambda: CODE)


def every_value() -> Iterator[tuple[str, str]]:
    """Every value of every table, as it lies there."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                yield from ((table, str(value)) for value in row)


def found_in_database() -> list[tuple[str, str]]:
    return [
        (table, value) for table, value in every_value() for word in (PHONE, OTHER, CODE, PASSWORD) if word in value
    ]


def walk_through_everything() -> list[str]:
    """Sign up, sign in by each way, fail, change the phone, all of it half-way too; the addresses that were led to."""
    home = worlds.community()
    led = []

    def go(client: Any, name: str, data: dict) -> None:
        answer = client.post(reverse(name), data)
        led.append(answer.headers.get("Location", ""))
        assert not found_in_database()

    client = Client()
    go(client, "account_signup", walks.sign_up_data(PHONE, home, password=PASSWORD))
    go(client, "account_code", {"code": "000000"})
    go(client, "account_code", {"code": CODE})
    go(client, "account_logout", {})
    go(client, "account_login", {"login": PHONE, "password": "not-the-password"})
    go(client, "account_login", {"login": PHONE, "password": PASSWORD})
    go(client, "account_reauthenticate", {"password": PASSWORD})
    go(client, "account_change_phone", {"phone": OTHER})
    go(client, "account_code", {"code": CODE})
    walks.reset_pauses()
    half_way = Client()
    go(half_way, "account_request_login_code", {"phone": OTHER})
    go(half_way, "account_reset_password", {"phone": "15400009878"})
    go(half_way, "account_code", {"code": CODE})
    return led


def test_nothing_in_clear(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        for name in ("portal", "django", "allauth", "django_structlog"):
            logging.getLogger(name).setLevel(logging.DEBUG)
        led = walk_through_everything()
    written = "\n".join(str(record.__dict__) for record in caplog.records)
    for word in (PHONE, OTHER, CODE, PASSWORD):
        assert word not in written
        assert word not in "".join(led)


def test_a_session_keeps_a_fingerprint_and_no_code(client: Any) -> None:
    user = worlds.account(phone=PHONE)
    client.post(reverse("account_request_login_code"), {"phone": user.phone})
    assert CODE not in str(dict(client.session))
    raw = Session.objects.get(pk=client.session.session_key).session_data
    assert raw.startswith("s1.")
    assert PHONE not in raw


def test_the_cache_holds_none_either(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    user = worlds.account(phone=PHONE)
    walks.sign_in_by_password(client, PHONE, "not-the-password")
    walks.sign_in_by_password(client, OTHER, "not-the-password")
    walks.sign_in_by_code(client, user.phone)
    kept = str(getattr(cache, "_cache", {}))
    assert kept != "{}"
    assert not any(word in kept for word in (PHONE, OTHER, CODE))
