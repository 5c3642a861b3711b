"""What a community decides for itself about wishes."""

from django.utils.translation import gettext_lazy as _

from portal.core.options import Option, declare

REVIEW_DAYS = declare(Option("wishes.review_days", _("审核期限"), 2, minimum=1, maximum=30, unit=_("天")))
DISPATCH_DAYS = declare(Option("wishes.dispatch_days", _("派单期限"), 2, minimum=1, maximum=30, unit=_("天")))
CLAIM_DAYS = declare(Option("wishes.claim_days", _("接单期限"), 3, minimum=1, maximum=60, unit=_("天")))
COMPLETE_DAYS = declare(Option("wishes.complete_days", _("完成期限"), 15, minimum=1, maximum=180, unit=_("天")))
RATING_DAYS = declare(Option("wishes.rating_days", _("评价期限"), 7, minimum=1, maximum=60, unit=_("天")))
PRICE_LIMIT_YUAN = declare(
    Option("wishes.price_limit_yuan", _("物品价格上限"), 500, minimum=0, maximum=100000, unit=_("元"))
)
ONE_THING_A_HOUSEHOLD = declare(Option("wishes.one_thing_a_household", _("一户同时只有一个物品心愿"), True, kind=bool))
KEEP_DAYS = declare(Option("wishes.keep_days", _("结束后保留个人信息"), 365, minimum=30, maximum=3650, unit=_("天")))
