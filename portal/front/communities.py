"""Finding one's community: down the tree of areas, or by typing a part of its name. No page grows with the city."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, When
from django.db.models.functions import Concat

from portal.core.plaintext import clean_text
from portal.core.whole_numbers import holds_number
from portal.places.models import Area, Building, Estate, Level

FEW = 12  # so many need no branches to open
WHOLE = 60  # so many communities are shown at once; above it one goes down the tree a level at a time
MOST_FOUND = 30
LONGEST_QUERY = 20
MOST_WORDS = 4
ESTATES_SHOWN = 3
LONGEST_READ = 1000
_DOOR = re.compile(r"\d+(?:栋|幢|号楼|座|单元|室|号).*$")


@dataclass
class Branch:
    """An area of the tree with how many open communities lie below it."""

    area: Area
    count: int = 0
    branches: list["Branch"] = field(default_factory=list)
    communities: list[Area] = field(default_factory=list)

    def holds(self, community: Area | None) -> bool:
        """Whether ``community`` lies below."""
        return community is not None and community.path.startswith(self.area.path)


@dataclass(frozen=True)
class Choice:
    """One page of the choice: where one stands in the tree, and what lies below.

    ``whole`` says that the branches hold their communities; otherwise each branch is a step down. At a sub-district the
    communities themselves are listed, ``WHOLE`` a page from ``first`` on.
    """

    here: Branch | None
    above: list[Area]
    total: int
    branches: list[Branch]
    communities: list[Area]
    whole: bool
    first: int = 0

    @property
    def groups(self) -> list[tuple[str, list[Branch]]]:
        """The sub-districts with their communities under the names of the areas between here and them."""
        found: dict[str, list[Branch]] = {}

        def walk(branch: Branch, above: str) -> None:
            if not branch.branches:
                found.setdefault(above, []).append(branch)
            for below in branch.branches:
                walk(below, f"{above} {branch.area.name}".strip())

        for branch in self.branches:
            walk(branch, "")
        return list(found.items())

    @property
    def few(self) -> bool:
        """Whether so few communities are there at all that none need be folded away."""
        return self.total <= FEW

    @property
    def more(self) -> int | None:
        """Where the next page begins; None on the last."""
        then = self.first + WHOLE
        return then if self.here is not None and self.communities and then < self.here.count else None

    @property
    def before(self) -> int | None:
        """Where the page before begins; None on the first."""
        return max(self.first - WHOLE, 0) if self.first else None


@dataclass(frozen=True)
class Found:
    """A community that the words lead to; ``estates`` are those of its 小区 that made them fit, in one text."""

    area: Area
    estates: str = ""


def find(query: str) -> tuple[list[Found], bool]:
    """Open communities of which every word of ``query`` is a part of what they are called with city, district and
    sub-district before it, or of a 小区 or a street of theirs; those called so themselves first; at most 30, and
    whether there are more. Nothing for an empty query, nor for one that holds a phone or an ID number. Two queries."""
    text = clean_text(unicodedata.normalize("NFKC", query[:LONGEST_READ]))
    words = _names_in(text[:LONGEST_QUERY])
    if not words or holds_number(text):
        return [], False
    whole = Concat("parent__parent__parent__name", "parent__parent__name", "parent__name", "name")
    rows = Area.objects.open().select_related("parent__parent__parent").annotate(whole=whole)
    for word in words:
        rows = rows.filter(_named(word))
    own = Case(When(name__icontains=words[0], then=0), default=1)
    areas = list(rows.order_by(own, "parent__path", "name", "pk")[: MOST_FOUND + 1])
    return list(_with_estates(areas[:MOST_FOUND], words)), len(areas) > MOST_FOUND


def _names_in(text: str) -> list[str]:
    """The words of ``text`` to look for. 五公司小区15栋 is looked for as 五公司小区: what stands at a door names no
    place, as long as there is another word."""
    words = text.split()[:MOST_WORDS]
    return [name for word in words if (name := _DOOR.sub("", word))] or words


def _named(word: str) -> Q:
    """Whether an area is called ``word``, lies where something is called so, or has such a 小区 or street."""
    estates = Estate.objects.filter(community=OuterRef("pk"), name__icontains=word)
    # A self-built house is called by its street and number; other buildings say the street in their address.
    called = Q(kind=Building.Kind.SELF_BUILT, name__icontains=word) | Q(address__icontains=word)
    streets = Building.objects.filter(called, community=OuterRef("pk"))
    return Q(whole__icontains=word) | Q(address__icontains=word) | Q(Exists(estates)) | Q(Exists(streets))


def _with_estates(areas: Sequence[Area], words: list[str]) -> Iterable[Found]:
    """Each area with those of its 小区 whose names hold one of ``words``: one query."""
    called = Q()
    for word in words:
        called |= Q(name__icontains=word)
    names: dict[int, list[str]] = defaultdict(list)
    for community, name in Estate.objects.filter(called, community__in=areas).values_list("community", "name"):
        names[community].append(name)
    return (Found(area, "、".join(names[area.pk][:ESTATES_SHOWN])) for area in areas)


def level_at(area_id: int | None, *, first: int = 0) -> Choice:
    """The page at the area ``area_id`` (None, or one that has no open community below it: at the top).

    1. every sub-district that has open communities is counted, and the counts are added up the tree;
    2. a level that has one branch alone is passed over, unless it was asked for;
    3. where few enough communities lie below, they are all shown in their branches.
    """
    roots, by_id = _counted()
    here = by_id.get(area_id) if area_id is not None else None
    branches = here.branches if here is not None else roots
    if here is None:
        while len(branches) == 1 and branches[0].branches:
            branches = branches[0].branches
    below = sum(branch.count for branch in branches) if branches else (here.count if here is not None else 0)
    whole = below <= WHOLE
    shown: list[Area] = []
    if here is not None and not branches:
        shown = list(_communities_of([here.area.pk])[first : first + WHOLE])
    elif whole:
        _fill(branches)
    total = sum(branch.count for branch in roots)
    above = [by_id[pk].area for pk in here.area.lineage_ids[:-1] if pk in by_id] if here is not None else []
    return Choice(here, above, total, branches, shown, whole and not shown, first)


def _communities_of(subdistricts: Iterable[int]) -> QuerySet[Area]:
    return Area.objects.open().filter(parent__in=subdistricts).listed()


def _counted() -> tuple[list[Branch], dict[int, Branch]]:
    """The tree down to the sub-districts, counted: its roots, and every branch by id. Two queries."""
    counts = dict(Area.objects.open().order_by().values_list("parent").annotate(n=Count("pk")))
    by_id: dict[int, Branch] = {}
    above = Area.objects.filter(level__in=[Level.CITY, Level.DISTRICT, Level.SUBDISTRICT]).order_by("path")
    for area in above:
        by_id[area.pk] = Branch(area)
    for pk, count in counts.items():
        for above_id in by_id[pk].area.lineage_ids:
            by_id[above_id].count += count
    roots = []
    for branch in by_id.values():
        if branch.count and branch.area.parent_id is None:
            roots.append(branch)
        elif branch.count and branch.area.parent_id is not None:
            by_id[branch.area.parent_id].branches.append(branch)
    return roots, {pk: branch for pk, branch in by_id.items() if branch.count}


def _fill(branches: list[Branch]) -> None:
    """Give every sub-district below ``branches`` its communities: one query."""
    leaves = {leaf.area.pk: leaf for branch in branches for leaf in _leaves(branch)}
    by_parent: dict[int, list[Area]] = defaultdict(list)
    for area in _communities_of(leaves):
        by_parent[area.parent_id or 0].append(area)
    for pk, leaf in leaves.items():
        leaf.communities = by_parent[pk]


def _leaves(branch: Branch) -> list[Branch]:
    if not branch.branches:
        return [branch]
    return [leaf for below in branch.branches for leaf in _leaves(below)]
