"""Why and how the record of who did what is kept. It stands on this floor because it is read out in the words of the
desk's own pages."""

from django.utils.translation import gettext_lazy as _

from portal.core import aging
from portal.core.registries import Purpose, purposes

from . import own_record
from .forgetting import forget_record

purposes.add(
    Purpose(
        id="core.record",
        title=_("记下谁办了什么"),
        basis=_("履行法定义务所必需（网络安全法关于留存日志的规定；个人信息保护法第十三条第一款第三项、第五十一条）"),
        notice=_(
            "每件事什么时候由谁办到哪一步、工作人员什么时候看过完整的电话，都会记下来，办的人不能改也不能删。"
            "谁看过您登记的电话和住址，列在“我的”里的“存了我的哪些信息”；谁看过心愿单上的电话，列在那张心愿单上。"
            "记录里只有编号，没有姓名和电话；办事的人写的理由加密保存，单独存放。"
        ),
        readers=_(
            "经办的社区工作人员看得到那一件事的经过；全部记录由个人信息保护员、系统管理员查看；看过您电话的记录，您自己也看得到"
        ),
        fields=(
            "core.AuditEntry.at",
            "core.AuditEntry.verb",
            "core.AuditEntry.actor_id",
            "core.AuditEntry.subject_id",
            "core.Transition.at",
            "core.Transition.name",
            "core.Transition.actor_id",
            "core.Transition.subject_id",
            "core.Remark.text",
        ),
        field_words=_("经办账号的编号、事情的编号、时间、办的是什么、写下的理由"),
        retention=_("操作记录一般三年，不少于六个月；办到哪一步的记录，和那件事留得一样久，只有编号"),
        erasure=_("操作记录到期由系统自动删除，每次删除本身也有记录；写下的理由，随那件事或者在您要求删除时一起删除"),
        erase=lambda at: aging.erase_record(at=at),
        collect=own_record.record,
        forget=forget_record,
        order=80,
    )
)
