"""The one call by which a room tells a person something."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from portal.core.schedule import wake_after_commit
from portal.people.merging import account_of
from portal.people.models import Person

from . import choosing
from .models import Delivery, Notice
from .wording import kind_of, text_of

DELIVER = "notices.deliver"


def tell(*, person: Person, text: str, at: dt.datetime, values: dict[str, Any] | None = None, url: str = "") -> Notice:
    """Leave ``person`` the message ``text``, in the caller's transaction: what is rolled back was never said.

    ``text`` is the id of words that a room declared (``wording``); ``values`` fill the places of its body. The title is
    the same for everybody: it is what goes outside. It is kept for the record ``person`` as given and read with all of
    a person's records, so that it is with its own when a merging is undone.

    Where the person has an account and opened a way outside for this kind, a delivery is queued with it: carried out
    right after the commit where workers can be called, by the clock otherwise, and only if all of that still holds then
    (``outbox``). In quiet hours it waits for their end. ValueError for a text that no room declares, or values that do
    not fit it.
    """
    words = text_of(text)
    kind = kind_of(words.kind)
    notice = Notice.objects.create(
        person=person, kind=kind.id, title=str(words.title), body=words.filled(values or {}), url=url, at=at
    )
    account = account_of(person)
    ways = choosing.ways_for(account, kind, at=at)
    if account is not None and ways:
        waits = choosing.quiet_until(account, kind, at=at)
        Delivery.objects.bulk_create(
            [Delivery(notice=notice, channel=way, next_attempt=waits or at, changed_at=at) for way in ways]
        )
        if waits is None:
            wake_after_commit(DELIVER)
    return notice


def forget(*, people: Iterable[Person], url: str) -> int:
    """Remove what ``people`` were told about the record at ``url``, when its time is over; returns how many."""
    ids = [pk for person in people for pk in person.resolved.record_ids()]
    return Notice.objects.filter(person__in=ids, url=url).delete()[0]
