"""From candidates to what is shown: every one is asked again through the room's own rule, so that a stale index says
nothing to anybody."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from .looking import Candidates


@dataclass(frozen=True)
class Shown:
    """A page of records that the reader may see, best first; ``count`` of them there are, and more where ``cut``."""

    records: list[Any]
    count: int
    cut: bool

    @property
    def count_text(self) -> str:
        return f"{self.count}+" if self.cut else str(self.count)


def shown(candidates: Candidates, rows: QuerySet[Any], *, first: int = 0, size: int) -> Shown:
    """The ``size`` best from the ``first`` on of those candidates that are among ``rows``: two queries. Of equally good
    ones those first that come first in the source's own order."""
    if not candidates.ids:
        return Shown([], 0, candidates.cut)
    source = candidates.source
    visible = list(rows.filter(pk__in=candidates.ids).order_by(*source.order_by).values_list("pk", flat=True))
    ordered = _in_order(candidates, visible)
    page = ordered[first : first + size]
    found = rows.filter(pk__in=page).select_related(*source.related).defer(*source.deferred) if page else []
    records = {record.pk: record for record in found}
    return Shown([records[pk] for pk in page if pk in records], len(ordered), candidates.cut)


def _in_order(candidates: Candidates, visible: list[int]) -> list[int]:
    """``visible`` by their relevance, and as they stand within it; as the candidates stand where they have none."""
    if candidates.relevance:
        return sorted(visible, key=candidates.relevance.__getitem__)
    among = set(visible)
    return [pk for pk in candidates.ids if pk in among]
