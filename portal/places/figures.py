"""The kind of place that most figures are counted for: communities in service."""

from django.utils.translation import gettext_lazy as _

from portal.core.registries import PlaceKind, place_kinds

from .models import Area


def _open_communities() -> list[Area]:
    return list(Area.objects.open().select_related("parent__parent").listed())


def _full_name(area: Area) -> str:
    """With sub-district and district in front: two districts may have a community of one name."""
    above = area.parent
    return f"{above.parent or ''}{above}{area}" if above is not None else str(area)


place_kinds.add(PlaceKind(id="community", label=_("社区"), places=_open_communities, full_name=_full_name, order=10))
