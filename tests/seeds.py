"""Emptying the database after a test that really commits: past the append-only triggers by their one door, and with
the rows that migrations seed (kinds of wishes, content types) put back.

The seeds are copied into side tables of the test database once, right after the migrations; putting them back is one
``INSERT … SELECT`` a table, the same on both databases.
"""

from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from portal.core import appendonly, door

PREFIX = "seed_of_"


def keep(using: str = "default") -> None:
    """Copy every row that the migrations left."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for table in _filled(connection, cursor):
            cursor.execute(f'CREATE TABLE "{PREFIX}{table}" AS SELECT * FROM "{table}"')


def empty(using: str = "default") -> None:
    """Empty the tables that hold rows, put the seeds back, and see that all triggers stood and stand.

    Not Django's flush: to truncate a hundred tables that stand empty takes PostgreSQL longer than most tests last.
    """
    connection = connections[using]
    left_down = appendonly.verify(using)
    with door.lifted(reason="tests.flush", using=using), connection.cursor() as cursor:
        for table in _filled(connection, cursor):  # in any order: foreign keys are looked at when the transaction ends
            cursor.execute(f'DELETE FROM "{table}"')
        for kept in connection.introspection.table_names(cursor):
            if kept.startswith(PREFIX):
                cursor.execute(f'INSERT INTO "{kept.removeprefix(PREFIX)}" SELECT * FROM "{kept}"')
    left_down += appendonly.verify(using)
    assert not left_down, f"append-only triggers were left down: {left_down}"


def _filled(connection: BaseDatabaseWrapper, cursor: Any) -> list[str]:
    """The tables of our models that hold at least one row, found in one question."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    cursor.execute(" UNION ALL ".join(f"SELECT '{one}' WHERE EXISTS (SELECT 1 FROM \"{one}\")" for one in tables))
    return [table for (table,) in cursor.fetchall()]
