"""The wishes' tile, their section of “我的”, and what a volunteer finds among the tasks."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import Case, When
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from alliance.volunteers.access import serving
from alliance.volunteers.board import source, tasks
from alliance.volunteers.models import Volunteer
from portal.core.registries import Row, Section, Text, Tile, Unfinished, sections, tiles, unfinished
from portal.core.templating import day_cn
from portal.people.access import parts_of
from portal.people.situations import HELP, LEND_A_HAND

from . import home as _home  # noqa: F401 — registers the wishes' lines of the home page
from .models import Wish, WishKind, WishState
from .own_records import ORDER
from .plain_states import state_tone, state_words
from .querysets import OPEN_STATES
from .speaking import own_title
from .timeline import YOURS, due_text

FEW = 5
MANY = 30
OPEN_FIRST = Case(When(state__in=OPEN_STATES, then=0), default=1)
OWN = ("kind", "subject__merged_into")  # what a line about a wish of one's own reads

tiles.add(
    Tile(
        id="wishes.order",
        label=_("我要点单"),
        sub=_("说出微心愿"),
        icon="gift",
        tone="red",
        url_name="wishes:order",
        situation=HELP,
        order=10,
        words=_(
            "微心愿 心愿 帮忙 帮助 难处 修理 维修 坏了 修灯 灯泡 水管 漏水 插座 马桶 跑腿 代买 买菜 取药 快递"
            " 陪诊 看病 陪伴 聊天 辅导 作业 手机 不会用 下单 求助"
            " 修 修东西 灯坏了 停电 停水 没电 没水 跳闸 下水道 堵了 开锁 家电 空调 电视 门窗 wifi 无线网"
            " 网络 上网 宽带 没网 微信 支付宝 视频通话 打车 叫车"
            " 理发 剪头发 剪头 洗澡 打扫 卫生 做饭 送餐 轮椅 搬东西 搬重物 代办 办事 陪我去办 买药 送药 挂号"
            " 孤独 寂寞 没人说话 说说话 想找人聊 一个人 心里闷 补课 写作业 其他"
            " 办老年证 陪办身份证 领养老金 交物业费 交水电费"
        ),
    )
)
tiles.add(
    Tile(
        id="wishes.wall",
        label=_("心愿墙"),
        sub=_("谁在等帮忙"),
        icon="layout-grid",
        tone="blue",
        url_name="wishes:wall",
        situation=LEND_A_HAND,
        words=_("心愿 帮忙 帮邻居 接单 邻居"),
        nav=_("心愿墙"),
        order=50,
    )
)
tiles.add(
    Tile(
        id="wishes.mine",
        label=_("我的心愿"),
        sub=_("查进度"),
        icon="list-checks",
        tone="amber",
        url_name="wishes:mine",
        situation=HELP,
        order=70,
        words=_("进度 查进度 单号 查单号 查单 查单子 我的诉求 诉求 工单 单子 撤回 评价 催办 谁看过我的电话"),
    )
)


def row_of(wish: Wish, audience: str) -> Row:
    """One wish as a line of a list for ``audience``."""
    return Row(
        title=wish.title or wish.kind.name,
        sub=f"{wish.kind.name} · {wish.alias}",
        badge_text=state_words(wish, audience),
        badge_tone=state_tone(wish, audience),
        url=f"/wishes/{wish.code}/",
        due_text=due_text(wish, audience),
        due_on=wish.due_on,
        yours=(audience, wish.state) in YOURS,
    )


def _mine(user: Any) -> list[Row]:
    """The latest, those that are not at an end before those that are."""
    parts = parts_of(user)
    return own_rows(
        Wish.objects.for_people(parts).select_related(*OWN).order_by(OPEN_FIRST, "-created_at", "-id")[:FEW], parts
    )


def _waiting(user: Any, most: int) -> list[Row]:
    """What is not settled: wishes of one's own, and for a volunteer those in their hands or sent to them by name, by
    their terms; at most ``most`` that wait for the reader, and as many that wait for somebody else."""
    parts = parts_of(user)
    asked = Wish.objects.for_people(parts).open().select_related(*OWN).order_by("due_on", "id")[:MANY]
    rows = own_rows(asked, parts)
    if volunteer := serving(user):
        named = Wish.objects.offered_to(volunteer).filter(dispatched_to=volunteer)
        taken = Wish.objects.filter(volunteer=volunteer, state=WishState.IN_SERVICE)
        for wishes in (taken, named):
            rows += [row_of(w, "volunteer") for w in wishes.select_related("kind").order_by("due_on", "id")[:most]]
    rows.sort(key=lambda row: row.due_on or dt.date.max)
    return [row for yours in (True, False) for row in [row for row in rows if row.yours is yours][:most]]


def own_rows(wishes: Iterable[Wish], parts: dict[int, str]) -> list[Row]:
    """Wishes (with ``OWN`` selected) as lines for who acts in ``parts`` for those they are for. Who acts for others
    too reads on each line for whom it is."""
    several = any(part != "requester" for part in parts.values())
    return [_own_row(wish, _for_whom(wish, parts) if several else "") for wish in wishes]


def _for_whom(wish: Wish, parts: dict[int, str]) -> str:
    if parts.get(wish.subject_id) == "requester":
        return _t("为自己")
    return _t("为%(name)s") % {"name": wish.subject.resolved.name}


def _own_row(wish: Wish, for_whom: str) -> Row:
    facts = (for_whom, wish.kind.name, day_cn(wish.created_at))
    return replace(row_of(wish, "requester"), title=own_title(wish), sub=" · ".join(filter(None, facts)))


sections.add(
    Section(
        id="wishes",
        title=_("我的心愿"),
        icon="gift",
        rows=_mine,
        empty_text=_("还没有提过心愿。家里有事要人搭把手，说一声就行。"),
        more="wishes:mine",
        order=10,
        waiting=_waiting,
    )
)


def _begun(data: dict[str, Any]) -> str:
    """The kind that an unfinished order has chosen, where it has."""
    kinds = (data.get("typed", {}).get("1", {}).get("kind"), data.get("kind"))
    chosen = next((WishKind.objects.filter(slug=slug, active=True).first() for slug in kinds if slug), None)
    return chosen.name if chosen is not None else ""


unfinished.add(
    Unfinished(
        id=ORDER,
        title=_("您有一张没填完的单子"),
        words=_begun,
        url_name="wishes:order",
        discard_url_name="wishes:order_discard",
        order=10,
    )
)


@tasks
def _tasks(volunteer: Volunteer) -> list[tuple[Text, list[Row]]]:
    mine = Wish.objects.filter(volunteer=volunteer).select_related("kind", "community")
    offers = Wish.objects.offered_to(volunteer).select_related("kind", "community")
    named = offers.exclude(dispatch=Wish.Dispatch.POOL).order_by("due_on", "id")[:MANY]
    pool = offers.filter(dispatch=Wish.Dispatch.POOL).order_by("due_on", "id")[:MANY]
    return [
        (
            _t("正在办"),
            [row_of(w, "volunteer") for w in mine.filter(state=WishState.IN_SERVICE).order_by("due_on", "id")[:MANY]],
        ),
        (_t("派给我的"), [row_of(w, "volunteer") for w in named]),
        (_t("接单大厅"), [row_of(w, "volunteer") for w in pool]),
        (
            _t("等对方评价"),
            [
                row_of(w, "volunteer")
                for w in mine.filter(state=WishState.PENDING_RATING).order_by("due_on", "id")[:MANY]
            ],
        ),
    ]


@source("wishes.wish")
def _earned_by(ids: list[int]) -> dict[int, tuple[str, str]]:
    rows = Wish.objects.filter(pk__in=ids).values_list("pk", "title", "code")
    return {pk: (title, f"/wishes/{code}/") for pk, title, code in rows}
