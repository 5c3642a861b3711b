"""What rooms bring to pages that stand above them: each registry is a list that a room's own file adds to at start."""

import datetime as dt
from collections.abc import Callable, Container, Iterator
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
class PlaceKind:
    """A kind of place that figures are counted for (``community``, ``building``). ``places()`` gives those that are
    open to the public; ``full_name`` tells two of one name apart."""

    id: str
    label: Text
    places: Callable[[], list[Any]]
    full_name: Callable[[Any], str] = str
    order: int = 100


@dataclass(frozen=True)
class Figure:
    """A public number, counted from records and stored nowhere.

    ``count(place, as_of)`` is one query for one place. ``count_all(as_of)`` is one query for every place at once, as
    {place id: number}, a place that it leaves out counting nothing; give it, so that a city's figures are not a query
    a place. ``applies(as_of)`` names the ids of the places to which the figure applies (none given: every place of its
    ``kind``), so that a community without a reading room is not said to have no books. ``url(place)`` opens the public
    records behind the number.
    """

    id: str
    label: Text
    unit: Text
    count: Callable[[Any, dt.datetime], int]
    url: Callable[[Any], str] | None = None
    note: Text = ""
    order: int = 100
    kind: str = "community"
    count_all: Callable[[dt.datetime], dict[int, int]] | None = None
    applies: Callable[[dt.datetime], Container[int]] | None = None

    def values(self, places: list[Any], as_of: dt.datetime) -> dict[int, int]:
        """{place id: number} for those of ``places`` to which the figure applies."""
        applied = self.applies(as_of) if self.applies is not None else None
        chosen = [place for place in places if applied is None or place.pk in applied]
        if self.count_all is not None and len(chosen) > 1:
            counted = self.count_all(as_of)
            return {place.pk: counted.get(place.pk, 0) for place in chosen}
        return {place.pk: self.count(place, as_of) for place in chosen}


@dataclass(frozen=True)
class Tile:
    """A thing a person can ask for. ``url_name`` is reversed without arguments; ``situation`` groups it under 办事;
    ``nav`` is the short word for the row of links on a wide screen, where it deserves a place there."""

    id: str
    label: Text
    sub: Text
    icon: str
    tone: str
    url_name: str
    situation: Text
    home: bool = True
    order: int = 100
    nav: Text = ""


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
    """A row of the register of processing (个人信息保护法 第17、51、55条): privacy page and erasing are made from it.

    ``fields`` are ``app.model.field`` names, so that a test can hold the register against the tables; ``erase(at)``
    erases what is due at ``at`` and returns how many records it touched: the hourly erasing task walks the register.
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


place_kinds: Registry[PlaceKind] = Registry()
figures: Registry[Figure] = Registry()
tiles: Registry[Tile] = Registry()
sections: Registry[Section] = Registry()
todos: Registry[Todo] = Registry()
purposes: Registry[Purpose] = Registry()
