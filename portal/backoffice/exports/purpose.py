"""Exports in the register of processing: what is kept of who asked for what, and how the members of staff read it."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.reading_out import newest_first, table
from portal.core.registries import Forgotten, OwnTable, Purpose, purposes
from portal.people.own_records import accounts_of

from ..models import Export
from . import ending
from .sources import label_of


def collect(person_ids: list[int], most: int | None) -> list[OwnTable]:
    """The exports that a member of staff asked for."""
    return table(
        _("申请过的名单导出"),
        (_("导出编号"), _("名单"), _("申请时间"), _("状态"), _("用途")),
        newest_first(Export.objects.filter(requester__in=accounts_of(person_ids)), "created_at", most),
        lambda row: (row.number, label_of(row.source), row.created_at, row.get_state_display(), row.purpose),
        most,
    )


def forget(person_ids: list[int], at: dt.datetime) -> Forgotten:
    """Who asked for what stays as the law asks; what was written beside it goes by time."""
    if not Export.objects.filter(requester__in=accounts_of(person_ids)).exists():
        return Forgotten(0)
    return Forgotten(0, _("您申请过的导出。谁导出过个人信息，依法要留记录；写下的用途到期自动清空。"))


purposes.add(
    Purpose(
        id="backoffice.exports",
        title=gettext_lazy("工作人员导出名单"),
        basis=gettext_lazy("社区依法办理公共服务、统计报送所必需（个人信息保护法第十三条第一款第三项）"),
        notice=gettext_lazy(
            "工作人员要把名单导成 Excel，得写明用途，由另一个人批准；里面的姓名、电话、住址默认只显示一部分。"
            "每一行都写着谁导出的，文件过几天自动作废。谁申请、谁批准、什么时候下载，都有记录；"
            "您完整的电话或住址如果导了出去，您在“存了我的哪些信息”里看得到。"
        ),
        readers=gettext_lazy("申请的工作人员本人可以下载；批准的人、个人信息保护员和系统管理员看得到申请，看不到文件"),
        fields=(
            "backoffice.Export.number",
            "backoffice.Export.requester",
            "backoffice.Export.approver",
            "backoffice.Export.purpose",
            "backoffice.Export.listing",
            "backoffice.Export.whole_reason",
            "backoffice.Export.columns",
            "backoffice.Export.whole_columns",
            "backoffice.Export.offices",
            "backoffice.Export.created_at",
            "backoffice.Export.file",
            "backoffice.ExportDownload.user",
            "backoffice.ExportDownload.at",
        ),
        field_words=gettext_lazy("谁申请、谁批准、导出了哪张名单的哪些列、用途、筛选条件、下载时间；文件本身"),
        retention=gettext_lazy(
            "文件一般 3 天，由社区设定；用途和筛选条件 365 天；谁在什么时候导出过什么，不少于六个月"
        ),
        erasure=gettext_lazy(
            "文件到期、下载次数用完、申请人离任时由系统删除；用途和筛选条件到期自动清空；编号记录一直保留"
        ),
        erase=lambda at: ending.erase_words(at=at),
        collect=collect,
        forget=forget,
        order=85,
    )
)
