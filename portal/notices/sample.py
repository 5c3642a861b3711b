"""Notices come from the rooms' own acts; here they are put in the order of their days, and the old ones are read."""

import datetime as dt

from django.db.models import F

from portal.core.sample_world import World

from .models import Delivery, Notice

READ_AFTER_DAYS = 7


def load(_world: World) -> None:
    """Nothing of its own: what is told comes from the rooms above."""


def finish(world: World) -> None:
    """Whatever is older than a week was read the day after it came, and sent."""
    _put_in_order()
    old = world.at(READ_AFTER_DAYS)
    Notice.objects.filter(at__lt=old).update(read_at=F("at") + dt.timedelta(days=1))
    Delivery.objects.filter(notice__at__lt=old).update(state=Delivery.State.SENT)


def _put_in_order() -> None:
    """Give later notices later keys, as life does: the samples tell one story after the other, lists page by key."""
    deliveries = {delivery.notice_id: delivery for delivery in Delivery.objects.all()}
    told = list(Notice.objects.order_by("at", "pk"))
    Notice.objects.all().delete()
    for notice in told:
        delivery = deliveries.get(notice.pk)
        notice.pk = None
        notice.save(force_insert=True)
        if delivery is not None:
            delivery.pk, delivery.notice = None, notice
            delivery.save(force_insert=True)
