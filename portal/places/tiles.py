"""The numbers of the offices: the community's own, then that of the sub-district above it."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from portal.core.registries import Call, Directory, directories

from .models import Area
from .opening import closed_words

MOST_STREETS = 4


def _streets() -> list[Call]:
    """The sub-districts' own numbers, for who has not said where they live: the office there knows the community."""
    streets = Area.objects.filter(level=Area.Level.SUBDISTRICT).exclude(phone="").order_by("path")[:MOST_STREETS]
    return [Call(area.name, area.phone, area.office_hours or _("不知道是哪个社区，问街道")) for area in streets]


def _offices(community: Any) -> list[Call]:
    if community is None:
        return _streets()
    calls = []
    if community.phone:
        calls.append(Call(_("打电话给社区"), community.phone, community.office_hours or community.address))
    if community.parent is not None and community.parent.phone:
        above = community.parent
        calls.append(Call(above.name, above.phone, above.office_hours or _("社区打不通时，打街道的电话")))
    return calls


def _closed(call: Call, at: dt.datetime) -> str:
    """What stands beside an office's number are its hours, where it has any."""
    return closed_words(call.sub, at)


directories.add(Directory(id="places.offices", calls=_offices, closed=_closed, order=10))
