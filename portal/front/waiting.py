"""What of a person's own matters is not settled, from every room: the home page shows the most pressing."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from portal.core.registries import Row, sections

MOST = 3


@dataclass(frozen=True)
class Waiting:
    """Lines by their terms: ``yours`` wait for the reader, ``others`` for somebody else, whom the line names."""

    yours: list[Row] = field(default_factory=list)
    others: list[Row] = field(default_factory=list)


def waiting_for(user: Any) -> Waiting:
    """At most three of each; none for a visitor."""
    if not user.is_authenticated or not user.person_id:
        return Waiting()
    rows = [
        row
        for section in sections
        if section.waiting is not None and section.shown(user)
        for row in section.waiting(user, MOST)
    ]
    rows.sort(key=lambda row: row.due_on or dt.date.max)
    return Waiting([row for row in rows if row.yours][:MOST], [row for row in rows if not row.yours][:MOST])
