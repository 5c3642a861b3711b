"""The day's work in one message: each working day, to each member of staff who wants it, how much waits for them."""

import datetime as dt
from collections.abc import Iterable

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core import clock
from portal.core.workdays import is_working_day
from portal.notices import choosing
from portal.notices.models import Digest
from portal.notices.telling import tell
from portal.notices.wording import Channel, kind_of
from portal.people.models import Role, User
from portal.places.models import Area, AreaOption

from .choices_by_area import DIGEST_AT
from .overview import oversees_only, overview
from .texts import DESK
from .today import waiting_for

log = structlog.get_logger(__name__)
LASTS = dt.timedelta(hours=3)  # a clock that stood still all morning sends no list of the morning in the afternoon
A_ROUND = 50  # members of staff; each costs a query a to-do
LINES = 12


def send_due(*, at: dt.datetime) -> int:
    """Send the day's lists whose time has come, one round; returns how many members of staff were told something.

    1. not on a day off, and only for a while after the time that the office set;
    2. who has had theirs today is left out; the others are looked at, at most a round of them;
    3. each in a transaction of its own: a list that fails keeps nobody else from theirs, and is tried again.
    """
    day = clock.local_day(at)
    if not is_working_day(day):
        return 0
    told, failures = 0, []
    for user in _due(day, at):
        try:
            told += put_together(user=user, day=day, at=at)
        except Exception as error:
            log.exception("digest failed", user=user.pk)
            failures.append(error)
    if failures:
        raise failures[0]
    return told


def _due(day: dt.date, at: dt.datetime) -> list[User]:
    """Whose time has come today and who has had none: two queries, however many offices there are."""
    had = Digest.objects.filter(user=OuterRef("user"), day=day)
    offices = Role.objects.current(at).filter(~Exists(had), user__is_active=True, user__person__isnull=False)
    areas: dict[int, list[Area]] = {}
    users: dict[int, User] = {}
    for office in offices.select_related("area", "user__person").order_by("user_id"):
        areas.setdefault(office.user_id, []).append(office.area)
        users[office.user_id] = office.user
    set_here = dict(AreaOption.objects.filter(key=DIGEST_AT.key).values_list("area_id", "value"))
    now = timezone.localtime(at)
    due = [users[pk] for pk, held in areas.items() if _has_come(now, (_time_of(area, set_here) for area in held))]
    return due[:A_ROUND]


def _time_of(area: Area, set_here: dict[int, str]) -> dt.time:
    """What is set for ``area``: the nearest above counts, else the default."""
    value = next((set_here[pk] for pk in reversed(area.lineage_ids) if pk in set_here), DIGEST_AT.default)
    return DIGEST_AT.time(value)


def _has_come(now: dt.datetime, times: Iterable[dt.time]) -> bool:
    """Whether the earliest of ``times`` has come today, and not longer ago than a list is still of use."""
    begins = timezone.make_aware(dt.datetime.combine(now.date(), min(times)))
    return begins <= now < begins + LASTS


def _lines(user: User, at: dt.datetime) -> list[str]:
    """How much of each waits for ``user``; for who oversees and acts in nothing, how much is late in each community."""
    if oversees_only(user):
        late = overview(user, at).places
        return [_("%(where)s超期 %(count)d 件") % {"where": place.community, "count": place.total} for place in late]
    waiting = [entry for entry in waiting_for(user, at) if entry.count]
    return [_("%(what)s %(count)d 件") % {"what": entry.todo.label, "count": entry.count} for entry in waiting]


def put_together(*, user: User, day: dt.date, at: dt.datetime) -> bool:
    """Count what waits for ``user`` and tell them, once a day: of two clocks one does it. False where there is nothing,
    where they want none, or where it was done."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                digest = Digest.objects.create(user=user, day=day)
        except IntegrityError:
            return False
        if user.person is None or not choosing.wants(user, kind_of(DESK), Channel.PORTAL):
            return False
        lines = _lines(user, at)
        if not lines:
            return False
        more = [_("等等")] if len(lines) > LINES else []
        tell(
            person=user.person,
            text="desk.today",
            values={"lines": "；".join([*lines[:LINES], *more]) + "。"},
            url="/admin/",
            at=at,
        )
        digest.told = True
        digest.save(update_fields=["told"])
    return True
