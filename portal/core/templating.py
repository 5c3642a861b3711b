"""The Jinja2 environment of all our pages: everything a template may call stands here, nothing else is reachable."""

import datetime as dt
import re
from functools import lru_cache
from typing import Any

import lucide.jinja
from django.contrib.messages import get_messages
from django.templatetags.static import static
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext, ngettext
from django_htmx.jinja import htmx_script
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from . import clock, masking, money, numbers

_WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
Moment = dt.date | dt.datetime


def _day(value: Moment) -> dt.date:
    return clock.local_day(value) if isinstance(value, dt.datetime) else value


def date_cn(value: Moment) -> str:
    """2025年10月15日"""
    day = _day(value)
    return f"{day.year}年{day.month}月{day.day}日"


def day_cn(value: Moment) -> str:
    """10月15日, with the year when it is not the present one."""
    day = _day(value)
    return f"{day.month}月{day.day}日" if day.year == clock.today().year else date_cn(day)


def time_cn(value: dt.datetime) -> str:
    """09:12 on the 24-hour clock."""
    return f"{timezone.localtime(value):%H:%M}"


def datetime_cn(value: dt.datetime) -> str:
    """11月20日 09:12, with the year when it is not the present one."""
    return f"{day_cn(value)} {time_cn(value)}"


def weekday_cn(value: Moment) -> str:
    """周四"""
    return _WEEKDAYS[_day(value).weekday()]


def unbroken(text: str) -> str:
    """``text`` with the dashes of its spans (8:30–12:00) glued to both sides, so that no span is torn at a line end."""
    return text.replace("–", "\u2060–\u2060")


_PHONE = r"(?<![\d-])(?:0\d{2,3}[- ]?(?:[\d*]{7,8}|\d{3,4} \d{3,4})|1\d{2} ?[\d*]{4} ?\d{4})(?![\d*])"
_CODE = r"(?<!\d)\d{3} \d{3} \d{3}(?!\d)"
_DAY = r"(?:\d{4}年)?\d{1,2}月\d{1,2}日(?: \d{1,2}:\d{2})?|\d{4}年\d{1,2}月"
_AMOUNT = r"\d[\d.,:]*(?:[–—-]\d[\d.,:]*)?(?: [\u4e00-\u9fff]{1,2}| ?%)"
_SPAN = r"\d[\d.,:]*\u2060?[–—]\u2060?\d[\d.,:]*"
_WHOLE = re.compile("|".join((_PHONE, _CODE, _DAY, _AMOUNT, _SPAN)))


def dates(text: Any) -> Any:
    """``text`` with each of its dates (2026年11月26日, 12月7日 9:30), phones (0731-****2345), codes (514 917 178),
    amounts with what they count (4–7 天) and spans (8:30–12:00) in a piece that no line end tears; what is markup
    already, and what is no text, stays as it is."""
    if not isinstance(text, str) or hasattr(text, "__html__"):
        return text
    pieces, end = [], 0
    for found in _WHOLE.finditer(text):
        pieces += [escape(text[end : found.start()]), Markup('<span class="nowrap">{}</span>').format(found[0])]
        end = found.end()
    return Markup("").join([*pieces, escape(text[end:])]) if pieces else text


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """``reverse`` as templates write it."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


@lru_cache(maxsize=512)
def icon(name: str, size: int = 24) -> Markup:
    """An inline Lucide icon that screen readers pass over; drawn once, a page shows up to fifty."""
    return lucide.jinja.lucide(name, size=size, **{"aria-hidden": "true", "focusable": "false"})  # type: ignore[return-value]


def environment(**options: Any) -> Environment:
    """Built once by Django's backend."""
    options.update(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    env = Environment(extensions=["jinja2.ext.i18n"], **options)  # noqa: S701 — the backend passes autoescape=True
    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(
        url=url,
        static=static,
        icon=icon,
        htmx_script=htmx_script,
        get_messages=get_messages,
        now=clock.now,
        today=clock.today,
    )
    env.filters.update(
        date_cn=date_cn,
        day_cn=day_cn,
        time_cn=time_cn,
        datetime_cn=datetime_cn,
        weekday_cn=weekday_cn,
        yuan=money.format_yuan,
        number_cn=lambda value: formats.number_format(value, use_l10n=True, force_grouping=True),
        mask_phone=masking.mask_phone,
        mask_name=masking.mask_name,
        spaced=numbers.spaced,
        unbroken=unbroken,
        dates=dates,
    )
    return env
