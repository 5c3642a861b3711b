"""Messages that did not go out, or of which nobody knows: to whom, of what kind, when. Never what they say."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.core import clock
from portal.notices import resending
from portal.notices.models import Delivery
from portal.notices.wording import kind_label, kinds

from .. import access
from ..acts import Act, ActsAdmin
from ..filters import DayRange
from ..pieces import shown, who


class Waits(admin.SimpleListFilter):
    """Those that wait for the desk, and those that somebody decided on."""

    title = _("要不要处理")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("yes", _("等处理")), ("no", _("已处理"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "yes":
            return queryset.stuck()
        return queryset.exclude(state__in=Delivery.STUCK) if self.value() == "no" else queryset


class OfKind(admin.SimpleListFilter):
    """By the kind of message, in words."""

    title = _("类别")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [(kind.id, kind.label) for kind in kinds() if kind.channels]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(notice__kind=self.value()) if self.value() else queryset


def _send_again(request: HttpRequest, delivery: Delivery, cleaned: dict[str, Any]) -> None:
    resending.send_again(delivery=delivery, actor=who(request), at=clock.now(), reason=cleaned["reason"])


def _give_up(request: HttpRequest, delivery: Delivery, cleaned: dict[str, Any]) -> None:
    resending.give_up(delivery=delivery, actor=who(request), at=clock.now(), reason=cleaned["reason"])


def _waits(delivery: Delivery) -> bool:
    return delivery.state in Delivery.STUCK


@admin.register(Delivery)
class DeliveryAdmin(ActsAdmin):
    scope = "in_scope"
    list_display = ("person", "kind", "channel", "state_badge", "told", "stuck", "attempts")
    list_filter: ClassVar[Any] = (Waits, "channel", "state", OfKind, ("stuck_at", DayRange))
    search_fields = ("notice__person__name",)
    ordering = ("-notice__at", "-id")
    fields = ("person", "kind", "channel", "state_badge", "told", "stuck", "tried", "attempts")
    state_tones = {
        Delivery.State.FAILED: "stop",
        Delivery.State.UNCERTAIN: "wait",
        Delivery.State.QUEUED: "go",
        Delivery.State.SENDING: "go",
        Delivery.State.SENT: "done",
    }
    acts = (
        Act(
            "again",
            _("再发一次"),
            run=_send_again,
            allowed=resending.may_decide,
            possible=_waits,
            needs_reason=True,
            tone="primary",
            description=_(
                "按本人现在的选择再发一次，夜里不打扰的时间照样不发。"
                "“不确定”的可能其实已经送到，再发一次，对方可能收到两条。"
            ),
            done=_("已经重新排队，马上发。"),
        ),
        Act(
            "give_up",
            _("不再发"),
            run=_give_up,
            allowed=resending.may_decide,
            possible=_waits,
            needs_reason=True,
            bulk=True,
            offered=access.is_of_desk,
            description=_("这条不再发到外面，本人登录以后在“消息”里看得到。"),
        ),
    )

    def rows(self, user: Any) -> Any:
        return Delivery.objects.in_scope(user).without_words().select_related("notice__person")

    def may_view(self, user: Any, obj: Any = None) -> bool:
        return access.is_one_of(user, access.READERS)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields

    def summary(self, obj: Delivery) -> list[tuple[str, Any]]:
        return [
            (str(_("收件人")), self.person(obj)),
            (str(_("类别")), self.kind(obj)),
            (str(_("渠道")), obj.get_channel_display()),
            (str(_("状态")), self.state_badge(obj)),
            (str(_("消息时间")), self.told(obj)),
        ]

    @admin.display(description=_("收件人"), ordering="notice__person__name")
    def person(self, obj: Delivery) -> str:
        return str(obj.notice.person)

    @admin.display(description=_("类别"), ordering="notice__kind")
    def kind(self, obj: Delivery) -> str:
        return kind_label(obj.notice.kind)

    @admin.display(description=_("消息时间"), ordering="notice__at")
    def told(self, obj: Delivery) -> Any:
        return shown(obj.notice.at)

    @admin.display(description=_("没发出去的时间"), ordering="stuck_at")
    def stuck(self, obj: Delivery) -> Any:
        return shown(obj.stuck_at)

    @admin.display(description=_("最近变化"))
    def tried(self, obj: Delivery) -> Any:
        return shown(obj.changed_at)
