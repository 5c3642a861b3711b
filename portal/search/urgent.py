"""Words that say somebody is in danger, or that the city answers at any hour, and the numbers that help: a search that
holds one shows the numbers above everything else. Rooms add with ``urgent.add(Urgent(…))``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from portal.core.registries import Registry, Text

from .calling import plain


@dataclass(frozen=True)
class Number:
    """A number of three to five digits that is free to call: ``title`` says who answers."""

    phone: str
    title: Text
    icon: str = "phone"


@dataclass(frozen=True)
class Urgent:
    """``words`` (with blanks between them) lead to ``numbers``, the first to call first; ``danger``: life is at stake,
    and the page says so. ``advice`` is what to do first, in one sentence."""

    id: str
    words: Text
    numbers: tuple[Number, ...]
    advice: Text = ""
    danger: bool = True
    order: int = 100


urgent: Registry[Urgent] = Registry()


def urgent_for(typed: str) -> Urgent | None:
    """What ``typed`` says of danger: the first, by their order, of which a word is a part of it; None for nothing. A
    number (120) counts alone, not as a part of a longer one."""
    wanted = plain(typed)
    return next((one for one in urgent if any(_holds(wanted, word) for word in _words(one))), None)


def _words(one: Urgent) -> Iterable[str]:
    return (plain(word) for word in str(one.words).split())


def _holds(wanted: str, word: str) -> bool:
    if word.isdigit():
        return re.search(rf"(?<!\d){word}(?!\d)", wanted) is not None
    return word in wanted
