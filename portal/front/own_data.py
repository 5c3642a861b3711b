"""What is stored about one person, purpose by purpose of the register, and whose data a reader may ask for.

One's own; as a guardian that of a child under 14 (个人信息保护法 第31条). A relative with an authorisation acts in
single matters and gets no copy of the whole: that is the elder's own to ask for.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from portal.core import clock
from portal.core.reading_out import UNKNOWN, read_by
from portal.core.registries import OwnTable, Purpose, purposes
from portal.people import consenting
from portal.people.forgetting import FACT_WORDS
from portal.people.models import Person
from portal.people.own_records import account_facts
from portal.people.relations import record_for

WIDEST = 6  # columns of a table on a page
Pairs = list[tuple[str, str, None]]
SHOWN = 8  # rows of each table on the page; the copy has all of them


@dataclass(frozen=True)
class Held:
    """What one purpose of the register holds about a person."""

    purpose: Purpose
    tables: list[OwnTable]

    @property
    def parts(self) -> list[tuple[OwnTable, list[Pairs]]]:
        """Each table; where it is one record's facts, or too wide for a page, its records as pairs of label and value,
        without what is empty."""
        return [(table, _records(table)) for table in self.tables]


def _thing(table: OwnTable, besides: set[str]) -> str:
    """A table in words: of a record the facts that are known, without ``besides``; of others how many there are."""
    if not table.facts:
        return _("%(title)s %(count)s 条") % {"title": table.title, "count": table.total}
    known = "、".join(row[0] for row in table.rows if row[1] != UNKNOWN and row[0] not in besides)
    return _("%(title)s（%(known)s）") % {"title": table.title, "known": known}


def _records(table: OwnTable) -> list[Pairs]:
    if table.facts:
        return [[(row[0], row[1], None) for row in table.rows]]
    if len(table.head) <= WIDEST:
        return []
    return [[(label, value, None) for label, value in zip(table.head, row, strict=True) if value] for row in table.rows]


@dataclass(frozen=True)
class Whose:
    """Whose data a page is about: ``child`` is true where the reader asks as a guardian. ``query`` keeps that on the
    way to other pages."""

    person: Person | None
    user: Any
    child: bool

    @property
    def record(self) -> Person | None:
        """The record with which is kept what is begun from here: one's account's own, the child's that the guardianship
        names. ``person`` is for reading."""
        return record_for(self.user, self.person) if self.person is not None else None

    @property
    def query(self) -> str:
        return f"?child={self.person.pk}" if self.child and self.person is not None else ""

    @property
    def name(self) -> str:
        return self.person.name if self.person is not None else self.user.username

    @property
    def guardian(self) -> Person | None:
        """Who decides for the child; None where one decides for oneself."""
        return self.user.person if self.child else None


def whose(request: HttpRequest, *, day: dt.date | None = None) -> Whose:
    """Oneself, or the child that ``?child=`` names. Http404 for anybody else's child."""
    user: Any = request.user
    asked = request.GET.get("child", "")
    own = user.person.resolved if user.person is not None else None
    if not asked:
        return Whose(own, user, child=False)
    children = consenting.children_of(own, day or clock.today()) if own is not None else []
    for child in children:
        if str(child.pk) == asked:
            return Whose(child, user, child=True)
    raise Http404


def children_of(user: Any) -> list[Person]:
    """The children under 14 for whom the reader decides."""
    return consenting.children_of(user.person, clock.today()) if user.person is not None else []


def held_without_consent(child: Whose) -> list[tuple[Purpose, str]]:
    """What is held about a child without its guardian's consent, purpose by purpose: it stays when that is
    taken back. Only what there is and how much of it, in words."""
    carried = {str(FACT_WORDS[name]) for name in consenting.CLEARED_FOR_CHILD}
    return [
        (held.purpose, "、".join(_thing(table, carried) for table in held.tables)) for held in held_about(child, most=1)
    ]


def held_about(subject: Whose, *, most: int | None) -> list[Held]:
    """Every purpose that holds something about the person, at most ``most`` rows a table (None: everything). An account
    that is nobody's has itself alone."""
    if subject.person is None:
        return [Held(purposes[consenting.ACCOUNT_PURPOSE], [account_facts(subject.user, whole=most is None)])]
    ids = subject.person.record_ids()
    with read_by(subject.user.pk):
        found = [Held(purpose, purpose.collect(ids, most)) for purpose in purposes if purpose.collect is not None]
    return [held for held in found if held.tables]
