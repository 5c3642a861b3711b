"""Lists of the desk that are searched through the index instead of reading their table: those whose records, or the
people and places that their records point at, stand in it."""

from typing import Any

from django.db import models

from portal.people.models import Person
from portal.search.keeping import scoped
from portal.search.looking import ids_of
from portal.search.sources import Source
from portal.search.terms import Query

from .pathways import steps

ITSELF = ""


def ways(model: type[models.Model], search_fields: Any, through: tuple[str, ...] = ()) -> dict[str, Source] | None:
    """By which path the search fields of a list lead to what stands in the index (``""``: its own records); None where
    one of them leads nowhere there: then the list is searched as Django does. ``through``: paths to records whose own
    entries are asked beside, where those of the list do not hold their names."""
    found: dict[str, Source] = {}
    for name in search_fields:
        path, source = _first_indexed(model, name)
        if source is None:
            return None
        found[path] = source
    for path in through:
        *_before, (_path, reached) = steps(model, path)
        if (beside := scoped.of(reached)) is not None:
            found[path] = beside
    return found or None


def _first_indexed(model: type[models.Model], name: str) -> tuple[str, Source | None]:
    """The first model on the way of a search field that stands in the index, and the path to it."""
    for path, reached in steps(model, name):
        if (source := scoped.of(reached)) is not None:
            return path, source
    return ITSELF, None


def narrowed(
    rows: models.QuerySet[Any], *, by: dict[str, Source], text: str, user: Any, beyond: bool = False
) -> tuple[Any, bool]:
    """Those of ``rows`` that hold ``text``, and whether the index had more than it was asked for.

    A list of indexed records is asked the whole question. Where several ways lead there, every typed word must be found
    by one of them, as Django does it. ``beyond``: the list holds records that lie outside of the user's areas.
    """
    words = [text] if len(by) == 1 else text.split()
    queries = [query for word in words if (query := Query(word))]
    if not queries:
        return rows.none(), False
    any_cut = False
    for query in queries:
        condition = models.Q(pk__in=[])
        for path, source in by.items():
            ids, cut = _ids(source, query, user, through=beyond or path != ITSELF)
            any_cut = any_cut or cut
            condition |= models.Q(**{f"{path}__in" if path else "pk__in": ids})
        rows = rows.filter(condition)
    return rows, any_cut


def _ids(source: Source, query: Query, user: Any, *, through: bool) -> tuple[list[int], bool]:
    """Ids that may be meant. Records that point at people and places may point beyond the user's areas: what the list
    itself shows decides, so these are looked for in both ways. One who is found by a name is meant with every record
    that was put together: what points at an earlier one is theirs too."""
    near = ids_of(source, query, user)
    far = ids_of(source, query, user, everywhere=True) if through else near
    ids = {*near.ids, *far.ids}
    if through and source.model is Person:
        ids.update(Person.objects.records_of(ids))
    return list(ids), near.cut or far.cut
