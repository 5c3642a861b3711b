"""Giving and ending offices, closing and reopening accounts. What one may do ends with the next request."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.core import audit, clock, reasons
from portal.core.registries import holdings
from portal.places.models import Area, Level

from .access import roles_of
from .models import PersonArea, Role, User
from .roles import DESK, RoleKind, fits, levels_of

# What the head of a community gives there. Who supervises the head is not the head's to choose (街道主管,
# 个人信息保护员).
GIVEN_BY_HEAD = DESK | {RoleKind.COUNSELLOR, RoleKind.MEDIATOR}
HEADS = frozenset({RoleKind.HEAD})


def may_give(actor: Any, *, kind: str, area: Area) -> bool:
    """Whether ``actor`` may give or end the office ``kind`` at ``area``: the administrator any; a head those of
    ``GIVEN_BY_HEAD`` at the communities and grids below the area where they are head."""
    if actor.is_active and actor.is_superuser:
        return True
    if kind not in GIVEN_BY_HEAD or area.level not in (Level.COMMUNITY, Level.GRID):
        return False
    return any(area.path.startswith(role.area.path) for role in roles_of(actor, HEADS))


def _check(actor: User | None, *, user: User, kind: str, area: Area) -> None:
    """PermissionDenied where ``actor`` (None: the system) may not decide on this office of ``user``'s; nobody but the
    administrator decides on their own."""
    if actor is None:
        return
    if not may_give(actor, kind=kind, area=area) or (actor.pk == user.pk and not actor.is_superuser):
        raise PermissionDenied


def locked_accounts(*user_ids: int) -> list[User]:
    """These accounts as they are now, their rows held to the end of the transaction, taken in the order of their keys:
    ending an office and taking work in hand wait for each other here."""
    rows = {
        user.pk: user for user in User.objects.select_for_update(no_key=True).filter(pk__in=user_ids).order_by("pk")
    }
    return [rows[pk] for pk in user_ids]


@transaction.atomic
def grant_role(*, actor: User | None, user: User, area: Area, kind: str, at: dt.datetime, reason: str = "") -> Role:
    """Give ``user`` the office ``kind`` at ``area`` from ``at`` on; on what grounds, whoever gives it says.

    PermissionDenied where ``actor`` may not; ValidationError without a ``reason``, for a closed account, an office
    already held, or one that is not held at areas of this level (``roles.HELD_AT``).
    """
    _check(actor, user=user, kind=kind, area=area)
    if actor is not None:
        reason = reasons.check(reason, _("请写明任命依据，例如任命文号、会议决定。"))
    [account] = locked_accounts(user.pk)  # who closes it meanwhile waits, or has closed it
    if not account.is_active:
        raise ValidationError({"user": _("这个账号已经停用，不能再任职。")})
    if not fits(kind, area.level):
        raise ValidationError({"area": misplaced(kind, area)})
    try:
        with transaction.atomic():
            role = Role.objects.create(user=user, area=area, kind=kind, since=at)
    except IntegrityError:
        raise ValidationError(_("这个人在这里已经任着这个角色。")) from None
    community = area.parent if area.level == Level.GRID else area
    if user.person_id and community is not None and community.level == Level.COMMUNITY:
        grid_id = area.pk if area.level == Level.GRID else None
        PersonArea.note(person_id=user.person_id, community_id=community.pk, grid_id=grid_id)
    _record("role.granted", actor, role, at, reason)
    _announce(role, True, at)
    user.__dict__.pop("current_roles", None)
    return role


@transaction.atomic
def end_role(*, actor: User | None, role: Role, at: dt.datetime, reason: str = "") -> None:
    """End an office at ``at``: the next request of its holder is without it.

    The account's row is locked first, so that work taken in hand at this moment is let go too (``handling``).
    PermissionDenied as for giving; ValidationError without a reason, and where it has ended already.
    """
    _check(actor, user=role.user, kind=role.kind, area=role.area)
    if actor is not None:
        reason = reasons.check(reason, _("请写明原因，例如调岗、退休。"))
    locked_accounts(role.user_id)
    if Role.objects.current(at).filter(pk=role.pk).update(until=at) != 1:
        raise ValidationError(_("这个角色已经结束了。"))
    role.until = at
    _record("role.ended", actor, role, at, reason)
    _announce(role, False, at)
    role.user.__dict__.pop("current_roles", None)


def misplaced(kind: str, area: Area) -> str:
    """Why ``kind`` cannot be held at ``area``, and where it is: “网格员要任在网格，袁家湾社区是社区。”"""
    where = "、".join(str(level.label) for level in levels_of(kind))
    names = {"kind": dict(RoleKind.choices).get(kind, kind), "where": where, "area": area}
    return _("%(kind)s要任在%(where)s，“%(area)s”是%(level)s。") % {**names, "level": area.get_level_display()}


class OfficeElsewhere(PermissionDenied):
    """What one may not do for oneself, and another may: ``words`` say who."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class OfficeOver(PermissionDenied):
    """Who comes to the desk's door held an office once; ``words`` say so, for that person."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def refuse_entry(user: User) -> None:
    """Raise what the desk's door answers to ``user``, who holds no office: OfficeOver with which one ended and when,
    PermissionDenied for who never held any."""
    last = user.roles.filter(until__isnull=False).select_related("area").order_by("-until", "-pk").first()
    if last is None or last.until is None:
        raise PermissionDenied
    day = clock.local_day(last.until)
    raise OfficeOver(
        _(
            "您的任职“%(office)s”在%(year)d年%(month)d月%(day)d日已经结束，工作台进不去了。"
            "您自己办事、收消息还和以前一样。有疑问请问社区负责人。"
        )
        % {"office": last, "year": day.year, "month": day.month, "day": day.day}
    )


Told = Callable[[Role, bool, dt.datetime], None]
_TOLD: list[Told] = []


def on_office(function: Told) -> Told:
    """Subscribe to offices: ``function(role, given, at)`` runs in the transaction that gives or ends one."""
    _TOLD.append(function)
    return function


def _announce(role: Role, given: bool, at: dt.datetime) -> None:
    for function in _TOLD:
        function(role, given, at)


def _record(verb: str, actor: User | None, role: Role, at: dt.datetime, reason: str = "") -> None:
    details = {"user": role.user_id, "area": role.area_id, "kind": str(role.kind)}
    audit.record(verb, actor_id=actor.pk if actor else None, subject=role, at=at, details=details, reason=reason)


@transaction.atomic
def close_account(*, actor: User, user: User, at: dt.datetime, reason: str) -> None:
    """Close an account: nothing that it may do is left to it, not even after it is opened again.

    1. both accounts are locked: nobody takes work in hand meanwhile, and two administrators do not close each other;
    2. its offices end, and so does its being an administrator;
    3. what it has in hand, in any room, by an office or by none, is the whole desk's again;
    4. its password is gone, and with that every session it has.

    PermissionDenied for anyone but the administrator; ValidationError for one's own account or a closed one.
    """
    if not (actor.is_active and actor.is_superuser):
        raise PermissionDenied
    if actor.pk == user.pk:
        raise ValidationError(_("不能停用自己的账号，请另一位管理员来办。"))
    reason = reasons.check(reason, _("请写明为什么停用。"))
    administrator, closing = locked_accounts(actor.pk, user.pk)
    if not (administrator.is_active and administrator.is_superuser):
        raise PermissionDenied
    if not closing.is_active:
        raise ValidationError(_("这个账号已经停用。"))
    User.objects.filter(pk=user.pk).update(is_active=False, is_superuser=False, closed_at=at)
    for role in user.roles.current(at).select_related("area", "user"):
        end_role(actor=actor, role=role, at=at, reason=reason)
    user.is_active, user.is_superuser = False, False
    user.__dict__.pop("current_roles", None)
    for kind in holdings:
        kind.hand_over(leaver=user, to=None, actor=None, at=at)
    if closing.is_superuser:
        audit.record("administrator.ended", actor_id=actor.pk, subject=user, at=at, reason=reason)
    user.set_unusable_password()  # sessions carry a fingerprint of the password: they end with it
    user.save(update_fields=["password"])
    audit.record("account.closed", actor_id=actor.pk, subject=user, at=at, reason=reason)


@transaction.atomic
def reopen_account(*, actor: User, user: User, at: dt.datetime, reason: str) -> None:
    """Open a closed account again, without its offices and without a password: its holder signs in by code."""
    if not (actor.is_active and actor.is_superuser):
        raise PermissionDenied
    reason = reasons.check(reason, _("请写明为什么重新启用。"))
    if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True, closed_at=None) != 1:
        raise ValidationError(_("这个账号没有停用。"))
    user.is_active = True
    audit.record("account.reopened", actor_id=actor.pk, subject=user, at=at, reason=reason)
