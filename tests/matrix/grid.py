"""A row of the matrix, and how it is asked.

A row is one address and one method with nine expected answers, in the order of ``ROLES``::

    anonymous  resident  other resident  volunteer  |  staff  staff elsewhere  head  sub-district  administrator

An answer is a status; ``in`` is a redirect to sign-in. The four of the desk's pages that nobody but staff opens are
the same everywhere and stand in ``NOT_STAFF``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from portal.core import once
from tests import worlds

from .world import ROLES, World

NOT_STAFF = "in 403 403 403"
Arguments = Callable[[World], dict[str, Any]]


def _nothing(_world: World) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Row:
    """``at`` gives the arguments of the address, ``send`` what is posted; ``path`` stands for an address without name."""

    name: str
    answers: tuple[str, ...]
    method: str = "GET"
    at: Arguments = _nothing
    send: Arguments = _nothing
    path: str = ""

    def url(self, world: World) -> str:
        return self.path or reverse(self.name, kwargs=self.at(world))

    def __str__(self) -> str:
        return f"{self.method} {self.name}"


def row(name: str, answers: str, method: str = "GET", *, at: Arguments = _nothing, send: Arguments = _nothing) -> Row:
    """One line of the matrix. A single answer stands for all roles; two for anonymous and everyone else."""
    words = answers.split()
    if len(words) == 1:
        words *= len(ROLES)
    if len(words) == 2:
        words = [words[0], *words[1:] * (len(ROLES) - 1)]
    if len(words) != len(ROLES):
        raise ValueError(f"{name}: {len(words)} answers for {len(ROLES)} roles")
    return Row(name, tuple(words), method, at, send)


def ask(wanted: Row, role: str, world: World, clients: dict[str, Client]) -> str:
    """The answer that ``role`` gets; whatever the request changed is taken back."""
    cache.clear()
    client = clients[role]
    data = {"once": once.token(), **wanted.send(world)}
    with transaction.atomic():
        if wanted.method == "POST":
            response = client.post(wanted.url(world), data, headers={"referer": "http://testserver/"})
        else:
            response = client.get(wanted.url(world))
        transaction.set_rollback(True)
    to_sign_in = response.status_code == 302 and response["Location"].split("?")[0] == reverse("account_login")
    return "in" if to_sign_in else str(response.status_code)


def signed_in(world: World) -> dict[str, Client]:
    """A client for every role."""
    return {role: worlds.client_for(world.users[role], raise_request_exception=False) for role in ROLES}


def faults(rows: Iterable[Row], world: World) -> list[str]:
    """What came out otherwise than expected, a line a row: the answers with the wrong ones marked."""
    found = []
    clients = signed_in(world)
    for wanted in rows:
        got = [ask(wanted, role, world, clients) for role in ROLES]
        if tuple(got) != wanted.answers:
            wrong = [
                f"{role}: {answer}, not {expected}"
                for role, answer, expected in zip(ROLES, got, wanted.answers, strict=True)
                if answer != expected
            ]
            found.append(f"{wanted}: {'; '.join(wrong)}\n    got: {' '.join(got)}")
    return found
