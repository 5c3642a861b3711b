"""What of a person's own matters is not settled, from every room: the home page shows the most pressing."""

import datetime as dt
from typing import Any

from portal.core.registries import Row, sections

MOST = 3


def waiting_for(user: Any) -> list[Row]:
    """At most three, those that wait for the reader first, then by their terms; none for a visitor."""
    if not user.is_authenticated or not user.person_id:
        return []
    rows = [
        row
        for section in sections
        if section.waiting is not None and section.shown(user)
        for row in section.waiting(user, MOST)
    ]
    return sorted(rows, key=lambda row: (not row.yours, row.due_on or dt.date.max))[:MOST]
