"""One million entries on PostgreSQL: how long a search takes, against ``icontains`` on the same rows in the same run,
and that no statement of it reads a table in order. See README.md beside this file.

    uv run python bench/search/run.py --entries 1000000
"""

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.chdir(ROOT)

from bench.telling import on_postgres, say, timed  # noqa: E402 — the path comes first

REPEATS = 15
# kind, what somebody types, what it stands for
QUESTIONS = (
    ("person", "王秀英", "a whole name"),
    ("person", "秀英", "two characters of a name"),
    ("person", "王", "one character, the commonest surname"),
    ("person", "彭彤彤", "a name that nobody has"),
    ("household", "15栋2单元1203", "a door"),
    ("household", "小区", "a pair that every household holds"),
    ("wish", "楼道灯", "three characters of many titles"),
    ("wish", "修水龙头 王家湾", "a title and a community"),
    ("wish", "123 456 789", "a number with gaps"),
    ("wish", "社区", "a pair that every wish holds beside its title"),
)


def milliseconds(act: Callable[[], Any], repeats: int) -> tuple[float, float]:
    """Median and the worst but one of ``repeats`` runs after one that warms up."""
    act()
    taken = []
    for _ in range(repeats):
        began = time.perf_counter()
        act()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken), sorted(taken)[-2]


def load(entries: int) -> None:
    """Fill both tables by COPY, with the terms that the portal would write; indexes after, as a restore does."""
    from django.db import connection

    from portal.search import installing
    from portal.search.terms import vector
    from tests.search import big

    installing.uninstall()
    columns = "(kind, object_id, title, rest, terms) FROM STDIN"
    values = ("kind", "object_id", "title", "rest")
    with timed(f"cut and loaded {entries:,} scoped entries"), connection.cursor() as cursor:
        with cursor.copy(f"COPY search_scopedentry {columns}") as copy:
            for row in big.rows(entries):
                copy.write_row([*(row[name] for name in values), vector(big.terms_of(row, scoped=True))])
        with cursor.copy(f"COPY search_publicentry {columns}") as copy:
            for row in big.rows(entries):
                if row["kind"] == "wish":
                    copy.write_row([*(row[name] for name in values), vector(big.terms_of(row, scoped=False))])
    with timed("GIN indexes"):
        installing.install()
    with timed("VACUUM ANALYZE"), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def sizes() -> dict[str, str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, pg_size_pretty(pg_relation_size(oid)) FROM pg_class "
            "WHERE relname LIKE 'search\\_%' AND relkind IN ('r', 'i') ORDER BY relname"
        )
        return dict(cursor.fetchall())


class Plans:
    """Explains every SELECT on the index that runs inside; counts statements and those that read a table in order."""

    def __init__(self) -> None:
        self.seen = 0
        self.in_order: list[str] = []
        self._inside = False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT") and "search_" in sql and not self._inside:
            self._inside = True
            with context["connection"].cursor() as cursor:
                cursor.execute(f"EXPLAIN {sql}", params)
                plan = "\n".join(line for (line,) in cursor.fetchall())
            self._inside = False
            self.seen += 1
            if "Seq Scan" in plan:
                self.in_order.append(plan)
        return execute(sql, params, many, context)


def measure(repeats: int) -> tuple[list[dict[str, Any]], Plans]:
    """Each question through the index and by ``icontains``, in turn."""
    from django.db import connection
    from django.db.models import Q

    from portal.search import looking, marks
    from portal.search.keeping import scoped
    from portal.search.models import ScopedEntry
    from portal.search.terms import Query
    from tests.search import big

    grid = marks.areas([big.FIRST_AREA + 10_003])
    plans, rows = Plans(), []
    for kind, typed, what in QUESTIONS:
        source, query = scoped[kind], Query(typed)

        def ask(scope: Any = None, source: Any = source, query: Any = query) -> Any:
            with looking.by_index(ScopedEntry):
                return looking._candidates(ScopedEntry, source, query, scope, looking.BOUND)

        def scan(kind: str = kind, typed: str = typed) -> list[Any]:
            held = Q(title__icontains=typed) | Q(rest__icontains=typed)
            return list(ScopedEntry.objects.filter(held, kind=kind).order_by("-object_id")[: looking.BOUND])

        with connection.execute_wrapper(plans):
            found = ask()
            ask(grid)
        median, worst = milliseconds(ask, repeats)
        in_grid, _ = milliseconds(lambda: ask(grid), repeats)
        scanned, _ = milliseconds(scan, 3)
        count = f"{len(found.ids)}{'+' if found.cut else ''}"
        rows.append(
            {
                "typed": typed,
                "what": what,
                "found": count,
                "index_ms": round(median, 1),
                "worst_ms": round(worst, 1),
                "one_grid_ms": round(in_grid, 1),
                "icontains_ms": round(scanned, 1),
                "ratio": round(scanned / median, 1),
            }
        )
        say(
            f"  {typed}（{what}）: {count} found, {median:.1f} ms (worst {worst:.1f}), one grid {in_grid:.1f} ms; "
            f"icontains {scanned:.1f} ms = {scanned / median:.1f}×"
        )
    return rows, plans


def write_cost(repeats: int) -> float:
    """Milliseconds that one changed entry costs among so many: read, locked, cut, written."""
    from portal.search.keeping import _keep, scoped
    from portal.search.models import ScopedEntry
    from portal.search.sources import Document
    from tests.search import big

    source = scoped["household"]
    numbers = iter(range(10**6))

    class Changing:
        """The source with a title that is another one each time."""

        id, tiers = source.id, source.tiers

        @staticmethod
        def documents(ids: list[int]) -> list[Document]:
            return [Document(pk, f"东塘小区{next(numbers)}栋1单元101", paths=(big.path_of(pk),)) for pk in ids]

    one: Any = Changing()
    return milliseconds(lambda: _keep(ScopedEntry, one, [big.FIRST_AREA + 1]), repeats)[0]


def run(entries: int, repeats: int, out: Path | None) -> int:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    load(entries)
    rows, plans = measure(repeats)
    written = write_cost(repeats)
    say(f"one entry written: {written:.1f} ms")
    say(f"{plans.seen} statements explained, {len(plans.in_order)} read a table in order")
    for plan in plans.in_order:
        say(plan)
    result: dict[str, Any] = {
        "entries": entries,
        "questions": rows,
        "write_ms": round(written, 1),
        "sizes": sizes(),
        "statements": plans.seen,
        "sequential_scans": len(plans.in_order),
    }
    for name, size in result["sizes"].items():
        say(f"  {name}: {size}")
    if out is not None:
        out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 1 if plans.in_order else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--json", type=Path, default=None, help="also write the result here")
    options = parser.parse_args()
    return on_postgres(lambda: run(options.entries, options.repeats, options.json))


if __name__ == "__main__":
    sys.exit(main())
