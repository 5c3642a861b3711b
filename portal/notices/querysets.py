"""Whose notices; which deliveries are due."""

import datetime as dt
from typing import Any

from django.db import models


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
