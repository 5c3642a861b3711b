"""Who is in which team."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.core import audit, clock, reasons
from portal.core.moves import MoveRefused
from portal.people.models import User

from .models import Team, TeamMember, Volunteer


@transaction.atomic
def join(*, team: Team, volunteer: Volunteer, actor: User | None, at: dt.datetime) -> TeamMember:
    """Put an active volunteer of the same community into ``team``. MoveRefused where that cannot be.

    The volunteer's row is locked and read anew: who leaves in this moment is put into no team.
    """
    volunteer = Volunteer.objects.select_for_update(no_key=True).get(pk=volunteer.pk)
    if not Team.objects.filter(pk=team.pk, active=True).exists():
        raise MoveRefused(_("这支队伍已经停用了。"))
    if volunteer.state != Volunteer.State.ACTIVE or volunteer.community_id != team.community_id:
        raise MoveRefused(_("只有本社区服务中的志愿者才能入队。"))
    try:
        with transaction.atomic():
            member = TeamMember.objects.create(team=team, volunteer=volunteer, since=clock.local_day(at))
    except IntegrityError:
        raise MoveRefused(_("这位志愿者已经在队里了。")) from None
    audit.record(
        "team.joined", actor_id=actor.pk if actor else None, subject=team, at=at, details={"volunteer": volunteer.pk}
    )
    return member


@transaction.atomic
def part(*, member: TeamMember, actor: User, at: dt.datetime, reason: str) -> None:
    """End a membership and say why; its dates stay. ValidationError without a reason, MoveRefused where it is over."""
    reason = reasons.check(reason, _("请写明为什么离队。"))
    if TeamMember.objects.filter(pk=member.pk, until__isnull=True).update(until=clock.local_day(at)) != 1:
        raise MoveRefused(_("这位志愿者已经不在队里了。"))
    for subject, details in ((member.team, {"volunteer": member.volunteer_id}), (member, {})):
        audit.record("team.left", actor_id=actor.pk, subject=subject, at=at, details=details, reason=reason)
