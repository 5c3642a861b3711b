"""Nothing in a test reaches beyond this machine: sockets connect to loopback or to a unix path, or the test fails."""

import ipaddress
import socket
from typing import Any

import pytest

LOOPBACK_NAMES = {"localhost", "", None}


class LeftTheMachine(AssertionError):
    """A test tried to talk to another host."""


def is_loopback(host: Any) -> bool:
    """Whether ``host``, a name or an address, is this machine."""
    if isinstance(host, bytes):
        host = host.decode()
    if host in LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False


def _check(address: Any) -> None:
    if isinstance(address, tuple) and not is_loopback(address[0]):
        raise LeftTheMachine(f"a test tried to reach {address[0]}")


_connect, _connect_ex, _getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo


def _guarded_connect(self: socket.socket, address: Any) -> None:
    _check(address)
    return _connect(self, address)


def _guarded_connect_ex(self: socket.socket, address: Any) -> int:
    _check(address)
    return _connect_ex(self, address)


def _guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
    _check((host,))
    return _getaddrinfo(host, *args, **kwargs)


def pytest_configure(config: pytest.Config) -> None:
    """Put the guard up for the whole session, before any test module is imported."""
    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", _guarded_connect)
    patch.setattr(socket.socket, "connect_ex", _guarded_connect_ex)
    patch.setattr(socket, "getaddrinfo", _guarded_getaddrinfo)
    config.add_cleanup(patch.undo)
