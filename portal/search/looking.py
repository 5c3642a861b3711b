"""Looking something up: candidates from the index, bounded and ranked. What may be shown is asked of the rooms after.

1. Of each kind the index is asked for at most ``BOUND`` entries that hold everything typed. On PostgreSQL the planner
   is kept from reading a table in order: it would for a very common word, and be wrong as soon as it is not.
2. Where there are more, those are any of them. So two more looks are taken, each bounded by itself: hits in the title,
   and hits among the newest ``WINDOW`` entries of the kind. ``cut`` says that there are others.
3. Ranked here, the same on both databases: the whole title, its beginning, next to each other in the title, apart in
   the title, next to each other anywhere, anywhere; of equals the record that came later.
4. A source whose records have an order of their own (``Source.order_by``: wishes, the open before the closed, then the
   newest day) is shown in it within equal relevance, by ``showing``: the whole title, in the title next to each other,
   apart in the title, beside it (``relevance``). An entry knows no day and no state, the rows do.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connections, models, transaction

from portal.people.access import roles_of

from . import marks
from .keeping import public, scoped
from .models import PublicEntry, ScopedEntry
from .sources import Source
from .terms import AllOf, Node, Query, flat

BOUND = 300  # candidates of one kind on a page
LIST_BOUND = 1000  # and of a list
WINDOW = 20_000
_READ = ("id", "object_id", "title", "rest")


@dataclass(frozen=True)
class Candidates:
    """Records of one source that may be meant, best first. ``cut``: there are more than were looked at; ``relevance``
    of each: the lower the better, and equal for those among which the source's own order decides."""

    source: Source
    ids: list[int] = field(default_factory=list)
    cut: bool = False
    relevance: dict[int, int] = field(default_factory=dict)


def look_public(query: Query) -> list[Candidates]:
    """Of every public source what ``query`` asks for. Touches no scoped entry."""
    if not query:
        return []
    with by_index(PublicEntry):
        return [_candidates(PublicEntry, source, query, None, BOUND) for source in public if source.asked_by(query)]


def look_scoped(query: Query, user: Any) -> list[Candidates]:
    """Of every source that ``user`` may look in, what lies at and below their areas."""
    if not query:
        return []
    with by_index(ScopedEntry):
        return [
            _candidates(ScopedEntry, source, query, scope, BOUND)
            for source in scoped
            if (scope := scope_of(user, source)) is not NOWHERE
        ]


def ids_of(source: Source, query: Query, user: Any, *, everywhere: bool = False) -> Candidates:
    """Of one scoped source, at most ``LIST_BOUND``, for a list whose own rows decide what is there. ``everywhere``
    looks beyond the user's areas too: for lists of records that point at these."""
    scope = None if everywhere else scope_of(user, source)
    if not query or scope is NOWHERE:
        return Candidates(source)
    with by_index(ScopedEntry):
        return _candidates(ScopedEntry, source, query, scope, LIST_BOUND)


NOWHERE = marks.areas([])


def scope_of(user: Any, source: Source) -> Node | None:
    """The question that keeps to the user's areas; None where everything is theirs, ``NOWHERE`` where nothing is."""
    if user.is_authenticated and user.is_active and user.is_superuser:
        return None
    held = {role.area_id for role in roles_of(user, source.roles)}
    return marks.areas(held) if held else NOWHERE


def _candidates(model: type[Any], source: Source, query: Query, scope: Node | None, bound: int) -> Candidates:
    frame = [marks.kind(source.id), *([scope] if scope is not None else [])]
    wanted = AllOf((*frame, query.node))
    found = list(model.objects.asking(wanted).only(*_READ)[: bound + 1])
    cut = len(found) > bound
    if cut:
        found = [*found[:bound], *_more(model, source, query, frame, bound)]
    ranked = sorted({entry.object_id: entry for entry in found}.values(), key=lambda entry: _rank(entry, query))
    kept = ranked[:bound]
    relevance = {entry.object_id: _RELEVANCE[_rank(entry, query)[0]] for entry in kept} if source.order_by else {}
    return Candidates(source, [entry.object_id for entry in kept], cut, relevance)


def _more(model: type[Any], source: Source, query: Query, frame: list[Node], bound: int) -> Iterator[Any]:
    """The two further looks where a kind has more than the bound."""
    if source.tiers:
        titled = AllOf((*frame, marks.in_title(query.node)))
        yield from model.objects.asking(titled).only(*_READ)[:bound]
    newest = model.objects.newest(source.id, WINDOW).asking(AllOf((*frame, query.node)))
    yield from newest.only(*_READ)[:bound]


_RELEVANCE = (0, 1, 1, 2, 3, 3)  # of the places of ``_rank``


def _rank(entry: Any, query: Query) -> tuple[int, int]:
    """Lower is better."""
    title, asked = flat(entry.title), query.flat
    if asked in title:
        place = 0 if title == asked else 1 if title.startswith(asked) else 2
    elif not entry.rest or query.found_in(entry.title):
        place = 3
    else:
        place = 4 if asked in flat(entry.rest) else 5
    return place, -entry.object_id


@contextmanager
def by_index(model: type[models.Model]) -> Iterator[None]:
    """On PostgreSQL: for this block no table is read in order as long as an index can answer."""
    connection = connections[model._default_manager.db]
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(using=connection.alias):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('enable_seqscan', 'off', true)")
        yield
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('enable_seqscan', 'on', true)")
