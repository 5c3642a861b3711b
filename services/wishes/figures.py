"""What the public can count about wishes."""

import datetime as dt
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.registries import Figure, figures

from .models import Wish


def _completed(place: Any, as_of: dt.datetime) -> int:
    return Wish.objects.completed().filter(community=place, closed_at__lte=as_of).count()


def _completed_everywhere(as_of: dt.datetime) -> dict[int, int]:
    rows = Wish.objects.completed().filter(closed_at__lte=as_of).order_by().values("community").annotate(n=Count("pk"))
    return {row["community"]: row["n"] for row in rows}


figures.add(
    Figure(
        id="wishes.completed",
        label=_("件微心愿已完成"),
        unit=_("件"),
        count=_completed,
        count_all=_completed_everywhere,
        url=lambda place: f"{reverse('wishes:wall')}?community={place.pk}&state=closed",
        order=10,
    )
)
