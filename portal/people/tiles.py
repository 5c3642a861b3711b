"""What people do about themselves: their section of “我的” about homes, and what they find under 办事."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.core.promises import promised
from portal.core.registries import Row, Section, Tile, sections, tiles

from .homes import Home, HomeTie, homes_of
from .models import TieState
from .situations import ABOUT_ME, FAMILY, HOMES

FEW = 6
TONES = {
    TieState.CLAIMED: "amber",
    TieState.CONFIRMED: "green",
    TieState.REFUSED: "plain",
    TieState.WITHDRAWN: "plain",
    TieState.ENDED: "plain",
}


def _has_person(user: Any) -> bool:
    return bool(user.is_authenticated and user.person_id)


def _rows(user: Any) -> list[Row]:
    """The homes that stand, and the latest others."""
    return [row for home in homes_of(user) for row in _rows_of(home)][:FEW]


def _rows_of(home: Home) -> list[Row]:
    """A home as lines: what is in one state with it is one line (业主、产权人 · 已确认)."""
    by_state: dict[str, list[HomeTie]] = {}
    for one in home.ties:
        by_state.setdefault(one.state_text, []).append(one)
    return [_row(home, ties) for ties in by_state.values()]


def _waiting(user: Any, most: int) -> list[Row]:
    """Claims that the desk has not decided on, the nearest term first."""
    rows = [row for home in homes_of(user) for row in _rows_of(home) if row.due_on]
    return sorted(rows, key=lambda row: row.due_on or dt.date.max)[:most]


def _row(home: Home, ties: list[HomeTie]) -> Row:
    due_on = min((one.due_on for one in ties if one.due_on), default=None)
    return Row(
        title=str(home.household),
        sub="、".join(dict.fromkeys(one.part for one in ties)),
        badge_text=ties[0].state_text,
        badge_tone=TONES[TieState(ties[0].tie.state)],
        url="/me/homes/",
        due_text=promised(
            due_on,
            ahead=_("社区会在%(day)s前核对"),
            past=_("社区本应在%(day)s前核对，已超期%(days)d天，正在催办"),
        ),
        due_on=due_on,
    )


sections.add(
    Section(
        id="people.homes",
        title=_("我的家"),
        icon="house",
        rows=_rows,
        shown=_has_person,
        empty_text=_("还没有登记住在哪里。登记并由社区确认后，办事不用再填地址。"),
        more="front:homes",
        order=70,
        waiting=_waiting,
    )
)

tiles.add(
    Tile(
        id="people.claim_home",
        label=_("登记住处"),
        sub=_("省得填地址"),
        icon="house-plus",
        tone="amber",
        url_name="front:claim_home",
        situation=HOMES,
        order=300,
        words=_("搬来 搬家 入住 新住户 房子 房屋 产权 业主 租客 租房 家人 地址 门牌 住处"),
    )
)
tiles.add(
    Tile(
        id="people.homes",
        label=_("我的家"),
        sub=_("看核对结果、搬走了"),
        icon="house",
        tone="green",
        url_name="front:homes",
        situation=HOMES,
        home=False,
        order=310,
        words=_("搬走 搬家 退租 撤回 住处 产权 户代表 房子 房屋"),
    )
)
tiles.add(
    Tile(
        id="people.family",
        label=_("替家人办"),
        sub=_("老人和孩子"),
        icon="users",
        tone="blue",
        url_name="front:family",
        situation=FAMILY,
        order=320,
        words=_("家人 代办 监护 监护人 孩子 儿子 女儿 老人 父母 爸妈 授权 委托 代办 亲属 子女"),
    )
)
tiles.add(
    Tile(
        id="people.profile",
        label=_("我的资料"),
        sub=_("改联系电话和住址"),
        icon="id-card",
        tone="blue",
        url_name="front:profile",
        situation=ABOUT_ME,
        home=False,
        order=330,
        words=_("姓名 生日 联系电话 改电话 地址 住址 信息 修改 更正"),
    )
)
tiles.add(
    Tile(
        id="people.phone",
        label=_("换手机号"),
        sub=_("换登录用的号码"),
        icon="smartphone",
        tone="amber",
        url_name="account_change_phone",
        situation=ABOUT_ME,
        home=False,
        order=340,
        words=_("换号 换电话 手机号 号码 新号"),
    )
)
tiles.add(
    Tile(
        id="people.password",
        label=_("改密码"),
        sub=_("还没有密码也在这里设"),
        icon="key-round",
        tone="red",
        url_name="account_overview",
        situation=ABOUT_ME,
        home=False,
        order=345,
        words=_("密码 设密码 改密 登录密码 账号 账号与安全 安全"),
    )
)
