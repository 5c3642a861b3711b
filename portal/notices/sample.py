"""Notices come from the rooms' own acts; here people choose how they hear of them, the old ones are read and sent, and
one did not go out."""

import datetime as dt

from django.db.models import F

from portal.core.sample_world import World
from portal.people.consenting import give
from portal.people.models import Channel as SaidBy
from portal.people.models import User

from . import choosing
from .models import Delivery, Notice
from .wording import Channel, kinds

READ_AFTER_DAYS = 7
BY_EMAIL = {"relative": "mangzhong@example.com", "worker": "desk@example.com"}


def load(world: World) -> None:
    """Two people read mail, one of them not about everything; who gets text messages agreed to it."""
    for key, address in BY_EMAIL.items():
        user = world.users[key]
        user.email, user.email_confirmed_at = address, world.at(50, 10)
        user.save(update_fields=["email", "email_confirmed_at"])
        choosing.switch(user=user, channel=Channel.EMAIL, on=True, at=world.at(50, 10))
    for user in User.objects.filter(sms_notices=True).select_related("person"):
        if user.person is not None:
            purpose = choosing.PURPOSES[Channel.SMS]
            give(person=user.person, purpose=purpose, channel=SaidBy.ONLINE, at=world.at(60, 9), actor_id=user.pk)
    worker = world.users["worker"]
    quiet_about = [kind for kind in kinds() if kind.id == "offices"]
    choosing.choose(user=worker, choices={(k.id, Channel.EMAIL): False for k in quiet_about}, at=world.at(50, 11))


def finish(world: World) -> None:
    """Whatever is older than a week was read the day after it came, and sent; of one nobody knows."""
    _put_in_order()
    old = world.at(READ_AFTER_DAYS)
    Notice.objects.filter(at__lt=old).update(read_at=F("at") + dt.timedelta(days=1))
    sent = Delivery.objects.filter(notice__at__lt=old)
    sent.update(state=Delivery.State.SENT, attempts=1, changed_at=F("next_attempt"))
    last = sent.order_by("-notice__at").first()
    if last is not None:
        Delivery.objects.filter(pk=last.pk).update(
            state=Delivery.State.UNCERTAIN, stuck_at=last.next_attempt + dt.timedelta(minutes=10)
        )


def _put_in_order() -> None:
    """Give later notices later keys, as life does: the samples tell one story after the other, lists page by key."""
    deliveries: dict[int, list[Delivery]] = {}
    for delivery in Delivery.objects.all():
        deliveries.setdefault(delivery.notice_id, []).append(delivery)
    told = list(Notice.objects.order_by("at", "pk"))
    Notice.objects.all().delete()
    for notice in told:
        before, notice.pk = notice.pk, None
        notice.save(force_insert=True)
        for delivery in deliveries.get(before, ()):
            delivery.pk, delivery.notice = None, notice
            delivery.save(force_insert=True)
