"""Buildings and households for the desk; communities, and what leads to them, for everybody: a 小区 by its name, a
building by its number. A self-built house is some family's home and no public name; no household is one."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.places.models import Area, Building, Estate, Household

from .keeping import public, scoped
from .sources import Document, Line, Source

# -- communities, for everybody ---------------------------------------------------------------------------------------


def _open() -> QuerySet[Area]:
    return Area.objects.open().select_related("parent__parent__parent")


def _above(area: Area) -> list[str]:
    """The names over an area, from the nearest up."""
    names, above = [], area.parent
    while above is not None:
        names.append(above.name)
        above = above.parent
    return names


def _communities(ids: list[int]) -> list[Document]:
    return [
        Document(object_id=area.pk, title=area.name, rest=" ".join([*_above(area), area.address]))
        for area in _open().filter(pk__in=ids)
    ]


def _with_all_below(ids: list[int]) -> Any:
    """A sub-district or a district that is renamed is a word beside each of its communities."""
    renamed = Area.objects.filter(pk__in=ids)
    return {*ids, *Area.objects.below(*renamed).communities().values_list("pk", flat=True)}


def _community_line(area: Area) -> Line:
    city_first = "".join(reversed(_above(area)[:2]))
    return Line(
        title=area.name,
        sub=" · ".join(filter(None, (city_first, area.phone))),
        url=_leads_to(area),
    )


public.add(
    Source(
        id="community",
        label=_("社区"),
        icon="map-pin",
        model=Area,
        documents=_communities,
        line=_community_line,
        rows=_open,
        related=("parent__parent__parent",),
        watches={"places.area": _with_all_below},
        named_first=True,
        order=60,
    )
)


def _leads_to(community: Area) -> str:
    """The choice of a community, at the one that was found."""
    return f"{reverse('front:community')}?{urlencode({'q': community.name})}"


def _in_community(title: str, community: Area) -> Line:
    return Line(
        title=title,
        sub=_t("在%(community)s · 换到%(community)s") % {"community": community.name},
        url=_leads_to(community),
    )


def _with_theirs(ids: list[int], model: type[Any]) -> Any:
    """Records of ``model`` that lie in communities at or below the areas that changed."""
    changed = Area.objects.filter(pk__in=ids)
    below = Area.objects.below(*changed).communities().values_list("pk", flat=True)
    return model.objects.filter(community__in=below).values_list("pk", flat=True)


def _open_estates() -> QuerySet[Estate]:
    return Estate.objects.filter(community__in=Area.objects.open()).select_related("community")


def _estates(ids: list[int]) -> list[Document]:
    rows = _open_estates().filter(pk__in=ids)
    return [Document(object_id=estate.pk, title=estate.name, rest=estate.community.name) for estate in rows]


public.add(
    Source(
        id="estate",
        label=_("小区"),
        icon="map-pin",
        model=Estate,
        documents=_estates,
        line=lambda estate: _in_community(estate.name, estate.community),
        rows=_open_estates,
        related=("community",),
        watches={"places.area": lambda ids: _with_theirs(ids, Estate)},
        named_first=True,
        order=61,
    )
)


def _open_buildings() -> QuerySet[Building]:
    rows = Building.objects.filter(community__in=Area.objects.open()).exclude(kind=Building.Kind.SELF_BUILT)
    return rows.select_related("estate", "community")


def _public_buildings(ids: list[int]) -> list[Document]:
    rows = _open_buildings().filter(pk__in=ids)
    return [Document(object_id=building.pk, title=str(building), rest=building.community.name) for building in rows]


public.add(
    Source(
        id="building",
        label=_("楼栋"),
        icon="building-2",
        model=Building,
        documents=_public_buildings,
        line=lambda building: _in_community(str(building), building.community),
        rows=_open_buildings,
        related=("estate", "community"),
        watches={
            "places.area": lambda ids: _with_theirs(ids, Building),
            "places.estate": lambda ids: Building.objects.filter(estate__in=ids).values_list("pk", flat=True),
        },
        named_first=True,
        numbered=True,
        order=62,
    )
)


# -- buildings and households, for the desk ---------------------------------------------------------------------------


def _path(building: Building) -> str:
    return building.grid.path if building.grid is not None else building.community.path


def _buildings(ids: list[int]) -> list[Document]:
    rows = Building.objects.filter(pk__in=ids).select_related("estate", "community", "grid")
    return [
        Document(object_id=building.pk, title=str(building), rest=building.address, paths=(_path(building),))
        for building in rows
    ]


def _building_line(building: Building) -> Line:
    grid = building.grid.name if building.grid is not None else ""
    return Line(
        title=str(building),
        sub=" · ".join(filter(None, (building.community.name + grid, building.address))),
        url=reverse("admin:places_building_change", args=[building.pk]),
    )


scoped.add(
    Source(
        id="building",
        label=_("楼栋"),
        icon="building-2",
        model=Building,
        documents=_buildings,
        line=_building_line,
        related=("estate", "community", "grid"),
        watches={
            "places.estate": lambda ids: Building.objects.filter(estate__in=ids).values_list("pk", flat=True),
        },
        order=30,
    )
)


def _households(ids: list[int]) -> list[Document]:
    rows = Household.objects.filter(pk__in=ids).select_related(
        "building__estate", "building__community", "building__grid"
    )
    return [
        Document(
            object_id=household.pk,
            title=str(household),
            rest=household.building.address,
            paths=(_path(household.building),),
        )
        for household in rows
    ]


def _household_line(household: Household) -> Line:
    building = household.building
    grid = building.grid.name if building.grid is not None else ""
    return Line(
        title=str(household),
        sub=building.community.name + grid,
        url=reverse("admin:places_household_change", args=[household.pk]),
    )


scoped.add(
    Source(
        id="household",
        label=_("户"),
        icon="door-open",
        model=Household,
        documents=_households,
        line=_household_line,
        related=("building__estate", "building__community", "building__grid"),
        watches={
            "places.building": lambda ids: Household.objects.filter(building__in=ids).values_list("pk", flat=True),
            "places.estate": lambda ids: Household.objects.filter(building__estate__in=ids).values_list(
                "pk", flat=True
            ),
        },
        order=40,
    )
)
