"""Of what a person may have one, all records of theirs counted together: read from the constraints of every room.

A database constraint holds for one record. Where several records are one human being, two rows that each satisfy it
may come to stand side by side: before records are merged, and before an act makes such a row for a merged person, the
constraints are therefore read from the models and asked over all records. A later room is covered by itself.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from .models import Person

# Rows that only say “belongs there too”: two records may both say so.
_SETS = {"person_community_once", "person_grid_once"}


@dataclass(frozen=True)
class Rule:
    """A uniqueness that ``part`` (a key to Person) has a share in, beside the columns ``rest``; of the rows that
    satisfy ``condition``."""

    model: type[models.Model]
    part: str
    rest: tuple[str, ...] = ()
    condition: models.Q | None = None
    nulls_differ: bool = True

    def rows(self) -> models.QuerySet[Any]:
        rows = self.model._base_manager.all()
        return rows if self.condition is None else rows.filter(self.condition)


def parts() -> list[tuple[type[models.Model], Any]]:
    """Every key to Person of every room, as (model, field); the record's own pointer is none."""
    relations: Any = Person._meta.get_fields(include_hidden=True)
    found = [(rel.related_model, rel.field) for rel in relations if rel.one_to_many or rel.one_to_one]
    return [
        (model, field)
        for model, field in found
        if model is not Person and field.concrete and not model._meta.proxy and model._meta.managed
    ]


def rules() -> list[Rule]:
    """Every uniqueness in which a person takes part, over all rooms, read from the models as they are."""
    found = []
    for model, field in parts():
        if field.unique:
            found.append(Rule(model, field.name))
        for together in model._meta.unique_together:
            if field.name in together:
                found.append(Rule(model, field.name, _without(together, field.name)))
        for constraint in model._meta.constraints:
            names = _columns(constraint)
            if field.name in names and constraint.name not in _SETS:
                found.append(
                    Rule(
                        model,
                        field.name,
                        _without(names, field.name),
                        constraint.condition,  # type: ignore[attr-defined]
                        constraint.nulls_distinct is not False,  # type: ignore[attr-defined]
                    )
                )
    return found


def _without(names: Iterable[str], name: str) -> tuple[str, ...]:
    return tuple(other for other in names if other != name)


def _columns(constraint: models.BaseConstraint) -> tuple[str, ...]:
    """The columns of a uniqueness; those of an expression count as they stand, so that it is held at least as wide."""
    if not isinstance(constraint, models.UniqueConstraint):
        return ()
    inside = [part for whole in constraint.expressions for part in whole.flatten()]  # type: ignore[union-attr]
    named = [part.name for part in inside if isinstance(part, models.F)]  # type: ignore[attr-defined]
    return (*constraint.fields, *named)


Objector = Callable[[list[int], list[int]], str]
_OBJECTORS: list[Objector] = []


def objector(function: Objector) -> Objector:
    """Register why two may not be one for a reason that no constraint knows: ``(ids of one, ids of the other)`` gives
    words for the desk, empty for none."""
    _OBJECTORS.append(function)
    return function


def clashes(person: Person, into: Person) -> list[str]:
    """Why the two cannot be one, in words that say which rows; empty where they can. A query a rule."""
    ours, theirs = person.record_ids(), into.record_ids()
    found = [text for rule in rules() if (text := _clash(rule, ours, theirs))]
    found += _between(ours, theirs)
    found += [text for function in _OBJECTORS if (text := function(ours, theirs))]
    return list(dict.fromkeys(found))


def _key(rule: Rule, values: Iterable[Any], standing: dict[int, int]) -> tuple[Any, ...] | None:
    """What must not be there twice, keys to people by the record that stands; None where a NULL makes it differ."""
    key = []
    for name, value in zip(rule.rest, values, strict=True):
        if value is None and rule.nulls_differ:
            return None
        field = rule.model._meta.get_field(name)
        key.append(standing.get(value, value) if field.related_model is Person else value)
    return tuple(key)


def _standing_of(rule: Rule, rows: list[tuple[Any, ...]]) -> dict[int, int]:
    people = [at for at, name in enumerate(rule.rest) if rule.model._meta.get_field(name).related_model is Person]
    ids = {row[1 + at] for row in rows for at in people if row[1 + at] is not None}
    return Person.objects.records_of(ids) if ids else {}


def _clash(rule: Rule, ours: list[int], theirs: list[int]) -> str:
    rows = list(rule.rows().filter(**{f"{rule.part}__in": [*ours, *theirs]}).values_list(rule.part, *rule.rest))
    standing = _standing_of(rule, rows)
    seen: dict[bool, set[Any]] = {True: set(), False: set()}
    for owner, *values in rows:
        if (key := _key(rule, values, standing)) is not None:
            seen[owner in ours].add(key)
    both = seen[True] & seen[False]
    return _words(rule, min(both, key=str)) if both else ""


def _words(rule: Rule, key: tuple[Any, ...]) -> str:
    """Which rows clash: the kind of record, and what it is of (a household, a child)."""
    which = "、".join(filter(None, (_shown(rule, name, value) for name, value in zip(rule.rest, key, strict=True))))
    what = rule.model._meta.verbose_name
    if which:
        return _("两条记录都登记了“%(what)s”：%(which)s。") % {"what": what, "which": which}
    return _("两条记录都有“%(what)s”。") % {"what": what}


def _shown(rule: Rule, name: str, value: Any) -> str:
    field: Any = rule.model._meta.get_field(name)
    if field.related_model is not None:
        return str(field.related_model._base_manager.filter(pk=value).first() or "")
    return str(dict(field.flatchoices).get(value, "")) if field.choices else ""


def _between(ours: list[int], theirs: list[int]) -> list[str]:
    """Rows between the two that a check forbids of one person (a guardian of oneself), of those that still stand."""
    found = []
    fields: dict[type[models.Model], list[str]] = {}
    for model, field in parts():
        fields.setdefault(model, []).append(field.name)
    for model, names in fields.items():
        checks = [check for check in model._meta.constraints if isinstance(check, models.CheckConstraint)]
        for one in names:
            for other in names:
                if one != other and any(_compares(check.condition, one, other) for check in checks):
                    rows = _open_rows(model).filter(**{f"{one}__in": ours, f"{other}__in": theirs})
                    if rows.exists():
                        found.append(_("“%(what)s”登记在这两条记录之间。") % {"what": model._meta.verbose_name})
    return list(dict.fromkeys(found))


def _compares(condition: Any, one: str, other: str) -> bool:
    """Whether ``condition`` sets the column ``one`` beside ``other``, in either order."""
    for child in condition.children:
        if isinstance(child, models.Q):
            if _compares(child, one, other):
                return True
        elif {child[0], getattr(child[1], "name", None)} == {one, other}:
            return True
    return False


def _open_rows(model: type[models.Model]) -> models.QuerySet[Any]:
    """Rows that a uniqueness of the model still counts; all of them where none has a condition."""
    rows = model._base_manager.all()
    conditions = [
        constraint.condition
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint) and constraint.condition is not None
    ]
    for condition in conditions[:1]:
        rows = rows.filter(condition)
    return rows


# -- under the lock ----------------------------------------------------------------------------------------------------


def locked(*ids: int) -> dict[int, Person]:
    """The records, locked in the order of their keys to the end of the transaction and read anew."""
    rows = Person.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    return {person.pk: person for person in rows}


def standing_locked(*people: Person) -> list[Person]:
    """The records that stand for ``people``, their rows and those in between held to the end of the transaction: nobody
    merges them or takes them apart meanwhile, and no second row of one kind is made for them.

    For acts that make a row of which a person may have one only; they then ask ``stands_already``. The row itself is
    kept for the record that the caller gave, so that it is with its own when a merging is undone.
    """
    rows = locked(*(pk for person in people for pk in _chain(person)))
    while missing := {head for person in people if (head := _head(rows, person.pk)) not in rows}:
        rows = locked(*rows, *missing)  # merged in this very moment: its heir too
        if missing - rows.keys():
            raise Person.DoesNotExist
    return [rows[_head(rows, person.pk)] for person in people]


def _chain(person: Person) -> list[int]:
    """The keys of ``person`` and of what it is merged into, up to the record that stands."""
    ids = [person.pk]
    while person.merged_into is not None and person.merged_into.pk not in ids:
        person = person.merged_into
        ids.append(person.pk)
    return ids


def _head(rows: dict[int, Person], pk: int) -> int:
    """The record that ``pk`` leads to, as far as ``rows`` say."""
    met = {pk}
    while pk in rows and (above := rows[pk].merged_into_id) is not None and above not in met:
        pk = above
        met.add(pk)
    return pk


def stands_already(row: models.Model) -> bool:
    """Whether a row stands that ``row``, new and in its first state, would double, were all records of a person one."""
    for rule in rules():
        if rule.model is not type(row) or getattr(row, f"{rule.part}_id") is None:
            continue
        ids = list(Person.objects.records_of([getattr(row, f"{rule.part}_id")]))
        rows = list(
            rule.rows().filter(**{f"{rule.part}__in": ids}).exclude(pk=row.pk).values_list(rule.part, *rule.rest)
        )
        own = (row.pk, *(getattr(row, rule.model._meta.get_field(name).attname) for name in rule.rest))  # type: ignore[union-attr]
        standing = _standing_of(rule, [*rows, own])
        wanted = _key(rule, own[1:], standing)
        if wanted is not None and any(_key(rule, values, standing) == wanted for _owner, *values in rows):
            return True
    return False
