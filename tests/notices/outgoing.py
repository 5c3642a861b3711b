"""What tests of the outbox tell and ask: one message to somebody who wants text messages, and how far it is."""

import datetime as dt

from portal.notices import telling
from portal.notices.models import Delivery
from tests import worlds

AT = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)  # nine in the morning here
MINUTE = dt.timedelta(minutes=1)


def tell(**account):
    user = worlds.account(**{"sms_notices": True, "phone_confirmed_at": AT, **account})
    return news(user.person).deliveries.get()


def news(person, at=AT, **more):
    return telling.tell(person=person, text="tests.news", values={"what": "李阿姨"}, at=at, **more)


def state(delivery: Delivery) -> str:
    delivery.refresh_from_db()
    return delivery.state
