"""What is said of a last day: a promise while it is ahead, and no promise any more once it has passed."""

import datetime as dt

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from . import clock
from .templating import day_cn

Text = str | Promise


def days_over(due_on: dt.date, today: dt.date | None = None) -> int:
    """How many days ``due_on`` is past; 0 on that day and before."""
    return max(((today or clock.today()) - due_on).days, 0)


def promised(due_on: dt.date | None, *, ahead: Text, past: Text) -> str:
    """``ahead`` until the last day is over, then ``past``: texts with %(day)s, and %(days)d for how long it is over.
    Empty where there is no last day."""
    if due_on is None:
        return ""
    over = days_over(due_on)
    return str(past if over else ahead) % {"day": day_cn(due_on), "days": over}


def term_words(due_on: dt.date) -> str:
    """The day itself, and in words by how long it is over: 11月22日，超期 2 天."""
    over = days_over(due_on)
    return _("%(day)s，超期 %(days)d 天") % {"day": day_cn(due_on), "days": over} if over else day_cn(due_on)
