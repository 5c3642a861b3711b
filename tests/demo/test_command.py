"""``manage.py demo`` as a person starts it: in a process of its own, in a checkout of its own."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.request

import pytest

from portal.core.sample_world import is_sample_phone

pytestmark = pytest.mark.sqlite


def _one(checkout, query: str):
    with sqlite3.connect(checkout.var / "demo.sqlite3") as database:
        return database.execute(query).fetchone()[0]


def _mark(checkout) -> None:
    """Leave a trace that a rebuild would remove."""
    with sqlite3.connect(checkout.var / "demo.sqlite3") as database:
        database.execute("UPDATE places_area SET address = 'kept' WHERE name = '袁家湾社区'")


def _is_kept(checkout) -> bool:
    return _one(checkout, "SELECT address FROM places_area WHERE name = '袁家湾社区'") == "kept"


def test_a_fresh_clone_becomes_a_demonstration_and_no_other_database_is_touched(built_once):
    fresh = built_once.checkout
    assert built_once.foreign_after == built_once.foreign_before != b""
    assert not (fresh.var / "demo.sqlite3-wal").exists(), "the log is written back into the file"
    assert _one(fresh, "SELECT count(*) FROM places_area WHERE in_service") == 4
    assert _one(fresh, "PRAGMA integrity_check") == "ok"
    left = {path.name for path in fresh.var.iterdir()}
    assert {"demo.sqlite3", "demo-accounts.json", "demo-keys.json", "demo-stamp.json"} <= left
    assert all(name.startswith("demo") and "building" not in name for name in left)
    assert (fresh.var / "demo-keys.json").stat().st_mode & 0o077 == 0


def test_a_second_start_on_the_same_day_keeps_what_was_done_and_shows_the_accounts(built):
    _mark(built)
    ended = built.run("--no-serve")
    assert ended.returncode == 0
    assert ended.stderr == "", "nothing is built"
    assert _is_kept(built)
    rows = json.loads((built.var / "demo-accounts.json").read_text(encoding="utf-8"))
    assert all(set(row) == {"role", "community", "phone", "password"} for row in rows)
    assert all(is_sample_phone(row["phone"]) for row in rows)
    assert len({row["phone"] for row in rows}) == len(rows)
    offices = {"社区工作者", "网格员", "网格长", "社区负责人", "街道主管", "个人信息保护员", "系统管理员"}
    assert {"居民", "志愿者"} | offices <= {row["role"] for row in rows}
    for row in rows:
        line = rf"^{re.escape(row['role'])}\s.*{row['phone']}\s+{row['password']}$"
        assert re.search(line, ended.stdout, re.MULTILINE)


def test_a_first_build_that_is_broken_off_leaves_nothing_that_looks_finished(fresh):
    why, tables, _room = fresh.broken_off(after=3)
    assert "(there is none yet)" in why
    assert "建表" in tables
    assert not (fresh.var / "demo-stamp.json").exists()
    assert not (fresh.var / "demo.sqlite3").exists()


def test_reset_builds_anew_what_is_whole_and_of_today(built):
    why, _tables = built.broken_off("--reset", after=2)
    assert "(--reset)" in why
    assert not (built.var / "demo-stamp.json").exists()


def test_another_day_builds_anew_unless_kept_and_what_was_broken_off_is_built_whatever_was_asked(built, stamped):
    """The last build is a bigger one: it adds invented communities that leave the figures of the others alone."""
    closed = "SELECT count(*) FROM wishes_wish w JOIN places_area a ON a.id = w.community_id WHERE w.state = 'closed'"
    ours = f"{closed} AND a.name = '袁家湾社区'"
    before = _one(built, ours)
    _mark(built)
    stamped(anchor="2020-01-01")
    kept = built.run("--no-serve", "--keep")
    assert kept.returncode == 0, kept.stderr
    assert _is_kept(built)
    assert "(its anchor day is not today)" in built.broken_off(after=3)[0]
    assert not (built.var / "demo-stamp.json").exists()
    ended = built.run("--no-serve", "--keep", "--scale", "2")
    assert ended.returncode == 0, ended.stderr
    assert "(the last build was not finished)" in ended.stderr
    assert not _is_kept(built)
    assert not (built.var / "demo.building.sqlite3").exists()
    assert _one(built, "PRAGMA integrity_check") == "ok"
    assert _one(built, "SELECT count(*) FROM places_area WHERE in_service") == 5
    assert before > 0
    assert _one(built, ours) == before
    assert built.run("--no-serve", "--scale", "0").returncode != 0


# Serving -------------------------------------------------------------------------------------------------------------


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _get(port: int, path: str) -> tuple[int, str]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return answer.status, answer.read().decode()


def test_it_serves_runs_what_is_due_and_ends_cleanly(built):
    port = _free_port()
    running = subprocess.Popen(
        built.command("--port", str(port)),
        cwd=built.folder,
        env=built.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        _wait_for(port, running)
        status, page = _get(port, "/")
        assert status == 200
        assert "演示环境" in page
        style = re.search(r'href="(/static/css/app\.[0-9a-f]{12}\.css)"', page)
        assert style, "static files are hashed"
        assert _get(port, style.group(1))[0] == 200
        _wait_until(lambda: json.loads(_get(port, "/healthz")[1])["checks"]["scheduler"] == "ok")
        second = built.run("--port", str(port))
        assert second.returncode != 0
        assert f"Port {port} is taken" in second.stderr
        rebuild = built.run("--no-serve", "--reset")
        assert rebuild.returncode != 0
        assert "another window" in rebuild.stderr
    finally:
        running.send_signal(signal.SIGINT)
        out, errors = running.communicate(timeout=30)
    assert running.returncode == 0, errors
    assert f"http://127.0.0.1:{port}/" in out
    assert out.rstrip().endswith("Ended.")
    assert "Traceback" not in errors


def _wait_for(port: int, running: subprocess.Popen[str]) -> None:
    def answers() -> bool:
        assert running.poll() is None, running.stderr.read() if running.stderr else ""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    _wait_until(answers)


def _wait_until(true, *, seconds: float = 90.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.2)


def test_it_takes_no_settings_but_its_own(built):
    """Started around manage.py's preparation, the command finds another database and refuses."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings", "ENVIRONMENT": "development"}
    environment["DATABASE_URL"] = f"sqlite:///{built.foreign}"
    code = "from django.core.management import execute_from_command_line as run; run(['x', 'demo', '--reset'])"
    ended = subprocess.run(
        [built.command()[0], "-c", code], cwd=built.folder, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode != 0
    assert "not the demonstration's own" in ended.stderr
    assert not built.foreign.exists() or built.foreign.stat().st_size == 0
