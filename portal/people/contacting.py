"""A person's phone and address: seen whole only on the record, changed by themselves or the desk, found by the whole
number."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.core import audit, clock, private_numbers, reasons

from . import consenting, facts, phones
from .access import CHILD, born_by, decides_for
from .models import Person, User
from .relations import record_for, serves
from .uniqueness import standing_locked

MOST_FOUND = 20
CONTACT_SHOWN = "person.contact_shown"  # the verb by which the person reads who looked
PHONE_SEARCHED = "person.phone_searched"


@transaction.atomic
def show_contact(*, person: Person, actor: User, at: dt.datetime, reason: str) -> dict[str, str]:
    """The contact phone, the sign-in phone where it is another one, and the address, in clear; what the person keeps of
    these by themselves on another of their records stands under ``own_``, where it differs. The look is recorded.

    PermissionDenied for who is not of the desk of a place the person belongs to; ValidationError without a reason.
    """
    if not serves(actor, person):
        raise PermissionDenied
    reason = reasons.check(reason, _("请写明为什么要看。"))
    audit.record(CONTACT_SHOWN, actor_id=actor.pk, subject=person, at=at, reason=reason)
    account = User.objects.filter(person__in=person.resolved.record_ids()).select_related("person").first()
    sign_in = account.phone or "" if account is not None else ""
    own: Any = account.person if account is not None else person
    return {
        "contact_phone": person.contact_phone,
        "sign_in_phone": sign_in if sign_in != person.contact_phone else "",
        "address": person.address,
        "own_contact_phone": own.contact_phone if own.contact_phone != person.contact_phone else "",
        "own_address": own.address if own.address != person.address else "",
    }


@transaction.atomic
def enter_person(*, person: Person, at: dt.datetime) -> None:
    """Save ``person``, whom the desk enters anew. ValidationError, by field, for what is no name or birth date, and for
    what is kept of a child by its guardian's consent alone: nobody can have agreed yet, so name and birth date come
    first, then the guardian."""
    for name, value in facts.cleaned({name: getattr(person, name) for name in facts.FACTS}).items():
        setattr(person, name, value)
    day = clock.local_day(at)
    if person.birth_date is not None and person.birth_date > born_by(day, CHILD):
        early = [name for name in consenting.CLEARED_FOR_CHILD if getattr(person, name)]
        if early:
            words = _("不满 14 周岁的孩子，监护人同意以后才能登记这一项。请先留空，登记监护人、记下同意以后再补。")
            raise ValidationError(dict.fromkeys(early, words))
    person.save()


@transaction.atomic
def change_contact(*, person: Person, actor: User, at: dt.datetime, contact_phone: str = "", address: str = "") -> None:
    """Set what is given; what is empty stays. The sign-in phone is its holder's own to change.

    PermissionDenied as for looking; ValidationError for what is no phone number, for an ID or a card number in the
    address, where nothing is given, or for a child whose guardian does not agree that it is kept.
    """
    if not serves(actor, person):
        raise PermissionDenied
    standing_locked(person)
    consenting.refuse_without_consent(person, clock.local_day(at))
    private_numbers.refuse(address=address)
    given = {
        "contact_phone": phones.clean_contact(contact_phone) if contact_phone else "",
        "address": address.strip(),
    }
    changed = [name for name, value in given.items() if value]
    if not changed:
        raise ValidationError(_("电话和住址都没有填，没有可改的。"))
    for name in changed:
        setattr(person, name, given[name])
    person.save(update_fields=[*changed, *(["contact_phone_index"] if "contact_phone" in changed else [])])
    audit.record("person.contact_changed", actor_id=actor.pk, subject=person, at=at, details={"fields": changed})


@transaction.atomic
def change_own_contact(
    *, actor: User, at: dt.datetime, contact_phone: str, address: str, child: Person | None = None
) -> list[str]:
    """Set one's own contact phone and address to what is given, empty taking it out of the record; returns the names
    of the fields that changed. That they changed is on the record, what they hold is not. It is the account's own
    record, so that it is with the person when a merging is undone. ``child`` is whose guardian the actor is: then it is
    the child's, on the record that the guardianship names.

    ValidationError for what is no phone number, for an ID or a card number in the address, and for a child whose
    guardian does not agree that it is kept; PermissionDenied for an account without a person, and for who does not
    decide for the child.
    """
    if actor.person is None or (child is not None and decides_for(actor, child) != "guardian"):
        raise PermissionDenied
    private_numbers.refuse(address=address)
    own = actor.person if child is None else record_for(actor, child)
    person = Person.objects.select_for_update().get(pk=own.pk)
    given = {
        "contact_phone": phones.clean_contact(contact_phone) if contact_phone.strip() else "",
        "address": address.strip(),
    }
    changed = [name for name, value in given.items() if getattr(person, name) != value]
    if any(given[name] for name in changed):
        consenting.refuse_without_consent(Person.objects.get(pk=person.pk), clock.local_day(at))
    for name in changed:
        setattr(person, name, given[name])
    if changed:
        person.save(update_fields=[*changed, *(["contact_phone_index"] if "contact_phone" in changed else [])])
        verb = "person.own_contact_changed" if child is None else "person.child_contact_changed"
        audit.record(verb, actor_id=actor.pk, subject=person, at=at, details={"fields": changed})
    return changed


def find_by_phone(*, people: QuerySet[Person], phone: str, actor: User, at: dt.datetime) -> list[Person]:
    """Who among ``people`` is reached by the whole number ``phone`` or signs in with it, through the blind index; at
    most 20. That somebody searched is on the record of each who was found, or that nobody was; the number is not."""
    index = Person._meta.get_field("contact_phone_index").index_of(phone)
    # Two look-ups by index and not one condition: an OR across two tables reads both of them whole.
    reached = people.filter(contact_phone_index=index).order_by("pk").values_list("pk", flat=True)[:MOST_FOUND]
    # What a merged record holds, or an account that hangs on one, leads to the record that stands.
    merged = Person.objects.filter(contact_phone_index=index, merged_into__isnull=False).values_list("pk", flat=True)
    signing_in = User.objects.filter(phone_index=index, person__isnull=False).values_list("person", flat=True)
    standing = Person.objects.records_of([*merged[:MOST_FOUND], *signing_in])
    found = list(people.filter(pk__in={*reached, *standing.values()}).order_by("pk")[:MOST_FOUND])
    note_search(found=found, actor=actor, at=at)
    return found


def note_search(*, found: Sequence[Person], actor: User, at: dt.datetime) -> None:
    """Write that ``actor`` searched by a whole number: on the record of each of ``found`` (few), or of nobody."""
    subjects: list[Person | None] = list(found) or [None]
    for person in subjects:
        audit.record(PHONE_SEARCHED, actor_id=actor.pk, subject=person, at=at, details={"found": len(found)})
