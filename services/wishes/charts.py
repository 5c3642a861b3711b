"""Pictures of the wishes of a community: how many are closed, how far those of each month are, how long they took.

They count what the public may see. A month is a calendar month of the site's zone; the present one is not over yet.
"""

import datetime as dt
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, Q
from django.db.models.functions import TruncDate, TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.core import clock
from portal.core.registries import Chart, ChartData, Series, charts

from .models import Wish, WishState
from .plain_states import DONE, IN_HAND, WAITS_FOR_HELP

MONTHS = 12
# From one bound to the next, in calendar days from asking to closing; the last has no end.
_TERMS = (
    (1, _("1 天内")),
    (3, _("2–3 天")),
    (7, _("4–7 天")),
    (15, _("8–15 天")),
    (None, _("15 天以上")),
)


def last_months(as_of: dt.datetime, count: int = MONTHS) -> list[dt.date]:
    """The first days of the last ``count`` months, the one of ``as_of`` included and last."""
    day = clock.local_day(as_of)
    numbers = range(day.year * 12 + day.month - count, day.year * 12 + day.month)
    return [dt.date(number // 12, number % 12 + 1, 1) for number in numbers]


def _since(months: list[dt.date]) -> dt.datetime:
    """The first moment of the first month."""
    return timezone.make_aware(dt.datetime.combine(months[0], dt.time()))


def _labels(months: list[dt.date]) -> tuple[str, ...]:
    return tuple(_t("%(month)d月") % {"month": month.month} for month in months)


def _over(months: list[dt.date], series: tuple[Series, ...]) -> ChartData:
    """``series`` over ``months``, their years named, the last one not over yet."""
    years = tuple(_t("%(year)d年") % {"year": month.year} for month in months)
    return ChartData(_labels(months), series, unit=_("件"), axis=_("月份"), groups=years, running=_("本月至今"))


def _by_month(rows: Any) -> dict[dt.date, dict[str, int]]:
    return {clock.local_day(row["month"]): row for row in rows}


def closed_by_month(place: Any, as_of: dt.datetime) -> ChartData | None:
    """How many wishes were closed in each of the last 12 months; None where none was in all of them."""
    months = last_months(as_of)
    wishes = Wish.objects.completed().filter(community=place, closed_at__gte=_since(months), closed_at__lte=as_of)
    rows = wishes.order_by().annotate(month=TruncMonth("closed_at")).values("month").annotate(n=Count("pk"))
    found = _by_month(rows)
    if not found:
        return None
    values = tuple(found[month]["n"] if month in found else 0 for month in months)
    return _over(months, (Series(_("办结"), values, "green"),))


def state_by_month(place: Any, as_of: dt.datetime) -> ChartData | None:
    """Wishes that were asked in each of the last 12 months and reviewed, by how far they are now."""
    months = last_months(as_of)
    wishes = Wish.objects.public().filter(community=place, created_at__gte=_since(months), created_at__lte=as_of)
    rows = (
        wishes.order_by()
        .annotate(month=TruncMonth("created_at"))
        .values("month")
        .annotate(
            all=Count("pk"),
            closed=Count("pk", filter=Q(state=WishState.CLOSED, closed_at__lte=as_of)),
            waiting=Count("pk", filter=Q(state__in=(WishState.PENDING_DISPATCH, WishState.PENDING_CLAIM))),
        )
    )
    found = _by_month(rows)
    if not found:
        return None
    nothing = {"all": 0, "closed": 0, "waiting": 0}
    counted = [found.get(month, nothing) for month in months]
    closed, waiting = (tuple(row[name] for row in counted) for name in ("closed", "waiting"))
    in_hand = tuple(row["all"] - row["closed"] - row["waiting"] for row in counted)
    series = (
        Series(DONE, closed, "green"),
        Series(IN_HAND, in_hand, "red"),
        Series(WAITS_FOR_HELP, waiting, "amber"),
    )
    return _over(months, series)


def time_to_close(place: Any, as_of: dt.datetime) -> ChartData | None:
    """How many calendar days the closed wishes of the last 12 months took, from asking to closing."""
    since = _since(last_months(as_of))
    took = ExpressionWrapper(TruncDate("closed_at") - TruncDate("created_at"), output_field=DurationField())
    wishes = Wish.objects.completed().filter(community=place, closed_at__gte=since, closed_at__lte=as_of)
    counts, above = {}, Q()
    for number, (days, _label) in enumerate(_TERMS):
        within = Q() if days is None else Q(took__lte=dt.timedelta(days=days))
        counts[f"term{number}"] = Count("pk", filter=(within & above) or None)
        if days is not None:
            above = Q(took__gt=dt.timedelta(days=days))
    found = wishes.annotate(took=took).aggregate(**counts)
    values = tuple(found[f"term{number}"] for number in range(len(_TERMS)))
    if not any(values):
        return None
    labels = tuple(str(label) for _days, label in _TERMS)
    return ChartData(labels, (Series(_("办结"), values, "blue"),), unit=_("件"), axis=_("从提出到办结"))


charts.add(
    Chart(
        id="wishes.closed",
        title=_("每个月办结多少微心愿"),
        shape="line",
        data=closed_by_month,
        note=_("最近 12 个月；本月还没过完，只算到今天。"),
        order=10,
    )
)
charts.add(
    Chart(
        id="wishes.took",
        title=_("微心愿多久办结"),
        shape="bar",
        data=time_to_close,
        note=_("最近 12 个月办结的；从提出那天算到办结那天。"),
        order=20,
    )
)
charts.add(
    Chart(
        id="wishes.states",
        title=_("每个月提的微心愿办到哪一步了"),
        shape="stacked",
        data=state_by_month,
        note=_("最近 12 个月提出、社区答应办的；本月还没过完，只算到今天。"),
        order=30,
    )
)
