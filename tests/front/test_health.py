"""``/healthz``: fit or not, and no word that helps a stranger."""

import datetime as dt

import pytest
from django.db import OperationalError, connection

from portal.core import appendonly, clock
from portal.core.models import AuditEntry, ScheduledRun
from portal.front.views import health

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def _drop_one_trigger() -> str:
    name = next(iter(appendonly._expected(connection, AuditEntry)))
    with connection.cursor() as cursor:
        table = "" if connection.vendor == "sqlite" else f' ON "{AuditEntry._meta.db_table}"'
        cursor.execute(f'DROP TRIGGER "{name}"{table}')
    return name


def test_a_fit_portal_says_so_and_a_clock_that_never_ran_is_a_warning(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "checks": {"database": "ok", "triggers": "ok", "scheduler": "late"}}
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("minutes", "word"), [(1, "ok"), (30, "late")])
def test_the_clock_is_looked_at(client, minutes, word):
    started = clock.now() - dt.timedelta(minutes=minutes)
    ScheduledRun.objects.create(name="notices.deliver", next_due=started, last_started=started)
    assert client.get("/healthz").json()["checks"]["scheduler"] == word


def test_a_lost_trigger_is_reported_without_its_name(client):
    name = _drop_one_trigger()
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["status"] == "failing"
    assert answer.json()["checks"]["triggers"] == "failing"
    assert name not in answer.content.decode()


def test_a_database_that_does_not_answer_is_reported_without_its_words(client, monkeypatch):
    def refuse() -> str:
        raise OperationalError("could not connect to server 10.0.0.5 as portal")

    monkeypatch.setattr(health, "_database", refuse)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": "failing", "triggers": "unknown", "scheduler": "unknown"}
    assert "10.0.0.5" not in answer.content.decode()


def test_health_makes_no_session_and_no_cookie(client):
    assert not client.get("/healthz").cookies
