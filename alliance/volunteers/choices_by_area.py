"""What a community decides for itself about volunteers."""

from django.utils.translation import gettext_lazy as _

from portal.core.options import Option, declare

ROUND_UP_MINUTES = declare(
    Option(
        "volunteers.round_up_minutes",
        _("服务时长满多少分钟按一小时算"),
        30,
        minimum=1,
        maximum=59,
        unit=_("分钟"),
        help_text=_("不足一小时的零头，满这个数算一小时，不满算半小时。"),
    )
)
REVIEW_DAYS = declare(Option("volunteers.review_days", _("志愿者申请审核期限"), 5, minimum=1, maximum=60, unit=_("天")))
KEEP_DAYS = declare(
    Option(
        "volunteers.keep_days",
        _("退出的志愿者，自我介绍和特长保留"),
        365,
        minimum=30,
        maximum=3650,
        unit=_("天"),
        help_text=_("退出或没有通过的，过了这么久由系统自动清空；服务时长不删。"),
    )
)
