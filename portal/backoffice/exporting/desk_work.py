"""What waits at the desk besides: requests about one's own data, messages that did not go out."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.notices.models import Delivery
from portal.notices.wording import kind_label
from portal.people.models import DataRequest
from portal.people.roles import DESK

from .. import access
from ..exports.columns import Rows, name_column, of_desk
from ..exports.sources import Column, ExportSource, sources

sources.add(
    ExportSource(
        id="people.datarequest",
        label=_("个人信息请求"),
        model=DataRequest,
        place="community",
        narrow=of_desk(),
        select_related=("community", "subject", "asker"),
        columns=(
            Column("code", _("单号"), lambda request: request.code, width=14),
            Column("kind", _("请求"), lambda request: request.get_kind_display(), width=8),
            Column("field", _("哪一项"), lambda request: request.get_field_display(), width=10),
            Column("community", _("社区"), lambda request: request.community.name),
            name_column("subject", _("为谁办"), lambda request: request.subject.name),
            name_column("asker", _("谁提出"), lambda request: request.asker.name),
            Column("channel", _("渠道"), lambda request: request.get_channel_display(), width=8),
            Column("state", _("状态"), lambda request: request.get_state_display(), width=10),
            Column("due_on", _("期限"), lambda request: request.due_on, width=16),
            Column("created_at", _("提出时间"), lambda request: request.created_at, width=22),
        ),
        order=45,
    )
)


def _to_people_served(rows: Rows, user: Any) -> Rows:
    return rows.filter(notice__person__in=access.people_in(user, DESK).values("pk"))


sources.add(
    ExportSource(
        id="notices.delivery",
        label=_("发送记录"),
        model=Delivery,
        place="notice__person__community",
        narrow=_to_people_served,
        select_related=("notice__person",),
        columns=(
            name_column("person", _("收件人"), lambda delivery: delivery.notice.person.name),
            Column("kind", _("类别"), lambda delivery: kind_label(delivery.notice.kind)),
            Column("channel", _("渠道"), lambda delivery: delivery.get_channel_display(), width=8),
            Column("state", _("状态"), lambda delivery: delivery.get_state_display(), width=16),
            Column("told", _("消息时间"), lambda delivery: delivery.notice.at, width=22),
            Column("stuck_at", _("没发出去的时间"), lambda delivery: delivery.stuck_at, width=22),
            Column("attempts", _("试过几次"), lambda delivery: delivery.attempts, width=10),
        ),
        order=46,
    )
)
