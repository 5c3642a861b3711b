"""Rows that are edited on their parent's page."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from .pieces import ScopedFields


class ScopedInline(ScopedFields, admin.TabularInline):
    """Rows edited on their parent's page. The parent's scope holds for them; the room still opens each right."""

    extra = 0
    can_delete = False
    show_change_link = False

    def may_view(self, user: Any, parent: Any = None) -> bool:
        """Whether the user may see the rows of ``parent``."""
        return False

    def may_add(self, user: Any, parent: Any = None) -> bool:
        """Whether the user may add a row to ``parent``."""
        return False

    def may_change(self, user: Any, parent: Any = None) -> bool:
        """Whether the user may edit rows of ``parent``."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_view(request.user, obj) or self.may_change(request.user, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_add(request.user, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_change(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
