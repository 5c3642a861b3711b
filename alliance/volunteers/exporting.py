"""What of the volunteers may leave the desk as Excel."""

from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from portal.backoffice.exports.columns import name_column, noted, of_desk, phone_column, yes_no
from portal.backoffice.exports.sources import Column, ExportSource, hidden, sources

from .models import HourEntry, Skill, Team, TeamMember, Volunteer


def _count_hours(volunteers: list[Any]) -> None:
    """What each has served in all, for a whole chunk in one query."""
    sums = HourEntry.objects.filter(volunteer__in=[volunteer.pk for volunteer in volunteers])
    totals = dict(sums.order_by().values_list("volunteer").annotate(total=Sum("half_hours")))
    for volunteer in volunteers:
        volunteer.half_hours_in_all = totals.get(volunteer.pk, 0)


def _hours(half_hours: int) -> Decimal:
    return Decimal(half_hours) / 2


sources.add(
    ExportSource(
        id="volunteers.volunteer",
        label=_("志愿者"),
        model=Volunteer,
        place="community",
        narrow=of_desk(),
        select_related=("person", "community", "grid"),
        prefetch=("skills",),
        enrich=_count_hours,
        noted=noted(lambda volunteer: volunteer.person),
        columns=(
            name_column("person", _("姓名"), lambda volunteer: volunteer.person.name),
            phone_column("phone", _("联系电话"), lambda volunteer: volunteer.person.contact_phone),
            Column("community", _("服务社区"), lambda volunteer: volunteer.community.name),
            Column("grid", _("网格"), lambda volunteer: str(volunteer.grid or "")),
            Column("state", _("状态"), lambda volunteer: volunteer.get_state_display(), width=10),
            Column("skills", _("特长"), lambda volunteer: "、".join(s.name for s in volunteer.skills.all()), width=20),
            Column("availability", _("方便的时间"), lambda volunteer: volunteer.get_availability_display()),
            Column(
                "introduction",
                _("自我介绍"),
                lambda volunteer: volunteer.introduction,
                personal=True,
                masked=hidden,
                width=36,
            ),
            Column("homes_cleared_on", _("可入户，自"), lambda volunteer: volunteer.homes_cleared_on, width=16),
            Column("minors_cleared_on", _("可服务未成年人，自"), lambda volunteer: volunteer.minors_cleared_on),
            Column("hours", _("累计时长（小时）"), lambda volunteer: _hours(volunteer.half_hours_in_all)),
        ),
        order=150,
    )
)
sources.add(
    ExportSource(
        id="volunteers.team",
        label=_("志愿者队伍"),
        model=Team,
        place="community",
        narrow=of_desk(),
        select_related=("community", "grid", "leader__person"),
        columns=(
            Column("name", _("队名"), lambda team: team.name, width=24),
            Column("community", _("社区"), lambda team: team.community.name),
            Column("grid", _("网格"), lambda team: str(team.grid or "")),
            name_column("leader", _("队长"), lambda team: team.leader.person.name if team.leader else ""),
            Column("active", _("在用"), lambda team: yes_no(team.active), width=8),
        ),
        order=151,
    )
)
sources.add(
    ExportSource(
        id="volunteers.teammember",
        label=_("队员"),
        model=TeamMember,
        place="team__community",
        narrow=of_desk("team__"),
        select_related=("team__community", "volunteer__person"),
        columns=(
            Column("team", _("队伍"), lambda member: member.team.name, width=24),
            Column("community", _("社区"), lambda member: member.team.community.name),
            name_column("volunteer", _("志愿者"), lambda member: member.volunteer.person.name),
            Column("since", _("起"), lambda member: member.since, width=16),
            Column("until", _("止"), lambda member: member.until, width=16),
        ),
        order=152,
    )
)
sources.add(
    ExportSource(
        id="volunteers.hourentry",
        label=_("服务时长"),
        model=HourEntry,
        place="community",
        narrow=of_desk("volunteer__"),
        select_related=("volunteer__person", "community"),
        columns=(
            Column("at", _("时间"), lambda entry: entry.at, width=22),
            Column("community", _("社区"), lambda entry: entry.community.name),
            name_column("volunteer", _("志愿者"), lambda entry: entry.volunteer.person.name),
            Column("hours", _("时长（小时）"), lambda entry: _hours(entry.half_hours), width=12),
            Column("minutes", _("服务分钟"), lambda entry: entry.minutes, width=10),
        ),
        order=153,
    )
)
sources.add(
    ExportSource(
        id="volunteers.skill",
        label=_("特长"),
        model=Skill,
        narrow=lambda rows, user: rows,
        columns=(Column("name", _("名称"), lambda skill: skill.name, width=24),),
        order=154,
    )
)
