"""Exports on the desk's first page: those that wait for one's word, those that wait to be fetched."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.registries import Todo, WorkItem, todos
from portal.people.access import roles_of

from ..models import Export
from . import access, news
from .querysets import APPROVERS
from .sources import label_of

TO_DECIDE, TO_FETCH = "decide", "fetch"


def _list(which: str) -> Any:
    def url(user: Any, at: dt.datetime) -> str:
        return f"{reverse('admin:backoffice_export_changelist')}?waiting={which}"

    return url


def _item(export: Export, due_on: dt.date | None) -> WorkItem:
    sub = _("%(count)d 条 · %(who)s 申请") % {"count": export.rows_asked, "who": export.requester}
    title = f"{label_of(export.source)} {export.number}"
    return WorkItem(title=title, url=news.address(export), sub=sub, due_on=due_on, since=export.state_since)


def _to_decide(user: Any, at: dt.datetime, most: int) -> list[WorkItem]:
    rows = Export.objects.to_decide(user).select_related("requester__person").order_by("due_on", "pk")
    return [_item(export, export.due_on) for export in rows[:most]]


def _to_fetch(user: Any, at: dt.datetime, most: int) -> list[WorkItem]:
    rows = Export.objects.to_fetch(user, at).select_related("requester__person").order_by("expires_at")
    return [_item(export, export.expires_at.date() if export.expires_at else None) for export in rows[:most]]


todos.add(
    Todo(
        "exports.decide",
        gettext_lazy("导出待批准"),
        lambda user, at: Export.objects.to_decide(user).count(),
        _list(TO_DECIDE),
        shown=lambda user: bool(roles_of(user, APPROVERS)),
        order=70,
        items=_to_decide,
    )
)
todos.add(
    Todo(
        "exports.fetch",
        gettext_lazy("导出可下载"),
        lambda user, at: Export.objects.to_fetch(user, at).count(),
        _list(TO_FETCH),
        shown=access.may_ask_any,
        order=71,
        items=_to_fetch,
    )
)
