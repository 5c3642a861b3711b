"""One record of any model, made from its fields alone: so that what must hold for every table is tested on every one.

A room that comes later is covered without a line here, unless its constraints ask for more than each field's type;
then ``SPECIAL`` says what.
"""

import datetime as dt
import itertools
from typing import Any

from django.apps import apps
from django.db import models

from portal.core import clock
from portal.core.sealed import BlindIndexField, SealedField, SealedJSONField
from tests import worlds

OURS = ("portal.", "alliance.", "services.", "landlords.")
_serial = itertools.count(1)


def our_models() -> list[type[models.Model]]:
    """Every table of ours."""
    return [model for model in apps.get_models() if model.__module__.startswith(OURS)]


def sealed_fields(model: type[models.Model]) -> list[SealedField]:
    return [field for field in model._meta.local_concrete_fields if isinstance(field, SealedField)]


def _area(level: str) -> Any:
    return lambda: worlds.community() if level == "community" else worlds.grid(worlds.community())


# What a field's type does not tell.
SPECIAL: dict[str, dict[str, Any]] = {
    "core.Remark": {"transition": lambda: make("core.Transition")},
    "places.Area": {"level": "grid", "parent": worlds.community},
    "people.Role": {"kind": "grid_worker", "area": _area("grid")},
    "people.Ownership": {"share_numerator": 1, "share_denominator": 2},
    "people.Guardianship": {"child": worlds.person, "guardian": worlds.person},
    "people.Authorisation": {"principal": worlds.person, "agent": worlds.person},
    "people.DataRequest": {"kind": "erase"},
    "wishes.Wish": {"code": lambda: f"{next(_serial):09d}"},
}
BY_NAME: dict[str, Any] = {"community": _area("community"), "grid": _area("grid"), "state_since": clock.now}


def make(model: type[models.Model] | str, *, sealed: str = "", **given: Any) -> Any:
    """A saved record of ``model`` with every required field filled; every sealed field holds ``sealed`` if given."""
    cls = apps.get_model(model) if isinstance(model, str) else model
    values = {**SPECIAL.get(cls._meta.label, {}), **given}
    for field in cls._meta.local_concrete_fields:
        if field.name not in values:
            found = _value(field, sealed)
            if found is not None:
                values[field.name] = found
    return cls._base_manager.create(**{name: value() if callable(value) else value for name, value in values.items()})


def _value(field: models.Field, sealed: str) -> Any:
    """A fitting value; None leaves the field to its default."""
    if isinstance(field, SealedJSONField):
        return {"typed": sealed} if sealed else None
    if isinstance(field, SealedField):
        return sealed or ("words" if not field.has_default() and not field.null else None)
    if isinstance(field, BlindIndexField) or field.primary_key or field.null or field.has_default():
        return None
    if field.name in BY_NAME:
        return BY_NAME[field.name]
    if isinstance(field, models.ForeignKey):
        return lambda: make(field.related_model)
    return _plain(field)


def _plain(field: models.Field) -> Any:
    if field.blank and field.empty_strings_allowed:
        return None
    if isinstance(field, models.JSONField):
        return {}
    if field.choices:
        return next(value for value, _label in field.flatchoices if value)
    if isinstance(field, models.DateTimeField):
        return clock.now()
    if isinstance(field, models.DateField):
        return dt.date(2026, 1, 1) + dt.timedelta(days=next(_serial) % 300)
    if isinstance(field, models.IntegerField | models.DecimalField):
        return next(_serial)
    if isinstance(field, models.BooleanField):
        return True
    if isinstance(field, models.FileField):
        return "no/such/file"
    if isinstance(field, models.CharField | models.TextField):
        return f"w{next(_serial)}"[: field.max_length]
    return None
