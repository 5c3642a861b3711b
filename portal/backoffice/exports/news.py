"""Who is told what about exports: those who may approve, and who asked. The words stand in ``texts``."""

import datetime as dt
from typing import Any

from django.urls import reverse

from portal.core.templating import datetime_cn
from portal.notices.telling import tell
from portal.people.models import User

from ..models import Export
from .access import approvers
from .sources import label_of


def address(export: Export) -> str:
    """The export's page at the desk."""
    return reverse("admin:backoffice_export_change", args=[export.pk])


def _tell(user: User, export: Export, text: str, at: dt.datetime, **values: Any) -> None:
    if user.person is not None:
        which = {"number": export.number, "list": label_of(export.source)}
        tell(person=user.person, text=text, values={**which, **values}, url=address(export), at=at)


def asked(export: Export, at: dt.datetime) -> None:
    """Everybody whose word can be asked for is told that an export waits."""
    for user in approvers(export.area, besides=export.requester):
        _tell(user, export, "exports.asked", at, count=export.rows_asked, who=export.requester)


def decided(export: Export, approved: bool, at: dt.datetime) -> None:
    """The second person's word."""
    _tell(export.requester, export, "exports.approved" if approved else "exports.refused", at)


def ready(export: Export, at: dt.datetime) -> None:
    """There is a file, until then."""
    until = datetime_cn(export.expires_at) if export.expires_at else ""
    _tell(export.requester, export, "exports.ready", at, until=until)


def failed(export: Export, at: dt.datetime) -> None:
    """No file came of it; why stands on its page."""
    _tell(export.requester, export, "exports.failed", at)


def revoked(export: Export, at: dt.datetime) -> None:
    """The approval was taken back."""
    _tell(export.requester, export, "exports.revoked", at)


def lapsed(export: Export, at: dt.datetime) -> None:
    """Nobody answered in time."""
    _tell(export.requester, export, "exports.lapsed", at)
