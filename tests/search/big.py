"""A big index with the shape of a real one, made in seconds: names by how common they are, wishes that share most of
their words, areas of a city. The bench fills a million of them by the same functions."""

from collections.abc import Iterator
from random import Random
from typing import Any

from portal.search import keeping, marks
from portal.search.models import PublicEntry, ScopedEntry
from portal.search.sources import REST, TITLE
from portal.search.terms import cut

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华玉梅红建国文林海燕春荣志辉雪晨宇欣怡子涵梓轩浩然诗雨"
    "佳慧俊凤金玲月琴素珍淑云龙飞鹏波斌彬辰阳光晓东永福祥瑞"
)
DEEDS = ("修", "换", "装", "送", "陪", "教", "帮忙搬", "辅导", "找人看看", "清理")
THINGS = (
    "楼道灯",
    "水龙头",
    "轮椅",
    "书包",
    "手机",
    "作业",
    "旧家具",
    "纱窗",
    "药",
    "饭菜",
    "门锁",
    "下水道",
    "电视机",
)
KINDS = ("维修", "陪伴", "代办", "辅导", "微心愿")
COMMUNITIES = 200
GRIDS = 6  # of each
FIRST_AREA = 1_000_000  # beyond every area of a test


def path_of(number: int) -> str:
    """The path of the grid ``number``: a city of districts, sub-districts, communities and grids."""
    community = number // GRIDS % COMMUNITIES
    parts = (1, 10 + community // 50, 100 + community // 10, 1000 + community, 10_000 + number % (COMMUNITIES * GRIDS))
    return "/" + "/".join(str(FIRST_AREA + part) for part in parts) + "/"


def community_name(number: int) -> str:
    return f"{SURNAMES[number // GRIDS % 50]}家{'湾塘岭冲'[number // GRIDS % 4]}社区"


def person(number: int, chance: Random) -> dict[str, Any]:
    """Surnames as uneven as in life."""
    surname = SURNAMES[min(int(chance.paretovariate(1.1)) - 1, len(SURNAMES) - 1)]
    given = "".join(chance.choice(GIVEN) for _ in range(chance.choice((1, 2, 2, 2))))
    return {"kind": "person", "title": surname + given, "rest": "", "path": path_of(chance.randrange(10**6))}


def wish(number: int, chance: Random) -> dict[str, Any]:
    where = chance.randrange(10**6)
    code = f"{chance.randrange(10**8, 10**9)}"
    title = f"{chance.choice(DEEDS)}{chance.choice(THINGS)}"
    rest = f"{code} {chance.choice(SURNAMES)}邻居 {chance.choice(KINDS)} {community_name(where)}"
    return {"kind": "wish", "title": title, "rest": rest, "path": path_of(where)}


def household(number: int, chance: Random) -> dict[str, Any]:
    where = chance.randrange(10**6)
    door = f"{chance.randrange(1, 5)}单元{chance.randrange(1, 19)}{chance.randrange(1, 5):02d}"
    title = f"{community_name(where)[:3]}小区{chance.randrange(1, 60)}栋{door}"
    return {"kind": "household", "title": title, "rest": "", "path": path_of(where)}


def rows(count: int, seed: int = 7) -> Iterator[dict[str, Any]]:
    """``count`` records: half people, a third households, the rest wishes."""
    chance = Random(seed)  # noqa: S311 — the same rows each time is the point
    for number in range(count):
        make = (person, household, person, wish, person, household)[number % 6]
        yield {"object_id": FIRST_AREA + number, **make(number, chance)}


def terms_of(row: dict[str, Any], *, scoped: bool) -> frozenset[str]:
    """The terms that ``keeping`` would give the row."""
    table = keeping.scoped if scoped else keeping.public
    source = table[row["kind"]]
    terms = cut(row["title"][:TITLE]) | cut(row["rest"][:REST]) | {marks.kind(source.id).text}
    terms |= marks.of_paths([row["path"]]) if scoped else set()
    return frozenset(terms | ({marks.TITLE + term for term in cut(row["title"])} if source.tiers else set()))


def fill(count: int) -> None:
    """So many scoped entries, and public ones of the wishes among them."""
    scoped, public = [], []
    for row in rows(count):
        values = {key: row[key] for key in ("kind", "object_id", "title", "rest")}
        scoped.append(ScopedEntry(**values, terms=terms_of(row, scoped=True)))
        if row["kind"] == "wish":
            public.append(PublicEntry(**values, terms=terms_of(row, scoped=False)))
    ScopedEntry.objects.bulk_create(scoped, batch_size=2000)
    PublicEntry.objects.bulk_create(public, batch_size=2000)
