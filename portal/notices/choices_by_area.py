"""What a community decides for itself about messages."""

from django.utils.translation import gettext_lazy as _

from portal.core.options import Option, declare

KEEP_DAYS = declare(
    Option(
        "notices.keep_days",
        _("消息保留"),
        365,
        minimum=30,
        maximum=3650,
        unit=_("天"),
        help_text=_("读过的、没读的，过了这么久都由系统自动删除；事情本身的记录不受影响。"),
    )
)
