"""Notices come from the rooms' own acts; here the old ones are read, as they would be."""

import datetime as dt

from django.db.models import F

from portal.core.sample_world import World

from .models import Delivery, Notice

READ_AFTER_DAYS = 7


def load(_world: World) -> None:
    """Nothing of its own: what is told comes from the rooms above."""


def finish(world: World) -> None:
    """Whatever is older than a week was read the day after it came, and sent."""
    old = world.at(READ_AFTER_DAYS)
    Notice.objects.filter(at__lt=old).update(read_at=F("at") + dt.timedelta(days=1))
    Delivery.objects.filter(notice__at__lt=old).update(state=Delivery.State.SENT)
