"""The demonstration's own database: when it must be built anew, and how that is done so that it is whole or not there.

Everything happens below ``var/``. The file is made beside the real name and moved into place at the end, the stamp is
written last: a build that was cut off leaves no stamp, and the next start builds again.
"""

import contextlib
import fcntl
import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from portal.core import appendonly, clock, demo_environment, sample_world

BUILDING = demo_environment.DATABASE.with_name("demo.building.sqlite3")
LOCK = demo_environment.VAR / "demo.lock"
STATIC_STAMP = demo_environment.VAR / "demo-static.json"
_SIDE_FILES = ("", "-wal", "-shm", "-journal")

Show = Callable[[str, float], None]


class Refused(Exception):
    """The demonstration cannot go on; ``str`` of it says why and what to do."""


def assert_own() -> None:
    """Raise ``Refused`` unless the configured database and media are the demonstration's own, below ``var/``."""
    name = Path(str(connection.settings_dict["NAME"]))
    own = settings.DEMO and connection.vendor == "sqlite" and name.resolve() == demo_environment.DATABASE.resolve()
    if not own or Path(settings.MEDIA_ROOT).resolve() != demo_environment.MEDIA.resolve():
        raise Refused("The configured database is not the demonstration's own. Start it with: manage.py demo")


@contextlib.contextmanager
def held(*, alone: bool) -> Iterator[None]:
    """Hold the demonstration: ``alone`` to build it, beside others to serve it. ``Refused`` where it is taken."""
    LOCK.parent.mkdir(parents=True, exist_ok=True)
    with LOCK.open("w") as lock:
        try:
            fcntl.flock(lock, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused("The demonstration is running in another window. Stop it there first (Ctrl-C).") from None
        yield


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def schema_fingerprint() -> str:
    """Changes with every migration and with every room's sample."""
    migrations = sorted("/".join(key) for key in MigrationLoader(None).disk_migrations)
    files = [Path(module.__file__) for module in (sample_world, *sample_world.sample_modules())]
    return _digest(*migrations, *(path.read_text(encoding="utf-8") for path in files))


def keys_fingerprint() -> str:
    """Changes with the keys: without them nothing that was sealed can be read."""
    return _digest("keys", settings.SEALED_KEYS, settings.BLIND_INDEX_KEY)


def stamp_for(anchor: date, scale: int) -> dict[str, Any]:
    """What the stamp of a database built now would say."""
    return {
        "anchor": anchor.isoformat(),
        "scale": scale,
        "schema": schema_fingerprint(),
        "keys": keys_fingerprint(),
    }


def _stamp() -> dict[str, Any]:
    """The stamp that stands; empty where there is none or it cannot be read."""
    try:
        found = json.loads(demo_environment.STAMP.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def why_build(*, scale: int, keep: bool, reset: bool) -> str:
    """Why the database must be built anew, in words for the screen; empty where the standing one will do.

    ``keep`` forgives another day, scale or sample, never a database that was not finished or cannot be read.
    """
    standing, wanted = _stamp(), stamp_for(clock.today(), scale)
    if not demo_environment.DATABASE.exists():
        return "there is none yet"
    if not standing or not demo_environment.ACCOUNTS.exists():
        return "the last build was not finished"
    if standing.get("keys") != wanted["keys"]:
        return "its keys are gone"
    if not _is_readable():
        return "it cannot be read"
    if reset:
        return "--reset"
    if keep:
        return ""
    if standing.get("anchor") != wanted["anchor"]:
        return "its anchor day is not today"
    if standing.get("schema") != wanted["schema"]:
        return "tables or samples have changed"
    if standing.get("scale") != wanted["scale"]:
        return "the scale is another"
    return ""


def _is_readable() -> bool:
    """Whether the standing file is a database at all."""
    try:
        with contextlib.closing(sqlite3.connect(demo_environment.DATABASE)) as standing:
            return bool(standing.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    except sqlite3.DatabaseError:
        return False


def _remove_database(path: Path) -> None:
    for suffix in _SIDE_FILES:
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def build(*, scale: int, show: Show) -> sample_world.World:
    """Make the database anew for today.

    1. make sure that it is the demonstration's own, then remove what an earlier, cut-off build left;
    2. migrate and load into a file beside it, write its log back into it and close it;
    3. take the old stamp away, move the file into place, write the accounts, and the stamp last.
    """
    assert_own()
    demo_environment.STAMP.unlink(missing_ok=True)
    _remove_database(BUILDING)
    shutil.rmtree(demo_environment.MEDIA, ignore_errors=True)
    world = sample_world.World(anchor=clock.today(), built_at=clock.now(), scale=scale, show=show)
    with _connected_to(BUILDING):
        show("建表", 0.0)
        call_command("migrate", verbosity=0, interactive=False)
        sample_world.build(world)
        if missing := appendonly.verify():
            raise Refused("append-only triggers are missing after the build: " + ", ".join(missing))
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    _remove_database(demo_environment.DATABASE)
    BUILDING.replace(demo_environment.DATABASE)
    write_accounts(world)
    demo_environment.write_whole(demo_environment.STAMP, json.dumps(stamp_for(world.anchor, scale), indent=1))
    return world


@contextlib.contextmanager
def _connected_to(path: Path) -> Iterator[None]:
    """Point the default connection at ``path`` for a while."""
    own = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = str(path)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own


def bring_up_to_date() -> None:
    """Migrate a kept database in place, where it is behind or has lost a trigger; its records stay as they are."""
    assert_own()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()) or appendonly.verify():
        with held(alone=True):
            call_command("migrate", verbosity=0, interactive=False)
    connection.close()


def write_accounts(world: sample_world.World) -> None:
    """``var/demo-accounts.json``: a list of objects with role, community, phone and password."""
    rows = [
        {"role": entry.role, "community": entry.community, "phone": entry.phone, "password": entry.password}
        for entry in world.accounts
    ]
    demo_environment.write_whole(demo_environment.ACCOUNTS, json.dumps(rows, ensure_ascii=False, indent=1) + "\n")


def accounts() -> list[dict[str, str]]:
    """The accounts of the standing database."""
    return json.loads(demo_environment.ACCOUNTS.read_text(encoding="utf-8"))


def static_fingerprint() -> str:
    """Changes when any static file is added, taken away or written."""
    parts = []
    for finder in get_finders():
        for name, storage in finder.list(ignore_patterns=None):
            found = Path(storage.path(name)).stat()
            parts.append(f"{name} {found.st_size} {found.st_mtime_ns}")
    return _digest(*sorted(parts))


def collect_static() -> bool:
    """Bring the hashed, compressed static files up to date; returns whether anything had to be done.

    Older hashes stay, because a demonstration in another window may be serving pages that name them.
    """
    wanted = json.dumps({"files": static_fingerprint()})
    standing = STATIC_STAMP.read_text(encoding="utf-8") if STATIC_STAMP.exists() else ""
    if standing == wanted and demo_environment.STATIC.is_dir():
        return False
    STATIC_STAMP.unlink(missing_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False)
    demo_environment.write_whole(STATIC_STAMP, wanted)
    return True
