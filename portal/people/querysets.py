"""Who sees which people; which roles are in force."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models

from portal.core import clock

from .access import parts_of, scope_q

if TYPE_CHECKING:
    from .models import Person, Role  # noqa: F401 — the bases below name them


class RoleQuerySet(models.QuerySet["Role"]):
    def current(self, at: dt.datetime | None = None) -> "RoleQuerySet":
        """In force at ``at`` (now)."""
        moment = at or clock.now()
        return self.filter(models.Q(until__isnull=True) | models.Q(until__gt=moment), since__lte=moment)


class TermQuerySet(models.QuerySet[Any]):
    def in_force(self, day: dt.date) -> "TermQuerySet":
        """Begun and not ended on ``day``."""
        return self.filter(models.Q(until__isnull=True) | models.Q(until__gt=day), since__lte=day)


class GuardianshipQuerySet(TermQuerySet):
    def in_force(self, day: dt.date) -> "GuardianshipQuerySet":
        """Also only while the child is under 18 (民法典 第17条); an unknown birth date counts as a child's."""
        born_after = day.replace(year=day.year - 18, day=min(day.day, 28) if day.month == 2 else day.day)
        minor = models.Q(child__birth_date__isnull=True) | models.Q(child__birth_date__gt=born_after)
        return super().in_force(day).filter(minor)  # type: ignore[return-value]


class PersonQuerySet(models.QuerySet["Person"]):
    def live(self) -> "PersonQuerySet":
        """Without records that another one stands for."""
        return self.filter(merged_into__isnull=True)

    def visible_to(self, user: Any) -> "PersonQuerySet":
        """Oneself, one's wards and those one may act for; for staff everyone who belongs to their areas."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_superuser:
            return self
        mine = models.Q(pk__in=list(parts_of(user)))
        if not user.is_staff:
            return self.filter(mine)
        return self.filter(mine | models.Q(pk__in=self._tied("areas").filter(scope_q(user)).values("person")))

    def _tied(self, relation: str) -> Any:
        """Rows of a table that points at people, reached through the relation so that no circle of imports arises."""
        return self.model._meta.get_field(relation).related_model._base_manager.all()  # type: ignore[union-attr]
