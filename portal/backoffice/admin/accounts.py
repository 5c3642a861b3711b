"""Accounts, read-only but for closing them; offices, given and ended as acts."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.core import clock
from portal.people.mfa import is_set_up, remove_second_factor
from portal.people.models import Role, User
from portal.people.offices import GIVEN_BY_HEAD, HEADS, close_account, end_role, grant_role, may_give, reopen_account
from portal.people.roles import RoleKind
from portal.people.signing_in import confirm_at_desk, helps_with_phone, release_phone
from portal.places.models import Area, Level

from .. import access
from ..acts import Act, ActsAdmin
from ..pieces import badge, shown


def _close(request: HttpRequest, user: User, cleaned: dict[str, Any]) -> None:
    close_account(actor=request.user, user=user, at=clock.now(), reason=cleaned["reason"])  # type: ignore[arg-type]


def _reopen(request: HttpRequest, user: User, cleaned: dict[str, Any]) -> None:
    reopen_account(actor=request.user, user=user, at=clock.now(), reason=cleaned["reason"])  # type: ignore[arg-type]


def _confirm_phone(request: HttpRequest, user: User, cleaned: dict[str, Any]) -> None:
    confirm_at_desk(user=user, actor=request.user, at=clock.now(), reason=cleaned["reason"])  # type: ignore[arg-type]


def _release_phone(request: HttpRequest, user: User, cleaned: dict[str, Any]) -> None:
    release_phone(user=user, actor=request.user, at=clock.now(), reason=cleaned["reason"])  # type: ignore[arg-type]


def _remove_factor(request: HttpRequest, user: User, cleaned: dict[str, Any]) -> None:
    remove_second_factor(user=user, actor=request.user, at=clock.now(), reason=cleaned["reason"])  # type: ignore[arg-type]


def _is_administrator(user: Any, account: User) -> bool:
    return access.is_administrator(user)


@admin.register(User)
class UserAdmin(ActsAdmin):
    list_display = ("name", "phone_masked", "offices", "standing", "joined")
    list_filter = ("is_active",)
    list_select_related = ("person",)
    search_fields = ("person__name",)
    ordering = ("-id",)
    fields = ("name", "phone_masked", "offices", "standing", "phone_confirmed", "joined")
    acts = (
        Act(
            "confirm_phone",
            _("当面确认手机号"),
            run=_confirm_phone,
            allowed=helps_with_phone,
            possible=lambda obj: obj.is_active and bool(obj.phone),
            needs_reason=True,
            description=_("人和手机都当面看过。之后又可以只用验证码登录。请写明看了什么。"),
        ),
        Act(
            "release_phone",
            _("收回手机号"),
            run=_release_phone,
            allowed=helps_with_phone,
            possible=lambda obj: bool(obj.phone),
            needs_reason=True,
            tone="danger",
            description=_("号码换了主人：从这个账号上拿下来，新机主才能用它。账号退出所有设备，密码和登录名还能用。"),
        ),
        Act(
            "remove_factor",
            _("取消第二道验证"),
            run=_remove_factor,
            allowed=_is_administrator,
            possible=is_set_up,
            needs_reason=True,
            tone="danger",
            description=_("工作人员丢了手机和备用码时用。下次进后台要重新开通。"),
        ),
        Act(
            "close",
            _("停用账号"),
            run=_close,
            allowed=lambda user, obj: access.is_administrator(user) and user.pk != obj.pk,
            possible=lambda obj: obj.is_active,
            needs_reason=True,
            tone="danger",
            description=_("账号立刻退出所有设备，名下的角色同时结束；本人的记录不动。"),
        ),
        Act(
            "reopen",
            _("重新启用"),
            run=_reopen,
            allowed=_is_administrator,
            possible=lambda obj: not obj.is_active,
            needs_reason=True,
            description=_("账号可以再登录，原来的密码作废，角色要重新任命。"),
        ),
    )

    def rows(self, user: Any) -> Any:
        return access.accounts_in(user).select_related("person").prefetch_related("roles__area")

    def may_view(self, user: Any, obj: Any = None) -> bool:
        return access.is_one_of(user, access.READERS)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields

    def choice_label(self, obj: User) -> str:
        return f"{obj}（{obj.phone_masked}）" if obj.phone else str(obj)

    def summary(self, obj: User) -> list[tuple[str, Any]]:
        return [
            (str(_("姓名")), str(obj)),
            (str(_("登录手机")), self.phone_masked(obj)),
            (str(_("角色")), self.offices(obj)),
        ]

    @admin.display(description=_("姓名"), ordering="person__name")
    def name(self, obj: User) -> str:
        return str(obj)

    @admin.display(description=_("登录手机"))
    def phone_masked(self, obj: User) -> str:
        return obj.phone_masked or "—"

    @admin.display(description=_("角色"))
    def offices(self, obj: User) -> str:
        at = clock.now()
        held = [str(role) for role in obj.roles.all() if role.since <= at and (role.until is None or role.until > at)]
        return "、".join([*([str(_("系统管理员"))] if obj.is_superuser else []), *held]) or "—"

    @admin.display(description=_("状态"), ordering="is_active")
    def standing(self, obj: User) -> Any:
        return badge(_("启用"), "done") if obj.is_active else badge(_("已停用"), "stop")

    @admin.display(description=_("开通时间"), ordering="date_joined")
    def joined(self, obj: User) -> Any:
        return shown(obj.date_joined)

    @admin.display(description=_("手机号最近验证"))
    def phone_confirmed(self, obj: User) -> Any:
        return shown(obj.phone_confirmed_at)


class InForce(admin.SimpleListFilter):
    """Offices held now, or held before."""

    title = _("任期")
    parameter_name = "held"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("now", _("在任")), ("past", _("已卸任"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        current = Role.objects.current().values("pk")
        if self.value() == "now":
            return queryset.filter(pk__in=current)
        return queryset.exclude(pk__in=current) if self.value() == "past" else queryset


def _end(request: HttpRequest, role: Role, cleaned: dict[str, Any]) -> None:
    end_role(actor=request.user, role=role, at=clock.now(), reason=cleaned["reason"])  # type: ignore[arg-type]


def _may_end(user: Any, role: Role) -> bool:
    return may_give(user, kind=role.kind, area=role.area) and (user.is_superuser or user.pk != role.user_id)


@admin.register(Role)
class RoleAdmin(ActsAdmin):
    list_display = ("holder", "kind", "area", "since", "until", "standing")
    list_filter = (InForce, "kind", "area")
    list_select_related = ("user__person", "area")
    search_fields = ("user__person__name",)
    ordering = ("-id",)
    autocomplete_fields = ("user",)
    acts = (
        Act(
            "end",
            _("卸任"),
            run=_end,
            allowed=_may_end,
            possible=lambda role: role.until is None or role.until > clock.now(),
            needs_reason=True,
            tone="danger",
            description=_("从现在起就不再有这个角色的权限，下一次点击就生效。记录保留。"),
        ),
    )

    def rows(self, user: Any) -> Any:
        return access.roles_in(user)

    def may_view(self, user: Any, obj: Any = None) -> bool:
        return access.is_one_of(user, access.OFFICE_VIEWERS | access.AUDITORS)

    def may_add(self, user: Any) -> bool:
        return access.is_one_of(user, HEADS)

    def may_keep(self, user: Any, obj: Role) -> bool:
        """``grant_role`` asks; a row that exists is not edited."""
        return obj.pk is None

    def store(self, request: HttpRequest, obj: Role, form: Any, change: bool) -> None:
        given = grant_role(actor=request.user, user=obj.user, area=obj.area, kind=obj.kind, at=clock.now())  # type: ignore[arg-type]
        self.adopt(obj, given)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("user", "area", "kind") if obj is None else ("holder", "area", "kind", "since", "until", "standing")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if obj is None else self.get_fields(request, obj)

    def choices_of(self, db_field: Any, request: HttpRequest) -> Any:
        """A head gives offices at the communities and grids headed."""
        rows = super().choices_of(db_field, request)
        if db_field.name != "area" or access.is_administrator(request.user):
            return rows
        headed = Area.objects.below(*(role.area for role in access.roles_of(request.user, HEADS)))
        return headed.filter(level__in=(Level.COMMUNITY, Level.GRID)).select_related("parent")

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "kind" and not access.is_administrator(request.user):
            kwargs["choices"] = [("", "---------"), *((k.value, k.label) for k in RoleKind if k in GIVEN_BY_HEAD)]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def summary(self, obj: Role) -> list[tuple[str, Any]]:
        return [
            (str(_("姓名")), self.holder(obj)),
            (str(_("区域")), str(obj.area)),
            (str(_("角色")), obj.get_kind_display()),
        ]

    @admin.display(description=_("姓名"), ordering="user__person__name")
    def holder(self, obj: Role) -> str:
        return str(obj.user)

    @admin.display(description=_("状态"))
    def standing(self, obj: Role) -> Any:
        at = clock.now()
        held = obj.since <= at and (obj.until is None or obj.until > at)
        return badge(_("在任"), "done") if held else badge(_("已卸任"), "plain")
