"""What every registry is: a list by id that a room's own file adds to at start."""

from collections.abc import Iterator
from typing import Generic, TypeVar

from django.utils.functional import Promise

Text = str | Promise
Entry = TypeVar("Entry")


class Registry(Generic[Entry]):
    """Entries by id, in the order of ``order`` and then of registration. A second entry of one id is an error."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}

    def add(self, entry: Entry) -> Entry:
        key = entry.id  # type: ignore[attr-defined]
        if key in self._entries:
            raise ValueError(f"{key} is registered twice")
        self._entries[key] = entry
        return entry

    def __iter__(self) -> Iterator[Entry]:
        return iter(sorted(self._entries.values(), key=lambda entry: getattr(entry, "order", 0)))

    def __getitem__(self, key: str) -> Entry:
        return self._entries[key]

    def __contains__(self, key: object) -> bool:
        return key in self._entries
