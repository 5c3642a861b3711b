"""What a community decides for itself about its people."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.core.options import Option, declare

CONFIRM_DAYS = declare(
    Option("people.confirm_days", _("住处和房屋登记确认期限"), 5, minimum=1, maximum=60, unit=_("个工作日"))
)
TIES_KEEP_DAYS = declare(
    Option(
        "people.ties_keep_days",
        _("居住和产权登记结束后保留"),
        365,
        minimum=30,
        maximum=3650,
        unit=_("天"),
        help_text=_("结束或没有通过的登记，过了这么久由系统自动删除。"),
    )
)
RELATIONS_KEEP_DAYS = declare(
    Option(
        "people.relations_keep_days",
        _("监护和代办结束后保留"),
        1095,
        minimum=30,
        maximum=3650,
        unit=_("天"),
        help_text=_("用来说明当时由谁代办；过了这么久由系统自动删除。"),
    )
)
PEOPLE_KEEP_DAYS = declare(
    Option(
        "people.keep_days",
        _("离开的人，登记保留"),
        1095,
        minimum=180,
        maximum=3650,
        unit=_("天"),
        help_text=_(
            "没有账号、没有住处、没有在办的事，从最后一件事结束算起；过了这么久由系统自动清除姓名、电话和住址。"
        ),
    )
)
CLOSED_KEEP_DAYS = declare(
    Option(
        "people.closed_keep_days",
        _("停用的账号，登录信息保留"),
        180,
        minimum=30,
        maximum=3650,
        unit=_("天"),
        help_text=_("由管理员停用的账号，过了这么久清除手机号和邮箱。本人注销的，当时就清除。"),
    )
)
REQUESTS_KEEP_DAYS = declare(
    Option("people.requests_keep_days", _("更正和删除请求办完后保留"), 365, minimum=30, maximum=3650, unit=_("天"))
)

MERGE_AFTER_DAYS = declare(
    Option(
        "people.merge_after_days",
        _("更正过登记的人，多久不能合并这条登记"),
        90,
        minimum=7,
        maximum=365,
        unit=_("天"),
        help_text=_("谁更正过姓名、性别或出生日期，这些天里由另一位同事来合并，免得一个人把两个人合成一个。"),
    )
)

_SECOND = _("选“否”，录入的人自己就能定；改动会留记录。")


def _second(what: str, label: Any, default: bool, help_text: Any = _SECOND) -> Option:
    """Whether a second person of the desk has to look at ``what`` before it is in force."""
    return declare(Option(f"people.second_person.{what}", label, default, bool, help_text=help_text))


SECOND_FOR_GUARDIANS = _second(
    "guardianship",
    _("登记监护人，要第二个人核对"),
    True,
    _("选“否”，录入的人自己就能定；孩子已经有监护人的，不管怎么选都要第二个人核对。改动会留记录。"),
)
SECOND_FOR_AGENTS = _second(
    "authorisation",
    _("登记代办授权，要第二个人核对"),
    False,
    _("选“否”，录入的人自己就能定，本人马上收到通知；本人没有账号、收不到的，不管怎么选都要第二个人核对。"),
)
# Of what the desk typed without a paper: with one, the paper is the second word.
SECOND_FOR_OWNERS = _second("ownership", _("窗口录入产权没有附纸质单的，要第二个人确认"), True)
SECOND_FOR_RESIDENTS = _second("residency", _("窗口录入居住没有附纸质单的，要第二个人确认"), False)
