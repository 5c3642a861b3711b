"""The rows of a list as one member of staff sees them, with the filters and the search that stood on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG, PAGE_VAR, SEARCH_VAR
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from portal.people.access import communities_of, roles_of
from portal.places.models import Area, Level

from .. import finding
from .access import is_administrator
from .sources import ExportSource

_NO_FILTERS = (SEARCH_VAR, finding.FOUND_VAR, PAGE_VAR, ERROR_FLAG, "_changelist_filters")
AREAS_ASKED = 500


@dataclass(frozen=True)
class Listing:
    """A list as it stands: the filters of its address, what was searched for, and the words for both."""

    query: str = ""
    search: str = ""
    words: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Listing":
        """The list whose filters stand in the address of ``request``. ValidationError for a forgotten search, and for
        one that was written into the address: the list itself never has one there."""
        if SEARCH_VAR in request.GET:
            raise ValidationError(_("请先在列表的查找框里查，再从列表导出。"))
        search = finding.kept(request)
        if search is None:
            raise ValidationError(_("这次查找已经过期，请回到列表再查一次。"))
        query = request.GET.copy()
        for name in _NO_FILTERS:
            query.pop(name, None)
        return cls(query.urlencode(), search)

    @classmethod
    def kept(cls, stored: dict[str, str]) -> "Listing":
        """The list that an export keeps."""
        return cls(stored.get("query", ""), stored.get("search", ""), stored.get("words", ""))

    def stored(self) -> dict[str, str]:
        """What an export keeps of it."""
        return {"query": self.query, "search": self.search, "words": self.words}


class _Asked(HttpRequest):
    """The list's own request, made anew: outside of a browser the list answers as it did there."""

    def __init__(self, listing: Listing, user: Any) -> None:
        super().__init__()
        self.method, self.user, self.session = "GET", user, {}  # type: ignore[assignment]
        self.search_cut = False  # set by the list (``ScopedAdmin.get_search_results``)
        query = QueryDict(listing.query, mutable=True)
        if search := listing.search.replace("\0", ""):
            query[SEARCH_VAR] = search
        self.GET = query  # type: ignore[assignment]


def _changelist(source: ExportSource, listing: Listing, user: Any) -> Any:
    """The list as its own admin page makes it. ValidationError when its filters do not hold any more, and when its
    search found more than it looked at: a file that lacks some of them would be taken for all."""
    page, asked = admin.site.get_model_admin(source.model), _Asked(listing, user)
    try:
        found = page.get_changelist_instance(asked)
    except IncorrectLookupParameters:
        raise ValidationError(_("筛选条件已经失效，请回到列表重新筛选。")) from None
    if asked.search_cut:
        raise ValidationError(_("查找符合的太多，列不全，请先缩小查找，多写几个字，再导出。"))
    return found


def rows_of(source: ExportSource, listing: Listing, user: Any) -> models.QuerySet[Any]:
    """The rows that may leave for ``user``: those of the filtered list, where the user works and not only reads.

    Ordered by key, without related rows. ValidationError when the filters do not hold any more, or the search is cut.
    """
    rows = source.narrow(_changelist(source, listing, user).queryset, user)
    return rows.select_related(None).prefetch_related(None).order_by("pk")


def in_words(source: ExportSource, listing: Listing, user: Any) -> str:
    """The filters and the search for people: “状态：待确认；查找：荷”; empty for the whole list."""
    found = _changelist(source, listing, user)
    asked = QueryDict(listing.query)
    words = []
    for spec in found.filter_specs:
        names = [name for name in spec.expected_parameters() if name is not None]
        if any(name in asked for name in names):
            chosen = [str(choice["display"]) for choice in spec.choices(found) if choice.get("selected")]
            words.append(f"{spec.title}：{'、'.join(chosen) or _('已限定')}")
    if listing.search:
        words.append(_("查找：%s") % listing.search)
    return "；".join(words)


def area_of(source: ExportSource, rows: models.QuerySet[Any], user: Any) -> Area:
    """The smallest area that covers ``rows`` as ``user`` sees them.

    1. each row lies in its community; one that has none, or that lies outside the user's communities and is seen
       through something else, may be anybody's in all the user's areas;
    2. the area is what all of these have in common.

    ValidationError where they have nothing in common.
    """
    scope = list(_working_areas(user, source))
    found: set[int | None] = {None}
    if source.place:
        found = set(rows.order_by().values_list(source.place, flat=True).distinct()[:AREAS_ASKED])
    inside = list(communities_of(user, source.kinds).filter(pk__in=[pk for pk in found if pk is not None]))
    areas = inside if {area.pk for area in inside} == found and len(found) < AREAS_ASKED else [*inside, *scope]
    covering = _in_common(areas)
    if covering is None:
        raise ValidationError(_("这些记录分在几个市，请先筛到一个社区再导出。"))
    return covering


def _working_areas(user: Any, source: ExportSource) -> Iterable[Area]:
    if is_administrator(user):
        return Area.objects.filter(parent__isnull=True)
    areas = [role.area for role in roles_of(user, source.kinds)]
    return [area.parent if area.level == Level.GRID and area.parent is not None else area for area in areas]


def _in_common(areas: Iterable[Area]) -> Area | None:
    lineages = [area.lineage_ids for area in areas]
    shared = None
    for ids in zip(*lineages, strict=False):
        if len(set(ids)) > 1:
            break
        shared = ids[0]
    return Area.objects.filter(pk=shared).first() if shared is not None else None
