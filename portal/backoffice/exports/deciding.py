"""The second person's word: approve, refuse, take back; and the requester's own withdrawal."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.core import files, moves
from portal.core.moves import MoveRefused
from portal.core.schedule import wake_after_commit
from portal.people.models import User

from ..models import Export
from . import access, news, terms


def _fresh(user: User) -> User:
    """The account with the offices it holds now."""
    return User.objects.select_related("person").get(pk=user.pk)


@transaction.atomic
def approve(*, export: Export, actor: User, at: dt.datetime, whole: bool = False) -> None:
    """Let the file be made; with ``whole`` the columns that were asked for in clear come in clear, else masked.

    PermissionDenied for the requester and for who does not cover the area; ValidationError for ``whole`` where nothing
    was asked for in clear; MoveRefused once it was decided, or when the requester has left the office.
    """
    if not access.may_decide(actor, export):
        raise PermissionDenied
    if whole and not export.whole_columns:
        raise ValidationError({"whole": _("没有申请不遮盖的列。")})
    if not access.still_entitled(export, _fresh(export.requester)):
        raise MoveRefused(_("申请人已经不担任申请时的角色，不能再批准。"), state=export.state)
    changes = {"approver": actor, "masked": not whole}
    moves.move(export, "approve", actor_id=actor.pk, actor_part="staff", at=at, changes=changes)
    news.decided(export, True, at)
    wake_after_commit(terms.BUILD)


@transaction.atomic
def refuse(*, export: Export, actor: User, at: dt.datetime, reason: str) -> None:
    """Refuse with a reason that the requester reads. PermissionDenied and MoveRefused as for approving."""
    if not access.may_decide(actor, export):
        raise PermissionDenied
    moves.move(
        export, "refuse", actor_id=actor.pk, actor_part="staff", at=at, reason=reason, changes={"approver": actor}
    )
    news.decided(export, False, at)


def withdraw(*, export: Export, actor: User, at: dt.datetime) -> None:
    """The requester does without it; a file that exists is gone. PermissionDenied for anybody else."""
    if not access.may_withdraw(actor, export):
        raise PermissionDenied
    stop(export, "withdraw", actor_id=actor.pk, actor_part="staff", at=at)


@transaction.atomic
def revoke(*, export: Export, actor: User, at: dt.datetime, reason: str) -> None:
    """Whoever may approve takes the approval back, with a reason; a file that exists is gone."""
    if not access.may_decide(actor, export):
        raise PermissionDenied
    stop(export, "revoke", actor_id=actor.pk, actor_part="staff", at=at, reason=reason)
    news.revoked(export, at)


@transaction.atomic
def stop(export: Export, name: str, *, at: dt.datetime, **how: Any) -> None:
    """Carry out a move that ends an export; the file's row goes with it, its content once that is committed."""
    stored = export.file
    moves.move(export, name, at=at, changes={"file": None, "beat_at": None}, **how)
    if stored is not None:
        files.erase(stored)
