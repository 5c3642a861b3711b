"""A provider on loopback that a test can hold, and workers and beat as processes that a test can kill."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from django.db import connection

from .redis_server import PATIENCE, wait_for

ROOT = Path(__file__).resolve().parents[2]


class Provider:
    """Writes down every message that it gets, and at its gate which worker comes.

    ``answers`` held back: the worker waits for the answer of its call;
    ``gate`` held back: it waits before its call."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.at_gate: list[str] = []
        self.answers, self.gate = threading.Event(), threading.Event()
        self.answers.set()
        self.gate.set()
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                assert body["key"] == self.headers["Idempotency-Key"]
                provider.keys.append(body["key"])
                self._answer_after(provider.answers)

            def do_GET(self) -> None:
                provider.at_gate.append(self.path)
                self._answer_after(provider.gate)

            def _answer_after(self, event: threading.Event) -> None:
                event.wait(PATIENCE)
                try:
                    self.send_response(200)
                    self.end_headers()
                except OSError:
                    pass  # whoever asked was killed

            def log_message(self, *_args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def times(self) -> Counter[str]:
        """How often each key was called."""
        return Counter(self.keys)

    def close(self) -> None:
        self.answers.set()
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()


class Crew:
    """Celery processes on the test's database. Each is a process group of its own, so that a kill leaves nobody."""

    def __init__(self, *, broker: str, provider: str, folder: Path) -> None:
        self._folder, self._running = folder, []
        self._environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.notices.worker_settings",
            "RIG_DATABASE": str(connection.settings_dict["NAME"]),
            "RIG_BROKER": broker,
            "RIG_PROVIDER": provider,
            "RIG_TAKES_KEY": "0",
        }

    def worker(self, name: str = "one", **environment: str) -> subprocess.Popen[bytes]:
        quietly = ("--without-gossip", "--without-mingle", "--without-heartbeat")
        return self._start(f"worker-{name}", ["worker", "-c", "1", "-n", f"{name}@rig", *quietly], environment)

    def beat(self) -> subprocess.Popen[bytes]:
        return self._start("beat", ["beat", "--pidfile="], {})

    def _start(self, name: str, command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
        with (self._folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "tests.notices.workers", *command, "--loglevel", "WARNING"],
                cwd=ROOT,
                env=self._environment | environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._running.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """kill -9 of the process and everything that it started."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)
        self._running.remove(process)

    def kill_child(self, process: subprocess.Popen[bytes]) -> None:
        """kill -9 of the one that does the work; its parent lives on."""
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        os.kill(int(wait_for(lambda: children.read_text().split(), "the worker's child")[0]), signal.SIGKILL)

    def close(self) -> None:
        for process in list(self._running):
            self.kill(process)


@contextmanager
def closing_all(*things: Any) -> Iterator[None]:
    """Close each, whatever happens to the others."""
    try:
        yield
    finally:
        with ExitStack() as all_of_them:
            for thing in things:
                all_of_them.callback(thing.close)
