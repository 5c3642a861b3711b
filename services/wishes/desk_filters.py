"""What the list of wishes is narrowed by: what presses."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.backoffice.filters import DayRange
from portal.core import clock


class TermFilter(admin.SimpleListFilter):
    """Late, due today, or waiting for a return visit."""

    title = _("要紧的")
    parameter_name = "term"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("overdue", _("已超期")), ("today", _("今天到期")), ("visit", _("低分待回访"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        today = clock.today()
        if self.value() == "overdue":
            return queryset.overdue(today)
        if self.value() == "visit":
            return queryset.to_visit()
        return queryset.open().filter(due_on=today) if self.value() == "today" else queryset


class DueDay(DayRange):
    """By the day on which the present term ends."""

    heading = _("期限")
