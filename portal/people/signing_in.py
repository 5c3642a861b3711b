"""Acts on accounts and their phones: opening, proving, changing, and what the desk may do about a number."""

import datetime as dt
import secrets
from collections.abc import Callable
from functools import partial

import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.core import audit, clock, sms

from . import consenting, names, sms_words
from .models import Person, User
from .relations import serves

log = structlog.get_logger(__name__)
SIGN_IN, SIGN_UP, RESET, CHANGE, CONFIRM = "sign_in", "sign_up", "reset", "change", "confirm"


class PhoneTaken(Exception):
    """Another account has got this number meanwhile. Told only to somebody who has just proven to hold it."""

    def __str__(self) -> str:
        return _("这个手机号刚刚有了账号，请直接登录；不是您的账号，请到社区服务窗口办理。")


def opens_by_code(user: User, *, at: dt.datetime) -> bool:
    """Whether a code alone opens the account: its number was proven within ``PHONE_TRUST_DAYS`` calendar days.

    Numbers are recycled: whoever holds an old one now must not inherit what its former owner left here.
    """
    proven = user.phone_confirmed_at
    return proven is not None and clock.local_day(at) <= clock.due_on(proven, settings.PHONE_TRUST_DAYS)


def message_for(
    *, purpose: str, phone: str, user: User | None, at: dt.datetime
) -> tuple[str | Callable[[str], str], int | None]:
    """What ``phone`` is to receive when somebody asks for a code for ``purpose``, and whose account the code is for.

    A function makes words around a code; a text holds none and explains why, to the phone alone. ``user`` is the
    signed-in person where there is one.
    """
    with_code = partial(sms_words.code, purpose=purpose)
    if purpose == CONFIRM:
        return with_code, user.pk if user else None
    holder = User.objects.with_phone(phone)
    if purpose == CHANGE:
        return (with_code if holder is None else sms_words.taken()), user.pk if user else None
    if holder is not None and not holder.is_active:
        return sms_words.not_usable(), None
    if purpose == SIGN_UP:
        return (with_code if holder is None else sms_words.has_account()), None
    if holder is None:
        return sms_words.no_account(), None
    if not opens_by_code(holder, at=at):
        return sms_words.stale(settings.PHONE_TRUST_DAYS), None
    return with_code, holder.pk


@transaction.atomic
def open_account(
    *, phone: str, name: str, community_id: int, password_hash: str, notice_version: str, at: dt.datetime
) -> User:
    """A new person and their account, for a number proven just now. Raises ``PhoneTaken``.

    Nobody is looked up: who signs up is always a new Person, and only staff join it to older records. An unusable
    ``password_hash`` means that the account opens by code alone. ValidationError for what is no name.
    """
    person = Person.objects.create(
        name=names.clean_name(name), community_id=community_id, contact_phone=phone, created_at=at
    )
    user = User(person=person, phone=phone, phone_confirmed_at=at, password=password_hash, date_joined=at)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise PhoneTaken from error
    consenting.record_account_consent(person=person, version=notice_version, at=at)
    audit.record("account.opened", actor_id=user.pk, subject=user, at=at)
    return user


@transaction.atomic
def prove_phone(*, user_id: int | None, phone: str, at: dt.datetime) -> User | None:
    """A code proved that the account's holder reads ``phone``: trust it anew.

    None where the account is closed, gone, or signs in with another number since the code was sent.
    """
    user = _locked(user_id)
    if user is None or not user.is_active or user.phone != phone:
        return None
    user.phone_confirmed_at = at
    user.save(update_fields=["phone_confirmed_at"])
    audit.record("account.phone_confirmed", actor_id=user.pk, subject=user, at=at)
    return user


@transaction.atomic
def change_phone(*, user_id: int | None, phone: str, at: dt.datetime) -> tuple[User, str]:
    """Sign in with ``phone``, proven just now, from here on; returns the account and the number it had.

    The old number opens nothing any more and sessions elsewhere end, because the session's hash covers the number. A
    contact phone that was the old number follows. Raises ``PhoneTaken``.
    """
    user = _locked(user_id)
    if user is None or not user.is_active:
        raise User.DoesNotExist
    old = user.phone or ""
    user.phone, user.phone_confirmed_at = phone, at
    try:
        with transaction.atomic():
            user.save(update_fields=["phone", "phone_index", "phone_confirmed_at"])
    except IntegrityError as error:
        raise PhoneTaken from error
    person = user.person
    follows = person is not None and person.contact_phone in ("", old)
    if person is not None and follows:
        person.contact_phone = phone
        person.save(update_fields=["contact_phone", "contact_phone_index"])
    audit.record("account.phone_changed", actor_id=user.pk, subject=user, at=at, details={"contact_follows": follows})
    return user, old


def tell_old_number(*, user: User, phone: str) -> None:
    """Let the number that ``user`` no longer signs in with know, in case it was not they who changed it.

    Called after the change was committed; a message that does not go out undoes nothing.
    """
    if not phone:
        return
    try:
        sms.send(phone=phone, text=sms_words.moved_away(), key=f"phone-changed:{secrets.token_hex(8)}")
    except sms.SmsFailed as failure:
        log.warning("old number not told", user=user.pk, uncertain=failure.uncertain)


def helps_with_phone(actor: User, user: User) -> bool:
    """Whether ``actor`` decides at the desk about the number of ``user``'s account: the administrator about any; the
    desk about those of the people it serves, unless the account opens the back office itself."""
    if not actor.is_active:
        return False
    if actor.is_superuser:
        return True
    return user.person is not None and not user.is_staff and serves(actor, user.person)


@transaction.atomic
def confirm_at_desk(*, user: User, actor: User, at: dt.datetime, reason: str) -> None:
    """Staff saw the person with the phone: a code opens the account again. ``reason`` says what was seen.

    PermissionDenied for who does not help with this account's number.
    """
    if not helps_with_phone(actor, user):
        raise PermissionDenied
    locked = User.objects.select_for_update().get(pk=user.pk)
    locked.phone_confirmed_at = at
    locked.save(update_fields=["phone_confirmed_at"])
    audit.record("account.phone_confirmed_at_desk", actor_id=actor.pk, subject=user, at=at, reason=reason)


@transaction.atomic
def release_phone(*, user: User, actor: User, at: dt.datetime, reason: str) -> None:
    """Take a number from the account that its former owner left, so that its present owner can use it.

    The account keeps its password and its user name; its sessions end. PermissionDenied for who does not help with
    this account's number.
    """
    if not helps_with_phone(actor, user):
        raise PermissionDenied
    locked = User.objects.select_for_update().get(pk=user.pk)
    locked.phone, locked.phone_confirmed_at = None, None
    locked.save(update_fields=["phone", "phone_index", "phone_confirmed_at"])
    audit.record("account.phone_released", actor_id=actor.pk, subject=user, at=at, reason=reason)


def _locked(user_id: int | None) -> User | None:
    return None if user_id is None else User.objects.select_for_update().filter(pk=user_id).first()
