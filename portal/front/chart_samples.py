"""Pictures of invented numbers for the style guide: every shape, and what a picture must bear."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.core.chart_views import ChartView
from portal.core.charting import draw
from portal.core.qr import QRCode, code_for, public_address
from portal.core.registries import ChartData, Series

_MONTHS = tuple(f"{month}月" for month in (12, *range(1, 12)))


@dataclass(frozen=True)
class Sample:
    """A picture and what it is an example of."""

    about: str
    view: ChartView


def sample_charts() -> list[Sample]:
    """Every shape of a chart in every state; the numbers are invented."""
    return [
        Sample(about, draw(data, shape=shape, title=title, dom_id=f"chart-sample-{number}"))
        for number, (about, shape, title, data) in enumerate(_samples(), 1)
    ]


def _samples() -> list[tuple[str, str, str, ChartData | None]]:
    return [*_usual(), *_hard()]


def _usual() -> list[tuple[str, str, str, ChartData | None]]:
    """One series or several in each shape."""
    took = ChartData(
        (_("1 天内"), _("2–3 天"), _("4–7 天"), _("8–15 天"), _("15 天以上")),
        (Series(_("办结"), (6, 11, 7, 3, 0), "blue"),),
        unit=_("件"),
        axis=_("多久办结"),
    )
    states = ChartData(
        _MONTHS,
        (
            Series(_("已办结"), (2, 3, 2, 4, 3, 2, 3, 4, 2, 3, 4, 1), "green"),
            Series(_("正在办"), (0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 4), "red"),
            Series(_("等人来帮"), (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3), "amber"),
        ),
        unit=_("件"),
        axis=_("月份"),
    )
    closed = ChartData(
        _MONTHS,
        (Series(_("办结"), (1, 3, 2, 4, 3, 2, 5, 4, 2, 3, 6, 4), "green"),),
        unit=_("件"),
        axis=_("月份"),
        groups=(_("2025年"), *[_("2026年")] * 11),
        running=_("本月至今"),
    )
    money = ChartData(
        (_("一季度"), _("二季度"), _("三季度"), _("四季度")),
        (
            Series(_("收入"), (480000, 120000, 72000, 48000), "green"),
            Series(_("支出"), (150000, 150000, 218000, 100050), "red"),
        ),
        unit=_("元"),
        axis=_("季度"),
        per_unit=100,
    )
    two = ChartData(
        _MONTHS,
        (
            Series(_("去年"), (20, 24, 18, 30, 34, 31, 28, 36, 40, 38, 42, 45), "blue"),
            Series(_("今年"), (26, 22, 27, 33, 29, 40, 44, 41, 52, 47, 55, None), "red"),
        ),
        unit=_("人次"),
        axis=_("月份"),
    )
    return [
        (_("条形"), "bar", _("微心愿多久办结"), took),
        (_("堆叠"), "stacked", _("每个月的微心愿办到哪一步"), states),
        (_("折线"), "line", _("每个月办结多少件"), closed),
        (_("两组条形，金额按分存、按元显示"), "bar", _("收入和支出"), money),
        (_("两条折线，最后一个月还没有数据"), "line", _("活动参加人次"), two),
    ]


def _hard() -> list[tuple[str, str, str, ChartData | None]]:
    """What a picture must bear: gaps, losses, one value, many or long labels, millions, nothing."""
    gaps = ChartData(_MONTHS[:6], (Series(_("血压测量"), (12, 0, None, None, 9, 15)),), unit=_("人次"), axis=_("月份"))
    losses = ChartData(
        _MONTHS[:6], (Series(_("结余"), (1200, 300, -450, -80, 0, 640), "blue"),), unit=_("元"), adds_up=False
    )
    long_labels = (
        _("“乐·颐”守护团上门量血压和陪诊（含节假日）"),
        _("童趣亲子阅读室周末开放"),
        _("便民维修"),
    )
    flats = tuple(_("%(number)d栋") % {"number": number} for number in range(1, 25))
    big = (1_250_000, 3_480_000, 2_999_999, 4_100_000, 3_650_000)
    years = tuple(f"{year}年" for year in range(2022, 2027))
    return [
        (_("0 和没有数据不一样"), "bar", _("上门量血压（条形）"), gaps),
        (_("没有数据的地方断开"), "line", _("上门量血压（折线）"), gaps),
        (_("负数"), "bar", _("每月结余（条形）"), losses),
        (_("负数的折线"), "line", _("每月结余（折线）"), losses),
        (_("只有一个数"), "line", _("第一个月"), ChartData(_MONTHS[:1], (Series(_("办结"), (3,)),), unit=_("件"))),
        (_("名称很长"), "bar", _("哪些服务用得多"), ChartData(long_labels, (Series(_("次数"), (128, 64, 7)),))),
        (
            _("二十四项"),
            "bar",
            _("各栋户数"),
            ChartData(flats, (Series(_("户"), tuple(12 + 7 * n % 19 for n in range(24)), "plain"),), unit=_("户")),
        ),
        (
            _("二十四个点"),
            "line",
            _("各栋户数（折线）"),
            ChartData(flats, (Series(_("户"), tuple(12 + 7 * n % 19 for n in range(24))),), unit=_("户")),
        ),
        (_("几百万"), "line", _("全市活动人次"), ChartData(years, (Series(_("人次"), big, "amber"),), unit=_("人次"))),
        (_("还没有数据"), "bar", _("刚开通的社区"), None),
    ]


def sample_code(request: HttpRequest) -> QRCode:
    """A code that leads to the public figures."""
    return code_for(public_address(request, reverse("front:figures")), title=_("数字公开"))
