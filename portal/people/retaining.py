"""What the tables of people lose by time: the register's ``erase`` of each purpose. Each batch is bounded; the hourly
task comes back for the rest."""

import datetime as dt
from typing import Any

from django.db import models, transaction

from portal.core import audit
from portal.core.models import SavedFilter
from portal.core.registries import open_matters
from portal.places.keeping import outlived

from . import choices_by_area as choices
from .forgetting import HOLDS_SOMETHING, binding, blank_closed, blank_requests, delete_with_words, forget
from .models import (
    Authorisation,
    DataRequest,
    Guardianship,
    Ownership,
    Person,
    Representative,
    Residency,
    Role,
    TieState,
    User,
)

BATCH = 200
AN_HOUR = 20_000  # keys of people that one run of the clock looks at
FILTERS_KEPT = dt.timedelta(days=365)
_STANDING = [TieState.CLAIMED, TieState.CONFIRMED]


@transaction.atomic
def erase_ties(*, at: dt.datetime) -> int:
    """Delete homes and ownerships that ended, or did not hold, longer ago than their community keeps them, and who
    spoke for a household so long ago; returns how many."""
    gone = 0
    for model in (Residency, Ownership):
        over = model._default_manager.filter(state__in=[TieState.ENDED, TieState.REFUSED, TieState.WITHDRAWN])
        gone += _delete(over, community="household__building__community", since="state_since", at=at)
    spoke = Representative.objects.filter(until__isnull=False)
    return gone + _delete(spoke, community="household__building__community", since="until", at=at)


def _delete(rows: Any, *, community: str, since: str, at: dt.datetime, option: Any = choices.TIES_KEEP_DAYS) -> int:
    gone = 0
    for old, _limit in outlived(rows, community=community, since=since, option=option, at=at):
        ids = list(old.values_list("pk", flat=True)[: BATCH - gone])
        gone += delete_with_words(rows.model._default_manager.filter(pk__in=ids)) if ids else 0
        if gone >= BATCH:
            break
    return gone


@transaction.atomic
def erase_relations(*, at: dt.datetime) -> int:
    """Delete guardianships and authorisations that ended longer ago than the community keeps them; how many."""
    gone = 0
    for model, whose in ((Guardianship, "child"), (Authorisation, "principal")):
        over = model._default_manager.filter(until__isnull=False)
        gone += _delete(over, community=f"{whose}__community", since="until", at=at, option=choices.RELATIONS_KEEP_DAYS)
    return gone


@transaction.atomic
def erase_requests(*, at: dt.datetime) -> int:
    """Clear what stands in requests that were answered longer ago than the community keeps it; how many."""
    answered = DataRequest.objects.filter(state__in=DataRequest.FINAL, erased_on__isnull=True)
    gone = 0
    for old, _limit in outlived(
        answered, community="community", since="state_since", option=choices.REQUESTS_KEEP_DAYS, at=at
    ):
        gone += blank_requests(DataRequest.objects.filter(pk__in=old.values("pk")[: BATCH - gone]), at)
        if gone >= BATCH:
            break
    return gone


@transaction.atomic
def erase_closed_accounts(*, at: dt.datetime) -> int:
    """Clear what accounts signed in with that were closed longer ago than the community keeps it; how many."""
    closed = User.objects.filter(HOLDS_SOMETHING, is_active=False, closed_at__isnull=False)
    return sum(
        blank_closed(User.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:BATCH])))
        for old, _limit in outlived(
            closed, community="person__community", since="closed_at", option=choices.CLOSED_KEEP_DAYS, at=at
        )
    )


def erase_left(*, at: dt.datetime) -> int:
    """Erase, purpose by purpose, people who left: without account, home, office, family tie or anything under way, and
    the last of it over for longer than their community keeps them. Each in a transaction of its own; how many.

    Whom something binds that no query tells is passed by, and does not stand in the way of those behind. In a city it
    is too much to ask about everybody each hour: every hour has its part of the people (``_of_this_hour``)."""
    gone = 0
    people = _of_this_hour(Person.objects.live().filter(erased_on__isnull=True), at)
    for old, limit in outlived(
        people, community="community", since="created_at", option=choices.PEOPLE_KEEP_DAYS, at=at
    ):
        last = 0
        while gone < BATCH and (batch := list(old.filter(pk__gt=last).order_by("pk")[:BATCH])):
            bound = _bound_among([person.pk for person in batch], limit)
            left = [person for person in batch if person.pk not in bound][: BATCH - gone]
            gone += sum(_erase_unless_bound(person, at) for person in left)
            last = batch[-1].pk
        if gone >= BATCH:
            break
    if gone:
        audit.record("people.erased", actor_id=None, at=at, details={"people": gone})
    return gone


def _of_this_hour(people: Any, at: dt.datetime) -> Any:
    """Those of ``people`` whose turn it is in the hour of ``at``: ``AN_HOUR`` keys, one after the other, and from the
    beginning again. A town's are looked at every hour, a million people in two days."""
    keys = Person.objects.aggregate(first=models.Min("pk"), last=models.Max("pk"))
    if keys["first"] is None:
        return people
    parts = (keys["last"] - keys["first"]) // AN_HOUR + 1
    begin = keys["first"] + int(at.timestamp()) // 3600 % parts * AN_HOUR
    return people.filter(pk__gte=begin, pk__lt=begin + AN_HOUR)


@transaction.atomic
def _erase_unless_bound(person: Person, at: dt.datetime) -> bool:
    """Erase the person, unless something binds them now that their row is held: what the erasing itself would ask."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if binding(person.record_ids(), at):
        return False
    forget(person=person, at=at, actor_id=None)
    return True


def _bound_among(standing: list[int], since: dt.datetime) -> set[int]:
    """Those of the people ``standing`` whom something binds that is open or ended after ``since``. The records merged
    into one count with it, however deep. Each question is asked of these people alone, by index."""
    records = Person.objects.records_of(standing)
    ids, day = list(records), since.date()
    active = models.Q(is_active=True) | models.Q(closed_at__gt=since)
    lasting = models.Q(until__isnull=True) | models.Q(until__gt=day)
    asked = models.Q(state=DataRequest.State.ASKED) | models.Q(state_since__gt=since)
    standing_ties = models.Q(state__in=_STANDING) | models.Q(state_since__gt=since)
    rows: list[tuple[Any, str]] = [
        (User.objects.filter(active), "person"),
        *((model._default_manager.filter(standing_ties), "person") for model in (Residency, Ownership)),
        (Representative.objects.filter(lasting), "person"),
        (Role.objects.filter(models.Q(until__isnull=True) | models.Q(until__gt=since)), "user__person"),
        *((Guardianship.objects.filter(lasting), end) for end in ("child", "guardian")),
        *((Authorisation.objects.filter(lasting), end) for end in ("principal", "agent")),
        (DataRequest.objects.filter(asked), "subject"),
    ]
    bound = {pk for found, whose in rows for pk in _whose(found, whose, ids)}
    for matter in open_matters:
        if matter.bound is not None:
            bound.update(matter.bound(ids, since))
    return {records[pk] for pk in bound}


def _whose(rows: Any, whose: str, ids: list[int]) -> Any:
    return rows.filter(**{f"{whose}__in": ids}).values_list(whose, flat=True).distinct()


def erase_filters(*, at: dt.datetime) -> int:
    """Forget filters that were kept under a name a year ago and not since; how many."""
    return SavedFilter.objects.filter(created_at__lt=at - FILTERS_KEPT).delete()[0]
