"""Why and how volunteers' data is processed, and what becomes of a volunteer who closes their account."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from portal.core.registries import OpenMatter, Purpose, open_matters, purposes
from portal.people.leaving import on_leaving
from portal.people.models import User

from . import joining, own_records
from .models import Volunteer

purposes.add(
    Purpose(
        id="volunteers.service",
        title=_("志愿者管理与服务时长记录"),
        basis=_("履行与您订立的志愿服务约定所必需（个人信息保护法第十三条第一款第二项；志愿服务条例）"),
        notice=_("您报名当志愿者时，我们记下您的特长、方便的时间和自我介绍；服务以后，记下服务时长。"),
        readers=_("您本人；您服务社区的工作人员；街道主管"),
        fields=(
            "volunteers.Volunteer.person",
            "volunteers.Volunteer.community",
            "volunteers.Volunteer.grid",
            "volunteers.Volunteer.state",
            "volunteers.Volunteer.skills",
            "volunteers.Volunteer.availability",
            "volunteers.Volunteer.introduction",
            "volunteers.Volunteer.channel",
            "volunteers.Volunteer.typist",
            "volunteers.Volunteer.scan",
            "volunteers.Volunteer.homes_cleared_on",
            "volunteers.Volunteer.minors_cleared_on",
            "volunteers.TeamMember.volunteer",
            "volunteers.TeamMember.team",
            "volunteers.TeamMember.since",
            "volunteers.TeamMember.until",
            "volunteers.Team.leader",
            "volunteers.HourEntry.volunteer",
            "volunteers.HourEntry.community",
            "volunteers.HourEntry.half_hours",
            "volunteers.HourEntry.minutes",
            "volunteers.HourEntry.at",
            "volunteers.HourEntry.credited_by_id",
        ),
        field_words=_(
            "特长、方便的时间、自我介绍、入户和服务未成年人的许可日期、参加的队伍、服务时长、窗口报名的纸质单"
        ),
        retention=_(
            "志愿服务期间；退出或没有通过之后一般 365 天，由社区设定。"
            "时长记录依《志愿服务条例》长期保存，以便您开具证明"
        ),
        erasure=_("到期由系统自动清空自我介绍、特长和许可日期；退出以后您可以随时删除；时长记录依法保存"),
        erase=lambda at: own_records.erase_old(at=at),
        collect=own_records.service,
        forget=own_records.forget_service,
        part_words={"service": _("志愿者登记里的自我介绍、特长、方便的时间、许可日期、纸质单和写明的理由")},
        order=40,
    )
)
open_matters.add(
    OpenMatter(
        id="volunteers.serving",
        label=_("志愿服务"),
        rows=lambda _person_ids, _at, _most: [],
        bound=own_records.bound,
        order=40,
    )
)


@on_leaving
def stop_serving(user: User, at: dt.datetime) -> None:
    """Who closes their account is no volunteer any more; a room where something is in their hands refuses."""
    for volunteer in Volunteer.objects.filter(person__in=user.person_ids).exclude(state__in=own_records.OVER):
        joining.leave(volunteer=volunteer, actor=user, at=at)
