"""Who acted on a wish and for whom, in words that are true for the one who reads them.

Whom the wish is for learns who acted in their name and what that person is to them. Who acts for another learns for
whom a message is. A volunteer and the public hear the part alone.
"""

import datetime as dt
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from portal.core import clock
from portal.core.models import Transition
from portal.core.numbers import spaced
from portal.people.models import Authorisation, Guardianship, Person, User

from . import access
from .models import Wish

_PARTS = {
    "requester": _l("居民本人"),
    "guardian": _l("监护人"),
    "relative": _l("代办人"),
    "staff": _l("社区工作者"),
    "volunteer": _l("志愿者"),
    "system": _l("系统"),
}
FAMILY = ("requester", "guardian", "relative")
# What is the requester's to do, so that the desk does it in their place.
_IN_PLACE = ("begin", "withdraw", "rate")


def relation(agent: Person, subject: Person, day: dt.date) -> str:
    """What ``agent`` is to ``subject`` (外甥女, 母亲), by the latest tie that began by ``day``, ended or not: it says
    who somebody was, and lets nobody do anything. Empty where none is recorded."""
    theirs, own = subject.resolved.record_ids(), agent.resolved.record_ids()
    ties: tuple[Any, ...] = (
        Guardianship.objects.admitted().filter(child__in=theirs, guardian__in=own),
        Authorisation.objects.admitted().filter(principal__in=theirs, agent__in=own),
    )
    found = (rows.filter(since__lte=day).order_by("-pk").values_list("relation", flat=True).first() for rows in ties)
    return next(filter(None, found), "")


class Voices:
    """Who made each move of a wish, for one reader: two queries, and two more for every other person who acted."""

    def __init__(self, wish: Wish, audience: str, viewer: Any, transitions: list[Transition]) -> None:
        self.wish, self.audience, self.viewer = wish, audience, viewer
        self.own = frozenset(viewer.person_ids) if viewer.is_authenticated and viewer.person_id else frozenset()
        self.part = access.requester_part(viewer, wish) if audience == "requester" else ""
        ids = {row.actor_id for row in transitions if row.actor_id and row.actor_part in (*FAMILY, "volunteer")}
        self.people = _people(ids) if audience != "public" and ids else {}
        self._named: dict[tuple[int, dt.date], str] = {}

    def of(self, move: Transition) -> str:
        """Who made ``move``; empty for a part that has no word."""
        part = move.actor_part
        if self.audience == "public":
            return str(_PARTS.get(part, ""))
        if part == "staff":
            return self._at_desk(move)
        if part not in (*FAMILY, "volunteer"):
            return str(_PARTS.get(part, ""))
        person = self.people.get(move.actor_id or 0)
        if person is not None and person.pk in self.own:
            return _("您")
        if part == "volunteer":
            return _("志愿者 %(name)s") % {"name": person.name_masked if person is not None else ""}
        if self.audience == "volunteer" or person is None:
            return str(_PARTS[part])
        if part == "requester":
            return self._subject_itself()
        return self._for_them(person, str(_PARTS[part]), clock.local_day(move.at))

    def _subject_itself(self) -> str:
        """Whom the wish is for, as the one who acted."""
        if self.part == "requester":
            return _("您")
        if self.part:
            return _("%(name)s本人") % {"name": self.wish.subject.resolved.name}
        return str(_PARTS["requester"])

    def _for_them(self, person: Person, part: str, day: dt.date) -> str:
        """Another than whom the wish is for: what they are to them, and their masked name."""
        key = (person.pk, day)
        if key not in self._named:
            self._named[key] = relation(person, self.wish.subject, day)
        what, name = self._named[key], person.name_masked
        if self.part == "requester":
            return _("您的%(what)s %(name)s") % {"what": what or part, "name": name}
        if self.part:
            whose = self.wish.subject.resolved.name
            return _("%(whose)s的%(what)s %(name)s") % {"whose": whose, "what": what or part, "name": name}
        return (
            _("%(part)s %(name)s（%(what)s）") % {"part": part, "name": name, "what": what}
            if what
            else f"{part} {name}"
        )

    def _at_desk(self, move: Transition) -> str:
        """The desk: of its own, or in the place of whom the wish is for, or of who came for them."""
        staff = str(_PARTS["staff"])
        if move.name not in _IN_PLACE or self.audience == "volunteer":
            return staff
        subject, asker = self.wish.subject.resolved, self.wish.asker.resolved
        came_for_them = move.name == "begin" and asker.pk != subject.pk
        if not self.part:
            speaker = str(_PARTS["relative"]) if came_for_them else str(_PARTS["requester"])
            return _("%(staff)s（替%(speaker)s录入）") % {"staff": staff, "speaker": speaker}
        if (asker if came_for_them else subject).pk in self.own:
            return _("社区代您")
        if came_for_them:
            who = self._for_them(asker, str(_PARTS["relative"]), clock.local_day(move.at))
            return _("%(who)s（社区录入）") % {"who": who}
        return _("社区代%(name)s") % {"name": subject.name}


def _people(accounts: set[int]) -> dict[int, Person]:
    """Account id → the record that stands for whose account it is."""
    rows = User.objects.filter(pk__in=accounts, person__isnull=False).select_related("person__merged_into")
    return {account.pk: account.person.resolved for account in rows if account.person is not None}


def own_title(wish: Wish) -> str:
    """What a wish is called for those who read what was typed: by its public title, and before review by how it begins,
    so that two of a kind are told apart."""
    if wish.title or not wish.details:
        return wish.title or wish.kind.name
    begins = Truncator(wish.details).chars(14, "…")
    return f"{wish.kind.name}：{begins}"


# In messages ---------------------------------------------------------------------------------------------------------


def called(wish: Wish) -> str:
    """Which wish it is: kind, public title once there is one, number."""
    title = _("“%(title)s”") % {"title": wish.title} if wish.title else ""
    return _("%(kind)s%(title)s，单号 %(code)s") % {"kind": wish.kind.name, "title": title, "code": spaced(wish.code)}


def told(wish: Wish, reader: Person, *, did: str, actor: Person | None, at: dt.datetime) -> str:
    """What a message to ``reader`` says of the wish: which it is, for whom where that is another, and where another
    acted for the reader who ``did`` it (提, 撤回, 评). ``actor`` None is the desk."""
    which, subject = called(wish), wish.subject.resolved
    if reader.resolved.pk != subject.pk:
        by_sex = {"male": _("您替他办的"), "female": _("您替她办的")}
        yours = by_sex.get(subject.sex, _("您代办的"))
        return _("%(which)s，给%(name)s（%(yours)s）") % {"which": which, "name": subject.name, "yours": yours}
    if actor is None:
        return _("%(which)s，社区替您%(did)s的") % {"which": which, "did": did}
    person = actor.resolved
    if person.pk == subject.pk:
        return which
    what = relation(person, wish.subject, clock.local_day(at))
    who = f"{what} {person.name}" if what else person.name_masked
    return _("%(which)s，%(who)s 替您%(did)s的") % {"which": which, "who": who, "did": did}
