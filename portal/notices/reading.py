"""That a message was read: the reader's own business, so it leaves no audit."""

import datetime as dt
from typing import Any

from portal.people.models import Person

from .models import Notice


def mark_read(*, notice: Notice, at: dt.datetime) -> bool:
    """Mark ``notice`` as read at ``at``; False where it was read before, whose moment stays."""
    return bool(Notice.objects.unread().filter(pk=notice.pk).update(read_at=at))


def mark_all_read(*, user: Any, at: dt.datetime, kind: str = "", up_to: int | None = None) -> int:
    """Mark every unread message of ``user``'s as read, of one ``kind`` if given, none that came after the message
    ``up_to``; returns how many."""
    unread = Notice.objects.visible_to(user).unread()
    if kind:
        unread = unread.filter(kind=kind)
    if up_to is not None:
        unread = unread.filter(pk__lte=up_to)
    return unread.update(read_at=at)


def settle(*, kind: str, url: str, person: Person, at: dt.datetime) -> int:
    """Mark as read what ``person`` was told by messages of ``kind`` about the record at ``url``: they have just acted
    on it, so nothing that was said of it before waits for them any more. Called in the act's transaction, before the
    act tells anything new; returns how many."""
    own = Notice.objects.unread().filter(person__in=person.resolved.record_ids(), kind=kind, url=url)
    return own.update(read_at=at)
