"""What is stored of a volunteer, read out to them, erased on demand, gone by time; hours stay, to be certified."""

import datetime as dt
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.core import asked, files, remarks
from portal.core.audit import label_of
from portal.core.changes import changed
from portal.core.models import StoredFile
from portal.core.reading_out import facts, newest_first, table
from portal.core.registries import Forgotten, OwnTable
from portal.people.own_records import accounts_of
from portal.places.keeping import outlived

from .choices_by_area import KEEP_DAYS
from .models import HourEntry, Team, TeamMember, Volunteer

Ids = list[int]
BATCH = 200
OVER = (Volunteer.State.LEFT, Volunteer.State.REFUSED)
# Something of it still stands; what was erased is passed by.
_TO_ERASE = (
    ~Q(introduction="")
    | Q(skills__isnull=False)
    | Q(scan__isnull=False)
    | Q(homes_cleared_on__isnull=False)
    | Q(minors_cleared_on__isnull=False)
    | ~Q(availability=Volunteer.Availability.ANY)
)


def service(person_ids: Ids, most: int | None) -> list[OwnTable]:
    """The volunteer's own record, teams and hours."""
    return [
        *(_record(row) for row in records_of(person_ids)),
        *table(
            _("参加的队伍"),
            (_("队伍"), _("起"), _("止")),
            newest_first(
                TeamMember.objects.filter(volunteer__person__in=person_ids).select_related("team"), "since", most
            ),
            lambda row: (row.team, row.since, row.until),
            most,
        ),
        *table(
            _("带领的队伍"),
            (_("队伍"), _("社区")),
            Team.objects.filter(leader__person__in=person_ids).select_related("community").order_by("pk"),
            lambda team: (team, team.community),
            most,
        ),
        *table(
            _("服务时长"),
            (_("时间"), _("服务分钟"), _("折算小时"), _("社区"), _("冲正")),
            newest_first(
                HourEntry.objects.filter(volunteer__person__in=person_ids).select_related("community"), "at", most
            ),
            lambda row: (row.at, row.minutes, f"{row.half_hours / 2:g}", row.community, row.reverses_id is not None),
            most,
        ),
        *table(
            _("给别人记的服务时长"),
            (_("时间"), _("服务分钟")),
            newest_first(HourEntry.objects.filter(credited_by_id__in=accounts_of(person_ids)), "at", most),
            lambda row: (row.at, row.minutes),
            most,
        ),
    ]


def records_of(person_ids: Ids) -> list[Volunteer]:
    """What these records of one human being are as volunteers; on a page asked once."""
    own = Volunteer.objects.filter(person__in=person_ids).select_related("community", "grid", "person", "scan")
    return asked.once((records_of, *person_ids), lambda: list(own.prefetch_related("skills")))


def _record(row: Volunteer) -> OwnTable:
    table_of_facts = facts(_("志愿者"), _facts(row))
    return replace(table_of_facts, files=(row.scan,) if row.scan is not None else ())


def _facts(row: Volunteer) -> list[tuple[str, Any]]:
    return [
        (_("姓名"), row.person.name),
        (_("服务社区"), row.community),
        (_("网格"), row.grid),
        (_("状态"), row.get_state_display()),
        (_("从什么时候起"), row.state_since),
        (_("渠道"), row.get_channel_display()),
        *([(_("怎么登记的"), _("工作人员代录"))] if row.typist_id is not None else []),
        (_("纸质单"), _("有") if row.scan_id is not None else ""),
        (_("特长"), "、".join(skill.name for skill in row.skills.all())),
        (_("方便的时间"), row.get_availability_display()),
        (_("自我介绍"), row.introduction),
        (_("可入户，自"), row.homes_cleared_on),
        (_("可服务未成年人，自"), row.minors_cleared_on),
    ]


def forget_service(person_ids: Ids, at: dt.datetime) -> Forgotten:
    """What one said of oneself, once one serves no more. Hours stay."""
    mine = Volunteer.objects.filter(person__in=person_ids)
    gone = _blank(list(mine.filter(state__in=OVER).filter(_TO_ERASE).distinct()))
    if mine.exclude(state__in=OVER).exists():
        kept = _("自我介绍、特长、方便的时间、许可日期。您还是志愿者，或者正在申请，要用；退出以后可以删除。")
        return Forgotten(gone, kept, {"service": gone})
    hours = HourEntry.objects.filter(volunteer__in=mine).exists()
    kept = _("服务时长。依《志愿服务条例》要如实记录、长期保存，您随时可以凭它开证明。") if hours else ""
    return Forgotten(gone, kept, {"service": gone})


@transaction.atomic
def erase_old(*, at: dt.datetime) -> int:
    """Blank what volunteers said of themselves who left, or were refused, longer ago than their community keeps it;
    returns how many."""
    gone = 0
    over = Volunteer.objects.filter(state__in=OVER).filter(_TO_ERASE).distinct()
    for old, _limit in outlived(over, community="community", since="state_since", option=KEEP_DAYS, at=at):
        gone += _blank(list(old[: BATCH - gone]))
        if gone >= BATCH:
            break
    return gone


def _blank(volunteers: list[Volunteer]) -> int:
    ids = [volunteer.pk for volunteer in volunteers]
    papers = list(
        StoredFile.objects.filter(pk__in=[volunteer.scan_id for volunteer in volunteers if volunteer.scan_id])
    )
    Volunteer.objects.filter(pk__in=ids).update(
        introduction="",
        scan=None,
        availability=Volunteer.Availability.ANY,
        homes_cleared_on=None,
        minors_cleared_on=None,
    )
    for paper in papers:
        files.erase(paper)
    Volunteer.skills.through.objects.filter(volunteer__in=ids).delete()
    remarks.erase(label_of(Volunteer), ids)
    changed(*volunteers)
    return len(ids)


def bound(person_ids: Ids, since: dt.datetime) -> list[int]:
    """Who among ``person_ids`` serves, applies, or stopped after ``since``."""
    serving = Volunteer.objects.filter(~Q(state__in=OVER) | Q(state_since__gt=since), person__in=person_ids)
    return list(serving.values_list("person", flat=True))
