"""Who sees which volunteers; sums of hours."""

from typing import Any

from django.db import models

from portal.people.access import scope_q


class VolunteerQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "VolunteerQuerySet":
        """Oneself; for staff those of their areas."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(scope_q(user) | models.Q(person=user.person_id, person__isnull=False))

    def serving(self) -> "VolunteerQuerySet":
        return self.filter(state="active")


class HourEntryQuerySet(models.QuerySet[Any]):
    def total(self) -> int:
        """The sum in half hours, reversals taken off."""
        return self.aggregate(total=models.Sum("half_hours"))["total"] or 0
