"""How far something of one's own has come, as the pages' timeline (``components/timeline.html``) shows it."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One line: what was done, is going on or comes (``status``: done, current, stopped, todo), when and by whom where
    it has happened, what was written with it, and in ``due_text`` what comes of it by when."""

    label: str
    status: str
    at: dt.datetime | None = None
    who: str = ""
    note: str = ""
    due_text: str = ""
