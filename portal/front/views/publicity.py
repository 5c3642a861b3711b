"""What anybody may know: the figures as a page and as data, and how personal information is handled."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.core import clock
from portal.core.registries import purposes

from ..numbers import all_figures, place_count

PLACES_A_PAGE = 20


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Every figure by place, each opening the records behind it."""
    text = request.GET.get("from", "")
    first = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    groups = [(found.name, found.views()) for found in all_figures(clock.now(), first=first, size=PLACES_A_PAGE)]
    context = {
        "groups": groups,
        "newer_url": f"?from={max(first - PLACES_A_PAGE, 0)}" if first else "",
        "older_url": f"?from={first + PLACES_A_PAGE}" if first + PLACES_A_PAGE < place_count() else "",
    }
    return render(request, "front/figures.html", context)


@require_safe
def open_figures(_request: HttpRequest) -> JsonResponse:
    """The same figures for programs: the moment of counting, and for each place figure id → number."""
    as_of = timezone.localtime(clock.now()).replace(microsecond=0)
    places = {found.name: {figure.id: number for figure, number in found.figures} for found in all_figures(as_of)}
    answer = JsonResponse(
        {"as_of": as_of.isoformat(), "places": places}, json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@dataclass(frozen=True)
class PurposeView:
    """A row of the register of processing as the page shows it."""

    id: str
    title: str
    fields: list[str]
    basis: str
    readers: str
    retention: str
    erasure: str
    notice: str


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """The register of processing in plain words."""
    rows = [
        PurposeView(
            id=purpose.id,
            title=str(purpose.title),
            fields=[str(purpose.field_words)],
            basis=str(purpose.basis),
            readers=str(purpose.readers),
            retention=str(purpose.retention),
            erasure=str(purpose.erasure),
            notice=str(purpose.notice),
        )
        for purpose in purposes
    ]
    return render(request, "front/privacy.html", {"purposes": rows})
