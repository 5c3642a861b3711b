"""Who sees which people; which roles are in force."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.functions import Coalesce

from portal.core import clock

from .access import MERGED_LEVELS, born_by, decided_by, parts_of, scope_q, stood_for, upward
from .roles import DESK, RoleKind

ADULT = 18  # 民法典 第17条
ADMITTED = ("confirmed", "ended")  # states of a relation that is in force, or was

if TYPE_CHECKING:
    from .models import Person, Role  # noqa: F401 — the bases below name them


def with_born(rows: Any, people: Any, path: str = "") -> Any:
    """``rows`` with ``born``: the birth date of the human being whose record ``path`` leads to (empty: the row itself),
    NULL where none of the records says one. The record that stands says it first, then those merged into it, the
    nearest and the earliest date first. ``people`` is every record."""
    whole = [models.F(step) for step in reversed(upward(path) if path else ["pk", *_merged_paths()])]
    standing = models.OuterRef("standing_id")
    known = people.filter(birth_date__isnull=False).order_by("birth_date").values("birth_date")
    said = [known.filter(pk=standing), *(known.filter(**{step: standing}) for step in _merged_paths())]
    rows = rows.alias(standing_id=Coalesce(*whole, output_field=models.BigIntegerField()))
    return rows.annotate(born=Coalesce(*(models.Subquery(one[:1]) for one in said)))


def _merged_paths() -> list[str]:
    return ["__".join(["merged_into"] * level) for level in range(1, MERGED_LEVELS + 1)]


class RoleQuerySet(models.QuerySet["Role"]):
    def current(self, at: dt.datetime | None = None) -> "RoleQuerySet":
        """In force at ``at`` (now)."""
        moment = at or clock.now()
        return self.filter(models.Q(until__isnull=True) | models.Q(until__gt=moment), since__lte=moment)


class TermQuerySet(models.QuerySet[Any]):
    """Guardianships, authorisations. Who asks what somebody may do asks ``in_force``; who asks what somebody was to
    another asks ``admitted``. What a second person has yet to look at, or refused, is neither."""

    def in_force(self, day: dt.date) -> "TermQuerySet":
        """Confirmed, begun and not ended on ``day``."""
        return self.admitted().filter(models.Q(until__isnull=True) | models.Q(until__gt=day), since__lte=day)

    def admitted(self) -> "TermQuerySet":
        """In force now, or once."""
        return self.filter(state__in=ADMITTED)

    def waiting(self) -> "TermQuerySet":
        """What a second person of the desk has to look at."""
        return self.filter(state="entered", until__isnull=True)


class GuardianshipQuerySet(TermQuerySet):
    def in_force(self, day: dt.date) -> "GuardianshipQuerySet":
        """Also only while the child is under 18 (民法典 第17条), by whichever of its records says the birth date; where
        none does it counts as a child."""
        minor = models.Q(born__isnull=True) | models.Q(born__gt=born_by(day, ADULT))
        return self._with_born(super().in_force(day)).filter(minor)

    def outgrown(self, day: dt.date) -> "GuardianshipQuerySet":
        """Not ended by ``day``, of children who are 18 by then: age has ended what the row does not say yet."""
        lasting = self.filter(models.Q(until__isnull=True) | models.Q(until__gt=day))
        return self._with_born(lasting).filter(born__lte=born_by(day, ADULT))

    def _with_born(self, rows: Any) -> Any:
        people: Any = self.model._meta.get_field("child").related_model
        return with_born(rows, people._base_manager.all(), "child")


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
        return self.filter(mine | models.Q(pk__in=stood_for(self._tied("areas").filter(scope_q(user)))))

    def with_born(self) -> Any:
        """With ``born``: the birth date that any record of the person says, that of the standing one first."""
        return with_born(self, self.model._base_manager.all())

    def records_of(self, ids: Iterable[int]) -> dict[int, int]:
        """Every record of the persons that ``ids`` are records of: {record id: id of the one that stands}.

        No query for none; two where nothing is merged, one more a generation.
        """
        above: dict[int, int] = {}
        start = frontier = set(ids)
        while frontier:
            merged = self.model._base_manager.filter(pk__in=frontier, merged_into__isnull=False)
            rows = dict(merged.values_list("pk", "merged_into"))
            above.update(rows)
            frontier = set(rows.values()) - above.keys()
        found: dict[int, int] = {}
        for pk in start:
            met = {pk}
            while pk in above and above[pk] not in met:
                pk = above[pk]
                met.add(pk)
            found[pk] = pk
        frontier = set(found)
        while frontier:
            below = self.model._base_manager.filter(merged_into__in=frontier).values_list("pk", "merged_into")
            rows = {pk: found[parent] for pk, parent in below if pk not in found}
            found.update(rows)
            frontier = set(rows)
        return found

    def _tied(self, relation: str) -> Any:
        """Rows of a table that points at people, reached through the relation so that no circle of imports arises."""
        return self.model._meta.get_field(relation).related_model._base_manager.all()  # type: ignore[union-attr]


class DataRequestQuerySet(models.QuerySet[Any]):
    def open(self) -> "DataRequestQuerySet":
        """Waiting for an answer."""
        return self.filter(state="asked")

    def own(self, user: Any) -> "DataRequestQuerySet":
        """About the user and their children under 14; a relative's authorisation does not reach so far."""
        return self.filter(subject__in=list(decided_by(user)))

    def in_scope(self, user: Any) -> "DataRequestQuerySet":
        """Those of the areas where the user is of the desk or 个人信息保护员."""
        return self.filter(scope_q(user, DESK | {RoleKind.PRIVACY_OFFICER}))
