"""When the words of a consent change, what was said to the old words stands no more: the way is closed, and the person
is asked again."""

import datetime as dt

from django.db import transaction

from portal.core.registries import purposes
from portal.core.schedule import periodic
from portal.people import consenting
from portal.people.models import Person, User

from .choosing import PURPOSES, follow_consent
from .telling import tell
from .wording import Channel

BATCH = 200
_SWITCHES = {Channel.SMS: "sms_notices", Channel.EMAIL: "email_notices"}


@periodic("notices.consents", every=dt.timedelta(hours=1))
def close_outdated(at: dt.datetime) -> int:
    """Close every way outside that is open on a consent to words that are not in force any more; returns how many.

    Nothing is withdrawn for the person: the page of consents shows the new words and asks.
    """
    return sum(_close(channel, purpose, at) for channel, purpose in PURPOSES.items())


def _close(channel: Channel, purpose: str, at: dt.datetime) -> int:
    consent = purposes[purpose].consent
    if consent is None:
        raise ValueError(f"{purpose} does not rest on consent")
    switched_on = User.objects.filter(person__isnull=False, **{_SWITCHES[channel]: True})
    agreed = Person.objects.filter(consents__purpose=purpose, consents__text_version=consent.version)
    closed = 0
    for user in switched_on.exclude(person__in=agreed.values("pk")).select_related("person")[:BATCH]:
        with transaction.atomic():
            person = user.person
            if person is None or consenting.stands(person=person, purpose=purpose):
                continue
            follow_consent(person, channel, False, at)
            tell(person=person, text="people.consent.asks_again", url="/me/consents/", at=at)
            closed += 1
    return closed
