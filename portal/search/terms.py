"""Text cut into terms: what stands in the index, and what is asked of it.

1. A text is brought to one form: NFKC (full-width signs become ASCII), lower case, variation selectors dropped;
   traditional characters stay what they are. Whatever is no letter and no digit parts what stands around it.
2. What is left is runs of ideographs and words (letters or digits).
3. A run 王秀英 gives the terms 王秀, 秀英 and its last character 英, so that every single character is the beginning of
   a term. A word is one term, found by its beginning; 101室 and 3栋 are a word and a run.
4. Digits in groups (123 456 789) are also one word without the gaps, on both sides.
5. A phone or an ID number is no term, in one piece or in groups: it is never found, wherever it was typed.

A query asks for every term of what was typed. ``Query.postgres`` and ``Query.fts5`` write it for the two databases from
quoted terms alone: nothing that somebody typed is ever read as an operator.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from portal.core.whole_numbers import holds_number

LONGEST_QUERY = 60  # characters
MOST_TERMS = 30  # of one query
LONGEST_WORD = 40
LONGEST_NUMBER = 10  # digits; a phone has 11, an ID number 15 or 18
_IDEOGRAPH_PLANES = range(0x20000, 0x40000)  # newer ones than this Python's tables know stand here too
_SELECTORS = dict.fromkeys([*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])
_GROUPED = re.compile(r"(?<![^\W_])\d+(?:[ \-\u00b7]\d+)+(?![^\W_])")


def plain(text: str) -> str:
    """``text`` in the one form that is compared: NFKC, lower case, without variation selectors."""
    kept = unicodedata.normalize("NFKC", text.translate(_SELECTORS)).lower()
    return unicodedata.normalize("NFKC", kept)


def is_ideograph(char: str) -> bool:
    """Whether ``char`` is written without spaces around it: ideographs, kana, hangul syllables."""
    if ord(char) in _IDEOGRAPH_PLANES or char == "〇":
        return True
    return unicodedata.category(char) == "Lo" and unicodedata.east_asian_width(char) in "WF"


@lru_cache(maxsize=1 << 16)
def _kind(char: str) -> str:
    """What a character makes: a run, a word, or (empty) a break."""
    if is_ideograph(char):
        return "run"
    return "word" if unicodedata.category(char)[0] in "LNM" else ""


@dataclass(frozen=True)
class Piece:
    """A run of ideographs or a word, with where it stands in the plain text."""

    text: str
    start: int
    is_run: bool

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def pieces(plain_text: str) -> list[Piece]:
    """The runs and words of a plain text, in order."""
    found: list[Piece] = []
    start, kind = 0, ""
    for place, char in enumerate([*plain_text, " "]):
        now = _kind(char)
        if now != kind:
            if kind:
                found.append(Piece(plain_text[start:place], start, kind == "run"))
            start, kind = place, now
    return found


def flat(text: str) -> str:
    """``text`` without anything between its runs and words: what “next to each other” is judged by."""
    return "".join(piece.text for piece in pieces(plain(text)))


def _is_long_number(word: str) -> bool:
    return sum(char.isdigit() for char in word) > LONGEST_NUMBER


def _pairs(run: str) -> list[str]:
    return [run[place : place + 2] for place in range(len(run) - 1)]


def _without_numbers(plain_text: str) -> str:
    """``plain_text`` with a blank in the place of groups of digits that together are a phone or an ID number."""
    return _GROUPED.sub(lambda match: " " if holds_number(match.group()) else match.group(), plain_text)


def cut(text: str) -> frozenset[str]:
    """The terms under which ``text`` stands in the index."""
    shaped = _without_numbers(plain(text))
    found = {re.sub(r"\D", "", match.group()) for match in _GROUPED.finditer(shaped)}
    for piece in pieces(shaped):
        if piece.is_run:
            found.update([*_pairs(piece.text), piece.text[-1]])
        else:
            found.add(piece.text[:LONGEST_WORD])
    return frozenset(term for term in found if not _is_long_number(term))


# What is asked -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Term:
    """A term as it stands in the index, or with ``start`` every term that begins so."""

    text: str
    start: bool = False

    def stands_in(self, terms: frozenset[str]) -> bool:
        return any(term.startswith(self.text) for term in terms) if self.start else self.text in terms

    def led_by(self, sign: str) -> "Term":
        return Term(sign + self.text, self.start)


@dataclass(frozen=True)
class AllOf:
    """Every part must be there; an empty one holds for everything."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True)
class AnyOf:
    """One part must be there; an empty one holds for nothing."""

    parts: "tuple[Node, ...]"


Node = Term | AllOf | AnyOf


def _typed(piece: Piece, shaped: str) -> list[Term]:
    """The terms of one typed piece. A word goes on where somebody stopped typing: it may be a beginning, unless an
    ideograph follows at once (3栋 is not 30栋)."""
    if piece.is_run:
        return [Term(pair) for pair in _pairs(piece.text)] or [Term(piece.text, start=True)]
    goes_on = piece.end >= len(shaped) or not is_ideograph(shaped[piece.end])
    return [Term(piece.text[:LONGEST_WORD], start=goes_on)]


def _asked(shaped: str) -> Node:
    """Every piece; digits in groups as they stand or without their gaps."""
    groups = {match.span(): re.sub(r"\D", "", match.group()) for match in _GROUPED.finditer(shaped)}
    parts: list[Node] = []
    taken: set[int] = set()
    found = pieces(shaped)
    for (start, end), number in groups.items():
        inside = [piece for piece in found if start <= piece.start < end]
        taken.update(piece.start for piece in inside)
        apart = AllOf(tuple(term for piece in inside for term in _typed(piece, shaped)))
        parts.append(AnyOf((Term(number, start=True), apart)))
    single = [term for piece in found if piece.start not in taken for term in _typed(piece, shaped)]
    return AllOf(tuple([*parts, *dict.fromkeys(single)][:MOST_TERMS]))


@dataclass(frozen=True)
class Query:
    """What somebody typed, cut. ``bool`` of it tells whether there is anything to look for."""

    typed: str
    plain_text: str = field(init=False)
    node: Node = field(init=False)

    def __post_init__(self) -> None:
        shaped = plain(self.typed.strip()[:LONGEST_QUERY])
        object.__setattr__(self, "plain_text", shaped)
        object.__setattr__(self, "node", _asked(shaped))

    def __bool__(self) -> bool:
        return bool(self.node.parts) if isinstance(self.node, AllOf) else True

    @cached_property
    def flat(self) -> str:
        """What was typed, without anything between."""
        return flat(self.typed.strip()[:LONGEST_QUERY])

    def found_in(self, *texts: str) -> bool:
        """Whether the texts together hold everything asked for, judged here and not by a database."""
        return bool(self) and holds(self.node, frozenset(term for text in texts for term in cut(text)))


def holds(node: Node, terms: frozenset[str]) -> bool:
    """Whether a record with ``terms`` is what ``node`` asks for."""
    if isinstance(node, Term):
        return node.stands_in(terms)
    test = all if isinstance(node, AllOf) else any
    return test(holds(part, terms) for part in node.parts)


def led_by(node: Node, sign: str) -> Node:
    """The same question about terms that begin with ``sign``."""
    if isinstance(node, Term):
        return node.led_by(sign)
    return type(node)(tuple(led_by(part, sign) for part in node.parts))


# How the two databases read it ---------------------------------------------------------------------------------------


def encoded(term: str) -> str:
    """A term as letters and digits of ASCII, whose beginning is the beginning of the term: what FTS5 can cut at blanks
    without an opinion about any script."""
    return term.encode().hex()


def vector(terms: Iterable[str]) -> str:
    """``terms`` as PostgreSQL reads a tsvector, each quoted."""
    return " ".join(_quoted(term) for term in sorted(terms))


def _quoted(term: str) -> str:
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


def postgres(node: Node) -> str:
    """``node`` as a tsquery."""
    if isinstance(node, Term):
        return _quoted(node.text) + (":*" if node.start else "")
    return _joined_by(" & " if isinstance(node, AllOf) else " | ", [postgres(part) for part in node.parts])


def fts5(node: Node) -> str:
    """``node`` as FTS5 reads a query."""
    if isinstance(node, Term):
        return f'"{encoded(node.text)}"' + ("*" if node.start else "")
    return _joined_by(" AND " if isinstance(node, AllOf) else " OR ", [fts5(part) for part in node.parts])


def _joined_by(operator: str, parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else "(" + operator.join(parts) + ")"
