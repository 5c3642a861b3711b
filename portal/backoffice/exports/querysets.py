"""Which exports: visible to somebody, waiting for their word, ready for them."""

import datetime as dt
from typing import Any

from django.db import models

from portal.people.access import roles_of
from portal.people.roles import RoleKind

APPROVERS = frozenset({RoleKind.HEAD, RoleKind.PRIVACY_OFFICER})
OPEN_STATES = ("pending", "approved", "building", "ready")


def covered_q(user: Any) -> models.Q:
    """Exports all of whose records lie below an area where ``user`` may approve; every one for the administrator."""
    if user.is_authenticated and user.is_active and user.is_superuser:
        return ~models.Q(pk__in=[])
    condition = models.Q(pk__in=[])
    for role in roles_of(user, APPROVERS):
        condition |= models.Q(area__path__startswith=role.area.path)
    return condition


class ExportQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "ExportQuerySet":
        """Those one asked for, and those that one may decide on."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(models.Q(requester=user) | covered_q(user))

    def to_decide(self, user: Any) -> "ExportQuerySet":
        """Waiting for a word that ``user`` may give: never for one's own."""
        return self.filter(covered_q(user), state="pending").exclude(requester=user)

    def to_fetch(self, user: Any, at: dt.datetime) -> "ExportQuerySet":
        """Ready for ``user`` to download, and not yet as often as is allowed."""
        ready = self.filter(requester=user, state="ready", expires_at__gt=at)
        return ready.annotate(times=models.Count("downloads")).filter(times__lt=models.F("downloads_allowed"))
