"""What a wish says of people goes by itself when its time is over; the record of what was done stays."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from portal.core import audit, clock, files, options, remarks
from portal.core.changes import changed
from portal.core.models import StoredFile
from portal.core.registries import Forgotten
from portal.notices.telling import forget
from portal.places.models import Area

from . import choices_by_area as choices
from .models import FINAL, Wish

BATCH = 500
NEIGHBOUR = "居民"  # the public name of who wanted to be forgotten
_BLANK = {
    "details": "",
    "contact_name": "",
    "contact_phone": "",
    "contact_address": "",
    "completion_note": "",
    "rating_comment": "",
    "scan": None,
}


def erase_due(*, at: dt.datetime) -> int:
    """Erase personal data of wishes that ended longer ago than their community keeps it; returns how many.

    Blanks the sealed fields and an alias that was never public, removes the scanned paper, the typed reasons beside
    transitions and audit entries, and the requesters' notices. Each wish in a transaction of its own, one batch a run.
    """
    erased = 0
    # Only communities with something older than the shortest term that can be set are asked for theirs.
    shortest = dt.timedelta(days=choices.KEEP_DAYS.minimum or 0)
    ended = Wish.objects.filter(state__in=FINAL, erased_on__isnull=True, state_since__lt=at - shortest)
    for community in Area.objects.filter(pk__in=ended.values("community")):
        keep = dt.timedelta(days=options.value(choices.KEEP_DAYS, community))
        old = Wish.objects.filter(
            community=community, state__in=FINAL, erased_on__isnull=True, state_since__lt=at - keep
        ).order_by("state_since")
        for wish in old[: BATCH - erased]:
            _erase(wish, at)
            erased += 1
        if erased >= BATCH:
            break
    if erased:
        audit.record("wishes.erased", actor_id=None, at=at, details={"wishes": erased})
    return erased


def forget_own(person_ids: list[int], at: dt.datetime) -> Forgotten:
    """The person's own demand: what ended goes at once, the name the public reads too; what is under way is finished
    first. Wishes that they asked for somebody else are that person's."""
    mine = Wish.objects.filter(subject__in=person_ids)
    ended = list(mine.filter(state__in=FINAL, erased_on__isnull=True).select_related("scan", "subject", "asker"))
    for wish in ended:
        _erase(wish, at)
    named = list(mine.filter(state__in=FINAL).exclude(alias__in=("", NEIGHBOUR)))
    Wish.objects.filter(pk__in=[wish.pk for wish in named]).update(alias=NEIGHBOUR)
    changed(*named)
    kept = _("还在办的心愿里写的。要知道是替谁办、怎么联系；办完或撤回以后可以删除。") if mine.open().exists() else ""
    gone = len({wish.pk for wish in [*ended, *named]})
    return Forgotten(gone, kept, {"wishes": gone})


def _erase(wish: Wish, at: dt.datetime) -> None:
    with transaction.atomic():
        scan: StoredFile | None = wish.scan
        Wish.objects.filter(pk=wish.pk).update(**_BLANK, erased_on=clock.local_day(at))
        if not wish.title:
            Wish.objects.filter(pk=wish.pk).update(alias="")
        changed(wish)
        remarks.erase(audit.label_of(wish), [wish.pk])
        forget(people=[wish.subject, wish.asker], url=f"/wishes/{wish.code}/")
        if scan is not None:
            files.erase(scan)
