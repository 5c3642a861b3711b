"""The file leaves: to the requester alone, a few times, each on the record."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from portal.core import audit
from portal.core.moves import MoveRefused
from portal.people.models import User

from ..models import Export, ExportDownload, ExportState
from . import access


class Gone(MoveRefused):
    """Its time is over, or it was fetched as often as allowed."""


@transaction.atomic
def hand_out(*, export: Export, actor: User, at: dt.datetime) -> ExportDownload:
    """Count one more download. The row is locked first, so that two browsers do not share the last one.

    PermissionDenied for anybody but the requester, and for the requester once an office has ended by which the rows
    were seen; ``Gone`` when it is over; MoveRefused before there is a file.
    """
    now = Export.objects.select_for_update().get(pk=export.pk)
    requester = User.objects.get(pk=actor.pk)
    if not access.may_fetch(requester, now):
        raise PermissionDenied
    if is_over(now, at):
        raise Gone(_("这份文件已经过期，内容已经删除。需要的话请重新申请。"), state=now.state)
    if now.state != ExportState.READY:
        raise MoveRefused(_("这份文件现在不能下载，请看看它的经过。"), state=now.state)
    times = now.downloads.count()
    if times >= now.downloads_allowed:
        raise Gone(_("这份文件的下载次数已经用完。需要的话请重新申请。"), state=now.state)
    download = ExportDownload.objects.create(export=now, user=requester, ordinal=times + 1, at=at)
    audit.record("export.downloaded", actor_id=actor.pk, subject=now, at=at, details={"ordinal": times + 1})
    return download


def is_over(export: Export, at: dt.datetime) -> bool:
    """Whether there was a file and its time has passed."""
    if export.state == ExportState.EXPIRED:
        return True
    return export.state == ExportState.READY and export.expires_at is not None and export.expires_at <= at
