"""A row of the matrix, and how it is asked.

A row is one address and one method with nine expected answers, in the order of ``ROLES``::

    anonymous  resident  other resident  volunteer  |  staff  staff elsewhere  head  sub-district  administrator

An answer is a status. ``in`` is a redirect to sign-in; ``ok`` is let in, whatever the form says then (200, 302, 422).
"""

from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from portal.core import once
from tests import worlds

from .world import ROLES, World

LET_IN = {"200", "302", "422"}
REFUSED = {"in", "403", "404", "405"}
Arguments = Callable[[World], dict[str, Any]]


def _nothing(_world: World) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Row:
    """``name`` is the address's name, or its whole pattern where it has none; ``url`` makes it in a world."""

    name: str
    answers: tuple[str, ...]
    url: Callable[[World], str]
    method: str = "GET"
    send: Arguments = _nothing

    def __str__(self) -> str:
        return f"{self.method} {self.name}"


def row(
    name: str,
    answers: str,
    method: str = "GET",
    *,
    at: Arguments = _nothing,
    send: Arguments = _nothing,
    url: Callable[[World], str] | None = None,
) -> Row:
    """One line of the matrix. One answer stands for all roles; two for anonymous and everyone else.

    ``at`` gives the arguments of the address, ``send`` what is posted; ``url`` makes an address that has no name.
    """
    words = answers.split()
    if len(words) <= 2:
        words = [words[0], *[words[-1]] * (len(ROLES) - 1)]
    if len(words) != len(ROLES):
        raise ValueError(f"{name}: {len(words)} answers for {len(ROLES)} roles")
    return Row(name, tuple(words), url or (lambda world: reverse(name, kwargs=at(world))), method, send)


def ask(wanted: Row, role: str, world: World, clients: dict[str, Client]) -> str:
    """The answer that ``role`` gets; whatever the request changed is taken back."""
    cache.clear()
    client = clients[role]
    cookies = deepcopy(client.cookies)
    url = wanted.url(world)
    with transaction.atomic():
        if wanted.method == "POST":
            response = client.post(url, {"once": once.token(), **wanted.send(world)})
        else:
            response = client.get(url)
        transaction.set_rollback(True)
    client.cookies = cookies
    to_sign_in = response.status_code == 302 and response["Location"].split("?")[0] == reverse("account_login")
    return "in" if to_sign_in else str(response.status_code)


def _as_expected(answer: str, expected: str) -> bool:
    return answer in LET_IN if expected == "ok" else answer == expected


def faults(rows: Iterable[Row], world: World) -> list[str]:
    """What came out otherwise than expected, one entry a row that is not right."""
    clients = {role: worlds.client_for(world.users[role], raise_request_exception=False) for role in ROLES}
    found = []
    for wanted in rows:
        got = [ask(wanted, role, world, clients) for role in ROLES]
        wrong = [
            f"{role} got {answer}, not {expected}"
            for role, answer, expected in zip(ROLES, got, wanted.answers, strict=True)
            if not _as_expected(answer, expected)
        ]
        if wrong:
            found.append(f"{wanted}: {'; '.join(wrong)}\n    got: {' '.join(got)}")
    return found


def addresses() -> Iterator[str]:
    """Every address that the portal answers: its name with its namespaces, or its whole pattern where it has none."""

    def walk(resolver: URLResolver, spaces: tuple[str, ...], prefix: str) -> Iterator[str]:
        for pattern in resolver.url_patterns:
            whole = prefix + str(pattern.pattern)
            if isinstance(pattern, URLPattern):
                yield ":".join([*spaces, pattern.name]) if pattern.name else whole
            else:
                yield from walk(pattern, (*spaces, *filter(None, [pattern.namespace])), whole)

    return walk(get_resolver(), (), "")
