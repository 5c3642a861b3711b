"""The working calendar, and the record of who did what: read by the administrator and the 个人信息保护员 alone."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.core.models import AuditEntry, Transition, WorkdayOverride

from .. import access, finding, naming, trail
from ..filters import DayRange
from ..pieces import EMPTY, shown
from ..scoped import ScopedAdmin
from ..trail_filters import (
    AboutFilter,
    ActorFilter,
    ChangeFilter,
    GroupFilter,
    KindFilter,
    VerbFilter,
    parted,
    searched,
)


@admin.register(WorkdayOverride)
class WorkdayOverrideAdmin(ScopedAdmin):
    """Days that the office declares working or free; one list for the whole installation."""

    list_display = ("day", "working", "note")
    list_filter = ("working",)
    fields = ("day", "working", "note")
    fixed_after_creation = ("day",)

    def rows(self, user: Any) -> Any:
        return WorkdayOverride.objects.all() if self.may_view(user) else WorkdayOverride.objects.none()

    def may_view(self, user: Any, obj: Any = None) -> bool:
        return bool(user.is_staff)

    def may_add(self, user: Any) -> bool:
        return access.is_administrator(user)

    def may_change(self, user: Any, obj: Any = None) -> bool:
        return access.is_administrator(user)


class When(DayRange):
    """The moment of a line of the record: its column has no word of its own."""

    heading = _("时间")


class _Record(ScopedAdmin):
    """Rows that nobody writes here. Names of actors and records are looked up once a page, not once a row."""

    list_filter: ClassVar[Any] = (ActorFilter, KindFilter, AboutFilter, ("at", When))
    list_display_links = None
    list_select_related = ("remark",)
    ordering = ("-id",)
    order_words = _("按记下的先后排，刚记下的在最上面。补记以前的事，时间会比上一行早。")
    search_fields = ("subject_type",)  # what is typed is looked up by ``searched``: names, numbers that people quote
    search_help_text = _("按姓名（谁办的、办的谁的）、单号、导出编号查")
    change_list_template = "admin/core/change_list.html"
    number_typed = _("这里不按手机号、身份证号查。请按姓名、单号或导出编号查。")

    def may_view(self, user: Any, obj: Any = None) -> bool:
        return access.is_one_of(user, access.AUDITORS)

    def keeps(self, model: type[models.Model]) -> bool:
        """Whether lines of this list are about records of ``model``."""
        return not issubclass(model, AuditEntry | Transition)

    def get_urls(self) -> list[URLPattern]:
        """The list alone: a line of the record says all there is."""
        return [pattern for pattern in super().get_urls() if str(pattern.name).endswith("_changelist")]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Of one record alone: all that was done to it and how it went on, acts and state changes in one course."""
        label, pk = parted(request.GET.get(AboutFilter.parameter_name))
        context = dict(extra_context or {})
        if pk and set(request.GET) == {AboutFilter.parameter_name} and self.has_view_permission(request):
            mine = {"subject_type": label, "subject_id": pk}
            read = access.audit_entries_in(request.user).filter(**mine)
            moved = access.transitions_in(request.user).filter(**mine)
            key = (label, int(pk))
            record = naming.named(self.admin_site, request, [key]).get(key)
            opens = record is not None and bool(record.url)
            context["course"] = trail.joined(read, moved, newest_first=True, decided=opens)
            context["course_cut"] = len(context["course"]) >= trail.LATEST
        return super().changelist_view(request, context)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """By name, through the index, or by a number that people quote; nothing for a phone or an ID number."""
        if not search_term.strip():
            return queryset, False
        if finding.holds_number(search_term, among_people=False):
            return queryset.none(), False
        found, cut = searched(queryset, search_term, request.user)
        request.search_cut = cut  # type: ignore[attr-defined]  # an export is all of it or none (``exports.listing``)
        if cut and request.resolver_match:
            messages.info(request, _("叫这个名字的太多，只列出其中一部分，请写全名。"))
        return found, False

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        listing = super().get_changelist_instance(request)
        if request.resolver_match is None:  # an export takes the rows alone
            return listing
        listing.result_list = list(listing.result_list)
        names = self.names(listing.result_list)
        about = {(row.subject_type, row.subject_id) for row in listing.result_list if row.subject_id is not None}
        records = naming.named(self.admin_site, request, about)
        for row in listing.result_list:
            row.names, row.record = names, records.get((row.subject_type, row.subject_id))
        return listing

    def names(self, rows: list[Any]) -> dict[int | None, str]:
        """The names of the accounts that the lines tell of."""
        return trail.names_of(row.actor_id for row in rows)

    @admin.display(description=_("时间"))
    def when(self, obj: Any) -> Any:
        return shown(obj.at)

    @admin.display(description=_("谁"))
    def who(self, obj: Any) -> SafeString | str:
        """The name, which leads to everything that this account did."""
        if obj.actor_id is None:
            return obj.names[None]
        address = urlencode({ActorFilter.parameter_name: obj.actor_id})
        return format_html('<a href="?{}">{}</a>', address, obj.names[obj.actor_id])

    @admin.display(description=_("理由"))
    def reason(self, obj: Any) -> str:
        """What was written for it, with anything like a number masked; gone where it was erased."""
        return trail.remark_of(obj) or EMPTY

    @admin.display(description=_("对象"))
    def what(self, obj: Any) -> SafeString | str:
        """The record in words, a link to it where the reader may open it, and the way to everything on record of it."""
        label = trail.subject_label(obj.subject_type)
        if not label or obj.subject_id is None:
            return label or EMPTY
        text = obj.record.text if obj.record is not None else _t("%(kind)s %(pk)d（已不在）") % {
            "kind": label, "pk": obj.subject_id,
        }  # fmt: skip
        url = obj.record.url if obj.record is not None else ""
        name = format_html('<a href="{}">{}</a>', url, text) if url else text
        address = urlencode({AboutFilter.parameter_name: f"{obj.subject_type}-{obj.subject_id}"})
        only = format_html('{}<span class="visually-hidden">{}</span>', _t("只看它"), _t("的记录"))
        words = '<span class="cell__pair"><span>{}</span><a class="cell__only" href="?{}">{}</a></span>'
        return format_html(words, name, address, only)


@admin.register(AuditEntry)
class AuditEntryAdmin(_Record):
    """Who did what, to whom, and why: with it the 个人信息保护员 checks every look at a contact."""

    list_display = ("when", "who", "act", "what", "details_words", "reason")
    list_filter = (GroupFilter, VerbFilter, *_Record.list_filter)

    def rows(self, user: Any) -> Any:
        return access.audit_entries_in(user)

    def names(self, rows: list[Any]) -> dict[int | None, str]:
        return trail.names_for(rows)

    @admin.display(description=_("操作"))
    def act(self, obj: AuditEntry) -> str:
        return trail.verb_label(obj.verb)

    @admin.display(description=_("内容"))
    def details_words(self, obj: Any) -> str:
        part = trail.part_label(str(obj.details.get("part", "")))
        return trail.details_text(obj, obj.names) or part or EMPTY


@admin.register(Transition)
class TransitionAdmin(_Record):
    """State changes: what was decided of a record and by whom; why, for who may open the record. Why a wish was
    declined is between its desk and whom it is about: who checks looks at contacts has no part in it."""

    list_display = ("when", "who", "part", "what", "change", "reason")
    list_filter = (ChangeFilter, *_Record.list_filter)

    def rows(self, user: Any) -> Any:
        return access.transitions_in(user)

    def keeps(self, model: type[models.Model]) -> bool:
        return hasattr(model, "MOVES")

    @admin.display(description=_("身份"))
    def part(self, obj: Transition) -> str:
        return trail.part_label(obj.actor_part) or EMPTY

    @admin.display(description=_("理由"))
    def reason(self, obj: Any) -> str:
        words = super().reason(obj)
        opens = obj.record is not None and bool(obj.record.url)
        return words if opens or words == EMPTY else _t("经办的社区看得到")

    @admin.display(description=_("变更"))
    def change(self, obj: Transition) -> str:
        return trail.move_label(obj)
