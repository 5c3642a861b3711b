"""What a community decides for itself about its people."""

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
