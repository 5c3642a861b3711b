"""Which wishes: public, visible to somebody, waiting, overdue, open to a volunteer."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import models

from portal.people.access import parts_of, scope_q

PUBLIC_STATES = ("pending_dispatch", "pending_claim", "in_service", "pending_rating", "closed")
WAITING_STATES = ("pending_dispatch", "pending_claim")  # for somebody who takes them
OPEN_STATES = ("pending_review", "pending_dispatch", "pending_claim", "in_service", "pending_rating")


class WishQuerySet(models.QuerySet[Any]):
    def public(self) -> "WishQuerySet":
        """Reviewed and not taken back: what the wall may list, by title, alias, kind and community."""
        return self.filter(state__in=PUBLIC_STATES)

    def open(self) -> "WishQuerySet":
        """Not yet at an end."""
        return self.filter(state__in=OPEN_STATES)

    def completed(self) -> "WishQuerySet":
        """已办结: what the figures count."""
        return self.filter(state="closed")

    def asked_by(self, user: Any) -> "WishQuerySet":
        """Wishes for the user, their children and those they may act for today."""
        return self.for_people(parts_of(user))

    def for_people(self, records: Iterable[int]) -> "WishQuerySet":
        """Wishes for whom one of these records of persons stands."""
        return self.filter(subject__in=list(records))

    def in_scope(self, user: Any) -> "WishQuerySet":
        """Wishes of the areas where the user is staff."""
        return self.filter(scope_q(user))

    def to_visit(self) -> "WishQuerySet":
        """Rated 2 or less and not yet visited again (回访)."""
        return self.filter(rating__lte=2, visited_on__isnull=True)

    def offered_to(self, volunteer: Any) -> "WishQuerySet":
        """Waiting for somebody, and this volunteer may be the one: named, by team, or the community's open pool,
        with the clearance that the kind asks for. Nobody serves their own wish; who is not serving is offered none."""
        if volunteer.state != "active":
            return self.none()
        offers = self.filter(state="pending_claim", community=volunteer.community_id)
        own = volunteer.person.resolved.record_ids()
        offers = offers.exclude(subject__in=own).exclude(asker__in=own)
        if volunteer.homes_cleared_on is None:
            offers = offers.exclude(kind__in_home=True)
        if volunteer.minors_cleared_on is None:
            offers = offers.exclude(kind__with_minors=True)
        teams = volunteer.memberships.filter(until__isnull=True).values("team")
        return offers.filter(
            models.Q(dispatch="pool")
            | models.Q(dispatch="named", dispatched_to=volunteer.pk)
            | models.Q(dispatch="team", dispatched_team__in=teams)
        )

    def visible_to(self, user: Any) -> "WishQuerySet":
        """Public ones; those one acts for; for a volunteer those served; for staff those of their areas."""
        seen = models.Q(state__in=PUBLIC_STATES)
        if user.is_authenticated and user.is_active:
            seen |= scope_q(user)
            if user.person_id:
                seen |= models.Q(subject__in=list(parts_of(user))) | models.Q(volunteer__person__in=user.person_ids)
        return self.filter(seen)

    def overdue(self, at: dt.date) -> "WishQuerySet":
        """Whose present term ended before the day ``at``."""
        return self.open().filter(due_on__lt=at)

    def due(self, at: dt.date) -> "WishQuerySet":
        """Whose present term ends on the day ``at`` or has ended."""
        return self.open().filter(due_on__lte=at)
