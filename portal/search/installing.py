"""What makes the column of terms quick to ask: a GIN index on PostgreSQL; on SQLite an FTS5 table and the triggers that
keep it. Triggers, and not code of ours: whatever empties or rewrites the table, a flush between tests too, leaves no
ghost. SQLite drops them when a migration rebuilds the table, so they are looked after following every ``migrate``.
"""

from typing import Any

from django.apps import apps
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

from .models import PublicEntry, ScopedEntry

TABLES: tuple[type[models.Model], ...] = (PublicEntry, ScopedEntry)


def _postgres(table: str) -> list[str]:
    # Without a list of pending entries: what was written a moment ago is looked up like everything else.
    return [f'CREATE INDEX IF NOT EXISTS "{table}_gin" ON "{table}" USING gin (terms) WITH (fastupdate = off)']


def _command(fts: str, word: str, columns: str = "", values: str = "") -> str:
    """A command to FTS5: written into the column that bears the table's own name."""
    return f'INSERT INTO "{fts}"("{fts}"{columns}) VALUES (\'{word}\'{values})'  # noqa: S608 — our own names


def _sqlite(table: str) -> list[str]:
    fts = f"{table}_fts"
    gone = _command(fts, "delete", ", rowid, terms", ", old.id, old.terms") + ";"
    come = f'INSERT INTO "{fts}"(rowid, terms) VALUES (new.id, new.terms);'  # noqa: S608 — our own names
    options = f"terms, content='{table}', content_rowid='id', tokenize='ascii', detail=none"
    return [
        f'CREATE VIRTUAL TABLE "{fts}" USING fts5({options})',
        f'CREATE TRIGGER "{fts}_insert" AFTER INSERT ON "{table}" BEGIN {come} END',
        f'CREATE TRIGGER "{fts}_delete" AFTER DELETE ON "{table}" BEGIN {gone} END',
        f'CREATE TRIGGER "{fts}_update" AFTER UPDATE ON "{table}" BEGIN {gone} {come} END',
        _command(fts, "rebuild"),
    ]


def _dropped(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    if connection.vendor == "postgresql":
        return [f'DROP INDEX IF EXISTS "{table}_gin"']
    triggers = [f'DROP TRIGGER IF EXISTS "{table}_fts_{moment}"' for moment in ("insert", "delete", "update")]
    return [*triggers, f'DROP TABLE IF EXISTS "{table}_fts"']


def _stands(connection: BaseDatabaseWrapper, table: str) -> bool:
    """Whether everything that belongs to ``table`` is there."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT count(*) FROM pg_indexes WHERE indexname = %s", [f"{table}_gin"])
            return cursor.fetchone()[0] == 1
        names = [f"{table}_fts", *(f"{table}_fts_{moment}" for moment in ("insert", "delete", "update"))]
        cursor.execute("SELECT name FROM sqlite_master WHERE name IN (%s, %s, %s, %s)", names)
        return len(cursor.fetchall()) == len(names)


def install(using: str = "default") -> None:
    """See that both tables can be asked; what stands is left alone, what is broken is made anew."""
    connection = connections[using]
    there = set(connection.introspection.table_names())
    for model in TABLES:
        table = model._meta.db_table
        if table in there and not _stands(connection, table):
            made = _postgres(table) if connection.vendor == "postgresql" else _sqlite(table)
            _carry_out(connection, [*_dropped(connection, table), *made])


def uninstall(using: str = "default") -> None:
    """Take it all away, before the tables go."""
    for model in TABLES:
        _carry_out(connections[using], _dropped(connections[using], model._meta.db_table))


def _carry_out(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def tidy(using: str = "default") -> None:
    """On SQLite, merge what FTS5 wrote into one piece: terms of what was erased then stand nowhere any more. On
    PostgreSQL that is the work of VACUUM."""
    if connections[using].vendor == "sqlite":
        _carry_out(connections[using], [_command(f"{model._meta.db_table}_fts", "optimize") for model in TABLES])


def install_after_migrate(*, app_config: Any = None, using: str = "default", **_kwargs: Any) -> None:
    """``post_migrate`` comes once an app; ours is the moment."""
    if app_config == apps.get_app_config("search"):
        install(using)
