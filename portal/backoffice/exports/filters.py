"""How the list of exports is narrowed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from portal.core import clock

from .sources import sources
from .waiting import TO_DECIDE, TO_FETCH


class WaitingFilter(admin.SimpleListFilter):
    """What waits for the reader: their word, or their fetching it."""

    title = gettext_lazy("等我办的")
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(TO_DECIDE, gettext_lazy("等我批准")), (TO_FETCH, gettext_lazy("我可以下载"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == TO_DECIDE:
            return queryset.to_decide(request.user)
        return queryset.to_fetch(request.user, clock.now()) if self.value() == TO_FETCH else queryset


class SourceFilter(admin.SimpleListFilter):
    """By the list that was asked for."""

    title = gettext_lazy("名单")
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(source.id, source.label) for source in sources]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(source=self.value()) if self.value() else queryset
