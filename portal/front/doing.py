"""What can be asked for: every tile that the rooms brought, by situation in life, and found by what people call it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from portal.core.registries import Situation, Tile, situations, tiles
from portal.search.calling import closest

BIG = 4  # what stands first in 关怀版


@dataclass(frozen=True)
class TileView:
    """A tile as a page shows it."""

    label: str
    sub: str
    icon: str
    tone: str
    url: str


@dataclass(frozen=True)
class Group:
    """A situation with what can be asked for in it."""

    situation: Situation
    tiles: list[TileView]


def shown(tile: Tile) -> TileView:
    """``tile`` in words."""
    return TileView(str(tile.label), str(tile.sub), tile.icon, tile.tone, reverse(tile.url_name))


def home_tiles(most: int) -> list[TileView]:
    """The first ``most`` of those that want to stand on the home page."""
    return [shown(tile) for tile in tiles if tile.home][:most]


def groups_for(user: Any, *, without: Iterable[TileView] = ()) -> list[Group]:
    """Everything that ``user`` may ask for but ``without`` what stands elsewhere on the page, by situation; a situation
    without anything is left out."""
    apart = {tile.url for tile in without}
    found = []
    for situation in situations:
        inside = [shown(tile) for tile in tiles if tile.situation == situation and tile.for_whom(user)]
        inside = [tile for tile in inside if tile.url not in apart]
        if inside:
            found.append(Group(situation, inside))
    return found


def called(tile: Tile) -> tuple[str, list[str]]:
    """What ``tile`` goes by, as ``calling`` wants it."""
    return str(tile.label), f"{tile.sub} {tile.words}".split()


def find(query: str, user: Any) -> list[TileView]:
    """What ``user`` may ask for that answers ``query``, the best first; empty for an empty query."""
    offered = [tile for tile in tiles if tile.for_whom(user)]
    return [shown(tile) for tile, _word in closest(query, offered, called)]
