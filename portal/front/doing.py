"""What can be asked for: every tile that the rooms brought, by situation in life, and found by what people call it."""

import unicodedata
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from portal.core.registries import Situation, Tile, situations, tiles

BIG = 4  # what stands first in 关怀版
LONGEST_QUERY = 30


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


def groups_for(user: Any) -> list[Group]:
    """Everything that ``user`` may ask for, by situation; a situation without anything is left out."""
    found = []
    for situation in situations:
        inside = [shown(tile) for tile in tiles if tile.situation == situation and tile.for_whom(user)]
        if inside:
            found.append(Group(situation, inside))
    return found


def plain(text: str) -> str:
    """``text`` as it is compared: one width, lower case, no blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def find(query: str, user: Any) -> list[TileView]:
    """What ``user`` may ask for that answers ``query``, the best first; empty for an empty query.

    1. a tile whose label holds the query, or is held by it (“我要修灯” holds “修灯”);
    2. then one of whose further words that is true;
    3. then one that shares a pair of neighbouring characters with the query (“灯坏了怎么办” and “灯坏”).
    """
    wanted = plain(query[:LONGEST_QUERY])
    if not wanted:
        return []
    ranked = [(_rank(tile, wanted), number, tile) for number, tile in enumerate(tiles)]
    hits = sorted((rank, number, tile.id) for rank, number, tile in ranked if rank)
    return [shown(tiles[key]) for _rank_, _number, key in hits if tiles[key].for_whom(user)]


def _rank(tile: Tile, wanted: str) -> int:
    """1 for the best; 0 for no answer at all."""
    label = plain(str(tile.label))
    words = [plain(word) for word in f"{tile.sub} {tile.words}".split()]
    if wanted in label or label in wanted:
        return 1
    if any(wanted in word or (len(word) > 1 and word in wanted) for word in words):
        return 2
    pairs = {wanted[place : place + 2] for place in range(len(wanted) - 1)}
    return 3 if any(pair in text for pair in pairs for text in (label, *words)) else 0
