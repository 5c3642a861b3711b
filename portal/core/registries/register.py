"""The register of processing (个人信息保护法 第17、51、55条) and what is made from it."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .pages import Row
from .registry import Registry, Text


@dataclass(frozen=True)
class OwnTable:
    """Records about one person as that person gets them: column heads and rows of plain text.

    ``total`` is how many rows there are, where ``rows`` holds only the first of them. Long ``rows`` are read anew each
    time they are gone through. ``files`` are the stored files that belong to these records and go into the person's
    copy; a page has none. ``facts``: one record, a row a fact.
    """

    title: str
    head: tuple[str, ...]
    rows: Iterable[tuple[str, ...]]
    total: int = 0
    files: Iterable[Any] = ()
    facts: bool = False


@dataclass(frozen=True)
class Forgotten:
    """What erasing for one person came to: how many records went, and what stays and why (empty: nothing).

    ``parts`` says what went, by the names in the purpose's ``part_words``, and of each how many.
    """

    erased: int
    kept: str = ""
    parts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Consent:
    """The words one agrees to, by version.

    ``given(person, at)`` switches on what rests on it, ``withdrawn(person, at)`` stops it, both in the transaction of
    the record. ``effect`` says beforehand what will stop. ``asked_of(person)`` tells whose business it is at all.
    """

    version: str
    text: Text
    effect: Text
    withdrawn: Callable[[Any, dt.datetime], None] = lambda _person, _at: None
    given: Callable[[Any, dt.datetime], None] = lambda _person, _at: None
    asked_of: Callable[[Any], bool] = lambda _person: True


@dataclass(frozen=True)
class Purpose:
    """A row of the register of processing (个人信息保护法 第17、51、55条): privacy page and erasing are made from it.

    ``fields`` are ``app.model.field`` names, so that a test can hold the register against the tables.

    - ``erase(at)`` erases what is due at ``at`` and returns how many records it touched: the hourly erasing task walks
      the register. Where nothing goes by time, ``kept_because`` says why: one of the two stands.
    - ``collect(person_ids, most)`` reads out what is stored for this purpose about one person (every record of theirs,
      merged ones too), whole: it is theirs (第45条). At most ``most`` rows a table, all of them for None. Where nothing
      can be read out, ``uncollected`` says why.
    - ``forget(person_ids, at)`` erases on the person's own demand what no law and no open matter holds (第47条), in
      the caller's transaction; carried out and rolled back it says beforehand what would go. ``part_words`` are the
      words for what it says went (``%(count)s``: how many).
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
    collect: Callable[[list[int], int | None], list[OwnTable]] | None = None
    forget: Callable[[list[int], dt.datetime], Forgotten] | None = None
    consent: Consent | None = None
    kept_because: Text = ""
    uncollected: Text = ""
    part_words: Mapping[str, Text] = field(default_factory=dict)

    def said(self, parts: Mapping[str, int]) -> list[str]:
        """``parts`` of a Forgotten in words, in the order of ``part_words`` (a database keeps none), without those of
        which there were none."""
        known = [(words, count) for name, words in self.part_words.items() if (count := parts.get(name, 0))]
        return [str(words) % {"count": count} for words, count in known]


@dataclass(frozen=True)
class OpenMatter:
    """What a person has under way in a room, or holds.

    ``rows(person_ids, at, most)`` names the first ``most`` of them to the person; ``bars_leaving``: an account with one
    cannot be closed, somebody else is waiting. Other matters go on without the account. ``binds``: as long as there are
    such ``rows`` the person's record cannot be erased on demand.

    ``bound(person_ids, since)`` are those of ``person_ids`` whom a matter binds that is open or ended after ``since``:
    their record is not erased by time. A query or two by index, whatever the room holds.
    """

    id: str
    label: Text
    rows: Callable[[list[int], dt.datetime, int], list[Row]]
    bound: Callable[[list[int], dt.datetime], Iterable[int]] | None = None
    bars_leaving: bool = False
    binds: bool = True
    order: int = 100


purposes: Registry[Purpose] = Registry()
open_matters: Registry[OpenMatter] = Registry()
