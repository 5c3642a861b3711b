"""Pages of long lists: rows are counted up to a bound, so that opening a list costs the same in a town as in a city."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property

COUNTED_UP_TO = 10_000


class BoundedPaginator(Paginator):
    """Counts at most ``COUNTED_UP_TO`` rows; whoever needs more filters first. ``is_cut`` says that there are more."""

    @cached_property
    def _seen(self) -> int:
        rows: Any = self.object_list
        return rows.order_by()[: COUNTED_UP_TO + 1].count() if hasattr(rows, "query") else len(rows)

    @property
    def is_cut(self) -> bool:
        """More rows exist than were counted."""
        return self._seen > COUNTED_UP_TO

    @cached_property
    def count(self) -> int:
        """Rows, at most the bound."""
        return min(self._seen, COUNTED_UP_TO)
