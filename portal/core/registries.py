"""What rooms bring to pages that stand above them: each registry is a list that a room's own file adds to at start."""

import datetime as dt
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
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
class WorkItem:
    """One thing that waits at the desk. ``due_on`` is the last day of its term; ``since`` is when it began to wait."""

    title: str
    url: str
    sub: str = ""
    due_on: dt.date | None = None
    since: dt.datetime | None = None


@dataclass(frozen=True)
class Todo:
    """A count on the desk's first page. ``count(user, at)`` is one query over what the user may see; ``url`` opens
    exactly those rows; ``items(user, at, most)`` gives the first ``most`` of them, the most pressing first."""

    id: str
    label: Text
    count: Callable[[Any, dt.datetime], int]
    url: Callable[[Any, dt.datetime], str]
    urgent: bool = False
    shown: Callable[[Any], bool] = lambda _user: True
    order: int = 100
    items: Callable[[Any, dt.datetime, int], list[WorkItem]] | None = None


PERSON, HOUSEHOLD, BUILDING = "person", "household", "building"


@dataclass(frozen=True)
class Event:
    """A moment on a timeline: what happened, in words that hold no number and no address; ``url`` opens its record."""

    at: dt.datetime
    text: str
    url: str = ""
    who: str = ""


@dataclass(frozen=True)
class Strand:
    """A room's part in the timeline of a person, a household or a building at the desk.

    ``events(user, ids, most)`` gives the latest ``most`` moments of those records that ``user`` may see by the room's
    own rule; ``ids`` are keys of one subject (a person's merged records stand beside the living one). One query or
    two, however many there are.
    """

    id: str
    label: Text
    of: str
    events: Callable[[Any, list[int], int], list[Event]]
    order: int = 100


@dataclass(frozen=True)
class Panel:
    """A room's list on the desk's page of a person, a household or a building, by the same rules as ``Strand``."""

    id: str
    title: Text
    of: str
    rows: Callable[[Any, list[int], int], list[Row]]
    empty_text: Text = ""
    order: int = 100


@dataclass(frozen=True)
class Holding:
    """Work that one member of staff has in hand. ``count(user, at)`` is how much; ``hand_over`` moves all of it to
    ``to`` (None: back to the whole desk), inside the caller's transaction, and returns how many records moved."""

    id: str
    label: Text
    count: Callable[[Any, dt.datetime], int]
    hand_over: Callable[..., int]  # (leaver=, to=, actor=, at=) -> int
    order: int = 100


@dataclass(frozen=True)
class OnBehalf:
    """Something that the desk enters for a person who came, phoned or was visited. ``url(person)`` opens the form with
    that person filled in (``person`` None: an empty form)."""

    id: str
    label: Text
    icon: str
    url: Callable[[Any], str]
    shown: Callable[[Any], bool] = lambda _user: True
    order: int = 100


@dataclass(frozen=True)
class Happening:
    """A line of the home page's week or news."""

    title: str
    url: str = ""
    at: dt.datetime | None = None
    sub: str = ""
    badge_text: str = ""
    badge_tone: str = ""


@dataclass(frozen=True)
class Source:
    """Where the home page's week (``weeks``) and news (``news``) come from. ``rows(community, at, most)``: public lines,
    the nearest first; one query."""

    id: str
    rows: Callable[[Any, dt.datetime, int], list[Happening]]
    more: str = ""
    order: int = 100


@dataclass(frozen=True)
class Series:
    """Numbers of one meaning, one for each label of the chart."""

    label: Text
    values: tuple[int | float, ...]
    tone: str = "red"


@dataclass(frozen=True)
class ChartData:
    """What a chart shows: the labels along its axis and one or more series over them."""

    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: Text = ""


@dataclass(frozen=True)
class Chart:
    """A picture of public numbers, drawn with the table behind it. ``shape``: bar, stacked or line.
    ``data(place, as_of)`` is a query or two; None where there is nothing to draw yet."""

    id: str
    title: Text
    shape: str
    data: Callable[[Any, dt.datetime], ChartData | None]
    note: Text = ""
    kind: str = "community"
    order: int = 100


@dataclass(frozen=True)
class OwnTable:
    """Records about one person as that person gets them: column heads and rows of plain text."""

    title: str
    head: tuple[str, ...]
    rows: list[tuple[str, ...]]


@dataclass(frozen=True)
class Forgotten:
    """What erasing for one person came to: how many records went, and why what stays must stay (empty: nothing)."""

    erased: int
    kept: str = ""


@dataclass(frozen=True)
class Consent:
    """The words one agrees to, by version; ``withdrawn(person, at)`` stops in the same transaction what rested on it.
    ``effect`` says beforehand what will stop."""

    version: str
    text: Text
    effect: Text
    withdrawn: Callable[[Any, dt.datetime], None] = lambda _person, _at: None


@dataclass(frozen=True)
class Purpose:
    """A row of the register of processing (个人信息保护法 第17、51、55条): privacy page and erasing are made from it.

    ``fields`` are ``app.model.field`` names, so that a test can hold the register against the tables.

    - ``erase(at)`` erases what is due at ``at`` and returns how many records it touched: the hourly erasing task walks
      the register.
    - ``collect(person_ids)`` reads out what is stored for this purpose about one person (every record of theirs, merged
      ones too), whole: it is theirs (第45条).
    - ``forget(person_ids, at)`` erases on the person's own demand what no law and no open matter holds (第47条).
    - ``consent`` stands where the basis is consent; withdrawing is as easy as giving (第15条).
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
    collect: Callable[[list[int]], list[OwnTable]] | None = None
    forget: Callable[[list[int], dt.datetime], Forgotten] | None = None
    consent: Consent | None = None


place_kinds: Registry[PlaceKind] = Registry()
figures: Registry[Figure] = Registry()
tiles: Registry[Tile] = Registry()
sections: Registry[Section] = Registry()
todos: Registry[Todo] = Registry()
strands: Registry[Strand] = Registry()
panels: Registry[Panel] = Registry()
holdings: Registry[Holding] = Registry()
on_behalf: Registry[OnBehalf] = Registry()
weeks: Registry[Source] = Registry()
news: Registry[Source] = Registry()
charts: Registry[Chart] = Registry()
purposes: Registry[Purpose] = Registry()
