"""What rooms bring to the pages of the portal: 办事, 我的, the front page."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .registry import Registry, Text


@dataclass(frozen=True)
class Situation:
    """A situation in life in which one needs something: what 办事 is ordered by. ``str`` of it is its title."""

    id: str
    title: Text
    icon: str
    sub: Text = ""
    order: int = 100

    def __str__(self) -> str:
        return str(self.title)


@dataclass(frozen=True)
class Tile:
    """A thing a person can ask for. ``url_name`` is reversed without arguments; ``situation`` groups it under 办事;
    ``nav`` is the short word for the row of links on a wide screen, where it deserves a place there.

    ``words`` are further words that people use for it, with blanks between them: it is found by them and by its label.
    ``for_whom(user)`` says who is shown it at all (asked by 办事, not by the home page, which is everybody's).
    """

    id: str
    label: Text
    sub: Text
    icon: str
    tone: str
    url_name: str
    situation: Situation
    home: bool = True
    order: int = 100
    nav: Text = ""
    words: Text = ""
    for_whom: Callable[[Any], bool] = lambda _user: True


@dataclass(frozen=True)
class Row:
    """A line of a list on “我的”. ``due_on`` is the last day of its term, ``yours`` that the reader has to act;
    ``badge_url`` is where the state leads at the desk, where that is elsewhere than the title."""

    title: str
    sub: str = ""
    badge_text: str = ""
    badge_tone: str = ""
    url: str = ""
    due_text: str = ""
    due_on: dt.date | None = None
    yours: bool = False
    badge_url: str = ""


@dataclass(frozen=True)
class Section:
    """A section of “我的”. ``rows(user)`` gives at most a handful; ``more`` names the page with all of them.

    ``waiting(user, most)`` gives what of it is not settled yet, the nearest term first: at most ``most`` that wait for
    the reader (``yours``) and as many that wait for somebody else, whom ``due_text`` names. The home page shows the
    most pressing of all rooms.
    """

    id: str
    title: Text
    icon: str
    rows: Callable[[Any], list[Row]]
    shown: Callable[[Any], bool] = lambda _user: True
    empty_text: Text = ""
    more: str = ""
    order: int = 100
    waiting: Callable[[Any, int], list[Row]] | None = None


@dataclass(frozen=True)
class Unfinished:
    """A form that one may leave and go on with: what is kept of it is offered on “我的” and on the home page.

    ``id`` is the name of its drafts (``core.drafts``), ``title`` says that there is one, ``words(data)`` in a word or
    two what it is about, or nothing; ``url_name`` goes on with it, ``discard_url_name`` takes a POST with ``next`` and
    drops it.
    """

    id: str
    title: Text
    words: Callable[[dict[str, Any]], str]
    url_name: str
    discard_url_name: str
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
    """Where the home page's week (``weeks``) and news (``news``) come from.

    ``rows(community, at, most)``: public lines, the nearest first; one query. ``community`` None is everywhere, for who
    has not chosen one: each line says of which community it is. A source with a ``title`` stands under
    it, those without are one list. ``more`` names the page with all of them, ``more_query`` what stands behind its
    address (``state=closed``), ``more_label`` says which.
    """

    id: str
    rows: Callable[[Any, dt.datetime, int], list[Happening]]
    more: str = ""
    order: int = 100
    title: Text = ""
    more_label: Text = ""
    more_query: str = ""


@dataclass(frozen=True)
class Call:
    """A number that is reached with one tap; ``sub`` says when somebody answers, or what for; ``closed`` is set where
    nobody answers now, and says from when on somebody does."""

    title: str
    phone: str
    sub: str = ""
    closed: str = ""


@dataclass(frozen=True)
class Directory:
    """Numbers that a room lists for a community: ``calls(community)``, public ones, the most useful first; for None
    those that serve whoever has not chosen one, at most a handful. ``closed(call, at)`` says in words that nobody
    answers at ``at`` and from when on somebody does; empty where somebody answers."""

    id: str
    calls: Callable[[Any], list[Call]]
    closed: Callable[[Call, dt.datetime], str] = lambda _call, _at: ""
    order: int = 100


situations: Registry[Situation] = Registry()
tiles: Registry[Tile] = Registry()
sections: Registry[Section] = Registry()
unfinished: Registry[Unfinished] = Registry()
weeks: Registry[Source] = Registry()
news: Registry[Source] = Registry()
directories: Registry[Directory] = Registry()
