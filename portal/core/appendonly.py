"""Tables whose rows are never changed: held by database triggers, on SQLite and PostgreSQL alike.

A model is declared with ``@append_only``; the triggers are derived from the declaration and put back after every
``migrate``, because SQLite drops a table's triggers when a migration rebuilds the table. ``verify`` compares what is
declared with what is installed. The one door past them is ``door.lifted``, which is audited.
"""

import re
from typing import Any, TypeVar

from django.apps import apps
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

ModelClass = TypeVar("ModelClass", bound=type[models.Model])

_DECLARED: list[type[models.Model]] = []
_NAME = "append_only"
_DOOR = "portal.append_only_door"


def append_only(model: ModelClass) -> ModelClass:
    """Class decorator: rows of ``model`` may be inserted and read, never changed or deleted.

    TypeError for a uniqueness that the clash trigger of SQLite could not see.
    """
    unseen = [c.name for c in model._meta.constraints if isinstance(c, models.UniqueConstraint) and not c.fields]
    if unseen or model._meta.unique_together:
        raise TypeError(f"{model._meta.label}: an append-only table is unique by constraints over fields only")
    _DECLARED.append(model)
    return model


def declared() -> list[type[models.Model]]:
    """Every append-only model, in the order of declaration."""
    return list(_DECLARED)


def _unique_clashes(connection: BaseDatabaseWrapper, model: type[models.Model]) -> list[str]:
    """SQL that is true where a NEW row meets a standing one by a key or a unique constraint, partial ones included:
    every way in which INSERT OR REPLACE could overwrite."""
    groups = [([field.column], "") for field in model._meta.local_concrete_fields if field.unique or field.primary_key]
    editor = connection.SchemaEditorClass(connection, collect_sql=True)
    columns_by_name = {field.name: field.column for field in model._meta.local_concrete_fields}
    constraints: list[Any] = [c for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)]
    for constraint in constraints:
        names = [columns_by_name[name] for name in constraint.fields]
        groups.append((names, constraint._get_condition_sql(model, editor) or ""))
    clashes = []
    for columns, condition in groups:
        terms = [f'"{column}" = NEW."{column}"' for column in columns]
        if condition:
            terms += [f"({condition})", "({})".format(re.sub(r'"(\w+)"', r'NEW."\1"', condition))]
        where = " AND ".join(terms)
        clashes.append(f'EXISTS (SELECT 1 FROM "{model._meta.db_table}" WHERE {where})')  # noqa: S608 — our own names
    return clashes


def _sqlite_triggers(connection: BaseDatabaseWrapper, model: type[models.Model]) -> dict[str, str]:
    table = model._meta.db_table
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    clash = " OR ".join(_unique_clashes(connection, model))
    # The clash trigger makes REPLACE visible even to a connection that did not switch recursive_triggers on.
    moments = {
        f"{table}_{_NAME}_update": f'BEFORE UPDATE ON "{table}"',
        f"{table}_{_NAME}_delete": f'BEFORE DELETE ON "{table}"',
        f"{table}_{_NAME}_replace": f'BEFORE INSERT ON "{table}" WHEN {clash}',
    }
    return {name: f'CREATE TRIGGER "{name}" {moment} {refuse}' for name, moment in moments.items()}


_PG_BODY = f"""
BEGIN
    IF coalesce(current_setting('{_DOOR}', true), '') <> '' THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; ELSIF TG_OP = 'UPDATE' THEN RETURN NEW; END IF;
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
"""
_PG_NAME = "portal_refuse_change"
_PG_FUNCTION = f"CREATE OR REPLACE FUNCTION {_PG_NAME}() RETURNS trigger LANGUAGE plpgsql AS $${_PG_BODY}$$"
# What tells a trigger on PostgreSQL: its table, the bits of its kind (pg_trigger.h), its function, no condition.
_PG_ROW, _PG_TRUNCATE = 1 + 2 + 8 + 16, 2 + 32
_PG_TRIGGERS = """
SELECT t.tgname, concat_ws(' ', c.relname, t.tgtype, p.proname, t.tgenabled, t.tgqual)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal
"""


def _postgres_triggers(model: type[models.Model]) -> dict[str, str]:
    table = model._meta.db_table
    return {
        f"{table}_{_NAME}_row": (
            f'CREATE TRIGGER "{table}_{_NAME}_row" BEFORE UPDATE OR DELETE ON "{table}" '
            f"FOR EACH ROW EXECUTE FUNCTION {_PG_NAME}()"
        ),
        f"{table}_{_NAME}_truncate": (
            f'CREATE TRIGGER "{table}_{_NAME}_truncate" BEFORE TRUNCATE ON "{table}" '
            f"FOR EACH STATEMENT EXECUTE FUNCTION {_PG_NAME}()"
        ),
    }


def _expected(connection: BaseDatabaseWrapper, model: type[models.Model]) -> dict[str, str]:
    return _sqlite_triggers(connection, model) if connection.vendor == "sqlite" else _postgres_triggers(model)


def _fingerprints(connection: BaseDatabaseWrapper, model: type[models.Model]) -> dict[str, str]:
    """Trigger name → what ``_installed`` must say of it."""
    if connection.vendor == "sqlite":
        return _sqlite_triggers(connection, model)
    table = model._meta.db_table
    return {
        f"{table}_{_NAME}_row": f"{table} {_PG_ROW} {_PG_NAME} O",
        f"{table}_{_NAME}_truncate": f"{table} {_PG_TRUNCATE} {_PG_NAME} O",
    }


def _installed(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Trigger name → what tells whether it is the declared one; on PostgreSQL the function's body by its name too."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            return dict(cursor.fetchall())
        cursor.execute(_PG_TRIGGERS)
        found = dict(cursor.fetchall())
        cursor.execute("SELECT proname, prosrc FROM pg_proc WHERE proname = %s", [_PG_NAME])
        return found | dict(cursor.fetchall())


def install(using: str = "default") -> None:
    """Create every declared trigger anew on the tables that exist."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with transaction.atomic(using=using), connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute(_PG_FUNCTION)
        for model in _DECLARED:
            table = model._meta.db_table
            if table not in tables:
                continue
            for name, statement in _expected(connection, model).items():
                drop = f'DROP TRIGGER IF EXISTS "{name}"'
                cursor.execute(drop if connection.vendor == "sqlite" else f'{drop} ON "{table}"')
                cursor.execute(statement)


def reinstall_after_migrate(*, app_config: Any = None, using: str = "default", **_kwargs: Any) -> None:
    """``post_migrate`` comes once for each app with models: install on the last of them only."""
    with_models = [config for config in apps.get_app_configs() if config.models_module is not None]
    if app_config is None or app_config == with_models[-1]:
        install(using)


def verify(using: str = "default") -> list[str]:
    """Names of declared triggers that are missing, switched off or altered; empty when all stand."""
    connection = connections[using]
    expected = {} if connection.vendor == "sqlite" else {_PG_NAME: _PG_BODY}
    for model in _DECLARED:
        expected |= _fingerprints(connection, model)
    installed = _installed(connection)
    return [name for name, fingerprint in expected.items() if installed.get(name) != fingerprint]


def open_door(connection: BaseDatabaseWrapper) -> None:
    """Let rows change on this connection until the transaction ends: ``door.lifted`` alone calls this, on record."""
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("SELECT set_config(%s, 'open', true)", [_DOOR])
            return
        tables = set(connection.introspection.table_names(cursor))
        for model in _DECLARED:
            for name in _expected(connection, model) if model._meta.db_table in tables else ():
                cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"')


def close_door(connection: BaseDatabaseWrapper, using: str) -> None:
    """Hold the tables again; after an exception this is the rollback's work."""
    if connection.vendor == "sqlite":
        install(using)
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, '', true)", [_DOOR])
