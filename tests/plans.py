"""What PostgreSQL makes of a statement: the plans of everything that a block asks, and those that read in order."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

VERBS = {"SELECT", "INSERT", "UPDATE", "DELETE"}


def analyze() -> None:
    """Let the planner know what stands in the tables."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@contextmanager
def plans(*tables: str) -> Iterator[list[str]]:
    """The plan of every statement in the block that names one of ``tables``."""
    found: list[str] = []
    inside = False

    def explain(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal inside
        wanted = any(f'"{table}"' in sql for table in tables) and sql.split()[0] in VERBS
        if wanted and not inside:
            inside = True
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {sql}", params)
                found.append("\n".join(line for (line,) in cursor.fetchall()))
            inside = False
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        yield found


def in_order(found: list[str], *tables: str) -> list[str]:
    """Those of the plans that read one of ``tables`` (none given: any) from its beginning to its end."""
    if tables:
        return [plan for plan in found if any(f"Seq Scan on {table} " in plan for table in tables)]
    return [plan for plan in found if "Seq Scan" in plan]
