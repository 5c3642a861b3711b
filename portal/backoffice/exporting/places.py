"""Places and the working calendar: nothing personal in them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.core.models import WorkdayOverride
from portal.people.roles import DESK
from portal.places.models import Area, Building, Estate, Household

from .. import access
from ..exports.columns import Rows, of_desk, yes_no
from ..exports.sources import Column, ExportSource, sources


def _areas(rows: Rows, user: Any) -> Rows:
    return rows.filter(pk__in=access.areas_in(user, DESK).values("pk"))


sources.add(
    ExportSource(
        id="places.area",
        label=_("区域"),
        model=Area,
        narrow=_areas,
        select_related=("parent",),
        columns=(
            Column("name", _("名称"), lambda area: area.name),
            Column("level", _("层级"), lambda area: area.get_level_display(), width=8),
            Column("parent", _("上级"), lambda area: str(area.parent or "")),
            Column("code", _("统计代码"), lambda area: area.code),
            Column("phone", _("对外电话"), lambda area: area.phone),
            Column("office_hours", _("办公时间"), lambda area: area.office_hours, width=24),
            Column("address", _("办公地址"), lambda area: area.address, width=30),
            Column("in_service", _("开放使用"), lambda area: yes_no(area.in_service)),
        ),
        order=50,
    )
)


def _estates(rows: Rows, user: Any) -> Rows:
    communities = access.areas_in(user, DESK).communities()
    return rows.filter(community__in=communities.values("pk"))


sources.add(
    ExportSource(
        id="places.estate",
        label=_("小区"),
        model=Estate,
        place="community",
        narrow=_estates,
        select_related=("community",),
        columns=(
            Column("name", _("名称"), lambda estate: estate.name, width=24),
            Column("community", _("社区"), lambda estate: estate.community.name),
        ),
        order=51,
    )
)
sources.add(
    ExportSource(
        id="places.building",
        label=_("楼栋"),
        model=Building,
        place="community",
        narrow=of_desk(),
        select_related=("community", "grid", "estate"),
        columns=(
            Column("community", _("社区"), lambda building: building.community.name),
            Column("grid", _("网格"), lambda building: str(building.grid or "")),
            Column("estate", _("小区"), lambda building: str(building.estate or ""), width=20),
            Column("name", _("名称"), lambda building: building.name),
            Column("kind", _("类别"), lambda building: building.get_kind_display(), width=10),
            Column("address", _("地址"), lambda building: building.address, width=30),
        ),
        order=52,
    )
)
sources.add(
    ExportSource(
        id="places.household",
        label=_("户"),
        model=Household,
        place="building__community",
        narrow=of_desk("building__"),
        select_related=("building__community", "building__grid", "building__estate"),
        columns=(
            Column("community", _("社区"), lambda household: household.building.community.name),
            Column("grid", _("网格"), lambda household: str(household.building.grid or "")),
            Column("building", _("楼栋"), lambda household: str(household.building), width=20),
            Column("unit", _("单元"), lambda household: household.unit, width=8),
            Column("number", _("房号"), lambda household: household.number, width=10),
            Column("floor_area", _("面积（㎡）"), lambda household: household.floor_area, width=12),
        ),
        order=53,
    )
)
sources.add(
    ExportSource(
        id="core.workdayoverride",
        label=_("工作日调整"),
        model=WorkdayOverride,
        narrow=lambda rows, user: rows,
        columns=(
            Column("day", _("日期"), lambda row: row.day, width=18),
            Column("working", _("是否上班"), lambda row: yes_no(row.working)),
            Column("note", _("依据"), lambda row: row.note, width=30),
        ),
        order=60,
    )
)
