"""A building passes to another grid of its community: the grid's desk sees its households and people from then on."""

import datetime as dt

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import audit
from portal.core.changes import changed, rows_changed
from portal.people.models import Ownership, Person, PersonArea, Residency, TieState, User
from portal.places.models import Area, Building, Level

from . import access
from .trail import name_verb

name_verb("building.regridded", gettext_lazy("调整网格"))
STANDING = (TieState.CLAIMED, TieState.CONFIRMED)


def may_regrid(actor: User, building: Building) -> bool:
    """Who keeps the places of the whole community: to which grid a building belongs is not one grid's to say."""
    return access.may_edit_places(actor, community=building.community)


@transaction.atomic
def regrid(*, building: Building, grid: Area | None, actor: User, at: dt.datetime, reason: str) -> None:
    """``building`` belongs to ``grid`` (None: to no grid) from ``at`` on, and so do those who live or own there. Work
    that is open stays where it was begun.

    PermissionDenied for who does not keep the community's places; ValidationError without a reason, for a grid of
    another community, and where nothing changes.
    """
    if not may_regrid(actor, building):
        raise PermissionDenied
    if not reason.strip():
        raise ValidationError({"reason": _("请写明为什么调整，例如网格重新划分。")})
    row = Building.objects.select_for_update(of=("self",)).get(pk=building.pk)
    if grid is not None and (grid.level != Level.GRID or grid.parent_id != row.community_id):
        raise ValidationError({"grid": _("网格要在这个社区里。")})
    if row.grid_id == (grid.pk if grid is not None else None):
        raise ValidationError({"grid": _("和现在登记的一样，没有调整。")})
    details = {"from": row.grid_id, "to": grid.pk if grid is not None else None}
    row.grid = grid
    row.save(update_fields=["grid"])
    changed(row)
    if grid is not None:
        _note(row, grid)
    building.grid = grid
    audit.record("building.regridded", actor_id=actor.pk, subject=row, at=at, details=details, reason=reason.strip())


def _note(building: Building, grid: Area) -> None:
    """Everybody who lives or owns there belongs to the grid: two queries and one write, however many."""
    ids = set()
    for model in (Residency, Ownership):
        ties = model._default_manager.filter(household__building=building, state__in=STANDING)
        ids |= set(ties.values_list("person", flat=True))
    rows = [PersonArea(person_id=pk, community_id=building.community_id, grid_id=grid.pk) for pk in sorted(ids)]
    PersonArea.objects.bulk_create(rows, ignore_conflicts=True)
    rows_changed(Person, sorted(ids))
