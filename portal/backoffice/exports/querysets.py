"""Which exports: visible to somebody, waiting for their word, ready for them."""

import datetime as dt
import re
import unicodedata
from typing import Any

from django.db import models

from portal.people.access import roles_of
from portal.people.roles import RoleKind

APPROVERS = frozenset({RoleKind.HEAD, RoleKind.PRIVACY_OFFICER})
_NUMBER = re.compile(r"导?(\d{4}-\d{4,6})")
OPEN_STATES = ("pending", "approved", "building", "ready")


def covered_q(user: Any) -> models.Q:
    """Exports all of whose records lie below an area where ``user`` may approve."""
    condition = models.Q(pk__in=[])
    for role in roles_of(user, APPROVERS):
        condition |= models.Q(area__path__startswith=role.area.path)
    return condition


class ExportQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "ExportQuerySet":
        """Those one asked for, and those that one may decide on; the administrator sees that there are requests."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_superuser:
            return self.all()
        return self.filter(models.Q(requester=user) | covered_q(user))

    def numbered(self, text: str) -> "ExportQuerySet":
        """Those that bear the number ``text``, with or without its first character, in full width too; none for what is
        no such number. Each area counts by itself, so several may."""
        tight = "".join(unicodedata.normalize("NFKC", text).split())
        found = _NUMBER.fullmatch(tight)
        return self.filter(number=f"导{found[1]}") if found else self.none()

    def to_decide(self, user: Any) -> "ExportQuerySet":
        """Waiting for a word that ``user`` may give: never for one's own."""
        return self.filter(covered_q(user), state="pending").exclude(requester=user)

    def to_fetch(self, user: Any, at: dt.datetime) -> "ExportQuerySet":
        """Ready for ``user`` to download, and not yet as often as is allowed."""
        ready = self.filter(requester=user, state="ready", expires_at__gt=at)
        return ready.annotate(times=models.Count("downloads")).filter(times__lt=models.F("downloads_allowed"))
