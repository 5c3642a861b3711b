"""What waits for a volunteer and what earned the hours: rooms above add their groups of tasks and their names here."""

from collections.abc import Callable

from portal.core.registries import Row
from portal.core.registries import Text as Words

from .models import HourEntry, Volunteer

Groups = Callable[[Volunteer], list[tuple[Words, list[Row]]]]
_PROVIDERS: list[Groups] = []


def tasks(provider: Groups) -> Groups:
    """Register ``provider(volunteer)``: headings with their rows, each list short."""
    _PROVIDERS.append(provider)
    return provider


def groups_of(volunteer: Volunteer) -> list[tuple[Words, list[Row]]]:
    """All groups of tasks for one volunteer, in the order of registration."""
    return [group for provider in _PROVIDERS for group in provider(volunteer)]


# Kind of record → (ids) → {id: (title, address)} of what earned hours.
Named = Callable[[list[int]], dict[int, tuple[str, str]]]
_SOURCES: dict[str, Named] = {}


def source(label: str) -> Callable[[Named], Named]:
    """Register how records of the model ``label`` (``wishes.wish``) are named among the hours they earned."""

    def register(named: Named) -> Named:
        _SOURCES[label] = named
        return named

    return register


def names_of(entries: list[HourEntry]) -> dict[tuple[str, int], tuple[str, str]]:
    """(kind, id) → title and address of what earned ``entries``: one query a kind."""
    found = {}
    for label, named in _SOURCES.items():
        ids = [entry.source_id for entry in entries if entry.source_type == label]
        if ids:
            found.update({(label, pk): name for pk, name in named(ids).items()})
    return found
