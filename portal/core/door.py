"""The one door past the append-only triggers, and every opening of it on record."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction

from . import appendonly, audit


@contextmanager
def lifted(*, reason: str, actor_id: int | None = None, using: str = "default") -> Iterator[None]:
    """The one door: inside, append-only rows of this transaction's connection may be changed.

    For retention and for tests' clean-up. Opening it is an audit row of its own, so ``reason`` is a constant word of
    the calling code, never what a person typed. On PostgreSQL a transaction-local setting opens it; on SQLite the
    triggers are dropped and put back inside the transaction, which holds the only write lock. A door within a door
    leaves the closing to the outer one.
    """
    connection: Any = connections[using]
    outer = getattr(connection, "append_only_door", False)
    with transaction.atomic(using=using):
        audit.record("appendonly.lifted", actor_id=actor_id, details={"reason": reason})
        if outer:
            yield
            return
        connection.append_only_door = True
        try:
            appendonly.open_door(connection)
            yield
        finally:
            connection.append_only_door = False
        appendonly.close_door(connection, using)
