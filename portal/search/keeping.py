"""The index follows the records: what changed is read anew and written in the same transaction.

Two transactions may touch one entry at once (a person comes to belong to two communities). So the standing entries are
locked first and the records read after that: whoever comes second reads what the first has committed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from . import marks
from .models import Entry, PublicEntry, ScopedEntry
from .sources import REST, TITLE, Document, Source, Sources
from .terms import cut

BATCH = 500
_WRITTEN = ["title", "rest", "terms"]


def _entry(model: type[Any], source: Source, document: Document) -> Any:
    """The entry that ``document`` makes."""
    title, rest = document.title[:TITLE], document.rest[:REST]
    terms = cut(title) | cut(rest) | {marks.kind(source.id).text} | marks.of_paths(document.paths)
    if source.tiers:
        terms |= {marks.TITLE + term for term in cut(title)}
    return model(kind=source.id, object_id=document.object_id, title=title, rest=rest, terms=frozenset(terms))


def _differs(entry: Entry, standing: Entry | None) -> bool:
    return standing is None or any(getattr(entry, name) != getattr(standing, name) for name in _WRITTEN)


def _keep(model: type[Any], source: Source, ids: list[int]) -> None:
    """Make the entries of these records what their documents say; those without a document go."""
    for start in range(0, len(ids), BATCH):
        with transaction.atomic():
            _keep_batch(model, source, ids[start : start + BATCH])


def _keep_batch(model: type[Any], source: Source, ids: list[int]) -> None:
    wanted: models.QuerySet[Any] = model.objects.filter(kind=source.id, object_id__in=ids)
    standing = {entry.object_id: entry for entry in wanted.select_for_update().order_by("object_id")}
    entries = {document.object_id: _entry(model, source, document) for document in source.documents(ids)}
    gone = [entry.pk for object_id, entry in standing.items() if object_id not in entries]
    if gone:
        model.objects.filter(pk__in=gone).delete()
    new = [entries[key] for key in sorted(entries) if _differs(entries[key], standing.get(key))]
    if new:
        model.objects.bulk_create(
            new, update_conflicts=True, unique_fields=["kind", "object_id"], update_fields=_WRITTEN
        )


def keep_public(source: Source, ids: list[int]) -> None:
    """Bring the public entries of these records up to date."""
    _keep(PublicEntry, source, ids)


def keep_scoped(source: Source, ids: list[int]) -> None:
    """Bring the scoped entries of these records up to date."""
    _keep(ScopedEntry, source, ids)


# The names by which ``follow`` is hung in: looked up when called, so that a test can take the hook off.
public = Sources(lambda source, ids: keep_public(source, ids))
scoped = Sources(lambda source, ids: keep_scoped(source, ids))


# The whole index -----------------------------------------------------------------------------------------------------


@dataclass
class Difference:
    """How the entries of a source differ from what a fresh index would hold: counts, and the ids of some records."""

    source: str
    entries: int = 0
    missing: int = 0
    stale: int = 0
    ghosts: int = 0
    some: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.missing or self.stale or self.ghosts)


def _tables() -> list[tuple[type[Any], Sources]]:
    return [(PublicEntry, public), (ScopedEntry, scoped)]


def _spans(model: type[Any], source: Source) -> Iterator[list[int]]:
    """The ids of every record and of every entry, in batches by rising key, each id once."""
    last = 0
    while True:
        records: models.QuerySet[Any] = source.model._base_manager.filter(pk__gt=last).order_by("pk")
        entries = model.objects.filter(kind=source.id, object_id__gt=last).order_by("object_id")
        found = [
            *records.values_list("pk", flat=True)[:BATCH],
            *entries.values_list("object_id", flat=True)[:BATCH],
        ]
        if not found:
            return
        span = sorted(set(found))[:BATCH]
        yield span
        last = span[-1]


def rebuild(progress: Callable[[str, int], None] = lambda _source, _done: None) -> dict[str, int]:
    """Bring every entry up to date, a batch a transaction, while the portal goes on; kinds that no room brings any more
    go. Returns the number of entries by source."""
    made = {}
    for model, sources in _tables():
        model.objects.exclude(kind__in=[source.id for source in sources]).delete()
        for source in sources:
            done = 0
            for span in _spans(model, source):
                _keep(model, source, span)
                progress(source.id, done := done + len(span))
            made[f"{model._meta.model_name}.{source.id}"] = model.objects.filter(kind=source.id).count()
    return made


def differences() -> list[Difference]:
    """What ``rebuild`` would change, by source; nothing is written."""
    found = []
    for model, sources in _tables():
        orphans = model.objects.exclude(kind__in=[source.id for source in sources]).count()
        if orphans:
            found.append(Difference(f"{model._meta.model_name}.?", entries=orphans, ghosts=orphans))
        found += [_difference(model, source) for source in sources]
    return found


def _difference(model: type[Any], source: Source) -> Difference:
    difference = Difference(f"{model._meta.model_name}.{source.id}")
    for span in _spans(model, source):
        standing = {row.object_id: row for row in model.objects.filter(kind=source.id, object_id__in=span)}
        entries = {document.object_id: _entry(model, source, document) for document in source.documents(span)}
        missing = entries.keys() - standing.keys()
        ghosts = standing.keys() - entries.keys()
        stale = {key for key in entries.keys() & standing.keys() if _differs(entries[key], standing[key])}
        difference.entries += len(standing)
        difference.missing += len(missing)
        difference.ghosts += len(ghosts)
        difference.stale += len(stale)
        difference.some = (*difference.some, *sorted(missing | ghosts | stale))[:10]
    return difference
