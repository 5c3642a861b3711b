"""Closing one's own account (个人信息保护法 第15、47条): at once, unless somebody else is waiting for the person."""

import datetime as dt
from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.core import audit, changes
from portal.core.models import AuditEntry, Draft
from portal.core.registries import OpenMatter, Row, open_matters

from . import consenting, forgetting
from .models import Channel, Person, User
from .uniqueness import standing_locked

MOST = 20
Listener = Callable[[User, dt.datetime], None]
_LISTENERS: list[Listener] = []


def on_leaving(function: Listener) -> Listener:
    """Register ``function(user, at)`` for accounts that their holders close: it acts in the same transaction, before
    the account is closed, and refuses with ValidationError or MoveRefused."""
    _LISTENERS.append(function)
    return function


def bars(user: User, *, at: dt.datetime) -> list[Row]:
    """What must be handed over or finished first: offices held, and what rooms say that somebody waits for."""
    rows = [
        Row(title=str(role), sub=_("请社区负责人先把工作交接出去、结束任职"))
        for role in user.roles.current(at).select_related("area")[:MOST]
    ]
    if user.is_superuser:
        rows.append(Row(title=_("系统管理员"), sub=_("请另一位管理员停用这个账号")))
    return rows + [row for matter in open_matters if matter.bars_leaving for row in _rows(matter, user, at)]


def goes_on(user: User, *, at: dt.datetime) -> list[Row]:
    """What stays open without the account: the office answers by phone or at the counter."""
    return [row for matter in open_matters if not matter.bars_leaving for row in _rows(matter, user, at)]


def _rows(matter: OpenMatter, user: User, at: dt.datetime) -> list[Row]:
    return matter.rows(user.person_ids, at, MOST) if user.person_ids else []


@transaction.atomic
def leave(*, user: User, at: dt.datetime, erase: bool = False) -> AuditEntry:
    """Close the account: its number is free for others, its password is gone, every session ends, nothing is sent.

    1. account and person are locked, in this order as everywhere; 2. what bars it refuses it; 3. rooms let go of the
    person; 4. what was agreed to is withdrawn; 5. the account forgets what it signed in with; 6. with ``erase``
    whatever can be erased goes too.

    Returns the entry of the record. ValidationError where something bars it or the account is closed.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.person is not None:
        standing_locked(locked.person)
    if not locked.is_active:
        raise ValidationError(_("这个账号已经注销了。"))
    if bars(locked, at=at):
        raise ValidationError(_("还有要先交接或办完的事，办完以后再注销。"))
    for function in _LISTENERS:
        function(locked, at)
    if locked.person is not None:
        _withdraw_all(locked.person, locked, at)
    Draft.objects.filter(owner_id=locked.pk).delete()
    Authenticator.objects.filter(user=locked).delete()
    locked.is_active, locked.is_superuser, locked.closed_at = False, False, at
    locked.phone, locked.phone_confirmed_at = None, None
    locked.email, locked.email_confirmed_at = "", None
    locked.sms_notices = locked.email_notices = False
    locked.last_login = None
    locked.set_unusable_password()
    locked.save()
    changes.changed(locked)
    entry = audit.record("account.left", actor_id=locked.pk, subject=locked, at=at, details={"erase": erase})
    if erase and locked.person is not None:
        forgetting.forget(person=locked.person, at=at, actor_id=locked.pk)
    return entry


def _withdraw_all(person: Person, user: User, at: dt.datetime) -> None:
    for answer in consenting.answers(person):
        consenting.withdraw(person=person, purpose=answer.purpose.id, channel=Channel.ONLINE, at=at, actor_id=user.pk)
    user.refresh_from_db(fields=["sms_notices", "email_notices"])
