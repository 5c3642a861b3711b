"""How whom a wish is for is reached: put right while it is under way, and the code that tells the one who comes."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from portal.core import audit, private_numbers
from portal.core.changes import changed
from portal.core.moves import MoveRefused
from portal.people.models import User
from portal.people.phones import clean_contact

from .models import Wish, WishState
from .ordering import tell_of_act, tell_volunteers
from .querysets import OPEN_STATES

CODE_DIGITS = 4


def visit_code(wish: Wish) -> str:
    """Four digits that who serves the wish says at the door; another one for another volunteer. It is kept nowhere.
    Empty while nobody serves, and once the service is done: nobody comes any more."""
    if wish.volunteer_id is None or wish.state != WishState.IN_SERVICE:
        return ""
    drawn = salted_hmac("services.wishes.visit_code", f"{wish.pk}:{wish.volunteer_id}", algorithm="sha256").digest()
    return f"{int.from_bytes(drawn[:8]) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


@transaction.atomic
def correct_contact(
    *,
    wish: Wish,
    contact_name: str,
    contact_phone: str,
    contact_address: str,
    actor: User,
    actor_part: str,
    at: dt.datetime,
) -> bool:
    """Put right the name, the phone and the address that were left with an open wish; True where something changed.

    ``actor_part`` is requester, guardian or relative. Whom the wish is for hears of it unless they did it, and so does
    who serves it, for they may have the old one. The record says which fields, not what stood there. MoveRefused for a
    wish that is at an end, ValidationError (by field) for what is no phone, holds the number of an ID or a bank card,
    or leaves out the address of a kind that is done at home.
    """
    phone = clean_contact(contact_phone)
    name, address = contact_name.strip(), contact_address.strip()
    if not name:
        raise ValidationError({"contact_name": _("请写怎么称呼，例如 李奶奶。")})
    if wish.kind.in_home and not address:
        raise ValidationError({"contact_address": _("这类事要上门，请写地址。")})
    private_numbers.refuse(contact_name=name, contact_address=address)
    standing = Wish.objects.select_for_update(no_key=True).get(pk=wish.pk)
    if standing.state not in OPEN_STATES or standing.erased_on is not None:
        raise MoveRefused(_("这张单子已经办完或停下，联系方式不用改了。"), state=standing.state)
    new = {"contact_name": name, "contact_phone": phone, "contact_address": address}
    fields = [field for field, value in new.items() if getattr(standing, field) != value]
    if not fields:
        return False
    for field in fields:
        setattr(standing, field, new[field])
        setattr(wish, field, new[field])
    standing.save(update_fields=fields)
    changed(standing)
    details = {"fields": fields, "part": actor_part}
    audit.record("wish.contact_corrected", actor_id=actor.pk, subject=standing, at=at, details=details)
    if standing.state == WishState.IN_SERVICE:
        tell_volunteers(standing, standing.addressed(), "wishes.contact_changed", at)
    tell_of_act(standing, "wishes.contact_corrected", at, did=_("改"), actor=actor, actor_part=actor_part)
    return True
