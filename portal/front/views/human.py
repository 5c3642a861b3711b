"""Where a person answers: the phone of the chosen community first, then those of the others."""

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.core import asked, clock
from portal.people.choosing import chosen_community
from portal.places.models import Area
from portal.places.opening import closed_words

from ..urgent import ALL_THREE

OTHERS_A_PAGE = 12


@dataclass(frozen=True)
class Desk:
    """Where somebody answers; ``closed`` says that nobody does now, and from when on."""

    area: Area
    closed: str


def _with_hours(areas: list[Area], at: dt.datetime) -> list[Desk]:
    """Each area with whether somebody answers at ``at``: one query for all."""
    with asked.one_page():
        return [Desk(area, closed_words(area.office_hours, at)) for area in areas]


@require_safe
def human(request: HttpRequest) -> HttpResponse:
    """Phones and hours, in the order that communities have everywhere. Nobody has to choose a community or sign in
    before they can call one."""
    chosen = chosen_community(request)
    others = Area.objects.open().exclude(phone="").select_related("parent").listed()
    if chosen is not None:
        others = others.exclude(pk=chosen.pk)
    text = request.GET.get("from", "")
    first = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    found = list(others[first : first + OTHERS_A_PAGE + 1])
    first_of_all = [chosen] if chosen is not None else []
    desks = _with_hours([*first_of_all, *found[:OTHERS_A_PAGE]], clock.now())
    context = {
        "chosen": desks[0] if chosen is not None else None,
        "others": desks[1:] if chosen is not None else desks,
        "emergency": ALL_THREE,
        "newer_url": f"?from={max(first - OTHERS_A_PAGE, 0)}" if first else "",
        "older_url": f"?from={first + OTHERS_A_PAGE}" if len(found) > OTHERS_A_PAGE else "",
    }
    return render(request, "front/help.html", context)
