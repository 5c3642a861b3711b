"""What volunteers are told."""

from django.utils.translation import gettext_lazy as _

from portal.notices.wording import Kind, Text, declare, declare_kind

KIND = declare_kind(Kind("volunteers", _("志愿服务"), _("您的志愿者申请和服务有变化"), order=30))

declare(
    Text("volunteers.accepted", KIND, _("您的志愿者申请通过了，欢迎加入。")),
    Text("volunteers.refused", KIND, _("您的志愿者申请没有通过。"), _("原因：%(reason)s")),
    Text("volunteers.suspended", KIND, _("您的志愿服务已暂停，请联系社区。"), _("原因：%(reason)s")),
    Text("volunteers.resumed", KIND, _("您可以继续志愿服务了。")),
)
