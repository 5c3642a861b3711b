"""Home, 办事, the choice of 关怀版, and the two small files that programs ask for."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.core import clock
from portal.people import preferences
from portal.people.choosing import chosen_community

from .. import doing, happening
from ..context import elder_text, is_elder
from ..numbers import city_figures, home_figures
from ..unfinished import left_by
from ..urgent import ALL_THREE
from ..waiting import waiting_for

HOME_TILES = 8


def _greeting(at: dt.datetime) -> str:
    hour = timezone.localtime(at).hour
    words = (
        (5, _("夜深了")),
        (9, _("早上好")),
        (12, _("上午好")),
        (14, _("中午好")),
        (18, _("下午好")),
        (24, _("晚上好")),
    )
    return _("%(greeting)s，有什么要帮忙的？") % {"greeting": next(word for until, word in words if hour < until)}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What one can do, whom to call, what waits for the reader, and what was done in the chosen community, or
    everywhere for who has chosen none."""
    community, at = chosen_community(request), clock.now()
    context: dict[str, Any] = {
        "greeting": _greeting(at),
        "waiting": waiting_for(request.user),
        "unfinished": left_by(request.user, at),
        "tiles": doing.home_tiles(HOME_TILES),
        "calls": happening.calls_of(community, at),
        "week": happening.week_of(community, at),
        "news": happening.news_of(community, at),
    }
    context["night"] = any(call.closed for call in context["calls"][:1])
    context["emergency_numbers"] = ALL_THREE
    counted = home_figures(community, at) if community is not None else city_figures(at)
    context["figures"] = [figure for figure in counted if figure.value != "0"]
    context["bare"] = community is not None and not (context["week"] or context["news"] or context["figures"])
    return render(request, "front/home.html", context)


@require_safe
def do(request: HttpRequest) -> HttpResponse:
    """Everything that can be asked for, by the situation in which one needs it; its box leads to the search, which
    knows these by what people call them."""
    community = chosen_community(request)
    big = doing.home_tiles(doing.BIG)
    context = {
        "groups": doing.groups_for(request.user, without=big if is_elder(request) else []),
        "big": big,
        "calls": happening.calls_of(community, clock.now()) if community is not None else [],
    }
    return render(request, "front/do.html", context)


@require_safe
def elder(request: HttpRequest) -> HttpResponse:
    """关怀版 explained, switched, and the size of its letters chosen; the switch itself is ``/mode/``."""
    words = (_("小"), _("标准"), _("大一点"), _("大"), _("很大"), _("最大"))
    context = {
        "on": is_elder(request),
        "size": elder_text(request),
        "sizes": list(zip(preferences.TEXT_SIZES, words, strict=True)),
        "here": request.path,
        "back": reverse("front:me") if request.user.is_authenticated else reverse("front:do"),
    }
    return render(request, "front/elder.html", context)


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """What search engines leave alone."""
    private = ("/admin/", "/accounts/", "/me/", "/messages/", "/files/", "/mode/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in private)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def favicon(_request: HttpRequest) -> HttpResponse:
    """Browsers ask here whatever the page says; the seal is the answer."""
    return redirect(static("img/seal.svg"))
