"""Whose notices; which deliveries are due; what the desk sees of them."""

import datetime as dt
from typing import Any

from django.db import models

from portal.people.access import one_of, scope_q
from portal.people.models import PersonArea


class NoticeQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "NoticeQuerySet":
        """One's own, those to records merged into one's own included; nobody else's, whatever the role."""
        if not user.is_authenticated or not user.person_id:
            return self.none()
        return self.filter(person__in=user.person_ids)

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at__isnull=True)


class DeliveryQuerySet(models.QuerySet[Any]):
    def due(self, at: dt.datetime) -> "DeliveryQuerySet":
        """Queued and ready to be tried."""
        return self.filter(state="queued", next_attempt__lte=at)

    def cut_off(self, at: dt.datetime, after: dt.timedelta) -> "DeliveryQuerySet":
        """Found in the middle of sending for longer than ``after``: whoever sent it is gone."""
        return self.filter(state="sending", changed_at__lt=at - after)

    def without_words(self) -> "DeliveryQuerySet":
        """Read without what the messages say: the desk never needs it."""
        return self.select_related("notice").defer("notice__title", "notice__body")

    def stuck(self) -> "DeliveryQuerySet":
        """Those that wait for a person to decide."""
        return self.filter(stuck_at__isnull=False, state__in=("failed", "uncertain"))

    def in_scope(self, user: Any) -> "DeliveryQuerySet":
        """Those that at some time could not go out, to people of the areas that ``user`` serves or reads; a record that
        was merged belongs where the standing one does. Deliveries that simply went are nobody's at the desk."""
        ever_stuck = self.filter(stuck_at__isnull=False)
        if user.is_authenticated and user.is_active and user.is_superuser:
            return ever_stuck
        belonging = PersonArea.objects.filter(scope_q(user)).values("person")
        return ever_stuck.filter(one_of("notice__person", belonging))
