"""A real Redis server for as long as a test lasts: on loopback, on a port of its own, keeping nothing on the disk."""

import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import redis

REDIS_SERVER = shutil.which("redis-server")
MISSING = "tests of the workers need a Redis server: apt-get install redis-server"
PATIENCE = 60.0  # seconds; a condition is awaited, and only a machine in need of it takes so long


def wait_for(what: Callable[[], Any], why: str, *, patience: float = PATIENCE) -> Any:
    """What ``what()`` gives as soon as it is true; the test fails with ``why`` where that takes too long."""
    deadline = time.monotonic() + patience
    pause = 0.01
    while not (found := what()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain: {why}")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)
    return found


def free_port() -> int:
    """A port on which nothing listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RedisServer:
    """``start`` and ``kill`` it as often as wanted: the port stays the same, what was in it is gone."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "RedisServer":
        assert REDIS_SERVER is not None
        command = [REDIS_SERVER, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        log = (self._folder / "redis.log").open("ab")
        self._process = subprocess.Popen([*command, "--dir", str(self._folder)], stdout=log, stderr=log)
        log.close()
        wait_for(self.answers, "the Redis server to answer")
        return self

    @property
    def client(self) -> Any:
        return redis.Redis.from_url(self.url, socket_connect_timeout=1, socket_timeout=10)

    def answers(self) -> bool:
        assert self._process is not None and self._process.poll() is None, "the Redis server ended; see redis.log"
        try:
            return bool(self.client.ping())
        except redis.RedisError:
            return False

    def queued(self, queue: str = "post") -> int:
        """Messages that wait in ``queue``."""
        return int(self.client.llen(queue))

    def kill(self) -> None:
        """At once, as when its machine loses power."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(PATIENCE)
            self._process = None
