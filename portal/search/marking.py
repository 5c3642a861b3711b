"""Where in a text a hit is: the text in pieces, so that a page marks them without trusting any of it."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from .terms import Query, pieces, plain

AROUND = 24  # characters kept before the first hit of a long text


@dataclass(frozen=True)
class Part:
    """A stretch of text; ``hit``: it was asked for."""

    text: str
    hit: bool = False


def _shaped(text: str) -> tuple[str, list[int]]:
    """``text`` in its plain form, and for each plain character the place it came from. Character by character: what
    NFKC makes of several together is close enough for marking."""
    shaped, places = [], []
    for place, char in enumerate(text):
        for made in plain(char):
            shaped.append(made)
            places.append(place)
    return "".join(shaped), places


def _hits(query: Query, shaped: str) -> Iterator[tuple[int, int]]:
    """From where to where the plain text holds what was asked for: a run anywhere, or where it stands nowhere whole,
    its pairs; a word at the beginning of a word (2 in 201, not in 102)."""
    standing = pieces(shaped)
    for asked in pieces(query.plain_text):
        if asked.is_run:
            pairs = [asked.text[place : place + 2] for place in range(len(asked.text) - 1)]
            for needle in [asked.text] if asked.text in shaped else pairs:
                yield from ((found.start(), found.end()) for found in re.finditer(re.escape(needle), shaped))
        else:
            begun = (piece for piece in standing if not piece.is_run and piece.text.startswith(asked.text))
            yield from ((piece.start, piece.start + len(asked.text)) for piece in begun)


def marked(text: str, query: Query) -> list[Part]:
    """``text`` in parts that make it up again, hits told apart."""
    text = unicodedata.normalize("NFC", text)
    shaped, places = _shaped(text)
    hit = [False] * len(text)
    for start, end in _hits(query, shaped):
        for place in places[start:end]:
            hit[place] = True
    parts: list[Part] = []
    for char, is_hit in zip(text, hit, strict=True):
        if parts and parts[-1].hit == is_hit:
            parts[-1] = Part(parts[-1].text + char, is_hit)
        else:
            parts.append(Part(char, is_hit))
    return parts


def snippet(text: str, query: Query, *, most: int = 80) -> list[Part]:
    """About ``most`` characters of a longer text around its first hit, marked."""
    parts = marked(text, query)
    before = next((sum(len(p.text) for p in parts[:n]) for n, p in enumerate(parts) if p.hit), 0)
    start = max(before - AROUND, 0) if len(text) > most else 0
    end = start + most
    cut = marked(text[start:end], query)
    lead = [Part("…")] if start else []
    return [*lead, *cut, *([Part("…")] if end < len(text) else [])]
