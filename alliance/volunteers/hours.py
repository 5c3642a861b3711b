"""Crediting volunteer time: rounding, one credit for one thing, reversal instead of correction."""

import datetime as dt

from django.db import models, transaction

from portal.core import options
from portal.core.audit import label_of

from . import choices_by_area as choices
from .models import HourEntry, Volunteer

STARS = ((1500, 5), (1000, 4), (600, 3), (300, 2), (100, 1))


def half_hours_of(minutes: int, *, round_up_from: int = 30) -> int:
    """Half hours for ``minutes`` of service, travel not counted.

    A remainder of ``round_up_from`` minutes or more is a whole hour, a smaller one half an hour (the usual counting of
    志愿服务记录; a community may set another bound).
    """
    if minutes < 0:
        raise ValueError("minutes must not be negative")
    hours, rest = divmod(minutes, 60)
    return hours * 2 + (2 if rest >= round_up_from else 1 if rest else 0)


def credit(
    *, volunteer: Volunteer, minutes: int, source: models.Model, actor_id: int | None, at: dt.datetime
) -> HourEntry:
    """Credit ``minutes`` for ``source``. IntegrityError where it was credited before."""
    return HourEntry.objects.create(
        volunteer=volunteer,
        community_id=volunteer.community_id,
        half_hours=half_hours_of(minutes, round_up_from=options.value(choices.ROUND_UP_MINUTES, volunteer.community)),
        minutes=minutes,
        source_type=label_of(source),
        source_id=source.pk,
        credited_by_id=actor_id,
        at=at,
    )


@transaction.atomic
def reverse(*, entry: HourEntry, actor_id: int | None, at: dt.datetime) -> HourEntry:
    """Take one credit back, once; IntegrityError for a second time."""
    return HourEntry.objects.create(
        volunteer_id=entry.volunteer_id,
        community_id=entry.community_id,
        half_hours=-entry.half_hours,
        minutes=-entry.minutes,
        source_type=entry.source_type,
        source_id=entry.source_id,
        reverses=entry,
        credited_by_id=actor_id,
        at=at,
    )


def total_of(volunteer: Volunteer) -> int:
    """All half hours of ``volunteer``, reversals taken off."""
    return HourEntry.objects.filter(volunteer=volunteer).total()


def star_level(half_hours: int) -> int:
    """Stars for a total (志愿服务记录与证明出具办法 and the star scheme: 100, 300, 600, 1000, 1500 hours)."""
    return next((stars for hours, stars in STARS if half_hours >= hours * 2), 0)
