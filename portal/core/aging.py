"""The end of what the ground floor keeps: form tokens, sessions, and the record of who did what."""

import datetime as dt

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction

from . import door
from .models import AuditEntry, OnceKey, Remark

ONCE_KEPT = dt.timedelta(days=7)
BATCH = 2000


def erase_spent(*, at: dt.datetime) -> int:
    """Erase spent form tokens and ended sessions; returns how many."""
    gone = OnceKey.objects.filter(at__lt=at - ONCE_KEPT).delete()[0]
    return gone + Session.objects.filter(expire_date__lt=at).delete()[0]


@transaction.atomic
def erase_record(*, at: dt.datetime) -> int:
    """Erase audit entries older than ``AUDIT_KEPT_DAYS``, and the reasons beside them; returns how many.

    The table is append-only: the one door past its triggers is opened only where something is due, one batch a time,
    and each opening is an entry of its own. Entries are written in the order of time, so the oldest are looked at and
    not the whole table.
    """
    limit = at - dt.timedelta(days=settings.AUDIT_KEPT_DAYS)
    oldest = AuditEntry.objects.order_by("pk").values_list("pk", "at")[:BATCH]
    due = [pk for pk, moment in oldest if moment < limit]
    if not due:
        return 0
    Remark.objects.filter(audit_entry__in=due).delete()
    with door.lifted(reason="audit.retention"):
        return AuditEntry.objects.filter(pk__in=due).delete()[0]
