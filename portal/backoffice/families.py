"""Guardians, children and who acts for whom, on the desk's page of a person."""

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from portal.core import asked, clock
from portal.core.audit import label_of
from portal.core.models import AuditEntry
from portal.core.registries import Event, Row
from portal.people.access import upward
from portal.people.models import Authorisation, Guardianship, RelationState

from . import access
from .moments import TIES_READ, Until, about_any, audited, page_of, span_of, subject_url

Ids = list[int]


def _families(user: Any, ids: Ids) -> tuple[list[Any], list[Any]]:
    """Guardianships and authorisations of the person, as far as the desk serves whom they are about; panel and strand
    ask the same."""
    return asked.once((_families, user.pk, *ids), lambda: _served_ties(user, ids))


def _served_ties(user: Any, ids: Ids) -> tuple[list[Any], list[Any]]:
    """The ties by their keys first, whom they are about afterwards: everybody whom the user serves is not read."""
    children = _of_family(Guardianship, "child", "guardian", ids)
    elders = _of_family(Authorisation, "principal", "agent", ids)
    about = {row.pk: row.child.resolved.pk for row in children}, {row.pk: row.principal.resolved.pk for row in elders}
    others = {pk for standing in about for pk in standing.values()} - set(ids)
    served = set(ids)
    if others:
        served |= set(access.people_in(user).filter(pk__in=others).values_list("pk", flat=True))
    return (
        [row for row in children if about[0][row.pk] in served],
        [row for row in elders if about[1][row.pk] in served],
    )


def _of_family(model: Any, about: str, other: str, ids: Ids) -> list[Any]:
    rows = model.objects.filter(Q(**{f"{about}__in": ids}) | Q(**{f"{other}__in": ids}))
    return list(rows.select_related(upward(about)[-1], other).order_by("-id")[:TIES_READ])


def events(user: Any, ids: Ids, most: int, until: Until) -> list[Event]:
    children, elders = _families(user, ids)
    ties = {label_of(Guardianship): [row.pk for row in children], label_of(Authorisation): [row.pk for row in elders]}
    return audited(about_any(AuditEntry.objects.all(), most, until, ties), subject_url)


def rows(user: Any, ids: Ids, most: int) -> list[Row]:
    children, elders = _families(user, ids)
    found: list[tuple[Any, str, str]] = []
    whose = _("本人是对方的%(relation)s")
    for row in children[:most]:
        mine = row.child_id in ids
        what = _("监护人 · %(relation)s") if mine else _("被监护的孩子 · ") + whose
        found.append((row, row.guardian.name if mine else row.child.name, what % {"relation": row.relation}))
    for row in elders[:most]:
        mine = row.principal_id in ids
        what = _("代办人 · %(relation)s") if mine else _("替这位代办 · ") + whose
        found.append((row, row.agent.name if mine else row.principal.name, what % {"relation": row.relation}))
    today = clock.today()
    found.sort(key=lambda entry: entry[0].until is not None and entry[0].until <= today)
    return [_family_row(*entry, today) for entry in found[:most]]


def _standing(row: Any, today: dt.date) -> tuple[str, str]:
    """How the relation stands, and the tone of it."""
    if row.waits:
        return str(RelationState.ENTERED.label), "amber"
    if row.state == RelationState.REFUSED:
        return str(RelationState.REFUSED.label), "red"
    stands = row.until is None or row.until > today
    return str(_("有效") if stands else _("已结束")), "green" if stands else "plain"


def _family_row(row: Any, name: str, part: str, today: dt.date) -> Row:
    text, tone = _standing(row, today)
    return Row(
        title=name,
        sub=f"{part} · {span_of(row)}",
        badge_text=text,
        badge_tone=tone,
        url=page_of(row),
    )
