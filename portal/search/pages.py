"""Pages that are found by name: what rooms registered with ``sources.offers``, matched in memory by the same terms."""

from dataclasses import dataclass

from .sources import Offer, offers
from .terms import Query, flat


@dataclass(frozen=True)
class Matches:
    """The pages of one group that hold what was asked for, best first."""

    id: str
    label: str
    pages: list[Offer]


def look_offers(query: Query) -> list[Matches]:
    """Of every group what ``query`` asks for, groups without any left out; no query."""
    found = []
    for group in offers:
        pages = [page for page in group.gather() if query.found_in(str(page.label), str(page.sub), str(page.words))]
        pages.sort(key=lambda page: (_place(page, query), page.order))
        if pages:
            found.append(Matches(group.id, str(group.label), pages))
    return found


def _place(page: Offer, query: Query) -> int:
    """Lower is better: the name itself, in the name, anywhere."""
    name = flat(str(page.label))
    return 0 if name == query.flat else 1 if query.flat in name else 2
