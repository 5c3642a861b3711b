"""``/styleguide/``: every component in every state, beside the line of a template that makes it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.people import preferences

from .. import chart_samples, specimens
from ..context import ELDER, STANDARD, elder_text, is_elder, read_text_size
from ..urgent import ALL_THREE

LIGHT, DARK = "light", "dark"


@dataclass(frozen=True)
class Look:
    """In what look the guide is shown: ``theme`` empty is what the reader's own machine is set to."""

    theme: str
    elder: bool
    text: int


@dataclass(frozen=True)
class OtherLook:
    """A link to the guide in another look."""

    label: str
    url: str
    active: bool


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """For those who build and judge pages. A visitor does not learn that it is there."""
    user: Any = request.user
    if not settings.DEBUG and not user.is_authenticated:
        raise Http404
    if not settings.DEBUG and not user.is_staff:
        raise PermissionDenied
    look = _look(request)
    context = {
        "look": look,
        "looks": _others(look),
        "families": specimens.families(),
        "contrasts": [(_("浅色"), specimens.pairs(LIGHT)), (_("深色"), specimens.pairs(DARK))],
        "panes": [
            (LIGHT, False, _("浅色")),
            (DARK, False, _("深色")),
            (LIGHT, True, _("浅色 · 关怀版")),
            (DARK, True, _("深色 · 关怀版")),
        ],
        "chart_samples": chart_samples.sample_charts(),
        "sample_code": chart_samples.sample_code(request),
        "sos": ALL_THREE,
        **specimens.things(),
    }
    return render(request, "front/styleguide.html", context)


def _look(request: HttpRequest) -> Look:
    """What the address asks for; where it asks for nothing, what the reader has."""
    theme, mode = request.GET.get("theme", ""), request.GET.get("mode", "")
    return Look(
        theme=theme if theme in {LIGHT, DARK} else "",
        elder=mode == ELDER if mode in {ELDER, STANDARD} else is_elder(request),
        text=read_text_size(request.GET.get("text")) or elder_text(request),
    )


def _others(now: Look) -> list[OtherLook]:
    looks = [(_("浅色"), LIGHT, STANDARD), (_("深色"), DARK, STANDARD)]
    looks += [(_("浅色 · 关怀版"), LIGHT, ELDER), (_("深色 · 关怀版"), DARK, ELDER)]
    found = [
        OtherLook(
            label,
            f"?{urlencode({'theme': theme, 'mode': mode})}",
            (now.theme, now.elder) == (theme, mode == ELDER),
        )
        for label, theme, mode in looks
    ]
    for size in (preferences.TEXT_SIZES[0], preferences.TEXT_SIZES[-1]):
        query = urlencode({"theme": now.theme or LIGHT, "mode": ELDER, "text": size})
        found.append(OtherLook(_("关怀版 %(size)s 号字") % {"size": size}, f"?{query}", now.elder and now.text == size))
    return found
