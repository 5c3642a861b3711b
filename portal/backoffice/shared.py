"""Lists that every community shares: staff choose from them, the administrator keeps them."""

from typing import Any

from django.db import models

from . import access
from .scoped import ScopedAdmin


class SharedListAdmin(ScopedAdmin):
    """A model without community: read by every desk, added to and changed by the administrator alone."""

    def rows(self, user: Any) -> models.QuerySet[Any]:
        return self.model._default_manager.all()

    def may_view(self, user: Any, obj: Any = None) -> bool:
        return access.is_of_desk(user)

    def may_add(self, user: Any) -> bool:
        return user.is_superuser

    def may_change(self, user: Any, obj: Any = None) -> bool:
        return user.is_superuser
