"""The one call by which a room tells a person something."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise

from portal.people.models import Person

from .models import Delivery, Notice

_KINDS: dict[str, str | Promise] = {}


def declare_kind(kind: str, label: str | Promise) -> str:
    """Make a room's kind of notice known by the word people read."""
    _KINDS[kind] = label
    return kind


def kind_label(kind: str) -> str:
    """The word for a kind; the kind itself for one that no room declares any more."""
    return str(_KINDS.get(kind, kind))


def tell(*, person: Person, kind: str, title: str, at: dt.datetime, body: str = "", url: str = "") -> Notice:
    """Leave ``person`` a notice, in the caller's transaction: what is rolled back was never said.

    ``title`` is what a text message may carry to a phone that has another owner by now: what kind of news there is and
    how far the matter has come, never a name, an address, a number or a word that a person typed. ``body`` is read
    behind the sign-in and may hold them.

    Where the person has an account and chose text messages, a delivery is queued with it and carried out by the
    clock after the commit, if all of that still holds then (``outbox``).
    """
    if kind not in _KINDS:
        raise ValueError(f"notice kind {kind} is not declared")
    standing = person.resolved
    notice = Notice.objects.create(person=standing, kind=kind, title=title, body=body, url=url, at=at)
    account: Any = getattr(standing, "user", None)
    if account is not None and account.is_active and account.sms_notices and account.phone:
        Delivery.objects.create(notice=notice, channel=Delivery.Channel.SMS, next_attempt=at, changed_at=at)
    return notice


def forget(*, people: Iterable[Person], url: str) -> int:
    """Remove what ``people`` were told about the record at ``url``, when its time is over; returns how many."""
    ids = [pk for person in people for pk in person.resolved.record_ids()]
    return Notice.objects.filter(person__in=ids, url=url).delete()[0]
