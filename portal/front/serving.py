"""The demonstration's server: Django's threaded one on loopback, and beside it a clock that runs what is due."""

import contextlib
import errno
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from types import FrameType

import structlog
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler, get_internal_wsgi_application
from django.db import Error, connections

from portal.core import clock, schedule

HOST = "127.0.0.1"
SECONDS_BETWEEN_ROUNDS = 5.0
log = structlog.get_logger(__name__)


class PortTaken(Exception):
    """Something else listens on the port."""


def check_port(port: int) -> None:
    """Raise ``PortTaken`` where nothing can listen on ``port``: better told before the long work than after it."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with _port_errors(port):
            probe.bind((HOST, port))
            probe.listen(1)


@contextlib.contextmanager
def _port_errors(port: int) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
            raise
        why = "is taken by another program" if error.errno == errno.EADDRINUSE else "may not be used by this account"
        raise PortTaken(f"Port {port} {why}. Choose another: manage.py demo --port {port + 1}") from None


class Clock(threading.Thread):
    """Runs due tasks every few seconds until ``stop``; a failing round is logged, and the next one comes anyway."""

    def __init__(self) -> None:
        super().__init__(name="clock", daemon=True)
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.is_set():
            try:
                schedule.run_due(clock.now())
            except Error:
                log.exception("a round of the clock failed")
            finally:
                connections.close_all()
            self._ended.wait(SECONDS_BETWEEN_ROUNDS)

    def stop(self) -> None:
        """End after the present round; waits for it a moment."""
        self._ended.set()
        self.join(timeout=SECONDS_BETWEEN_ROUNDS)


def _end(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def serve(*, port: int, ready: Callable[[], None]) -> None:
    """Serve until Ctrl-C or a termination signal; ``ready`` is called when the port answers."""
    application = get_internal_wsgi_application()
    with _port_errors(port):
        server = ThreadedWSGIServer((HOST, port), WSGIRequestHandler)
    server.set_app(application)
    rounds = Clock()
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell starts what runs behind it deaf to Ctrl-C
        signal.signal(number, _end)
    try:
        rounds.start()
        ready()
        server.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not break off the ending
    finally:
        server.server_close()
        rounds.stop()
        connections.close_all()
