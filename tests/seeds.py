"""Emptying the database after a test that really commits: past the append-only triggers by their one door, and with
the rows that migrations seed (kinds of wishes, content types) put back.

The seeds are copied into side tables of the test database once, right after the migrations; putting them back is one
``INSERT … SELECT`` a table, the same on both databases.
"""

from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from portal.core import appendonly, door

PREFIX = "seed_of_"


def keep(using: str = "default") -> None:
    """Copy every row that the migrations left."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True, include_views=False):
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}")')
            if cursor.fetchone()[0]:
                cursor.execute(f'CREATE TABLE "{PREFIX}{table}" AS SELECT * FROM "{table}"')


def empty(using: str = "default") -> None:
    """Flush every table, put the seeds back, and see that all triggers stood and stand."""
    connection = connections[using]
    left_down = appendonly.verify(using)
    with door.lifted(reason="tests.flush", using=using):
        call_command(
            "flush", verbosity=0, interactive=False, database=using, reset_sequences=False, inhibit_post_migrate=True
        )
        _put_back(connection)
    left_down += appendonly.verify(using)
    assert not left_down, f"append-only triggers were left down: {left_down}"


def _put_back(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        for kept in connection.introspection.table_names(cursor):
            if kept.startswith(PREFIX):
                cursor.execute(f'INSERT INTO "{kept.removeprefix(PREFIX)}" SELECT * FROM "{kept}"')
