"""What speaks against two records being one human being: merging opens the one to whoever signs in by the other, so
that a slip would show a stranger's family and home before anybody could undo it.

Who sees that a record is wrong puts it right first, by an act with its reason (``facts.correct``); merging itself knows
no exception.
"""

import datetime as dt
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.core import clock

from .access import born_by
from .models import Guardianship, Person
from .querysets import ADULT

_DOTS = dict.fromkeys(map(ord, " ·.-'’"), None)


@dataclass(frozen=True)
class _Known:
    """What is known of one human being by all records of theirs."""

    names: frozenset[str]
    sexes: frozenset[str]
    births: frozenset[dt.date]
    is_ward: bool

    def is_minor(self, today: dt.date) -> bool:
        return self.is_ward or any(born > born_by(today, ADULT) for born in self.births)


def _known(ids: list[int], today: dt.date) -> _Known:
    """What the record that stands says counts; one merged into it fills what that leaves empty."""
    rows = list(Person.objects.filter(pk__in=ids).order_by("pk"))
    standing = [row for row in rows if row.merged_into_id not in ids] or rows
    return _Known(
        names=frozenset(plain_name(row.name) for row in standing),
        sexes=_sexes(standing) or _sexes(rows),
        births=_births(standing) or _births(rows),
        is_ward=Guardianship.objects.in_force(today).filter(child__in=ids).exists(),
    )


def _sexes(rows: list[Person]) -> frozenset[str]:
    return frozenset(row.sex for row in rows if row.sex)


def _births(rows: list[Person]) -> frozenset[dt.date]:
    return frozenset(row.birth_date for row in rows if row.birth_date is not None)


def plain_name(name: str) -> str:
    """A name without what two clerks write differently: width, blanks, the dot inside."""
    return unicodedata.normalize("NFKC", name).translate(_DOTS).casefold()


def contradiction(ours: list[int], theirs: list[int]) -> str:
    """Why the records with the ids ``ours`` and those with ``theirs`` cannot be one human being as they stand; empty
    where nothing says so."""
    today = clock.today()
    one, other = _known(ours, today), _known(theirs, today)
    differs = [
        label
        for label, a, b in (
            (_("姓名"), one.names, other.names),
            (_("性别"), one.sexes, other.sexes),
            (_("出生日期"), one.births, other.births),
        )
        if a and b and a.isdisjoint(b)
    ]
    if differs:
        return _("两条登记的%s不一样。要是同一个人，先把写错的一条“更正登记”，再来合并。") % "、".join(differs)
    minor = one.is_minor(today) or other.is_minor(today)
    if minor and not (one.births and other.births):
        return _("有一条登记的是未成年人，另一条没有登记出生日期。先核对证件、用“更正登记”补上，再来合并。")
    return ""


def agree(ours: list[int], theirs: list[int]) -> bool:
    """Whether name and birth date are known of both and the same: more than that nothing contradicts."""
    today = clock.today()
    one, other = _known(ours, today), _known(theirs, today)
    return not one.names.isdisjoint(other.names) and not one.births.isdisjoint(other.births)


def is_any_minor(ours: list[int], theirs: list[int], day: dt.date) -> bool:
    """Whether one of the two is under 18 on ``day``, or has a guardian."""
    return any(_known(ids, day).is_minor(day) for ids in (ours, theirs))
