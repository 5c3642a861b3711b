"""A building passes to another grid of its community: the grid's desk sees its households and people from then on."""

import datetime as dt
from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import audit, reasons
from portal.core.changes import changed, rows_changed
from portal.people.models import Ownership, Person, PersonArea, Request, Residency, Role, TieState, User
from portal.places.models import Area, Building, Level

from . import access
from .trail import name_verb

name_verb("building.regridded", gettext_lazy("调整网格"))
NAMED = 8
STANDING = (TieState.CLAIMED, TieState.CONFIRMED)


def may_regrid(actor: User, building: Building) -> bool:
    """Who keeps the places of the whole community: to which grid a building belongs is not one grid's to say."""
    return access.may_edit_places(actor, community=building.community)


@dataclass(frozen=True)
class AtStake:
    """What hangs on a building: how many households, people who live or own there, requests under way from there, and
    who works for its present grid (the first ``NAMED``; ``staff`` counts all)."""

    households: int
    people: int
    requests: int
    names: list[str]
    staff: int


def at_stake(building: Building) -> AtStake:
    """See ``AtStake``: a few queries, however big the building."""
    people = set()
    for model in (Residency, Ownership):
        ties = model._default_manager.filter(household__building=building, state__in=STANDING).order_by()
        people |= set(ties.values_list("person", flat=True).distinct())
    rooms = [model for model in apps.get_models() if issubclass(model, Request)]
    requests = sum(
        model._default_manager.filter(household__building=building).open().count()  # type: ignore[attr-defined]
        for model in rooms
    )
    offices = Role.objects.current().filter(area=building.grid_id).order_by()
    staff = User.objects.filter(pk__in=offices.values("user")).select_related("person").order_by("pk")
    return AtStake(
        households=building.households.count(),
        people=len(set(Person.objects.records_of(people).values())),
        requests=requests,
        names=[str(user) for user in staff[:NAMED]],
        staff=staff.count(),
    )


@transaction.atomic
def regrid(
    *,
    building: Building,
    grid: Area | None,
    actor: User,
    at: dt.datetime,
    reason: str,
    leaves_all: bool = False,
) -> None:
    """``building`` belongs to ``grid`` (None: to no grid) from ``at`` on, and so do those who live or own there. Work
    that is open stays where it was begun.

    That it leaves every grid is said by ``leaves_all`` too: it is easily chosen by mistake. PermissionDenied for who
    does not keep the community's places; ValidationError without a reason, for a grid of another community, and where
    nothing changes.
    """
    if not may_regrid(actor, building):
        raise PermissionDenied
    reason = reasons.check(reason, _("请写明为什么调整，例如网格重新划分。"))
    row = Building.objects.select_for_update(of=("self",)).get(pk=building.pk)
    if grid is not None and (grid.level != Level.GRID or grid.parent_id != row.community_id):
        raise ValidationError({"grid": _("网格要在这个社区里。")})
    if row.grid_id == (grid.pk if grid is not None else None):
        raise ValidationError({"grid": _("和现在登记的一样，没有调整。")})
    if grid is None and not leaves_all:
        raise ValidationError({"leaves_all": _("这样改以后没有网格管这栋楼，确定的话请勾上这一项。")})
    details = {"from": row.grid_id, "to": grid.pk if grid is not None else None}
    row.grid = grid
    row.save(update_fields=["grid"])
    changed(row)
    if grid is not None:
        _note(row, grid)
    building.grid = grid
    audit.record("building.regridded", actor_id=actor.pk, subject=row, at=at, details=details, reason=reason)


def _note(building: Building, grid: Area) -> None:
    """Everybody who lives or owns there belongs to the grid: two queries and one write, however many."""
    ids = set()
    for model in (Residency, Ownership):
        ties = model._default_manager.filter(household__building=building, state__in=STANDING)
        ids |= set(ties.values_list("person", flat=True))
    rows = [PersonArea(person_id=pk, community_id=building.community_id, grid_id=grid.pk) for pk in sorted(ids)]
    PersonArea.objects.bulk_create(rows, ignore_conflicts=True)
    rows_changed(Person, sorted(ids))
