"""How well the name of a thing answers what was typed: for things that are few enough to be looked through one by one.

The better the lower. A thing goes by its label and by the further words that people use for it; a single character is
the beginning of a name or a word, never its middle.
"""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

LONGEST = 30
_T = TypeVar("_T")

LABEL, WORD, BEGINS, HOLDS, PART, WORD_BEGINS, WORD_HOLDS, PAIRS = range(1, 9)


@dataclass(frozen=True, order=True)
class Closeness:
    """``rank`` as below; ``less`` tells two of a rank apart; ``word`` is the word that answered, none for the label."""

    rank: int
    less: int = 0
    word: str = ""


def plain(text: str) -> str:
    """``text`` as it is compared: one width, lower case, no blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def closeness(wanted: str, label: str, words: Iterable[str]) -> Closeness | None:
    """How close ``wanted`` (plain) is to a thing; None for not at all.

    1. it is the label; 2. it is one of the words; 3. the label begins with it; 4. the label holds it;
    5. it holds the label or a word (“我要修灯” holds “修灯”), the longer the better;
    6. a word begins with it; 7. a word holds it;
    8. they share pairs of neighbouring characters (“灯坏了怎么办”), the more the better.
    """
    name, known = plain(label), [plain(word) for word in words]
    several = len(wanted) > 1
    if wanted == name:
        return Closeness(LABEL)
    if wanted in known:
        return Closeness(WORD, word=wanted)
    if name.startswith(wanted):
        return Closeness(BEGINS)
    if several and wanted in name:
        return Closeness(HOLDS)
    if inside := [word for word in (name, *known) if len(word) > 1 and word in wanted]:
        longest = max(inside, key=len)
        return Closeness(PART, -len(longest), longest)
    for rank, answers in ((WORD_BEGINS, str.startswith), (WORD_HOLDS, str.__contains__)):
        found = next((word for word in known if answers(word, wanted)), "") if several or rank == WORD_BEGINS else ""
        if found:
            return Closeness(rank, word=found)
    pairs = {wanted[place : place + 2] for place in range(len(wanted) - 1)}
    shared = sum(any(pair in text for text in (name, *known)) for pair in pairs)
    return Closeness(PAIRS, -shared) if shared else None


def closest(
    query: str, things: Iterable[_T], called: Callable[[_T], tuple[str, Iterable[str]]]
) -> list[tuple[_T, str]]:
    """Those of ``things`` that answer ``query``, best first, equals in their order, each with the word that answered.

    Where something goes by what was typed, what answers a part of it is left out (老年证 is not 老年, 修 is not
    修改); where anything answers at all, mere pairs are. Empty for an empty query.
    """
    wanted = plain(query[:LONGEST])
    if not wanted:
        return []
    found = [
        (close, number, thing) for number, thing in enumerate(things) if (close := closeness(wanted, *called(thing)))
    ]
    best = min((close.rank for close, _number, _thing in found), default=PAIRS)
    dropped = {PAIRS} if best < PAIRS else set()
    if best <= WORD:
        dropped |= {PART} if len(wanted) > 1 else {WORD_BEGINS}
    kept = [
        (close.rank, close.less, number, thing, close.word)
        for close, number, thing in found
        if close.rank not in dropped
    ]
    kept.sort(key=lambda one: one[:3])
    return [(thing, word) for *_rank, thing, word in kept]
