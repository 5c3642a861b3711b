"""What is sealed stands nowhere in clear: not in the database's file or rows, in sessions, records of acts, or logs.

Every sealed field of every table is found by looking at the models, so that a room that comes later is held too.
"""

import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import reverse

from portal.core import audit, clock, drafts, once
from portal.core.models import AuditEntry, Remark, Transition
from portal.core.sessions import SessionStore
from portal.people.models import Person
from services.wishes import ordering, serving
from tests import worlds
from tests.people import walks
from tests.wishes import scenes

from .everything import make, our_models, sealed_fields

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
PHONE, OTHER_PHONE, ID_NUMBER, STREET = "15400009876", "15400009877", "430202194903071235", "月塘后街七十三号二单元"
TYPED = f"{STREET} {PHONE} {ID_NUMBER}"
WORDS = (PHONE, OTHER_PHONE, ID_NUMBER, STREET)


def _sqlite_bytes() -> bytes:
    """The file and its write-ahead log, as they lie on the disk."""
    base = Path(connection.settings_dict["NAME"])
    return b"".join(Path(f"{base}{end}").read_bytes() for end in ("", "-wal") if Path(f"{base}{end}").exists())


def _postgres_bytes() -> bytes:
    """Every row of every table as text."""
    rows = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows += [row for (row,) in cursor.fetchall()]
    return "\n".join(rows).encode()


def in_clear() -> list[str]:
    """Those of the known words that the database holds in clear."""
    held = _sqlite_bytes() if connection.vendor == "sqlite" else _postgres_bytes()
    return [word for word in WORDS if word.encode() in held]


def test_control_a_word_in_an_open_column_is_found():
    Person.objects.create(name=PHONE)
    assert in_clear() == [PHONE]


def test_no_sealed_field_of_any_table_is_in_clear():
    covered = 0
    for model in our_models():
        if fields := sealed_fields(model):
            record = make(model, sealed=TYPED)
            again = model._base_manager.get(pk=record.pk)
            assert all(PHONE in str(getattr(again, field.attname)) for field in fields)
            again.save()
            covered += len(fields)
    assert covered >= 13
    assert in_clear() == []


def test_no_sealed_field_is_in_clear_after_it_was_changed_or_deleted():
    """An older version of a row must not stay behind in a free page of the file either."""
    for model in our_models():
        if sealed_fields(model):
            record = make(model, sealed=TYPED)
            for field in sealed_fields(model):
                setattr(record, field.attname, {"typed": "gone"} if field.name == "data" else "gone")
            record.save()
    assert in_clear() == []


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged while a test runs, at the most talkative level."""
    root = logging.getLogger()
    handler: Any = next(h for h in root.handlers if isinstance(h.formatter, structlog.stdlib.ProcessorFormatter))
    stream, level = io.StringIO(), root.level
    before = handler.setStream(stream)
    for name in ("", "django"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield stream
    for name in ("", "django"):
        logging.getLogger(name).setLevel(level)
    handler.setStream(before)


def test_a_session_in_the_middle_of_signing_in_is_not_in_clear(client, log):
    worlds.account(worlds.community(), phone=PHONE)
    client.post(reverse("account_request_login_code"), {"phone": PHONE})
    client.post(reverse("account_request_login_code"), {"phone": OTHER_PHONE})
    client.get(reverse("account_login") + f"?next=/wishes/&phone={PHONE}")
    walks.sign_in_by_code(client, PHONE)
    beside = SessionStore()
    beside.update({"account_login_code": {"phone": PHONE, "code": ID_NUMBER}})
    beside.create()
    assert Session.objects.count() >= 2
    assert in_clear() == []
    assert not [word for word in WORDS if word in log.getvalue()]


def test_a_wish_with_its_draft_its_reasons_and_its_records_is_not_in_clear(log):
    here = scenes.scene()
    drafts.keep(owner_id=here.asker.pk, form="wishes.order", data={"phone": PHONE, "where": STREET}, at=clock.now())
    once.carry_out(owner="user:1", token="t", act=lambda: "/wishes/1/")
    typed = {
        "details": f"{STREET} {PHONE}",
        "contact_name": "李桂香",
        "contact_phone": PHONE,
        "contact_address": STREET,
    }
    wish = scenes.dispatched(here, **typed)
    serving.claim(wish=wish, volunteer=here.volunteer, actor=here.helper, at=clock.now())
    serving.give_back(wish=wish, reason=f"打 {PHONE} 没人接", actor=here.helper, at=clock.now())
    other = scenes.ordered(here, **typed)
    ordering.decline(wish=other, reason=f"{STREET} 不在本社区", actor=here.worker, at=clock.now())
    audit.record("tests.said", actor_id=here.worker.pk, subject=other, reason=f"{PHONE} 打错了")
    client = worlds.client_for(here.asker)
    client.get(reverse("wishes:detail", args=[other.code]))
    client.get(reverse("wishes:wall") + f"?q={PHONE}")
    assert Transition.objects.count() >= 6
    assert Remark.objects.count() >= 2
    assert AuditEntry.objects.get().remark.text == f"{PHONE} 打错了"
    assert in_clear() == []
    assert not [word for word in WORDS if word in log.getvalue()]
