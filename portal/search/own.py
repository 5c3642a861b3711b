"""What of a reader's own matters holds what was typed: looked through in memory, because what people wrote is sealed
and stands in no index. Each room opens its own rows, at most ``MOST`` of them, by its own rule of whose they are."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from portal.core.registries import Registry

from .sources import Line
from .terms import Query, flat

MOST = 200  # of one room, the newest


@dataclass(frozen=True)
class OwnThing:
    """One's own matter: ``line`` shows it; ``names`` are what it goes by (number, title), ``texts`` what else is said
    in it."""

    line: Line
    names: tuple[str, ...]
    texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class OwnSource:
    """A room's matters of one reader. ``newest(user, most)`` gives those that are theirs or of those they act for, the
    latest first, and nobody else's; it costs the same number of queries however many there are."""

    id: str
    icon: str
    newest: Callable[[Any, int], Iterable[OwnThing]]
    order: int = 100


@dataclass(frozen=True)
class OwnHit:
    """A matter that holds what was typed; ``said``: the text that holds it, where no name does."""

    line: Line
    icon: str
    said: str = ""


own: Registry[OwnSource] = Registry()


def look_own(query: Query, user: Any) -> list[OwnHit]:
    """The reader's own that hold ``query``: first those that go by it, then those that say it, the latest first of
    each. No query to the database for who is not signed in."""
    if not query or not user.is_authenticated or not user.is_active or not user.person_id:
        return []
    found = [
        (place, hit)
        for source in own
        for thing in source.newest(user, MOST)
        if (place := _place(thing, query)) is not None and (hit := OwnHit(thing.line, source.icon, _said(thing, query)))
    ]
    return [hit for _place_, hit in sorted(found, key=lambda one: one[0])]


def _place(thing: OwnThing, query: Query) -> int | None:
    """Lower is better: a name itself, in a name, in what is said, all over; None where it does not hold everything."""
    names = [flat(name) for name in thing.names]
    if not query.found_in(*thing.names, *thing.texts):
        return None
    if query.flat in names:
        return 0
    if query.found_in(*thing.names):
        return 1
    return 2 if query.found_in(*thing.texts) else 3


def _said(thing: OwnThing, query: Query) -> str:
    if query.found_in(*thing.names, thing.line.sub):
        return ""
    return next((text for text in thing.texts if query.found_in(text)), "")
