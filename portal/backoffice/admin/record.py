"""The working calendar, and the record of who did what: read by the administrator and the 个人信息保护员 alone."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from portal.core.models import AuditEntry, Transition, WorkdayOverride

from .. import access, trail
from ..filters import DayRange
from ..pieces import shown
from ..scoped import ScopedAdmin


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


class VerbFilter(admin.SimpleListFilter):
    """By what was done, in words."""

    title = _("操作")
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return list(trail.verbs().items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(verb=self.value()) if self.value() else queryset


class When(DayRange):
    """The moment of a line of the record: its column has no word of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("时间")


class _Record(ScopedAdmin):
    """Rows that nobody writes here. Names of actors are looked up once a page, not once a row."""

    list_filter: ClassVar[Any] = (("at", When),)
    list_display_links = None
    ordering = ("-id",)

    def may_view(self, user: Any, obj: Any = None) -> bool:
        return access.is_one_of(user, access.AUDITORS)

    def get_urls(self) -> list[URLPattern]:
        """The list alone: a line of the record says all there is."""
        return [pattern for pattern in super().get_urls() if str(pattern.name).endswith("_changelist")]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        listing = super().get_changelist_instance(request)
        listing.result_list = list(listing.result_list)
        names = trail.names_of(row.actor_id for row in listing.result_list)
        for row in listing.result_list:
            row.actor_name = names[row.actor_id]
        return listing

    @admin.display(description=_("时间"), ordering="id")
    def when(self, obj: Any) -> Any:
        return shown(obj.at)

    @admin.display(description=_("谁"))
    def who(self, obj: Any) -> str:
        return obj.actor_name if hasattr(obj, "actor_name") else trail.names_of([obj.actor_id])[obj.actor_id]

    @admin.display(description=_("对象"))
    def what(self, obj: Any) -> str:
        label = trail.subject_label(obj.subject_type)
        return f"{label} {obj.subject_id}" if label else "—"


@admin.register(AuditEntry)
class AuditEntryAdmin(_Record):
    list_display = ("when", "who", "act", "what", "details_words")
    list_filter = (VerbFilter, ("at", When))

    def rows(self, user: Any) -> Any:
        return access.audit_entries_in(user)

    @admin.display(description=_("操作"))
    def act(self, obj: AuditEntry) -> str:
        return trail.verb_label(obj.verb)

    @admin.display(description=_("内容"))
    def details_words(self, obj: AuditEntry) -> str:
        return trail.details_text(obj) or "—"


@admin.register(Transition)
class TransitionAdmin(_Record):
    list_display = ("when", "who", "part", "what", "change")

    def rows(self, user: Any) -> Any:
        return access.transitions_in(user)

    @admin.display(description=_("身份"))
    def part(self, obj: Transition) -> str:
        return trail.part_label(obj.actor_part) or "—"

    @admin.display(description=_("变更"))
    def change(self, obj: Transition) -> str:
        return trail.move_label(obj)
