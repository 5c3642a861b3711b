"""What the desk is told about its own work."""

from django.utils.translation import gettext_lazy as _

from portal.notices.texts import OFFICE
from portal.notices.wording import Channel, Kind, Text, declare, declare_kind

DESK = declare_kind(
    Kind(
        "desk",
        _("每日待办"),
        _("工作日早上一条，写着工作台上有几件事等您办；没有要办的就不发。“网站里”关掉，短信和邮件也一起停"),
        on=frozenset({Channel.EMAIL}),
        optional=True,
        for_staff=True,
        order=80,
    )
)
EXPORTS = declare_kind(
    Kind("exports", _("名单导出"), _("有导出等您批准，或您申请的导出有结果"), for_staff=True, order=80)
)

declare(
    Text(
        "exports.asked",
        EXPORTS,
        _("有一份名单导出等您批准"),
        _("%(number)s %(list)s，%(count)s 条，%(who)s 申请。"),
    ),
    Text("exports.approved", EXPORTS, _("您申请的名单导出已批准，正在生成"), _("%(number)s %(list)s")),
    Text("exports.refused", EXPORTS, _("您申请的名单导出没有批准"), _("%(number)s %(list)s")),
    Text("exports.ready", EXPORTS, _("您申请的名单可以下载了"), _("%(number)s %(list)s，%(until)s前可以下载。")),
    Text("exports.failed", EXPORTS, _("您申请的名单没有生成出来"), _("%(number)s %(list)s")),
    Text("exports.revoked", EXPORTS, _("您的名单导出被收回了"), _("%(number)s %(list)s")),
    Text("exports.lapsed", EXPORTS, _("您申请的名单导出没有人批，已作废"), _("%(number)s %(list)s")),
)

declare(
    Text("desk.today", DESK, _("今天有要办的事"), _("%(lines)s")),
    Text("offices.handed_on", OFFICE, _("您手上的工作已经交接"), _("%(rooms)s，已经交给同事接着办。")),
    Text("offices.handed_back", OFFICE, _("您手上的工作已经交接"), _("%(rooms)s，已经退回窗口，由同事接手。")),
    Text(
        "offices.handed_both",
        OFFICE,
        _("您手上的工作已经交接"),
        _("%(given)s，已经交给同事接着办；%(back)s，已经退回窗口。"),
    ),
    Text("offices.taken_over", OFFICE, _("有工作交接给您"), _("%(rooms)s，从今天起由您经办。")),
)
