"""What tests of the search ask, and a fresh index to hold the standing one against."""

from typing import Any

from portal.search import keeping, looking
from portal.search.looking import look_public, look_scoped
from portal.search.models import PublicEntry, ScopedEntry
from portal.search.terms import Query


def public_ids(typed: str, kind: str = "wish") -> list[int]:
    """Ids of public records of a kind, best first."""
    return next((found.ids for found in look_public(Query(typed)) if found.source.id == kind), [])


def scoped_ids(typed: str, user: Any, kind: str = "person") -> list[int]:
    """Ids of scoped records of a kind that ``user`` may be shown, best first."""
    return next((found.ids for found in look_scoped(Query(typed), user) if found.source.id == kind), [])


def differing() -> list[str]:
    """Where the index is not what a fresh one would be."""
    return [f"{found.source}: {found}" for found in keeping.differences() if found]


def everything() -> dict[tuple[str, str, int], tuple[str, str, frozenset[str]]]:
    """Every entry: (table, kind, record) → (title, rest, terms)."""
    return {
        (model.__name__, entry.kind, entry.object_id): (entry.title, entry.rest, entry.terms)
        for model in (PublicEntry, ScopedEntry)
        for entry in model.objects.all()
    }


__all__ = ["differing", "everything", "looking", "public_ids", "scoped_ids"]
