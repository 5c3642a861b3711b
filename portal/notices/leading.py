"""Whether what a message leads to may still be opened by who reads it: an authorisation has ended since, an office is
over, the matter was taken down. Each room says so for its pages, for all messages of a list at once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from .wording import Words

Open = Callable[[Any, set[str]], Iterable[str]]
CLOSED = _("这件事您现在看不到了：可能代办或监护已经结束，或者已经撤下。还想知道的，请问本人或社区。")
_PLACES: dict[str, "Place"] = {}


@dataclass(frozen=True)
class Place:
    """Pages that messages lead to. ``open(user, keys)`` answers which of the records that the addresses name (by their
    first argument; empty for none) the user may open, in one query; ``closed`` is why the others lead nowhere."""

    open: Open
    closed: Words


def leads_to(name: str, *, open: Open, closed: Words = CLOSED) -> None:
    """Make known who may open the pages of ``name``: a name of an address, or a whole namespace of them. ValueError
    for a second answer about one name."""
    if name in _PLACES:
        raise ValueError(f"{name} is declared twice")
    _PLACES[name] = Place(open, closed)


def shut(user: Any, urls: Iterable[str]) -> dict[str, str]:
    """Those of ``urls`` (paths of this site) that ``user`` may not open, each with why in plain words. A query for each
    place, however many messages lead there; an address of which no room says anything is open to all."""
    asked: dict[str, dict[str, str]] = {}
    for url in set(urls):
        found = _place_of(url)
        if found is not None:
            asked.setdefault(found[0], {})[url] = found[1]
    closed: dict[str, str] = {}
    for name, keys in asked.items():
        place = _PLACES[name]
        may = set(place.open(user, set(keys.values())))
        closed.update({url: str(place.closed) for url, key in keys.items() if key not in may})
    return closed


def _place_of(url: str) -> tuple[str, str] | None:
    """The name under which a room answers for ``url``, and the record that it names; None where none does."""
    try:
        match = resolve(url.split("?")[0])
    except Resolver404:
        return None
    names = [name for name in (match.view_name, match.namespace) if name in _PLACES]
    key = next(iter([*match.args, *match.kwargs.values()]), "")
    return (names[0], str(key)) if names else None
