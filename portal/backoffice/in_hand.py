"""Taking a request in hand at the desk: the three acts, the filter and the to-do that every room of requests offers.

Usage, in a room's ``admin.py`` and ``handing.py``::

    acts = (..., *in_hand.acts(is_open=lambda wish: wish.state in OPEN_STATES))
    list_filter = (HandFilter, ...)                       # the model's QuerySet answers ``open()``
    todos.add(in_hand.todo(DESK_OF_WISHES, id="wishes.mine", label=_("我经办的心愿"), related=("kind",)))
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.core import clock
from portal.core.plaintext import offer
from portal.core.registries import Text, Todo, WorkItem
from portal.people import handling
from portal.people.models import User

from . import access
from .acts import Act, ReasonForm
from .pieces import who


class AssignForm(ReasonForm):
    """A colleague of the desk over the places of the records: never oneself, nor whoever has the one record already."""

    to = forms.ModelChoiceField(label=_("交给谁"), queryset=User.objects.none(), empty_label=_("请选择"))
    field_order = ("to", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.objs:
            rows = handling.colleagues(self.objs, at=clock.now()).select_related("person").exclude(pk=self.user.pk)
            if self.obj is not None and self.obj.handler_id is not None:
                rows = rows.exclude(pk=self.obj.handler_id)
            offer(self, "to", rows.order_by("person__name", "pk"))

    def lacks(self) -> str:
        """That nobody else is of the desk over all of the records."""
        if self.fields["to"].queryset.exists():  # type: ignore[attr-defined]
            return ""
        return _t("没有哪一位同事管得到选中的全部。请按网格或社区分开选，再交。")


class HandFilter(admin.SimpleListFilter):
    """What one has in hand, what nobody has; of those that are still open."""

    title = _("经办")
    parameter_name = "hand"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("mine", _("我经办的")), ("nobody", _("没人经办"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "mine":
            return queryset.open().filter(handler=request.user)
        return queryset.open().filter(handler__isnull=True) if self.value() == "nobody" else queryset


def _take(request: HttpRequest, record: Any, _cleaned: dict[str, Any]) -> str:
    handling.take(record=record, actor=who(request), at=clock.now())
    return _t("“%s”现在由您经办。") % record


def _put_back(request: HttpRequest, record: Any, cleaned: dict[str, Any]) -> str:
    handling.put_back(record=record, actor=who(request), at=clock.now(), reason=cleaned["reason"])
    return _t("“%s”放回窗口了，同事都可以接手。") % record


def _assign(request: HttpRequest, record: Any, cleaned: dict[str, Any]) -> str:
    handling.assign(record=record, actor=who(request), at=clock.now(), **cleaned)
    return _t("“%(record)s”交给了%(who)s。") % {"record": record, "who": cleaned["to"]}


def _whose(_user: Any, record: Any) -> str:
    """Why one may not give away what a colleague has."""
    return _t("在%s手上，由他本人或者负责人来交") % record.handler if record.handler_id is not None else ""


def acts(*, is_open: Callable[[Any], bool]) -> tuple[Act, ...]:
    """我来经办, 放回窗口, 交给同事, for records while ``is_open``."""
    return (
        Act(
            "take",
            _("我来经办"),
            run=_take,
            allowed=handling.may_handle,
            possible=lambda record: record.handler_id is None and is_open(record),
            description=_("写上您的名字，同事就知道这件有人在办。"),
            bulk=True,
            offered=access.is_of_desk,
        ),
        Act(
            "put_back",
            _("放回窗口"),
            run=_put_back,
            allowed=handling.may_put_back,
            possible=lambda record: record.handler_id is not None and is_open(record),
            needs_reason=True,
            description=_("没有人经办了，同事都可以接手。接手的人看得到理由。"),
        ),
        Act(
            "assign",
            _("交给同事"),
            run=_assign,
            allowed=handling.may_assign,
            possible=is_open,
            form_class=AssignForm,
            why=_whose,
            description=_("交给在这个地方任职的一位同事经办，对方会收到消息。"),
            bulk=True,
            offered=access.is_of_desk,
        ),
    )


def todo(desk: handling.Desk, *, id: str, label: Text, related: tuple[str, ...] = (), order: int = 9) -> Todo:
    """What one has in hand of a room, the nearest term first; its list opens with exactly those rows."""
    model = desk.model
    base = f"admin:{model._meta.app_label}_{model._meta.model_name}"

    def count(user: Any, _at: dt.datetime) -> int:
        return desk.held_by(user).count()

    def items(user: Any, _at: dt.datetime, most: int) -> list[WorkItem]:
        held: Any = desk.held_by(user).select_related(*related) if related else desk.held_by(user)
        return [
            WorkItem(
                title=str(record),
                url=reverse(f"{base}_change", args=[record.pk]),
                sub=record.get_state_display(),
                due_on=record.due_on,
                since=record.state_since,
            )
            for record in held.order_by("due_on", "id")[:most]
        ]

    def url(_user: Any, _at: dt.datetime) -> str:
        return f"{reverse(f'{base}_changelist')}?hand=mine"

    return Todo(id, label, count, url, shown=access.is_of_desk, order=order, items=items)
