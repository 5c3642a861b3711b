"""Pages of the front that are found by name: where to do what, the public numbers, how personal information is used.

What can be asked for (the tiles) is found by ``doing.find``, which knows more words for it.
"""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.registries import figures, purposes
from portal.search.sources import Offer, Offers, offers

PAGES = (
    ("front:homes", _("登记住处"), _("住在哪一户、房子是谁的"), "house", _("搬家 住址 地址 房屋 产权 租房 入住")),
    ("front:community", _("选社区"), _("换一个社区看"), "map-pin", _("切换社区 换社区 街道")),
    ("front:mode", _("关怀版"), _("字大、按钮大"), "eye", _("老人 长辈 大字 字号 看不清 标准版")),
    ("front:messages", _("我的消息"), _("办事进展和通知"), "bell", _("通知 短信 提醒")),
    ("front:me", _("我的"), _("我提的、我登记的"), "user", _("个人中心 账号 注销")),
    ("front:my_data", _("我的个人信息"), _("看、改、带走、删除"), "shield-check", _("资料 隐私 导出 删除 更正")),
    ("account_login", _("登录"), _("手机号和验证码"), "log-in", _("注册 密码 验证码 忘记密码")),
    ("account_overview", _("账号与安全"), _("换手机号、改密码"), "lock", _("换号 改密码 手机号")),
    ("front:figures", _("数字公开"), _("各社区办了多少事"), "chart-no-axes-column", _("统计 公开 数据")),
)


def _pages() -> Iterator[Offer]:
    for name, label, sub, icon, words in PAGES:
        yield Offer(name, label, lambda name=name: reverse(name), sub=sub, icon=icon, words=words)  # type: ignore[misc]


def _figures() -> Iterator[Offer]:
    for figure in figures:
        yield Offer(
            id=figure.id,
            label=figure.label,
            url=lambda: reverse("front:figures"),
            sub=figure.note,
            icon="chart-no-axes-column",
            words=_("统计 数字"),
        )


def _purposes() -> Iterator[Offer]:
    for number, purpose in enumerate(purposes, start=1):
        yield Offer(
            id=purpose.id,
            label=purpose.title,
            url=lambda number=number: f"{reverse('front:privacy')}#p{number}",  # type: ignore[misc]
            sub=purpose.field_words,
            icon="shield-check",
            words=purpose.notice,
        )


offers.add(Offers("pages", _("页面"), _pages, order=10))
offers.add(Offers("figures", _("公开的数字"), _figures, order=70))
offers.add(Offers("privacy", _("个人信息怎么用"), _purposes, order=80))
