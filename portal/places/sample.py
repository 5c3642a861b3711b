"""The first communities as places; with ``scale`` further ones that nobody could take for real."""

from decimal import Decimal
from typing import Any

from portal.core.sample_world import World

from .models import Area, Building, Estate, Household, Level

# key, level, name, code, key of the parent. Codes are the published ones; those of communities are not known.
TREE = (
    ("zhuzhou", Level.CITY, "株洲市", "4302", ""),
    ("hetang", Level.DISTRICT, "荷塘区", "430202", "zhuzhou"),
    ("yuetang", Level.SUBDISTRICT, "月塘街道", "430202001", "hetang"),
    ("yuanjiawan", Level.COMMUNITY, "袁家湾社区", "", "yuetang"),
    ("guihua", Level.SUBDISTRICT, "桂花街道", "430202004", "hetang"),
    ("xiangyang", Level.COMMUNITY, "向阳社区", "", "guihua"),
    ("shifeng", Level.DISTRICT, "石峰区", "430204", "zhuzhou"),
    ("tianxin", Level.SUBDISTRICT, "田心街道", "430204001", "shifeng"),
    ("nanling", Level.COMMUNITY, "南岭社区", "", "tianxin"),
    ("beiling", Level.COMMUNITY, "北岭社区", "", "tianxin"),
)
YUANJIAWAN_GRIDS = 6
OFFICE_HOURS = "周一至周五 8:30–12:00、14:00–17:30"

# 袁家湾: name, kind, number of the grid, units, floors, doors a floor. A self-built house is let by the storey.
YUANJIAWAN_BUILDINGS = (
    ("1栋", Building.Kind.APARTMENT, 1, 2, 6, 2),
    ("2栋", Building.Kind.APARTMENT, 1, 2, 6, 2),
    ("3栋", Building.Kind.APARTMENT, 2, 2, 5, 2),
    ("5栋", Building.Kind.APARTMENT, 3, 3, 5, 2),
    ("月塘巷8号", Building.Kind.SELF_BUILT, 4, 0, 4, 1),
    ("月塘巷12号", Building.Kind.SELF_BUILT, 4, 0, 5, 1),
    ("袁家湾路21号", Building.Kind.SELF_BUILT, 5, 0, 4, 1),
    ("袁家湾路33号", Building.Kind.SELF_BUILT, 6, 0, 3, 1),
)


def load(world: World) -> None:
    """Areas, buildings and households."""
    world.progress("街道和社区", 0.0)
    for key, level, name, code, parent in TREE:
        _area(world, key, level, name, code=code, parent=parent)
    _grids(world, "yuanjiawan", YUANJIAWAN_GRIDS)
    for name, kind, grid, units, floors, doors in YUANJIAWAN_BUILDINGS:
        _building(world, "yuanjiawan", name, kind=kind, grid=grid, units=units, floors=floors, doors=doors)
    _load_building_fifteen(world)
    for number in range(1, world.scale):
        _load_invented(world, number)
        world.progress("街道和社区", number / world.scale)


def _area(world: World, key: str, level: Level, name: str, *, code: str = "", parent: str = "") -> Area:
    community = level == Level.COMMUNITY
    area = Area.objects.create(
        level=level,
        name=name,
        code=code,
        parent=world.areas.get(parent),
        in_service=community,
        phone=world.office_phone() if level in {Level.COMMUNITY, Level.SUBDISTRICT} else "",
        office_hours=OFFICE_HOURS if community else "",
        address=f"{name}党群服务中心" if community else "",
    )
    world.areas[key] = area
    return area


def _grids(world: World, community: str, count: int) -> None:
    for number in range(1, count + 1):
        _area(world, f"{community}/{number}", Level.GRID, f"第{number}网格", parent=community)


def _building(
    world: World, community: str, name: str, *, kind: str, grid: int, units: int, floors: int, doors: int
) -> Building:
    """A building and its households; without units the doors are numbered by the storey alone."""
    building = Building.objects.create(
        community=world.areas[community], grid=world.areas[f"{community}/{grid}"], kind=kind, name=name
    )
    rows: list[dict[str, Any]] = []
    for unit in range(1, units + 1) if units else [0]:
        for floor in range(1, floors + 1):
            for door in range(1, doors + 1):
                size = Decimal(world.random.randrange(6200, 11800, 10)) / 100
                rows.append({"unit": str(unit or ""), "number": f"{floor}{door:02d}", "floor_area": size})
    _households(world, f"{community}/{name}", building, rows)
    return building


def _households(world: World, key: str, building: Building, rows: list[dict[str, Any]]) -> None:
    world.buildings[key] = building
    for row in rows:
        household = Household.objects.create(building=building, **row)
        world.households[f"{key}/{household.unit}-{household.number}"] = household


def _load_building_fifteen(world: World) -> None:
    """五公司小区15栋: one building, 30 equal households (three units of five floors, two doors a floor)."""
    estate = Estate.objects.create(community=world.areas["xiangyang"], name="五公司小区")
    building = Building.objects.create(
        community=world.areas["xiangyang"], estate=estate, kind=Building.Kind.APARTMENT, name="15栋"
    )
    rows = [
        {"unit": str(unit), "number": f"{floor}{door:02d}", "floor_area": Decimal("68.00")}
        for unit in (1, 2, 3)
        for floor in range(1, 6)
        for door in (1, 2)
    ]
    _households(world, "xiangyang/15", building, rows)


def _load_invented(world: World, number: int) -> None:
    """One more community of an invented city: it makes lists longer and leaves the first communities' figures alone."""
    if "invented_city" not in world.areas:
        _area(world, "invented_city", Level.CITY, "示范市")
        _area(world, "invented_district", Level.DISTRICT, "示范区", parent="invented_city")
        _area(world, "invented_subdistrict", Level.SUBDISTRICT, "示范街道", parent="invented_district")
    key = f"invented/{number}"
    _area(world, key, Level.COMMUNITY, f"示范{number}号社区", parent="invented_subdistrict")
    _grids(world, key, 4)
    for block in range(1, 5):
        _building(world, key, f"{block}栋", kind=Building.Kind.APARTMENT, grid=block, units=2, floors=6, doors=2)
