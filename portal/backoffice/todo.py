"""What waits for the desk in the rooms below."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core import clock
from portal.core.registries import Late, Text, Todo, WorkItem, lates, todos
from portal.notices.models import Delivery
from portal.notices.wording import kind_label
from portal.people import correcting, proposing
from portal.people.models import Authorisation, DataRequest, Guardianship, Ownership, Person, Residency, TieState
from portal.people.roles import DESK

from . import access, finding
from .overview import late_by

_PLACE = "household__building__community"


def _desk(user: Any) -> bool:
    return access.is_one_of(user, DESK)


def _claimed(model: type[Ownership | Residency]) -> Any:
    def count(user: Any, at: dt.datetime) -> int:
        return access.ties_in(user, model).filter(state=TieState.CLAIMED).count()

    return count


def _items(model: type[Ownership | Residency]) -> Any:
    def items(user: Any, at: dt.datetime, most: int) -> list[WorkItem]:
        waiting = access.ties_in(user, model).filter(state=TieState.CLAIMED)
        rows = waiting.select_related("person", "household__building__estate").order_by("due_on", "pk")[:most]
        return [
            WorkItem(
                title=tie.person.name,
                url=reverse(f"admin:people_{model._meta.model_name}_change", args=[tie.pk]),
                sub=str(tie.household),
                due_on=tie.due_on,
                since=tie.state_since,
            )
            for tie in rows
        ]

    return items


def _list_of(model: type[Ownership | Residency]) -> Any:
    def url(user: Any, at: dt.datetime) -> str:
        return f"{reverse(f'admin:people_{model._meta.model_name}_changelist')}?state__exact={TieState.CLAIMED}"

    return url


todos.add(
    Todo(
        "people.residencies",
        _("居住待确认"),
        _claimed(Residency),
        _list_of(Residency),
        shown=_desk,
        order=60,
        items=_items(Residency),
    )
)
todos.add(
    Todo(
        "people.ownerships",
        _("产权待确认"),
        _claimed(Ownership),
        _list_of(Ownership),
        shown=_desk,
        order=61,
        items=_items(Ownership),
    )
)


def _late(model: type[Ownership | Residency], label: Text) -> Late:
    """Claims that nobody answered in time; their list opens with the same rows."""
    name = model._meta.model_name

    def counts(user: Any, at: dt.datetime) -> dict[int, tuple[int, dt.date]]:
        waiting = access.ties_in(user, model).filter(state=TieState.CLAIMED)
        return late_by(waiting.filter(due_on__lt=clock.local_day(at)), _PLACE)

    def url(_user: Any, _at: dt.datetime, community: int) -> str:
        asked = f"state__exact={TieState.CLAIMED}&term=overdue&{_PLACE}__id__exact={community}"
        return f"{reverse(f'admin:people_{name}_changelist')}?{asked}"

    return Late(f"people.{name}", label, counts, url, order=60)


for _model, _label in ((Residency, _("居住登记")), (Ownership, _("产权登记"))):
    lates.add(_late(_model, _label))


def _unchecked(model: type[Guardianship | Authorisation], served: str, user: Any) -> Any:
    """Relations that wait for a second person, who is not the one who typed them."""
    rows = model.objects.waiting().filter(access.of_people_in(user, served))
    return rows.exclude(recorded_by=user.pk)


def _to_check(model: type[Guardianship | Authorisation], served: str, other: str, label: Text, order: int) -> Todo:
    name = model._meta.model_name

    def items(user: Any, at: dt.datetime, most: int) -> list[WorkItem]:
        rows = _unchecked(model, served, user).select_related(served, other).order_by("pk")[:most]
        return [
            WorkItem(
                title=getattr(row, served).name,
                url=reverse(f"admin:people_{name}_change", args=[row.pk]),
                sub=f"{getattr(row, other).name} · {row.relation}",
            )
            for row in rows
        ]

    return Todo(
        f"people.{name}s",
        label,
        lambda user, _at: _unchecked(model, served, user).count(),
        lambda _user, _at: f"{reverse(f'admin:people_{name}_changelist')}?held=mine",
        shown=_desk,
        order=order,
        items=items,
    )


todos.add(_to_check(Guardianship, "child", "guardian", _("监护登记待核对"), 63))
todos.add(_to_check(Authorisation, "principal", "agent", _("代办授权待核对"), 64))


def _stuck_items(user: Any, at: dt.datetime, most: int) -> list[WorkItem]:
    rows = Delivery.objects.in_scope(user).stuck().without_words().select_related("notice__person")
    return [
        WorkItem(
            title=delivery.notice.person.name,
            url=reverse("admin:notices_delivery_change", args=[delivery.pk]),
            sub=f"{kind_label(delivery.notice.kind)} · {delivery.get_channel_display()}",
            since=delivery.stuck_at,
        )
        for delivery in rows.order_by("pk")[:most]
    ]


todos.add(
    Todo(
        "notices.stuck",
        _("有消息没发出去"),
        lambda user, _at: Delivery.objects.in_scope(user).stuck().count(),
        lambda _user, _at: f"{reverse('admin:notices_delivery_changelist')}?waits=yes",
        shown=_desk,
        order=70,
        items=_stuck_items,
    )
)


def _requests(user: Any, at: dt.datetime) -> Any:
    return DataRequest.objects.in_scope(user).open()


def _request_items(user: Any, at: dt.datetime, most: int) -> list[WorkItem]:
    rows = _requests(user, at).select_related("subject", "community").order_by("due_on", "pk")[:most]
    return [
        WorkItem(
            title=f"{row.subject.name} · {row.what}",
            url=reverse("admin:people_datarequest_change", args=[row.pk]),
            sub=str(row.community),
            due_on=row.due_on,
            since=row.state_since,
        )
        for row in rows
    ]


todos.add(
    Todo(
        "people.datarequests",
        _("个人信息请求待答复"),
        lambda user, at: _requests(user, at).count(),
        lambda _user, _at: f"{reverse('admin:people_datarequest_changelist')}?state__exact={DataRequest.State.ASKED}",
        shown=lambda user: access.is_one_of(user, correcting.DECIDERS),
        order=62,
        items=_request_items,
    )
)


def _proposals(user: Any, at: dt.datetime) -> Any:
    return proposing.waiting(access.people_in(user, DESK), user, at)


def _proposal_items(user: Any, at: dt.datetime, most: int) -> list[WorkItem]:
    rows = list(_proposals(user, at)[:most])
    names = Person.objects.in_bulk([row.subject_id for row in rows])
    return [
        WorkItem(
            title=names[row.subject_id].name,
            url=reverse("admin:people_person_merge_with", args=[row.subject_id, row.details["into"]]),
            sub=str(_("同事提议和另一条登记合并")),
            since=row.at,
        )
        for row in rows
    ]


def _proposed_people(user: Any, at: dt.datetime) -> str:
    found = _proposals(user, at).values_list("subject_id", flat=True)[: finding.MOST_PICKED]
    ids = dict.fromkeys(found) or ["none"]  # no id at all would open every row
    return f"{reverse('admin:people_person_changelist')}?{finding.Among.parameter_name}={','.join(map(str, ids))}"


todos.add(
    Todo(
        "people.merges",
        _("合并登记待核对"),
        lambda user, at: _proposals(user, at).count(),
        _proposed_people,
        shown=_desk,
        order=63,
        items=_proposal_items,
    )
)
