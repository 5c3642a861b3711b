"""What rooms bring to pages that stand above them: each registry is a list that a room's own file adds to at start."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

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


@dataclass(frozen=True)
class Figure:
    """A public number, counted from records. ``count(place, as_of)`` is a query; ``url(place)`` opens what it counts."""

    id: str
    label: Text
    unit: Text
    count: Callable[[Any, dt.datetime], int]
    url: Callable[[Any], str] | None = None
    note: Text = ""
    order: int = 100


@dataclass(frozen=True)
class Tile:
    """A thing a person can ask for. ``url_name`` is reversed without arguments; ``situation`` groups it under 办事."""

    id: str
    label: Text
    sub: Text
    icon: str
    tone: str
    url_name: str
    situation: Text
    home: bool = True
    order: int = 100


@dataclass(frozen=True)
class Row:
    """A line of a list on “我的”."""

    title: str
    sub: str = ""
    badge_text: str = ""
    badge_tone: str = ""
    url: str = ""
    due_text: str = ""


@dataclass(frozen=True)
class Section:
    """A section of “我的”. ``rows(user)`` gives at most a handful; ``more`` names the page with all of them."""

    id: str
    title: Text
    icon: str
    rows: Callable[[Any], list[Row]]
    shown: Callable[[Any], bool] = lambda _user: True
    empty_text: Text = ""
    more: str = ""
    order: int = 100


@dataclass(frozen=True)
class Todo:
    """A count on the desk's first page. ``count(user, at)`` is one query over what the user may see; ``url`` opens
    exactly those rows."""

    id: str
    label: Text
    count: Callable[[Any, dt.datetime], int]
    url: Callable[[Any, dt.datetime], str]
    urgent: bool = False
    shown: Callable[[Any], bool] = lambda _user: True
    order: int = 100


@dataclass(frozen=True)
class Purpose:
    """A row of the register of processing (个人信息保护法 第17、51、55条): made into the privacy page and the erasing task.

    ``fields`` are ``app.model.field`` names, so that a test can hold the register against the tables; ``erase(at,
    days)`` erases what is due and returns how many records it touched.
    """

    id: str
    title: Text
    basis: Text
    notice: Text
    readers: Text
    fields: tuple[str, ...]
    field_words: Text
    retention: Text
    erasure: Text
    erase: Callable[[dt.datetime], int] | None = None
    order: int = 100
    extra: dict[str, Any] = field(default_factory=dict)


figures: Registry[Figure] = Registry()
tiles: Registry[Tile] = Registry()
sections: Registry[Section] = Registry()
todos: Registry[Todo] = Registry()
purposes: Registry[Purpose] = Registry()
