"""Who somebody was when they did something to a person's record: the person, a guardian, a relative, or staff by the
office held at that moment."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from portal.core import clock
from portal.people.access import born_by, upward
from portal.people.models import Authorisation, Guardianship, Person, User
from portal.people.querysets import ADULT, with_born

Ids = list[int]


@dataclass(frozen=True)
class Tie:
    """That the human being ``holder`` (the record that stands) might act for the person: ``born`` is a child's."""

    holder: int
    guardian: bool
    since: dt.date
    until: dt.date | None
    born: dt.date | None = None

    def stood(self, day: dt.date) -> bool:
        """Whether it was in force on ``day``, its last day included: what was done that morning was done by it."""
        grown = self.born is not None and self.born <= born_by(day, ADULT)
        return self.since <= day and (self.until is None or day <= self.until) and not grown

    def lasts(self, today: dt.date) -> bool:
        """Whether it still stands."""
        return self.stood(today) and self.until != today

    def words(self, today: dt.date) -> str:
        """What such a one is called; who no longer is one, as who was one then."""
        if self.guardian:
            return _("监护人") if self.lasts(today) else _("当时的监护人")
        return _("家属（可代办）") if self.lasts(today) else _("家属（当时可代办）")


@dataclass(frozen=True)
class Standings:
    """Names those who acted on the record of one person, for the account ``reader``; ``own``: the person's accounts."""

    users: dict[int, Any]
    ties: list[Tie]
    own: frozenset[int]
    reader: int | None

    def name(self, actor_id: int | None, at: dt.datetime) -> str:
        """Whoever acted at ``at``, by every standing of that moment: 监护人 李小雪（您）, 网格员 王**.

        The name is whole for who reads it and for whose tie still stands, else masked. Nobody's account is the system.
        """
        if actor_id is None:
            return _("系统")
        if actor_id in self.own:
            return _("本人")
        user = self.users.get(actor_id)
        if user is None:
            return _("已经没有的账号")
        day, today = clock.local_day(at), clock.today()
        ties = [tie for tie in self.ties if tie.holder == user.holder and tie.stood(day)]
        said = [*(tie.words(today) for tie in ties), *_offices(user, at)]
        if not said:
            said = [_("系统管理员") if user.is_superuser else _("其他人")]
        standing = "、".join(dict.fromkeys(said))
        if user.person is None:
            return standing
        reads = user.pk == self.reader
        whole = reads or any(tie.lasts(today) for tie in ties)
        name = user.person.name if whole else user.person.name_masked
        return _("%(standing)s %(name)s（您）" if reads else "%(standing)s %(name)s") % {
            "standing": standing,
            "name": name,
        }


def _offices(user: Any, at: dt.datetime) -> list[str]:
    """The offices that the account held at ``at``, by their names."""
    held = [role for role in user.roles.all() if role.since <= at and (role.until is None or role.until > at)]
    return [role.get_kind_display() for role in held]


def standings(person_ids: Ids, own: Ids, actor_ids: Iterable[int | None], reader: int | None) -> Standings:
    """Those of ``actor_ids`` that acted on the person whose records are ``person_ids`` and whose accounts are ``own``:
    four queries, however many; none where only they themselves and the system did."""
    wanted = {pk for pk in actor_ids if pk is not None} - set(own)
    if not wanted:
        return Standings({}, [], frozenset(own), reader)
    accounts = User.objects.filter(pk__in=wanted).annotate(holder=_standing("person"))
    users = {user.pk: user for user in accounts.select_related("person").prefetch_related("roles")}
    return Standings(users, [*_guardians(person_ids), *_relatives(person_ids)], frozenset(own), reader)


def _standing(path: str) -> Any:
    """The record that stands for the one at ``path``."""
    return Coalesce(*(F(step) for step in reversed(upward(path))))


def _guardians(person_ids: Ids) -> list[Tie]:
    rows = Guardianship.objects.admitted().filter(child__in=person_ids).annotate(holder=_standing("guardian"))
    found = with_born(rows, Person.objects.all(), "child")
    return [Tie(row.holder, True, row.since, row.until, row.born) for row in found]


def _relatives(person_ids: Ids) -> list[Tie]:
    rows = Authorisation.objects.admitted().filter(principal__in=person_ids).annotate(holder=_standing("agent"))
    return [Tie(row.holder, False, row.since, row.until) for row in rows]
