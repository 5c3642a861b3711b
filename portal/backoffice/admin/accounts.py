"""Accounts, read-only but for closing them; offices, given and ended as acts."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.core import clock
from portal.core.plaintext import offer
from portal.core.templating import date_cn
from portal.people.mfa import is_set_up, remove_second_factor
from portal.people.models import User
from portal.people.offices import (
    OfficeElsewhere,
    close_account,
    reopen_account,
)
from portal.people.signing_in import confirm_at_desk, helps_with_phone, release_phone

from .. import access, handover
from ..acts import Act, ActForm, ActsAdmin, ReasonForm, say_when
from ..filters import DayRange
from ..narrowing import OfficeFilter
from ..pieces import badge, shown, who
from ..trail import name_verb

PAST_SHOWN = 20  # offices of one account that have ended
name_verb("administrator.ended", _("不再是系统管理员"))


def _close(request: HttpRequest, user: User, cleaned: dict[str, Any]) -> None:
    close_account(actor=who(request), user=user, at=clock.now(), reason=cleaned["reason"])


def _reopen(request: HttpRequest, user: User, cleaned: dict[str, Any]) -> None:
    reopen_account(actor=who(request), user=user, at=clock.now(), reason=cleaned["reason"])


def _confirm_phone(request: HttpRequest, user: User, cleaned: dict[str, Any]) -> None:
    confirm_at_desk(user=user, actor=who(request), at=clock.now(), reason=cleaned["reason"])


def _release_phone(request: HttpRequest, user: User, cleaned: dict[str, Any]) -> None:
    release_phone(user=user, actor=who(request), at=clock.now(), reason=cleaned["reason"])


def _remove_factor(request: HttpRequest, user: User, cleaned: dict[str, Any]) -> None:
    remove_second_factor(user=user, actor=who(request), at=clock.now(), reason=cleaned["reason"])


def _is_administrator(user: Any, account: User) -> bool:
    return access.is_administrator(user)


class _SuccessorField(forms.ModelChoiceField):
    """Colleagues, told apart by their offices."""

    def label_from_instance(self, obj: Any) -> str:
        return _named_with_offices(obj)


class HandOverForm(ReasonForm):
    """Who goes on with the open work; nobody means the whole desk."""

    to = _SuccessorField(
        label=_("没办完的交给谁"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("退回窗口，由同事接手"),
        help_text=_(
            "只列出这些工作全都归他管的同事。要分给几个人的，先在列表里用“交给同事”分开交。接手的人自己的事，退回窗口。"
        ),
    )
    field_order = ("to", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.obj is not None:
            rows = handover.heirs(self.user, self.obj, clock.now()).select_related("person")
            offer(self, "to", rows.prefetch_related("roles__area").order_by("person__name", "pk"))
            say_when(self, "to", _("（不选就退回窗口）"))


def offices_text(user: User) -> str:
    """The offices in force of an account whose roles are fetched; 系统管理员 first."""
    at = clock.now()
    held = [str(role) for role in user.roles.all() if role.since <= at and (role.until is None or role.until > at)]
    return "、".join([*([str(_("系统管理员"))] if user.is_superuser else []), *held])


def _named_with_offices(user: User) -> str:
    return f"{user}（{offices_text(user)}）"


def _hand_over(request: HttpRequest, user: User, cleaned: dict[str, Any]) -> str:
    done = handover.hand_over(
        leaver=user, to=cleaned["to"], actor=who(request), at=clock.now(), reason=cleaned["reason"]
    )
    said = [_t("结束 %d 个角色") % len(done.ended)]
    if done.given:
        said.append(_t("交给%(heir)s：%(what)s") % {"heir": cleaned["to"], "what": handover.words(done.given)})
    if done.back:
        said.append(_t("退回窗口：%s") % handover.words(done.back))
    if not done.given and not done.back:
        said.append(_t("没有要交接的工作"))
    text = _t("交接好了：%s。") % "；".join(said) + _still_open(done)
    if done.left:
        text += _t("还有 %d 件在您管不到的地方，请那边的负责人或管理员交接。") % done.left
    return text


def _still_open(done: handover.HandedOver) -> str:
    """Whether the leaver still comes in, and by what."""
    if done.administrator:
        return _t("对方是系统管理员，仍然进得来、办得了；要收回，请在这一页办“停用账号”。")
    if done.staying:
        held = "、".join(str(role) for role in done.staying)
        return _t("对方还任着：%s，所以仍能进工作台，只办那里的事。") % held
    return _t("从下一次点击起，对方就进不来了。")


def in_hand_text(user: User) -> str:
    """“微心愿 3 件”, or that there is nothing."""
    return handover.words(handover.in_hand(user, clock.now())) or _t("没有")


class SignedIn(DayRange):
    """When somebody came in last: the column's own word is not ours."""

    heading = _("最近登录")


@admin.register(User)
class UserAdmin(ActsAdmin):
    list_display = ("name", "phone_masked", "offices", "standing", "signed_in", "joined")
    list_filter = ("is_active", OfficeFilter, ("last_login", SignedIn))
    list_select_related = ("person",)
    search_fields = ("person__name",)
    ordering = ("-id",)
    fields = ("name", "phone_masked", "offices", "past_offices", "standing", "phone_confirmed", "joined")
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
            "handover",
            _("离任交接"),
            run=_hand_over,
            allowed=lambda user, obj: handover.may_hand_over(user, obj, clock.now()),
            form_class=HandOverForm,
            tone="primary",
            button=_("交接，结束角色"),
            description=_(
                "一次办完：下面的角色结束，没办完的工作交给接手的人。从对方下一次点击起就生效，开着的页面也交不上来。"
                "在别处还有角色的、是系统管理员的，仍进得了工作台。"
            ),
        ),
        Act(
            "close",
            _("停用账号"),
            run=_close,
            allowed=lambda user, obj: access.is_administrator(user) and user.pk != obj.pk,
            possible=lambda obj: obj.is_active,
            needs_reason=True,
            tone="danger",
            description=_(
                "账号立刻退出所有设备，名下的角色和系统管理员的权限同时结束，重新启用也不会回来；本人的记录不动。"
                "手上没办完的工作退回窗口，要交给某一位同事，请先办“离任交接”。"
            ),
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

    def act_view(self, request: HttpRequest, object_id: str, name: str) -> Any:
        """Whoever would hand over their own office is told who can."""
        own = name == "handover" and object_id == str(request.user.pk)
        if own and (words := handover.by_others(who(request), clock.now())):
            raise OfficeElsewhere(words)
        return super().act_view(request, object_id, name)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """On one's own page also who can hand over one's offices."""
        own = obj is not None and obj.pk == request.user.pk and bool(handover.by_others(obj, clock.now()))
        return [*self.fields, "leaving"] if own else self.fields

    @admin.display(description=_("离任交接"))
    def leaving(self, obj: User) -> str:
        return handover.by_others(obj, clock.now())

    def rows(self, user: Any) -> Any:
        return access.accounts_in(user).select_related("person").prefetch_related("roles__area")

    def may_view(self, user: Any, obj: Any = None) -> bool:
        return access.is_one_of(user, access.READERS)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj)

    def choice_label(self, obj: User) -> str:
        return f"{obj}（{obj.phone_masked}）" if obj.phone else str(obj)

    def summary(self, obj: User) -> list[tuple[str, Any]]:
        return [
            (str(_("姓名")), str(obj)),
            (str(_("登录手机")), self.phone_masked(obj)),
            (str(_("角色")), self.offices(obj)),
            (str(_("手上的工作")), in_hand_text(obj)),
        ]

    def _page(self, request: HttpRequest, template: str, act: Act, form: ActForm, **extra: Any) -> HttpResponse:
        """The page of the hand-over says beforehand what goes and what stays."""
        if act.name == "handover" and extra.get("obj") is not None:
            template, leaver, at = "admin/people/user/handover.html", extra["obj"], clock.now()
            ending = handover.offices_to_end(who(request), leaver, at)
            staying = [role for role in leaver.roles.current(at).select_related("area") if role not in ending]
            extra |= {"in_hand": handover.in_hand(leaver, at), "ending": ending, "staying": staying}
            extra["summary"] = self.summary(leaver)[:2]  # offices and work stand above, each with what becomes of it
            closing = self._named(request, "close")
            if leaver.is_superuser and closing.open_to(request.user, leaver):
                extra["close_url"] = self._act_url(request, leaver.pk, closing)
        return super()._page(request, template, act, form, **extra)

    @admin.display(description=_("姓名"), ordering="person__name")
    def name(self, obj: User) -> str:
        return str(obj)

    @admin.display(description=_("登录手机"))
    def phone_masked(self, obj: User) -> str:
        return obj.phone_masked or "—"

    @admin.display(description=_("角色"))
    def offices(self, obj: User) -> str:
        return offices_text(obj) or "—"

    @admin.display(description=_("担任过的角色"))
    def past_offices(self, obj: User) -> Any:
        """Each with its days, the latest first."""
        held = ((role.until, role) for role in obj.roles.all() if role.until is not None)
        ended = sorted(((until, role.pk, role) for until, role in held if until <= clock.now()), reverse=True)
        lines = (
            (
                _t("%(office)s（%(since)s至%(until)s）")
                % {"office": role, "since": date_cn(role.since), "until": date_cn(until)},
            )
            for until, _pk, role in ended[:PAST_SHOWN]
        )
        return format_html_join("", "<div>{}</div>", lines) or "—"

    @admin.display(description=_("状态"), ordering="is_active")
    def standing(self, obj: User) -> Any:
        return badge(_("启用"), "done") if obj.is_active else badge(_("已停用"), "stop")

    @admin.display(description=_("开通时间"), ordering="date_joined")
    def joined(self, obj: User) -> Any:
        return shown(obj.date_joined)

    @admin.display(description=_("最近登录"), ordering="last_login")
    def signed_in(self, obj: User) -> Any:
        return shown(obj.last_login)

    @admin.display(description=_("手机号最近验证"))
    def phone_confirmed(self, obj: User) -> Any:
        return shown(obj.phone_confirmed_at)
