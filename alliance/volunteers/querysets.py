"""Who sees which volunteers; sums of hours."""

from typing import Any

from django.db import models

from portal.people.access import scope_q


class VolunteerQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "VolunteerQuerySet":
        """Oneself; for staff those of their areas."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        own = models.Q(person__in=user.person_ids) if user.person_id else models.Q(pk__in=[])
        return self.filter(scope_q(user) | own)

    def serving(self) -> "VolunteerQuerySet":
        return self.filter(state="active")


class HourEntryQuerySet(models.QuerySet[Any]):
    def total(self) -> int:
        """The sum in half hours, reversals taken off."""
        return self.aggregate(total=models.Sum("half_hours"))["total"] or 0
