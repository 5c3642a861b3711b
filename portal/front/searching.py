"""What the front brings to the search: things that can be done (the rooms' tiles, and pages that are no tile), public
numbers with how many, how personal information is used.

A page that a tile leads to stands here by that tile alone, so that nothing is found twice.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.core.registries import Figure, Text, figures, purposes, tiles
from portal.search.calling import closest
from portal.search.sources import Offer, Offers, offers
from portal.search.terms import Query

from . import doing, numbers, urgent  # noqa: F401 — urgent registers the numbers to call in danger


def _signed_in(user: Any) -> bool:
    return bool(user.is_authenticated)


def _visitor(user: Any) -> bool:
    return not user.is_authenticated


@dataclass(frozen=True)
class Page:
    """A page that can be found by name and is no tile; ``for_whom`` as of a tile."""

    url_name: str
    label: Text
    sub: Text
    icon: str
    words: Text
    for_whom: Callable[[Any], bool] = lambda _user: True
    tone: str = "blue"


PAGES = (
    Page("front:me", _("我的"), _("我提的、我登记的"), "user", _("个人中心 我的账号 我的信息 个人主页")),
    Page(
        "account_login",
        _("登录"),
        _("手机号和验证码"),
        "log-in",
        _("登陆 验证码 密码 登不上 登不进去 进不去 登录不了 收不到验证码"),
        _visitor,
    ),
    Page(
        "account_signup", _("注册"), _("用手机号开一个账号"), "user-plus", _("开户 新账号 没有账号 注册账号"), _visitor
    ),
    Page(
        "account_reset_password",
        _("忘记密码"),
        _("用手机验证码重新设"),
        "key-round",
        _("密码忘了 忘了密码 忘密码 找回密码 重设密码 重置密码 密码不记得 密码不对 想不起密码"),
    ),
    Page(
        "account_logout", _("退出登录"), _("这台手机、电脑上不再登录"), "log-out", _("退出 登出 退出账号"), _signed_in
    ),
    Page(
        "front:export",
        _("拿走一份我的信息"),
        _("存了我的，下载一份"),
        "download",
        _("导出 下载 拿走 复制 副本 我的数据"),
    ),
    Page(
        "front:erase",
        _("删除我的信息"),
        _("可以删的当场删"),
        "trash-2",
        _("删除 删掉 清除 抹掉 删除信息 删除个人信息 删我的信息"),
    ),
    Page(
        "front:leave",
        _("注销账号"),
        _("不用了，关掉账号"),
        "user-x",
        _("注销 销户 退出 不用了 删除账号 关闭账号 注销账户"),
    ),
)


@dataclass(frozen=True)
class ToDo:
    """Something that one can do, found: ``word`` is what it was found by, where neither label nor ``sub`` shows it."""

    label: str
    sub: str
    url: str
    icon: str
    tone: str
    word: str = ""


def to_do(query: str, user: Any) -> list[ToDo]:
    """Everything that ``user`` may do and that answers ``query``, tiles and pages together, the best first."""
    things = [*(_tile_as_page(tile) for tile in tiles if tile.for_whom(user)), *(p for p in PAGES if p.for_whom(user))]
    found = closest(query, things, lambda page: (str(page.label), f"{page.sub} {page.words}".split()))
    return [_shown(page, word) for page, word in found]


def _tile_as_page(tile: Any) -> Page:
    return Page(tile.url_name, tile.label, tile.sub, tile.icon, tile.words, tone=tile.tone)


def _shown(page: Page, word: str = "") -> ToDo:
    label, sub = str(page.label), str(page.sub)
    seen = not word or word in label or word in sub
    return ToDo(label, sub, reverse(page.url_name), page.icon, page.tone, "" if seen else word)


def always(*, person_first: bool = False) -> list[ToDo]:
    """What is offered where nothing was found: the first thing one can ask for, somebody to phone, everything; where
    it is urgent, somebody to phone before anything is ordered."""
    first = [ToDo(tile.label, tile.sub, tile.url, tile.icon, tile.tone) for tile in doing.home_tiles(1)]
    phone = ToDo(_t("打电话问社区"), _t("说不清、找不到，打个电话"), reverse("front:help"), "phone", "green")
    whole = ToDo(_t("看全部能办的事"), _t("一样一样地看"), reverse("front:do"), "layout-grid", "blue")
    return [phone, *first, whole] if person_first else [*first, phone, whole]


# Numbers -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FoundFigure:
    """A public number by its name: “27 件微心愿已完成”, of ``place``."""

    title: str
    place: str
    url: str


def find_figures(query: Query, community: Any, at: dt.datetime, most: int) -> tuple[list[FoundFigure], int]:
    """The first ``most`` figures that answer ``query`` with their numbers, of ``community`` or of all together; and how
    many answer. One query each."""
    words = str(_("统计 数字 多少 公开 数据"))
    found = [figure for figure in figures if query.found_in(str(figure.label), str(figure.note), words)]
    return [_with_number(figure, community, at) for figure in found[:most]], len(found)


def _with_number(figure: Figure, community: Any, at: dt.datetime) -> FoundFigure:
    label, whole = str(figure.label), reverse("front:figures")
    if figure.kind == "community" and community is not None:
        for number in figure.values([community], at).values():
            url = reverse("front:figures_of", args=["community", community.pk])
            return FoundFigure(numbers.in_words(figure, number), community.name, url)
    if figure.count_all is not None:
        return FoundFigure(numbers.in_words(figure, sum(figure.count_all(at).values())), _t("全部合计"), whole)
    return FoundFigure(label, _t("点开看数字"), whole)


# Notices about personal information ----------------------------------------------------------------------------------


def _purposes() -> Iterator[Offer]:
    """Found by what they are called and by words about personal information, never by a word of their small print:
    who types 打电话 does not want to know how a check value is kept."""
    for number, purpose in enumerate(purposes, start=1):
        yield Offer(
            id=purpose.id,
            label=purpose.title,
            url=lambda number=number: f"{reverse('front:privacy')}#p{number}",  # type: ignore[misc]
            sub=_t("收哪些信息、谁能看、留多久"),
            icon="shield-check",
            words=_t("隐私 个人信息 保密 信息安全"),
        )


offers.add(Offers("privacy", _("个人信息怎么用"), _purposes, order=80))
