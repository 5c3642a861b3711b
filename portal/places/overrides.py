"""Overrides of the options that rooms declare: read for an area, set for an area, each change on the record."""

from typing import Any

from django.db import transaction

from portal.core import audit, options

from .models import Area, AreaOption


def resolve(key: str, area: Area) -> tuple[bool, Any]:
    """(found, value) of the nearest override of ``key`` at ``area`` or above it: one query."""
    lineage = area.lineage_ids
    found = dict(AreaOption.objects.filter(area_id__in=lineage, key=key).values_list("area_id", "value"))
    for area_id in reversed(lineage):
        if area_id in found:
            return True, found[area_id]
    return False, None


@transaction.atomic
def set_option(*, area: Area, key: str, value: Any, actor_id: int | None) -> AreaOption:
    """Override the declared option ``key`` for ``area`` and everything below it.

    KeyError for an unknown key, TypeError for a value of another kind, ValidationError for one out of its limits.
    """
    options.declared()[key].check(value)
    override, _created = AreaOption.objects.update_or_create(area=area, key=key, defaults={"value": value})
    audit.record("option.set", actor_id=actor_id, subject=area, details={"key": key, "value": value})
    return override


@transaction.atomic
def clear_option(*, area: Area, key: str, actor_id: int | None) -> None:
    """Return ``area`` to what is set above it, or to the default."""
    if AreaOption.objects.filter(area=area, key=key).delete()[0]:
        audit.record("option.cleared", actor_id=actor_id, subject=area, details={"key": key})
