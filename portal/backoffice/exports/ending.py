"""What ends by itself: files whose time is over, requests that nobody answered, exports of who left the office."""

import datetime as dt

from django.db import transaction
from django.db.models import Count, F

from portal.core import audit, clock
from portal.core.moves import SYSTEM, MoveRefused
from portal.people.models import Role
from portal.people.offices import on_office

from ..models import Export, ExportState
from . import news, terms
from .access import ADMINISTRATOR, open_states
from .deciding import stop

BATCH = 200


def _end(export: Export, name: str, at: dt.datetime) -> bool:
    """Whether this process did it: somebody at the desk may have been first."""
    try:
        stop(export, name, actor_id=None, actor_part=SYSTEM, at=at)
    except MoveRefused:
        return False
    return True


def expire_due(*, at: dt.datetime) -> int:
    """Erase the files whose time is over or that were downloaded as often as allowed; returns how many."""
    ready = Export.objects.filter(state=ExportState.READY).select_related("file")
    over = ready.filter(expires_at__lte=at).order_by("expires_at")[:BATCH]
    used = ready.annotate(times=Count("downloads")).filter(times__gte=F("downloads_allowed"), expires_at__gt=at)
    # A download that began a moment ago may still be reading the content.
    used = used.exclude(downloads__at__gt=at - dt.timedelta(minutes=30))
    gone = sum(_end(export, "expire", at) for export in over)
    return gone + sum(_end(export, "use_up", at) for export in used.order_by("pk")[:BATCH])


def lapse_due(*, at: dt.datetime) -> int:
    """End requests whose term is over; returns how many."""
    waiting = Export.objects.filter(state=ExportState.PENDING, due_on__lt=clock.local_day(at))
    gone = 0
    for export in waiting.select_related("requester__person").order_by("pk")[:BATCH]:
        with transaction.atomic():
            if _end(export, "lapse", at):
                news.lapsed(export, at)
                gone += 1
    return gone


@on_office
def left(role: Role, given: bool, at: dt.datetime) -> None:
    """With an office ends everything that was asked for by it: no file of it stays to be fetched."""
    if given:
        return
    # Held from here on: a worker that finishes at this moment comes before or after, and undoes no end of an office.
    # The file is read after that, as it is by then.
    held = Export.objects.select_for_update(no_key=True, of=("self",)).prefetch_related("file").order_by("pk")
    for export in held.filter(requester=role.user_id, state__in=open_states()):
        if role.pk in export.offices:
            stop(export, "leave", actor_id=None, actor_part=SYSTEM, at=at)


def close_of_administrators(*, at: dt.datetime) -> int:
    """The same for who is administrator no more, which no office tells; returns how many."""
    asked = Export.objects.filter(state__in=open_states(), offices=[ADMINISTRATOR])
    former = asked.exclude(requester__is_superuser=True, requester__is_active=True)
    return sum(_end(export, "leave", at) for export in former.select_related("file").order_by("pk")[:BATCH])


@transaction.atomic
def erase_words(*, at: dt.datetime) -> int:
    """Clear purpose, reason and filters of exports that ended long ago; who, what and when stay. Returns how many."""
    over = Export.objects.filter(erased_on__isnull=True, state_since__lte=at - terms.KEPT).exclude(
        state__in=open_states()
    )
    ids = list(over.order_by("state_since").values_list("pk", flat=True)[:BATCH])
    if not ids:
        return 0
    Export.objects.filter(pk__in=ids).update(purpose="", whole_reason="", listing={}, erased_on=clock.local_day(at))
    audit.record("export.erased", actor_id=None, at=at, details={"count": len(ids)})
    return len(ids)
