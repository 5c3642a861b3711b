"""Drafts: one a form and owner, sealed, gone when their time is over."""

import datetime as dt

import pytest
from django.db import connection

from portal.core import clock, drafts
from portal.core.models import Draft

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


def test_a_draft_is_kept_over_and_read_back():
    drafts.keep(owner_id=1, form="wishes.order", data={"step": 1}, at=AT)
    drafts.keep(owner_id=1, form="wishes.order", data={"step": 2, "phone": "15400001234"}, at=AT + SECOND)
    drafts.keep(owner_id=2, form="wishes.order", data={"step": 9}, at=AT)
    assert Draft.objects.count() == 2
    found = drafts.load(owner_id=1, form="wishes.order", at=AT + SECOND)
    assert found is not None
    assert found.data == {"step": 2, "phone": "15400001234"}


def test_in_the_database_it_is_sealed():
    drafts.keep(owner_id=1, form="f", data={"phone": "15400001234"}, at=AT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM core_draft")
        stored = cursor.fetchone()[0]
    assert stored.startswith("s1.")
    assert "15400001234" not in stored


def test_it_expires_by_the_clock_and_a_new_typing_starts_the_time_again():
    drafts.keep(owner_id=1, form="f", data={}, at=AT)
    assert drafts.load(owner_id=1, form="f", at=AT + drafts.KEEP - SECOND) is not None
    assert drafts.load(owner_id=1, form="f", at=AT + drafts.KEEP) is None
    drafts.keep(owner_id=1, form="f", data={}, at=AT + dt.timedelta(days=10))
    assert drafts.load(owner_id=1, form="f", at=AT + drafts.KEEP) is not None


def test_sweeping_takes_what_expired_and_only_that():
    drafts.keep(owner_id=1, form="old", data={}, at=AT)
    drafts.keep(owner_id=1, form="new", data={}, at=AT + dt.timedelta(days=1))
    assert drafts.sweep(at=AT + drafts.KEEP) == 1
    assert [draft.form for draft in Draft.objects.all()] == ["new"]


def test_dropping_what_is_not_there_is_no_error():
    drafts.drop(owner_id=1, form="f")
    drafts.keep(owner_id=1, form="f", data={}, at=clock.now())
    drafts.drop(owner_id=1, form="f")
    assert not Draft.objects.exists()
