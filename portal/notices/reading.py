"""That a message was read: the reader's own business, so it leaves no audit."""

import datetime as dt
from typing import Any

from .models import Notice


def mark_read(*, notice: Notice, at: dt.datetime) -> bool:
    """Mark ``notice`` as read at ``at``; False where it was read before, whose moment stays."""
    return bool(Notice.objects.unread().filter(pk=notice.pk).update(read_at=at))


def mark_all_read(*, user: Any, at: dt.datetime) -> int:
    """Mark every unread message of ``user``'s as read; returns how many."""
    return Notice.objects.visible_to(user).unread().update(read_at=at)
