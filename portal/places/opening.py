"""When somebody answers at an office, read from the office hours that its head wrote in words.

``周一至周五 8:30–12:00、14:00–17:30`` gives days and spans. Monday to Friday means working days: closed on holidays,
open on a Saturday that is worked instead. Hours that cannot be read say nothing: the page then shows them as they are.
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core import asked, clock, workdays
from portal.core.templating import day_cn, weekday_cn

_DAYS = "一二三四五六日"
_FAR = 15  # days ahead; the longest holiday is shorter
_SPAN = re.compile(r"(\d{1,2})[:.点时](\d{2})?\s*[-–—~至到]+\s*(\d{1,2})[:.点时](\d{2})?")
_RANGE = re.compile(r"(?:周|星期)([一二三四五六日天])\s*[-–—~至到]+\s*(?:周|星期)?([一二三四五六日天])")
_SINGLE = re.compile(r"(?:周|星期)([一二三四五六日天]+)")
_WEEK, _WORKING = frozenset(range(7)), frozenset(range(5))


@dataclass(frozen=True)
class Hours:
    """``days`` of the week (0 is Monday) and ``spans`` of the day on which somebody answers; ``working``: Monday to
    Friday are the working days of the calendar."""

    days: frozenset[int]
    spans: tuple[tuple[dt.time, dt.time], ...]

    @property
    def working(self) -> bool:
        return self.days >= _WORKING and self.days != _WEEK

    def opens_on(self, day: dt.date, worked: bool) -> bool:
        """Whether somebody is there on ``day``, which the calendar says is ``worked`` or not."""
        if not self.working:
            return day.weekday() in self.days
        return worked or (day.weekday() > 4 and day.weekday() in self.days)


@lru_cache(maxsize=256)
def read(text: str) -> Hours | None:
    """The hours that ``text`` says; None where no time of the day, or a time that is none, can be read from it."""
    plain = unicodedata.normalize("NFKC", text)
    try:
        spans = tuple(sorted(_span(found) for found in _SPAN.finditer(plain)))
    except ValueError:
        return None
    if not spans or any(begin >= end for begin, end in spans):
        return None
    days = _days(plain)
    return Hours(days, spans) if days else None


def _span(found: re.Match[str]) -> tuple[dt.time, dt.time]:
    hour, minute, until, past = found.groups()
    end = dt.time.max if until == "24" else dt.time(int(until), int(past or 0))
    return dt.time(int(hour), int(minute or 0)), end


def _days(plain: str) -> frozenset[int]:
    found: set[int] = set()
    for first, last in _RANGE.findall(plain):
        begin, end = _number(first), _number(last)
        found.update(range(begin, end + 1) if begin <= end else {*range(begin, 7), *range(end + 1)})
    for several in _SINGLE.findall(plain):
        found.update(_number(day) for day in several)
    if re.search(r"每天|每日|全年|天天", plain):
        return _WEEK
    if "工作日" in plain:
        found |= _WORKING
    return frozenset(found)


def _number(day: str) -> int:
    return _DAYS.index("日" if day == "天" else day)


def next_answer(text: str, at: dt.datetime) -> dt.datetime | None:
    """From when on somebody answers where the office hours are ``text``: ``at`` itself where somebody answers now; None
    where the hours cannot be read. One query, and one for all that stand on a page (``core.asked``)."""
    hours = read(text)
    if hours is None:
        return None
    today = clock.local_day(at)
    worked = _worked_from(today) if hours.working else frozenset()
    for day in (today + dt.timedelta(days=ahead) for ahead in range(_FAR + 1)):
        for begin, end in hours.spans if hours.opens_on(day, day in worked) else ():
            if timezone.make_aware(dt.datetime.combine(day, end)) > at:
                return max(at, timezone.make_aware(dt.datetime.combine(day, begin)))
    return None


def _worked_from(day: dt.date) -> frozenset[dt.date]:
    last = day + dt.timedelta(days=_FAR)
    return asked.once((_worked_from, day), lambda: workdays.working_days(day, last))


def closed_words(text: str, at: dt.datetime) -> str:
    """“现在没人接，明天（周三）8:30 起”; empty where somebody answers at ``at`` and where nobody can say."""
    then = next_answer(text, at)
    if then is None or then <= at:
        return ""
    local, days = timezone.localtime(then), (clock.local_day(then) - clock.local_day(at)).days
    moment = {"time": f"{local.hour}:{local.minute:02}", "weekday": weekday_cn(then), "day": day_cn(then)}
    if days == 0:
        return _("现在没人接，今天 %(time)s 起") % moment
    if days == 1:
        return _("现在没人接，明天（%(weekday)s）%(time)s 起") % moment
    return _("现在没人接，%(day)s（%(weekday)s）%(time)s 起") % moment
