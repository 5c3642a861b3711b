"""The volunteer on the desk's page of a person: record, teams, hours, and what happened when."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.backoffice.moments import audited, moved, upto
from portal.backoffice.trail import move_label
from portal.core import asked
from portal.core.models import AuditEntry, Transition
from portal.core.registries import PERSON, Event, OnBehalf, Panel, Row, Strand, on_behalf, panels, strands
from portal.people.access import roles_of, scope_q
from portal.people.roles import DESK

from .hours import total_of
from .models import HourEntry, Volunteer
from .plain_states import TONES
from .views import hours_text

Ids = list[int]


def _records(user: Any, ids: Ids) -> list[Volunteer]:
    """At most one a record of the person; panel and strand ask the same."""
    rows = Volunteer.objects.filter(scope_q(user), person__in=ids).select_related("community").order_by("-id")
    return asked.once((_records, user.pk, *ids), lambda: list(rows))


def _url(pk: int) -> str:
    return reverse("admin:volunteers_volunteer_change", args=[pk])


def _rows(user: Any, ids: Ids, most: int) -> list[Row]:
    """At most one a person: the record, its teams, and the hours."""
    rows = []
    for volunteer in _records(user, ids)[:most]:
        teams = volunteer.memberships.filter(until__isnull=True).select_related("team")
        parts = [volunteer.community.name, *(member.team.name for member in teams)]
        hours = _t("累计 %(hours)s 小时") % {"hours": hours_text(total_of(volunteer))}
        rows.append(
            Row(
                title=hours,
                sub=" · ".join(parts),
                badge_text=volunteer.get_state_display(),
                badge_tone=TONES[Volunteer.State(volunteer.state)],
                url=_url(volunteer.pk),
            )
        )
    return rows


def _credited(entry: HourEntry) -> str:
    if entry.half_hours < 0:
        return _t("更正，减去 %(hours)s 小时") % {"hours": hours_text(-entry.half_hours)}
    return _t("记上 %(hours)s 小时") % {"hours": hours_text(entry.half_hours)}


def _events(user: Any, ids: Ids, most: int, until: dt.datetime | None) -> list[Event]:
    own = [volunteer.pk for volunteer in _records(user, ids)]
    if not own:
        return []
    about = {"subject_type": "volunteers.volunteer", "subject_id__in": own}
    moves = moved(
        upto(Transition.objects.filter(**about), most, until),
        lambda move: f"{_t('志愿者')}：{move_label(move)}",
        lambda move: _url(move.subject_id),
    )
    entries = audited(upto(AuditEntry.objects.filter(**about), most, until))
    hours = upto(HourEntry.objects.filter(volunteer__in=own), most, until)
    credits = [Event(at=entry.at, text=_credited(entry), url=_url(entry.volunteer_id)) for entry in hours]
    return sorted([*moves, *entries, *credits], key=lambda event: event.at, reverse=True)[:most]


strands.add(Strand("volunteers", _("志愿服务"), PERSON, _events, order=50))
panels.add(Panel("volunteers", _("志愿服务"), PERSON, _rows, _("不是志愿者。"), order=50))
on_behalf.add(
    OnBehalf(
        "volunteers",
        _("志愿者报名"),
        "hand-heart",
        lambda person: reverse("admin:volunteers_volunteer_add") + (f"?person={person.pk}" if person else ""),
        shown=lambda user: user.is_superuser or bool(roles_of(user, DESK)),
        order=20,
    )
)
