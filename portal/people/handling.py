"""Work at the desk that one member of staff took in hand: taken, put back, given to somebody, let go with the office.

A room whose records are requests declares them once::

    handling.declare(Wish, still_open=lambda rows: rows.open(), may_handle=access.may_handle)

Who takes work locks their own account first, and so does whoever ends an office or hands over: at the same moment
either the work is taken and then let go, or the office is gone and nothing is taken. Nothing stays with who left.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from portal.core import audit, reasons
from portal.core.moves import MoveRefused
from portal.core.registries import Handed, Holding, Text, holdings

from .access import holds, roles_of
from .models import Request, Role, User
from .offices import HEADS, locked_accounts, on_office
from .roles import DESK

Rows = models.QuerySet[Any]


@dataclass(frozen=True)
class Desk:
    """One room's requests: which of them are still open, and who may work on one."""

    model: type[Request]
    still_open: Callable[[Rows], Rows]
    may_handle: Callable[[Any, Any], bool]

    def rows(self) -> Rows:
        return self.still_open(self.model._default_manager.all())

    def held_by(self, user: Any) -> Rows:
        """What ``user`` has in hand."""
        return self.rows().filter(handler=user)


_DESKS: dict[type[Request], Desk] = {}


def declare(
    model: type[Request], *, still_open: Callable[[Rows], Rows], may_handle: Callable[[Any, Any], bool]
) -> Desk:
    """Make the requests of ``model`` something that the desk takes in hand; a second time is an error."""
    if model in _DESKS:
        raise ValueError(f"{model._meta.label} is declared twice")
    return _DESKS.setdefault(model, Desk(model, still_open, may_handle))


def desk_of(record: Request) -> Desk:
    return _DESKS[type(record)]


# -- may they ----------------------------------------------------------------------------------------------------------


def may_handle(user: Any, record: Request) -> bool:
    """Whether the room lets ``user`` work on this record at all."""
    return desk_of(record).may_handle(user, record)


def is_in_hand_of(user: Any, record: Request) -> bool:
    return bool(user.is_authenticated) and record.handler_id == user.pk


def may_assign(user: Any, record: Request) -> bool:
    """Say who does it: the head of the place; whoever has it in hand passes it on; what nobody has, any of the desk."""
    if not may_handle(user, record):
        return False
    return (
        record.handler_id is None
        or is_in_hand_of(user, record)
        or holds(user, HEADS, community=record.community, grid=record.grid)
    )


def may_put_back(user: Any, record: Request) -> bool:
    """Whoever has it in hand, or the head of the place."""
    return record.handler_id is not None and may_assign(user, record)


def colleagues(records: Iterable[Request], *, at: dt.datetime) -> models.QuerySet[User]:
    """Accounts that hold an office of the desk over the places of all ``records``: to whom they can be given."""
    return _reaching(User.objects.filter(is_active=True), records, at)


def _reaching(users: models.QuerySet[User], records: Iterable[Request], at: dt.datetime) -> models.QuerySet[User]:
    """Those of ``users`` whose offices of the desk reach all of ``records``."""
    found = users
    for lineage in {tuple((record.grid or record.community).lineage_ids) for record in records}:
        offices = Role.objects.current(at).filter(kind__in=DESK, area__in=lineage)
        found = found.filter(pk__in=offices.values("user"))
    return found


# -- acts --------------------------------------------------------------------------------------------------------------

Told = Callable[[Request, User, User | None, dt.datetime], None]
_TOLD: list[Told] = []


def on_assigned(function: Told) -> Told:
    """Subscribe: ``function(record, to, actor, at)`` runs in the transaction that gives a record to somebody else."""
    _TOLD.append(function)
    return function


def _hand(record: Request, to: User | None) -> None:
    """From whoever has it, as this process saw it, to ``to``: by compare-and-swap, and only while it is open."""
    rows = desk_of(record).rows().filter(pk=record.pk, handler=record.handler_id)
    if rows.update(handler=to) != 1:
        raise MoveRefused(_("刚刚有人先办了这一步，或者这件事已经办结，请刷新后再看。"))
    record.handler = to


def _record(
    verb: str, record: Request, actor_id: int | None, before: int | None, at: dt.datetime, reason: str = ""
) -> None:
    details = {"from": before, "to": record.handler_id}
    audit.record(verb, actor_id=actor_id, subject=record, at=at, details=details, reason=reason)


def _said(reason: str) -> str:
    """Why work changes hands; ValidationError without it."""
    return reasons.check(reason, _("请写明为什么，接手的同事看得到。"))


@transaction.atomic
def take(*, record: Request, actor: User, at: dt.datetime) -> None:
    """``actor`` takes a record that nobody has in hand.

    The actor's account is locked and read anew, so that an office that has just ended counts. PermissionDenied for who
    may not work on it; MoveRefused where somebody was faster, or it is no longer open.
    """
    [own] = locked_accounts(actor.pk)
    if not may_handle(own, record):
        raise PermissionDenied
    if record.handler_id is not None:
        raise MoveRefused(_("这件事已经有人经办。"))
    _hand(record, own)
    _record("request.taken", record, own.pk, None, at)


@transaction.atomic
def put_back(*, record: Request, actor: User, at: dt.datetime, reason: str) -> None:
    """Nobody's again: whoever at the desk comes first takes it, and reads why.

    PermissionDenied for who neither has it nor is head; ValidationError without a reason.
    """
    if not may_put_back(actor, record):
        raise PermissionDenied
    why, before = _said(reason), record.handler_id
    _hand(record, None)
    _record("request.put_back", record, actor.pk, before, at, why)


@transaction.atomic
def assign(*, record: Request, to: User, actor: User, at: dt.datetime, reason: str) -> None:
    """Give a record to ``to``, who must be of the desk of its place; they are told, and read why on the record.

    PermissionDenied where a colleague has it and ``actor`` is not head there; ValidationError without a reason, and
    where ``to`` may not work on it, has it already, or has just left.
    """
    if not may_assign(actor, record):
        raise PermissionDenied
    why = _said(reason)
    [heir] = locked_accounts(to.pk)
    if not heir.is_active or not roles_of(heir, DESK) or not may_handle(heir, record):
        raise ValidationError({"to": _("请选在这个地方任职、能办这件事的同事。")})
    if record.handler_id == heir.pk:
        raise ValidationError({"to": _("这件事本来就是这位同事在经办。")})
    before = record.handler_id
    _hand(record, heir)
    _record("request.assigned", record, actor.pk, before, at, why)
    if heir.pk != actor.pk:
        for function in _TOLD:
            function(record, heir, actor, at)


# -- leaving -----------------------------------------------------------------------------------------------------------


def holding(desk: Desk, *, id: str, label: Text, order: int = 100) -> Holding:
    """What the room registers among ``holdings``, for a page that says what somebody has in hand."""

    def count(user: Any, at: dt.datetime) -> int:
        return desk.held_by(user).count()

    def hand_over(*, leaver: User, to: User | None, actor: User | None, at: dt.datetime) -> Handed:
        return _move_on(desk, [record for record in _locked(desk, leaver) if _decides(actor, record)], to, actor, at)

    def heirs(users: models.QuerySet[User], *, leaver: User, actor: User, at: dt.datetime) -> models.QuerySet[User]:
        held = desk.held_by(leaver).select_related("community", "grid")
        return _reaching(users, [record for record in held if _decides(actor, record)], at)

    return Holding(id=id, label=label, count=count, hand_over=hand_over, heirs=heirs, order=order)


def _decides(actor: User | None, record: Request) -> bool:
    return actor is None or holds(actor, HEADS, community=record.community, grid=record.grid)


def _locked(desk: Desk, leaver: User) -> list[Any]:
    """What ``leaver`` has in hand, each row held, in the order of their keys."""
    held = desk.model._default_manager.select_for_update(no_key=True, of=("self",)).filter(handler=leaver)
    return list(desk.still_open(held).select_related("community", "grid").order_by("pk"))


def _move_on(desk: Desk, records: list[Any], to: User | None, actor: User | None, at: dt.datetime) -> Handed:
    """To ``to`` what ``to`` may work on, the rest back to the desk; a line in the record of each."""
    fit = [record for record in records if to is not None and desk.may_handle(to, record)]
    rest = [record for record in records if record not in fit]
    for group, heir in ((fit, to), (rest, None)):
        if group:
            desk.model._default_manager.filter(pk__in=[record.pk for record in group]).update(handler=heir)
        for record in group:
            before, record.handler = record.handler_id, heir
            _record("request.handed_over", record, actor.pk if actor is not None else None, before, at)
    return Handed(given=len(fit), back=len(rest))


@on_office
def let_go(role: Role, given: bool, at: dt.datetime) -> None:
    """An office ended: what its holder may no longer work on is the whole desk's again, so that nothing is stuck.

    ``offices`` holds the account's row. Who has no office left has nothing in hand in any room.
    """
    if given:
        return
    leaver = User.objects.get(pk=role.user_id)
    if not leaver.is_superuser and not leaver.current_roles:
        for kind in holdings:
            kind.hand_over(leaver=leaver, to=None, actor=None, at=at)
        return
    for desk in _DESKS.values():
        lost = [record for record in _locked(desk, leaver) if not desk.may_handle(leaver, record)]
        _move_on(desk, lost, None, None, at)
