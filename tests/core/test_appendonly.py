"""Append-only tables hold on both databases, for every model that is declared so, whatever way the change is tried."""

import sqlite3
import threading
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import Error, IntegrityError, connection, models, transaction

from alliance.volunteers.models import HourEntry
from portal.core import appendonly, door
from portal.core.models import AuditEntry

from .everything import make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
EVERY_TABLE = pytest.mark.parametrize("model", appendonly.declared(), ids=lambda model: model._meta.label)


def raw(statement: str, *params: Any) -> None:
    """One statement in a transaction of its own."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params)


def rows(model: type[models.Model]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{model._meta.db_table}" ORDER BY id')
        return cursor.fetchall()


def columns(model: type[models.Model], *, key: bool) -> str:
    fields = [field for field in model._meta.local_concrete_fields if key or not field.primary_key]
    return ", ".join(f'"{field.column}"' for field in fields)


def unique_by_more_than_its_key(model: type[models.Model]) -> bool:
    """Whether a copy of a fresh record under a new key meets that record."""
    fields = any(
        field.unique and not field.primary_key and not field.null for field in model._meta.local_concrete_fields
    )
    return fields or any(isinstance(constraint, models.UniqueConstraint) for constraint in model._meta.constraints)


@pytest.fixture
def refused(request):
    """Run a statement that must be refused and must leave every row of the model as it was."""

    def check(model, statement: str, *params: object) -> None:
        before = rows(model)
        assert before
        with pytest.raises(Error, match="append-only"):
            raw(statement, *params)
        assert rows(model) == before

    return check


# Raw SQL -------------------------------------------------------------------------------------------------------------


@EVERY_TABLE
def test_rows_are_neither_changed_nor_deleted(model, refused):
    record = make(model)
    table = model._meta.db_table
    column = model._meta.local_concrete_fields[-1].column
    refused(model, f'UPDATE "{table}" SET "{column}" = "{column}"')
    refused(model, f'UPDATE "{table}" SET id = id + 1000')
    refused(model, f'DELETE FROM "{table}"')
    refused(model, f'DELETE FROM "{table}" WHERE id = %s', record.pk)
    key = columns(model, key=True)
    refused(
        model,
        f'INSERT INTO "{table}" ({key}) SELECT {key} FROM "{table}" WHERE true '
        f'ON CONFLICT (id) DO UPDATE SET "{column}" = excluded."{column}"',
    )


@EVERY_TABLE
def test_the_orm_is_refused_too(model):
    record = make(model)
    before = rows(model)
    for attempt in (record.save, record.delete, model._base_manager.all().delete):
        with pytest.raises((Error, models.ProtectedError)), transaction.atomic():
            attempt()
    assert rows(model) == before


@EVERY_TABLE
def test_new_rows_are_taken(model):
    make(model)
    table, others = model._meta.db_table, columns(model, key=False)
    copy = f'INSERT INTO "{table}" ({others}) SELECT {others} FROM "{table}"'
    if unique_by_more_than_its_key(model):
        with pytest.raises(Error):
            raw(copy)
    else:
        raw(copy)
        assert len(rows(model)) == 2


@pytest.mark.postgres(only=True)
@EVERY_TABLE
def test_truncate_is_refused(model, refused):
    make(model)
    table = model._meta.db_table
    for statement in (f'TRUNCATE "{table}" CASCADE', f'TRUNCATE "{table}" RESTART IDENTITY CASCADE'):
        refused(model, statement)


@pytest.mark.postgres(only=True)
def test_truncating_a_table_that_points_elsewhere_does_not_reach_it_by_cascade(refused):
    make(HourEntry)
    refused(HourEntry, "TRUNCATE volunteers_volunteer CASCADE")


# INSERT OR REPLACE ---------------------------------------------------------------------------------------------------


def replacements(model: type[models.Model]) -> list[str]:
    """Statements that overwrite a standing row on a table without triggers: by key, and by each further uniqueness."""
    table, every, others = model._meta.db_table, columns(model, key=True), columns(model, key=False)
    found = [
        f'INSERT OR REPLACE INTO "{table}" ({every}) SELECT {every} FROM "{table}"',
        f'REPLACE INTO "{table}" ({every}) SELECT {every} FROM "{table}"',
        f'UPDATE OR REPLACE "{table}" SET id = id',
    ]
    if unique_by_more_than_its_key(model):
        found.append(f'INSERT OR REPLACE INTO "{table}" ({others}) SELECT {others} FROM "{table}"')
    return found


@pytest.mark.sqlite
@EVERY_TABLE
def test_insert_or_replace_is_refused(model, refused):
    make(model)
    for statement in replacements(model):
        refused(model, statement)


@pytest.mark.sqlite
@EVERY_TABLE
def test_a_plain_connection_without_our_pragma_is_refused_as_well(model):
    make(model)
    before = rows(model)
    plain = sqlite3.connect(connection.settings_dict["NAME"])
    try:
        assert plain.execute("PRAGMA recursive_triggers").fetchone() == (0,)
        for statement in replacements(model):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                plain.execute(statement)
            plain.rollback()
    finally:
        plain.close()
    assert rows(model) == before


@pytest.mark.sqlite
def test_control_without_the_trigger_a_plain_replace_overwrites():
    record = make(AuditEntry, verb="kept")
    connection.cursor().execute('DROP TRIGGER "core_auditentry_append_only_replace"')
    plain = sqlite3.connect(connection.settings_dict["NAME"])
    try:
        plain.execute(
            "INSERT OR REPLACE INTO core_auditentry (id, at, verb, subject_type, details) "
            "VALUES (?, '2026-01-01', 'forged', '', '{}')",
            [record.pk],
        )
        plain.commit()
    finally:
        plain.close()
        appendonly.install()
    assert AuditEntry.objects.get(pk=record.pk).verb == "forged"


def test_one_credit_is_reversed_once_and_the_refusal_is_a_plain_one():
    """The clash trigger must not be what a legal reversal meets, and a second reversal is refused."""
    credit = make(HourEntry, half_hours=2, minutes=60)
    values = {"volunteer": credit.volunteer, "community": credit.community, "at": credit.at}
    source = {"source_type": credit.source_type, "source_id": credit.source_id}
    HourEntry.objects.create(half_hours=-2, minutes=-60, reverses=credit, **values, **source)
    with pytest.raises(IntegrityError), transaction.atomic():
        HourEntry.objects.create(half_hours=-2, minutes=-60, reverses=credit, **values, **source)
    assert HourEntry.objects.count() == 2


# Migrations and the check --------------------------------------------------------------------------------------------


def _retype(model: type[models.Model], name: str, length: int) -> None:
    """What a migration's AlterField does; SQLite builds the table anew for it."""
    old: Any = model._meta.get_field(name)
    new = models.CharField(max_length=length, blank=old.blank)
    new.set_attributes_from_name(name)
    new.model = model
    with connection.schema_editor() as editor:
        editor.alter_field(model, old, new, strict=True)
    with connection.schema_editor() as editor:
        editor.alter_field(model, new, old, strict=True)


def test_after_a_migration_that_rebuilds_the_table_it_is_held_again(refused):
    make(AuditEntry)
    before = rows(AuditEntry)
    _retype(AuditEntry, "verb", 61)
    if connection.vendor == "sqlite":
        assert appendonly.verify() == [
            f"core_auditentry_append_only_{kind}" for kind in ("update", "delete", "replace")
        ]
        with pytest.raises(CommandError, match="core_auditentry_append_only_delete"):
            call_command("verify_triggers")
    call_command("migrate", verbosity=0)
    assert appendonly.verify() == []
    call_command("verify_triggers", verbosity=0)
    assert rows(AuditEntry) == before
    refused(AuditEntry, "UPDATE core_auditentry SET verb = 'x'")
    refused(AuditEntry, "DELETE FROM core_auditentry")


def test_an_altered_trigger_is_noticed():
    name = "core_transition_append_only_" + ("update" if connection.vendor == "sqlite" else "row")
    if connection.vendor == "sqlite":
        raw(f'DROP TRIGGER "{name}"')
        raw(f"CREATE TRIGGER \"{name}\" BEFORE UPDATE ON core_transition WHEN 0 BEGIN SELECT RAISE(ABORT, 'x'); END")
    else:
        raw(f'ALTER TABLE core_transition DISABLE TRIGGER "{name}"')
    assert appendonly.verify() == [name]
    call_command("migrate", verbosity=0)
    assert appendonly.verify() == []


@pytest.mark.postgres(only=True)
def test_an_altered_function_is_noticed():
    raw(
        "CREATE OR REPLACE FUNCTION portal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RETURN NEW; END $$"
    )
    assert appendonly.verify() == ["portal_refuse_change"]
    call_command("migrate", verbosity=0)
    assert appendonly.verify() == []


def test_every_declared_table_is_one_of_ours():
    labels = {model._meta.label for model in appendonly.declared()}
    assert labels >= {
        "core.Transition",
        "core.AuditEntry",
        "people.ConsentRecord",
        "volunteers.HourEntry",
        "wishes.ContactReveal",
    }


# The door ------------------------------------------------------------------------------------------------------------


def test_the_door_opens_for_its_block_alone_and_is_on_record(refused):
    record = make(AuditEntry, verb="old")
    with door.lifted(reason="tests.door", actor_id=7):
        raw("UPDATE core_auditentry SET verb = 'new' WHERE id = %s", record.pk)
        raw("DELETE FROM core_transition")
    assert AuditEntry.objects.get(pk=record.pk).verb == "new"
    opened = AuditEntry.objects.get(verb="appendonly.lifted")
    assert (opened.actor_id, opened.details) == (7, {"reason": "tests.door"})
    assert appendonly.verify() == []
    refused(AuditEntry, "DELETE FROM core_auditentry")


def test_after_an_exception_the_door_is_closed_and_nothing_was_changed(refused):
    record = make(AuditEntry, verb="old")
    with pytest.raises(LookupError), door.lifted(reason="tests.door"):
        raw("UPDATE core_auditentry SET verb = 'new'")
        raise LookupError
    assert AuditEntry.objects.get(pk=record.pk).verb == "old"
    assert appendonly.verify() == []
    refused(AuditEntry, "DELETE FROM core_auditentry")


def test_after_an_exception_inside_a_longer_transaction_the_door_is_closed():
    make(AuditEntry)
    with transaction.atomic():
        with pytest.raises(LookupError), door.lifted(reason="tests.door"):
            raise LookupError
        with pytest.raises(Error, match="append-only"):
            raw("DELETE FROM core_auditentry")
    assert appendonly.verify() == []
    assert AuditEntry.objects.count() == 1


def test_in_a_longer_transaction_the_door_closes_with_its_block():
    make(AuditEntry)
    with transaction.atomic():
        with door.lifted(reason="tests.door"):
            raw("DELETE FROM core_transition")
        with pytest.raises(Error, match="append-only"):
            raw("DELETE FROM core_auditentry")


def test_a_door_within_a_door_does_not_close_the_outer_one():
    make(AuditEntry)
    with door.lifted(reason="tests.outer"):
        with door.lifted(reason="tests.inner"):
            pass
        raw("DELETE FROM core_auditentry")
    assert not AuditEntry.objects.exists()
    assert appendonly.verify() == []


@pytest.mark.postgres(only=True)
def test_the_door_opens_for_no_other_connection():
    make(AuditEntry)
    seen: list[str] = []

    def elsewhere() -> None:
        try:
            raw("DELETE FROM core_auditentry")
        except Error as error:
            seen.append(str(error))
        finally:
            connection.close()

    with door.lifted(reason="tests.door"):
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join(30)
    assert len(seen) == 1
    assert "append-only" in seen[0]
