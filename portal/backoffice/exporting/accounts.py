"""Accounts, and the offices held by them."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from portal.core import clock
from portal.people.access import roles_of, scope_q
from portal.people.models import PersonArea, Role, User
from portal.people.offices import HEADS
from portal.people.roles import DESK
from portal.places.models import Area

from .. import access
from ..exports.columns import Rows, name_column, noted, phone_column, yes_no
from ..exports.sources import Column, ExportSource, sources


def _accounts(rows: Rows, user: Any) -> Rows:
    if access.is_administrator(user):
        return rows
    here = Exists(PersonArea.objects.filter(scope_q(user, DESK), person=OuterRef("person")))
    return rows.filter(here)


def _offices(account: User) -> str:
    at = clock.now()
    held = [str(role) for role in account.roles.all() if role.since <= at and (role.until is None or role.until > at)]
    return "、".join([*([str(_("系统管理员"))] if account.is_superuser else []), *held])


sources.add(
    ExportSource(
        id="people.user",
        label=_("账号"),
        model=User,
        place="person__community",
        narrow=_accounts,
        select_related=("person__community",),
        prefetch=("roles__area",),
        noted=noted(lambda account: account.person),
        columns=(
            name_column("name", _("姓名"), lambda account: account.person.name if account.person else ""),
            Column(
                "community",
                _("所在社区"),
                lambda account: str((account.person and account.person.community) or ""),
            ),
            phone_column("phone", _("登录手机"), lambda account: account.phone or ""),
            Column("offices", _("角色"), _offices, width=30),
            Column("active", _("启用"), lambda account: yes_no(account.is_active), width=8),
            Column("joined", _("开通时间"), lambda account: account.date_joined, width=22),
        ),
        order=40,
    )
)


def _offices_headed(rows: Rows, user: Any) -> Rows:
    kinds = HEADS | access.AUDITORS
    if access.is_administrator(user):
        return rows
    areas = Area.objects.below(*(role.area for role in roles_of(user, kinds)))
    return rows.filter(area__in=areas.values("pk"))


sources.add(
    ExportSource(
        id="people.role",
        label=_("角色"),
        model=Role,
        kinds=HEADS | access.AUDITORS,
        narrow=_offices_headed,
        select_related=("user__person", "area__parent"),
        columns=(
            name_column("holder", _("姓名"), lambda role: str(role.user.person or "")),
            Column("kind", _("角色"), lambda role: role.get_kind_display()),
            Column("area", _("区域"), lambda role: role.area.name),
            Column("above", _("上级区域"), lambda role: str(role.area.parent or "")),
            Column("since", _("起"), lambda role: role.since, width=22),
            Column("until", _("止"), lambda role: role.until, width=22),
        ),
        order=41,
    )
)
