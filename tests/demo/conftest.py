"""A checkout of its own for each test: the tree without ``var/`` copied to a temporary folder, so that neither the
developer's demonstration nor another test's is touched. One is built from nothing, by whichever worker wants it first;
the others are copies of that one."""

import fcntl
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("portal", "alliance", "services", "landlords", "templates", "static", "locale", "manage.py")
STRANGER = "a row of somebody else"


class Checkout:
    """A copy of the tree in a folder whose name holds what addresses and shells trip over."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.var = folder / "var"
        self.foreign = folder.parent / "foreign.sqlite3"

    def environment(self) -> dict[str, str]:
        """What a careless shell brings: another database, another settings module, a cache that is not there.

        Python may keep its bytecode in the checkout: every copy of it and every further start goes without compiling.
        """
        return os.environ | {
            "DATABASE_URL": f"sqlite:///{self.foreign}",
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "DEBUG": "1",
            "PYTHONPATH": "",
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": "",
        }

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "manage.py", "demo", *arguments]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """``manage.py demo`` to its end."""
        return subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    def broken_off(self, *arguments: str, after: int) -> list[str]:
        """Kill ``manage.py demo --no-serve`` in the midst of its building, ``after`` so many lines; returns them: why
        it builds, that it makes the tables, then each room that it fills."""
        starting = self.command("--no-serve", *arguments)
        running = subprocess.Popen(
            starting, cwd=self.folder, env=self.environment(), stderr=subprocess.PIPE, text=True, encoding="utf-8"
        )
        assert running.stderr is not None
        said = [running.stderr.readline() for _line in range(after)]
        running.send_signal(signal.SIGKILL)
        running.wait(timeout=20)
        running.stderr.close()
        assert running.returncode == -signal.SIGKILL, "".join(said)
        return said


def _copy_tree(to: Path) -> None:
    to.mkdir(parents=True)
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, to / part, ignore=shutil.ignore_patterns("__pycache__"))
        elif (ROOT / part).exists():
            shutil.copy2(ROOT / part, to / part)


@pytest.fixture
def fresh(tmp_path: Path) -> Checkout:
    """As it comes from a clone: no ``var/``."""
    _copy_tree(tmp_path / "益+亲 #1")
    return Checkout(tmp_path / "益+亲 #1")


@dataclass(frozen=True)
class Built:
    """The first demonstration of a fresh clone, and what stood in somebody else's database before and after."""

    checkout: Checkout
    foreign_before: bytes
    foreign_after: bytes


@pytest.fixture(scope="session")
def built_once() -> Built:
    """Built from nothing beside a database of somebody else; by one worker, while another that wants it waits."""
    home = Path(os.environ["TEST_SCRATCH"]) / "demo"
    home.mkdir(exist_ok=True)
    checkout = Checkout(home / "益+亲 #1")
    before = home / "foreign.before"
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not before.exists():
            shutil.rmtree(checkout.folder, ignore_errors=True)
            _copy_tree(checkout.folder)
            with sqlite3.connect(checkout.foreign) as foreign:
                foreign.execute("CREATE TABLE IF NOT EXISTS places_area (name TEXT)")
                foreign.execute("INSERT INTO places_area VALUES (?)", [STRANGER])
            untouched = checkout.foreign.read_bytes()
            ended = checkout.run("--no-serve")
            assert ended.returncode == 0, ended.stderr
            before.write_bytes(untouched)
    return Built(checkout, before.read_bytes(), checkout.foreign.read_bytes())


@pytest.fixture
def built(built_once: Built, tmp_path: Path) -> Checkout:
    """With a demonstration built today."""
    shutil.copytree(built_once.checkout.folder, tmp_path / "built")
    return Checkout(tmp_path / "built")


@pytest.fixture
def stamped(built: Checkout) -> Callable[..., None]:
    """Change what the stamp says."""

    def change(**values: object) -> None:
        path = built.var / "demo-stamp.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | values))

    return change
