"""Whose guardian or agent one is, and who is one's own, read out to them: see ``Purpose.collect``.

The other's name stands whole while the relation is in force. Of what waits for a second person, was refused or has
ended it is masked.
"""

from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from portal.core import clock
from portal.core.masking import mask_name
from portal.core.reading_out import Part, split
from portal.core.registries import OwnTable

from .models import Authorisation, Guardianship, Relation
from .own_records import Ids, Most, papers_of
from .querysets import ADMITTED


def families(person_ids: Ids, most: Most) -> list[OwnTable]:
    """Whose guardian or agent one is, and who is one's own."""
    return [
        *_relations(Guardianship, {"child": _("是谁的监护人"), "guardian": _("监护人")}, person_ids, most),
        *_relations(Authorisation, {"principal": _("可以替谁代办"), "agent": _("谁可以替本人代办")}, person_ids, most),
    ]


def _relations(model: Any, titles: dict[str, str], person_ids: Ids, most: Most) -> list[OwnTable]:
    """The rows of ``model`` at whose one end the person stands, a table for each other end; in a copy with the papers
    of whom they are about."""
    one, other = titles
    ends = {end: Q(**{f"{mine}__in": person_ids}) for end, mine in ((one, other), (other, one))}
    rest = (_("起"), _("止"), _("状态"), _("怎么登记的"))
    parts = (
        Part(titles[one], (_("姓名"), _("本人是对方的"), *rest), ends[one], lambda row: _relation(row, one)),
        Part(
            titles[other],
            (_("姓名"), _("对方是本人的"), *rest),
            ends[other] & ~ends[one],
            lambda row: _relation(row, other),
        ),
    )
    staff = ("recorded_by__person", "checked_by__person")
    rows = model.objects.filter(ends[one] | ends[other]).select_related(one, other, *staff)
    found = split(rows, parts, most, newest_by="since")
    if most is not None:
        return found
    return [replace(t, files=papers_of(rows.filter(ends[other]))) if t.title == titles[other] else t for t in found]


def _relation(row: Any, other: str) -> tuple[Any, ...]:
    name = getattr(row, other).name
    in_force = row.state in ADMITTED and (row.until is None or row.until > clock.today())
    shown = name if in_force else mask_name(name)
    return (shown, row.relation, row.since, row.until, row.get_state_display(), _how(row))


def _how(row: Relation) -> str:
    """By what the desk knew, by which way it came, who typed it and who looked at it: staff as residents read them."""
    said = [row.get_bond_display(), row.get_document_display()] if isinstance(row, Guardianship) else []
    said += [row.get_channel_display(), _("有纸质单") if row.scan_id is not None else ""]
    for words, user in ((_("%(who)s录入"), row.recorded_by), (_("%(who)s核对"), row.checked_by)):
        if user is not None and user.person is not None:
            said.append(words % {"who": user.person.name_masked})
    return "，".join(str(one) for one in said if one)
