"""The portal's pages and hourly tasks in a city of a million people, against one of ten thousand in the same run; and
that none of them reads a big table in order. See README.md beside this file.

    uv run python bench/desk/run.py --people 1000000
"""

import argparse
import json
import logging
import os
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.chdir(ROOT)

from bench.telling import on_postgres, say, timed  # noqa: E402 — the path comes first

SMALL = 10_000
REPEATS = 5
BIG = 8_000  # rows from which on a table is not read in order
SLOWEST = 60_000  # milliseconds after which a statement is given up
_IN_ORDER = re.compile(r"Seq Scan on (\w+)")


# -- what is asked ----------------------------------------------------------------------------------------------------


def people_who_ask(city: Any) -> dict[str, Any]:
    """An account each kind of reader, with its client."""
    from portal.people.models import Authorisation, Guardianship, Person, RoleKind
    from portal.places.models import Area, Level
    from tests import worlds

    community = city.areas[3]
    grid = Area.objects.filter(parent=community, level=Level.GRID).order_by("pk")[0]
    resident = worlds.account(community)
    ids = Person.objects.filter(community=community, merged_into=None).order_by("-pk").values_list("pk", flat=True)[:2]
    today = "2026-01-01"
    Guardianship.objects.create(child_id=ids[0], guardian=resident.person, relation="母亲", since=today)
    worker = worlds.worker(community)
    Authorisation.objects.create(
        principal_id=ids[1], agent=resident.person, relation="女儿", since=today, recorded_by=worker
    )
    return {
        "administrator": worlds.administrator(),
        "supervisor": worlds.supervisor(community.parent),
        "worker": worker,
        "grid": worlds.staff(RoleKind.GRID_WORKER, grid),
        "officer": worlds.staff(RoleKind.PRIVACY_OFFICER, community),
        "resident": resident,
        "volunteer": worlds.volunteer(community).person.user,
    }


LISTS = {
    "people.person": ("", "?community__id__exact={community}", "?sex__exact=female", "?o=2"),
    "places.household": ("",),
    "places.building": ("",),
    "people.residency": ("", "?state__exact=claimed"),
    "people.ownership": ("", "?state__exact=claimed"),
    "people.representative": ("",),
    "people.guardianship": ("",),
    "people.authorisation": ("",),
    "people.user": ("",),
    "people.role": ("",),
    "people.datarequest": ("", "?state__exact=asked"),
    "wishes.wish": ("", "?state__exact=pending_review", "?state__exact=closed", "?community__id__exact={community}"),
    "volunteers.volunteer": ("", "?state__exact=active"),
    "notices.delivery": ("", "?waits=yes"),
    "backoffice.export": ("", "?state__exact=pending"),
    "core.auditentry": ("", "?verb=person.contact_shown"),
    "core.transition": ("",),
}
DESKS = ("administrator", "supervisor", "worker", "grid")
FRONT = ("/", "/do/", "/messages/", "/me/", "/me/homes/", "/me/family/", "/me/data/", "/wishes/", "/wishes/mine/")
WALL = ("/wishes/", "/wishes/?tab=waiting", "/wishes/?tab=done", "/figures/", "/community/")


def pages(city: Any, who: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(reader, address) of every page that is measured; one that the reader may not open is left out by its answer."""
    from django.urls import reverse

    from portal.people.models import Person, Residency
    from services.wishes.models import Wish

    community = city.areas[3]
    person = Person.objects.filter(community=community, merged_into=None).order_by("-pk")[0]
    tie = Residency.objects.filter(household__building__community=community).order_by("-pk")[0]
    wish = Wish.objects.filter(community=community).order_by("-pk")[0]
    rows = {
        "people_person": person.pk,
        "places_household": tie.household_id,
        "places_building": tie.household.building_id,
        "people_residency": tie.pk,
        "wishes_wish": wish.pk,
    }
    for reader in DESKS:
        yield reader, "/admin/"
        for name, pk in rows.items():
            yield reader, reverse(f"admin:{name}_change", args=[pk])
        for label, queries in LISTS.items():
            address = reverse(f"admin:{label.replace('.', '_')}_changelist")
            yield from ((reader, address + query.format(community=community.pk)) for query in queries)
    yield from (("officer", reverse(f"admin:core_{name}_changelist")) for name in ("auditentry", "transition"))
    yield from (("resident", address) for address in FRONT)
    yield from (("volunteer", address) for address in ("/volunteers/", "/volunteers/tasks/"))
    yield from (("nobody", address) for address in WALL)


def tasks() -> dict[str, Callable[[Any], Any]]:
    """What the clock runs, and each purpose's erasing by itself."""
    from portal.core import schedule
    from portal.core.registries import purposes

    found: dict[str, Callable[[Any], Any]] = {name: task.run for name, task in schedule.declared().items()}
    found.pop("core.erase")  # the purposes, one by one
    return {**found, **{f"erase {purpose.id}": purpose.erase for purpose in purposes if purpose.erase is not None}}


# -- how it is measured -----------------------------------------------------------------------------------------------


def read_in_order(plan: str) -> list[str]:
    """The tables that ``plan`` reads from their beginning on. One right below a LIMIT stops there (the lists count up
    to a bound) and is left out."""
    lines = plan.split("\n")
    return [
        found[1]
        for above, line in zip(["", *lines], lines, strict=False)
        if (found := _IN_ORDER.search(line)) and "Limit " not in above
    ]


class Plans:
    """Explains every statement that runs inside; keeps those that read a big table in order."""

    def __init__(self) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > %s", [BIG])
            self.big = {name for (name,) in cursor.fetchall()}
        self.seen, self.bad = 0, dict[str, str]()
        self._inside = False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        verb = sql.lstrip("( ").split(" ", 1)[0]
        if verb in {"SELECT", "UPDATE", "DELETE"} and not self._inside and not many:
            self._inside = True
            with context["connection"].cursor() as cursor:
                cursor.execute(f"EXPLAIN {sql}", params)
                plan = "\n".join(line for (line,) in cursor.fetchall())
            self._inside = False
            self.seen += 1
            if tables := self.big & set(read_in_order(plan)):
                self.bad[f"{', '.join(sorted(tables))}: {sql[:4000]}"] = plan
        return execute(sql, params, many, context)


def _page(client: Any, address: str) -> Callable[[], Any]:
    def ask() -> Any:
        answer = client.get(address, follow=False)
        if answer.status_code >= 500:
            raise RuntimeError(f"{address}: {answer.status_code}")
        return answer

    return ask


def _task(run: Callable[[Any], Any]) -> Callable[[], Any]:
    """The task in a transaction that is taken back."""

    def once() -> None:
        from django.db import transaction

        from portal.core import clock

        with transaction.atomic():
            run(clock.now())
            transaction.set_rollback(True)

    return once


def measured(city: Any, only: str) -> Iterator[tuple[str, Callable[[], Any]]]:
    """What is measured, by name: the answer that a page gives decides whether it is."""
    from tests import worlds

    who = people_who_ask(city)
    clients = {name: worlds.client_for(user) for name, user in who.items()} | {"nobody": worlds.client_for(None)}
    for reader, address in pages(city, who):
        name = f"{reader} {re.sub(r'[0-9]+', '…', address)}"
        if only in name and (ask := _page(clients[reader], address))().status_code == 200:
            yield name, ask
    yield from ((f"task {name}", _task(run)) for name, run in tasks().items() if only in f"task {name}")


def measure(city: Any, repeats: int, only: str, plans: bool) -> dict[str, dict[str, Any]]:
    """Name → median milliseconds, statements, and (with ``plans``) which big tables are read in order."""
    from django.db import connection

    found: dict[str, dict[str, Any]] = {}
    for name, ask in measured(city, only):
        watch = Plans()
        try:
            if plans:
                with connection.execute_wrapper(watch):
                    ask()
            taken = []
            for _ in range(repeats):
                began = time.perf_counter()
                ask()
                taken.append((time.perf_counter() - began) * 1000)
        except Exception as failure:  # noqa: BLE001 — one that fails is told, and the others are measured
            say(f"  {name}: {type(failure).__name__} {str(failure)[:200]}")
            found[name] = {"ms": None, "statements": watch.seen, "in_order": watch.bad or {"failed": str(failure)}}
            continue
        found[name] = {"ms": statistics.median(taken), "statements": watch.seen, "in_order": watch.bad}
        if plans:
            tables = "; ".join(sorted({text.split(":")[0] for text in watch.bad}))
            say(f"  {name}: {statistics.median(taken):.0f} ms{f'  IN ORDER: {tables}' if tables else ''}")
    return found


# -- the run ----------------------------------------------------------------------------------------------------------


def _emptied() -> None:
    from tests import seeds

    seeds.empty("default")


def _filled(people: int) -> Any:
    from django.db import connection

    from bench.desk.city import City

    with timed(f"a city of {people:,} people"):
        city = City(people)
    with timed("VACUUM ANALYZE"), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute(f"SET statement_timeout = {SLOWEST}")
    return city


def run(options: Any) -> int:
    import django
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    django.setup()
    setup_test_environment()
    call_command("migrate", verbosity=0)
    from tests import seeds

    seeds.keep()
    small = {}
    if 0 < options.small < options.people:
        small = measure(_filled(options.small), options.repeats, options.only, plans=False)
        _emptied()
    large = measure(_filled(options.people), options.repeats, options.only, plans=True)
    return told(small, large, options.json)


def told(small: dict[str, Any], large: dict[str, Any], out: Path | None) -> int:
    """Print the slowest, the ratios, and the plans that are wrong; 1 where there are any."""
    result = []
    for name, one in large.items():
        before = small.get(name, {}).get("ms")
        ratio = one["ms"] / before if before and one["ms"] else None
        result.append({"name": name, **one, "small_ms": before, "ratio": ratio})
    say("the ratios, the largest first (time in the big city by time in the small one):")
    for row in sorted(result, key=lambda row: -(row["ratio"] or 0))[:25]:
        if row["ratio"] is not None:
            say(f"  {row['name']}: {row['ratio']:.1f}  ({row['small_ms']:.0f} → {row['ms']:.0f} ms)")
    bad = {text: plan for row in result for text, plan in row["in_order"].items()}
    for text, plan in bad.items():
        say(f"\n{text}\n{plan}")
    explained = sum(row["statements"] for row in result)
    say(f"{explained} statements explained, {len(bad)} read a big table in order")
    if out is not None:
        out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 1 if bad else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--small", type=int, default=SMALL, help="the people of the baseline; 0: none")
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--only", default="", help="what the name of a page or a task holds")
    parser.add_argument("--json", type=Path, default=None, help="also write the result here")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)  # a page that a reader may not open is left out, not told
    return on_postgres(lambda: run(options))


if __name__ == "__main__":
    sys.exit(main())
