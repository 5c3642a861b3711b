"""Offices: given and ended as acts, each on stated grounds."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.core import clock
from portal.core.reasons import ReasonField
from portal.people.models import Role
from portal.people.offices import GIVEN_BY_HEAD, HEADS, end_role, grant_role, may_give
from portal.people.roles import RoleKind, levels_of
from portal.places.models import Area, Level

from .. import access
from ..acts import Act, ActsAdmin
from ..entering import ChoosesByPage
from ..filters import Held
from ..pieces import ScopedForm, badge, who
from .accounts import in_hand_text


class InForce(Held):
    """Offices held now, or held before: one may end at a moment to come."""

    now, past = _("在任"), _("已卸任")

    def holding(self) -> Q:
        return Q(pk__in=Role.objects.current().values("pk"))


def _end(request: HttpRequest, role: Role, cleaned: dict[str, Any]) -> None:
    end_role(actor=who(request), role=role, at=clock.now(), reason=cleaned["reason"])


def _may_end(user: Any, role: Role) -> bool:
    return may_give(user, kind=role.kind, area=role.area) and (user.is_superuser or user.pk != role.user_id)


def _kinds(user: Any) -> list[Any]:
    """The offices that ``user`` gives, under the levels of area where each is held."""
    groups: dict[str, list[tuple[str, Any]]] = {}
    for kind in RoleKind:
        if access.is_administrator(user) or kind in GIVEN_BY_HEAD:
            where = "、".join(str(level.label) for level in levels_of(kind))
            groups.setdefault(_t("任在%s") % where, []).append((kind.value, kind.label))
    return [("", "---------"), *groups.items()]


class AppointForm(ScopedForm):
    """Who, where, as what, and on what grounds."""

    reason = ReasonField(
        label=_("任命依据"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("例如：任命文号、居委会会议决定。会留在操作记录里，最多 200 字。"),
    )


@admin.register(Role)
class RoleAdmin(ChoosesByPage, ActsAdmin):
    form = AppointForm
    list_display = ("holder", "kind", "area", "since", "until", "standing")
    list_filter = (InForce, "kind", "area")
    list_select_related = ("user__person", "area")
    search_fields = ("user__person__name",)
    ordering = ("-since", "-id")
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
            description=_(
                "从现在起就不再有这个角色的权限，下一次点击就生效。记录保留。手上没办完的、离了这个角色办不了的工作，"
                "自动退回窗口；要交给某一位同事，请到账号页办“离任交接”。"
            ),
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
        given = grant_role(
            actor=who(request),
            user=obj.user,
            area=obj.area,
            kind=obj.kind,
            at=clock.now(),
            reason=form.cleaned_data["reason"],
        )
        self.adopt(obj, given)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """A role that exists is read."""
        if obj is not None:
            kwargs["form"] = forms.ModelForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (
            ("user", "area", "kind", "reason")
            if obj is None
            else ("holder", "area", "kind", "since", "until", "standing")
        )

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
        if db_field.name == "kind":
            kwargs["choices"] = _kinds(request.user)
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def summary(self, obj: Role) -> list[tuple[str, Any]]:
        return [
            (str(_("姓名")), self.holder(obj)),
            (str(_("区域")), str(obj.area)),
            (str(_("角色")), obj.get_kind_display()),
            (str(_("手上的工作")), in_hand_text(obj.user)),
        ]

    @admin.display(description=_("姓名"), ordering="user__person__name")
    def holder(self, obj: Role) -> str:
        return str(obj.user)

    @admin.display(description=_("状态"))
    def standing(self, obj: Role) -> Any:
        at = clock.now()
        held = obj.since <= at and (obj.until is None or obj.until > at)
        return badge(_("在任"), "done") if held else badge(_("已卸任"), "plain")
