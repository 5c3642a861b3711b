"""A checkout of its own for each test: the tree without ``var/`` copied to a temporary folder, so that neither the
developer's demonstration nor another test's is touched."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
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
        """What a careless shell brings: another database, another settings module, a cache that is not there."""
        return os.environ | {
            "DATABASE_URL": f"sqlite:///{self.foreign}",
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "DEBUG": "1",
            "PYTHONPATH": "",
            "PYTHONDONTWRITEBYTECODE": "1",
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


@pytest.fixture(scope="session")
def _built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    checkout = Checkout(tmp_path_factory.mktemp("demo") / "built")
    _copy_tree(checkout.folder)
    ended = checkout.run("--no-serve")
    assert ended.returncode == 0, ended.stderr
    return checkout.folder


@pytest.fixture
def built(_built_once: Path, tmp_path: Path) -> Checkout:
    """With a demonstration built today."""
    shutil.copytree(_built_once, tmp_path / "built")
    return Checkout(tmp_path / "built")


@pytest.fixture
def stamped(built: Checkout) -> Callable[..., None]:
    """Change what the stamp says."""

    def change(**values: object) -> None:
        path = built.var / "demo-stamp.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | values))

    return change
