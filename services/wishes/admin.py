"""Wishes at the desk: the list by state and term, review, dispatch, entering for somebody, and the kinds."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.backoffice import in_hand
from portal.backoffice.access import is_of_desk, is_one_of, only_community
from portal.backoffice.acts import Act, ActsAdmin, can
from portal.backoffice.by_person import FoundByPerson, OfPerson
from portal.backoffice.filters import DayRange
from portal.backoffice.pieces import who
from portal.backoffice.requested import RequestPage
from portal.backoffice.shared import SharedListAdmin
from portal.backoffice.trail import name_verb
from portal.core import clock
from portal.core.masking import mask_name, mask_phone
from portal.core.money import format_yuan
from portal.core.numbers import spaced
from portal.core.templating import date_cn
from portal.people.access import communities_of, holds
from portal.people.roles import DESK, READERS

from . import access, desk_acts, ordering
from .desk import (
    ApproveForm,
    CompleteForStaffForm,
    DispatchForm,
    EntryForm,
    RateForStaffForm,
    RetitleForm,
    VisitForm,
    prefilled,
)
from .desk_bulk import ApproveEachForm
from .desk_filters import DueDay, TermFilter
from .models import LOW_RATING, Wish, WishKind, WishState
from .querysets import OPEN_STATES, PUBLIC_STATES

name_verb("wish.contact_revealed", _("查看联系方式"))
name_verb("wish.retitled", _("改公开标题"))
name_verb("wish.contact_corrected", _("居民改联系方式"))
name_verb("wish.visited", _("回访"))
name_verb("wish.paper_opened", _("查看纸质单"))
name_verb("wishes.erased", _("到期清除个人信息"))


@admin.register(Wish)
class WishAdmin(FoundByPerson, RequestPage, ActsAdmin):
    scope = "in_scope"
    form = EntryForm
    list_display = (
        "number",
        "titled",
        "subject",
        "community",
        "state_badge",
        "due",
        "handled_by",
        "asked_on",
    )
    list_filter = (
        TermFilter,
        in_hand.HandFilter,
        "state",
        "kind",
        "community",
        "grid",
        "volunteer",
        "channel",
        ("due_on", DueDay),
        ("created_at", DayRange),
        OfPerson,
    )
    list_display_links = ("number", "titled")
    list_select_related = ("kind", "community", "subject", "handler__person")
    search_fields = ("code", "title", "subject__name")
    search_help_text = _("按单号、公开标题、为谁办的姓名查；按手机号查要写全 11 位，会留记录")
    person_path, code_field, searched_through = "subject", "code", ("subject",)
    ordering = ("-created_at", "-id")
    autocomplete_fields = ("subject", "asker", "household")
    state_tones = {
        WishState.PENDING_REVIEW: "wait",
        WishState.PENDING_DISPATCH: "wait",
        WishState.PENDING_CLAIM: "go",
        WishState.IN_SERVICE: "stop",
        WishState.PENDING_RATING: "wait",
        WishState.CLOSED: "done",
    }
    acts = (
        Act(
            "approve",
            _("受理"),
            run=desk_acts.approve,
            allowed=access.may_handle,
            possible=can("approve"),
            form_class=ApproveForm,
            bulk=True,
            bulk_form=ApproveEachForm,
            offered=is_of_desk,
            tone="primary",
            description=_("受理后，标题、称呼、类别、社区名、单号、希望的时间和办到哪一步会公开；别的内容不公开。"),
        ),
        Act(
            "decline",
            _("不予受理"),
            run=desk_acts.decline,
            allowed=access.may_handle,
            possible=can("decline"),
            needs_reason=True,
            bulk=True,
            offered=is_of_desk,
            description=_("理由只给提出心愿的人看。"),
        ),
        Act(
            "dispatch",
            _("派单"),
            run=desk_acts.dispatch,
            allowed=access.may_handle,
            possible=can("dispatch"),
            form_class=DispatchForm,
            tone="primary",
            bulk=True,
            offered=is_of_desk,
            first=lambda _user, wish: "approve" if can("approve")(wish) else "",
        ),
        Act(
            "recall",
            _("收回重派"),
            run=desk_acts.recall,
            allowed=access.may_handle,
            possible=can("recall"),
            needs_reason=True,
            bulk=True,
            offered=is_of_desk,
        ),
        Act(
            "complete",
            _("代志愿者办结服务"),
            run=desk_acts.complete,
            allowed=access.may_stand_in,
            possible=can("complete"),
            form_class=CompleteForStaffForm,
        ),
        Act(
            "return",
            _("代志愿者退单"),
            run=desk_acts.give_back,
            allowed=access.may_stand_in,
            possible=can("return"),
            needs_reason=True,
        ),
        Act(
            "rate",
            _("代居民评价"),
            run=desk_acts.rate,
            allowed=access.may_stand_in,
            possible=can("rate"),
            form_class=RateForStaffForm,
            description=_("居民到窗口或打电话评价时用。"),
        ),
        Act(
            "visit",
            _("记录回访"),
            run=desk_acts.visit,
            allowed=access.may_handle,
            possible=lambda wish: wish.rating is not None and wish.rating <= LOW_RATING and wish.visited_on is None,
            form_class=VisitForm,
            tone="primary",
            description=_("评分在 2 分以下的，联系居民问清楚，把结果记下来。"),
            done=_("回访记下了。"),
        ),
        Act(
            "retitle",
            _("改公开标题"),
            run=desk_acts.retitle,
            allowed=access.may_handle,
            possible=lambda wish: wish.state in PUBLIC_STATES,
            form_class=RetitleForm,
            description=_("公开的字里不写姓名、电话、门牌；原来的字不再保留。"),
            done=_("标题改好了，公开页面马上更新。"),
        ),
        Act(
            "contact",
            _("查看联系方式"),
            run=desk_acts.reveal,
            allowed=access.may_handle,
            possible=lambda wish: wish.erased_on is None,
            needs_reason=True,
        ),
        *in_hand.acts(is_open=lambda wish: wish.state in OPEN_STATES),
        Act(
            "withdraw",
            _("代居民撤回"),
            run=desk_acts.withdraw,
            allowed=access.may_handle,
            possible=can("withdraw"),
            needs_reason=True,
            tone="danger",
        ),
    )

    def may_view(self, user: Any, obj: Any = None) -> bool:
        if obj is None:
            return is_one_of(user, READERS)
        return access.may_read_as_staff(user, obj)

    def may_add(self, user: Any) -> bool:
        return is_of_desk(user)

    def may_keep(self, user: Any, obj: Any) -> bool:
        grid = obj.household.building.grid if obj.household else None
        return holds(user, DESK, community=obj.community, grid=grid)

    def store(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Entering is the same act that residents use, with the typist and the channel on the record."""
        wish = ordering.order(
            actor=who(request),
            typist=who(request),
            actor_part="staff",
            at=clock.now(),
            **form.act_arguments(),
        )
        self.adopt(obj, wish)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            fields = ("community", "subject", "asker", "channel", "paper")
            wished = ("kind", "details", "price", "when")
            reached = ("contact_name", "contact_phone", "use_address", "contact_address", "household")
            return [
                (_("谁提出"), {"fields": fields}),
                (_("想要什么"), {"fields": wished}),
                (_("怎么联系"), {"fields": reached}),
            ]
        return [
            (None, {"fields": ("number", "state_badge", "due", "handled_by", "public_page")}),
            (_("心愿"), {"fields": ("title", "alias", "kind", "wording", "when", "price")}),
            (
                _("谁提出"),
                {"fields": ("subject_name", "asker_name", "typist", "channel", "paper_link", "created_at")},
            ),
            (_("怎么联系"), {"fields": ("contact_masked", "household")}),
            *self._later_parts(obj),
        ]

    def _later_parts(self, obj: Wish) -> list[tuple[Any, dict[str, Any]]]:
        """Service and rating, once there is something to say of them."""
        parts: list[tuple[Any, dict[str, Any]]] = []
        if obj.dispatch:
            parts.append((_("派单"), {"fields": ("dispatch", "dispatched", "volunteer")}))
        if obj.service_minutes is not None:
            parts.append((_("服务"), {"fields": ("service_minutes", "done_note")}))
        if obj.closed_at is not None:
            parts.append((_("评价"), {"fields": ("rating", "rating_words", "closed_at")}))
        return parts

    def get_list_display(self, request: HttpRequest) -> Any:
        """The community only where there is more than one to tell apart."""
        alone = len(communities_of(request.user, READERS)[:2]) < 2
        return [name for name in self.list_display if not (alone and name == "community")]

    def choices_of(self, db_field: Any, request: HttpRequest) -> models.QuerySet[Any]:
        if db_field.name == "community":
            return communities_of(request.user, DESK)
        if db_field.name == "kind":
            return WishKind.objects.filter(active=True)
        return super().choices_of(db_field, request)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The only community there is to choose is chosen; whom it is for comes from the page one came from."""
        return {**only_community(request.user), **prefilled(request.user, super().get_changeform_initial_data(request))}

    @admin.display(description=_("标题"))
    def titled(self, obj: Wish) -> SafeString:
        """Its name with its kind beneath; before review how the request begins: staff must tell two of a kind apart."""
        words = '<span>{}<span class="cell__sub">{}</span></span>'
        return format_html(words, obj, obj.kind.name if obj.title else Truncator(obj.details).chars(16, "…"))

    @admin.display(description=_("提出"), ordering="created_at")
    def asked_on(self, obj: Wish) -> str:
        return date_cn(obj.created_at)

    @admin.display(description=_("居民看到的页面"))
    def public_page(self, obj: Wish) -> SafeString:
        page, paper = (reverse(f"wishes:{name}", args=[obj.code]) for name in ("detail", "sheet"))
        return format_html('<a href="{}">{}</a>　<a href="{}">{}</a>', page, _t("打开"), paper, _t("打印工单"))

    @admin.display(description=_("心愿内容"))
    def wording(self, obj: Wish) -> str:
        return obj.details or _t("（已清除）")

    @admin.display(description=_("物品参考价"))
    def price(self, obj: Wish) -> str:
        return format_yuan(obj.price_fen) if obj.price_fen is not None else "—"

    @admin.display(description=_("联系方式"))
    def contact_masked(self, obj: Wish) -> str:
        if not obj.contact_phone:
            return "—"
        return f"{mask_name(obj.contact_name)} {mask_phone(obj.contact_phone)}"

    @admin.display(description=_("派给"))
    def dispatched(self, obj: Wish) -> str:
        return str(obj.dispatched_to or obj.dispatched_team or "—")

    @admin.display(description=_("完成情况"))
    def done_note(self, obj: Wish) -> str:
        return obj.completion_note or "—"

    @admin.display(description=_("居民的话"))
    def rating_words(self, obj: Wish) -> str:
        return obj.rating_comment or "—"

    def summary(self, obj: Any) -> list[tuple[str, Any]]:
        return [
            (_t("单号"), spaced(obj.code)),
            (_t("类别"), obj.kind.name),
            (_t("心愿内容"), obj.details),
            (_t("希望时间"), obj.get_when_display()),
        ]


@admin.register(WishKind)
class WishKindAdmin(SharedListAdmin):
    """The kinds are the portal's; staff read them, the administrator keeps them."""

    list_display = ("name", "explanation", "is_thing", "in_home", "with_minors", "active", "order")
    fields = ("slug", "name", "explanation", "icon", "is_thing", "in_home", "with_minors", "active", "order")
    fixed_after_creation = ("slug",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Code words and names of icons are the administrator's; the desk reads Chinese."""
        words = super().get_fields(request, obj)
        return words if request.user.is_superuser else [name for name in words if name not in {"slug", "icon"}]
