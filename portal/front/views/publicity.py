"""What anybody may know: the figures as pages and as data."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.core import clock
from portal.people.choosing import chosen_community

from ..numbers import all_figures, charts_of, figures_of, place_count

PLACES_A_PAGE = 20


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Every figure by place, each opening the records behind it; the chosen community first, with its charts."""
    text = request.GET.get("from", "")
    first = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    as_of, chosen = clock.now(), chosen_community(request)
    found = all_figures(as_of, first=first, size=PLACES_A_PAGE, lead=chosen)
    leads = bool(found) and chosen is not None and found[0].is_of("community", chosen)
    context = {
        "groups": [(place.name, place.views(), place.url) for place in found],
        "charts": charts_of("community", chosen, as_of) if leads else [],
        "newer_url": f"?from={max(first - PLACES_A_PAGE, 0)}" if first else "",
        "older_url": f"?from={first + PLACES_A_PAGE}" if first + PLACES_A_PAGE < place_count() else "",
    }
    return render(request, "front/figures.html", context)


@require_safe
def figures_at(request: HttpRequest, kind: str, place_id: int) -> HttpResponse:
    """The figures of one place with its charts."""
    found = figures_of(kind, place_id, clock.now())
    if found is None:
        raise Http404
    place, charts = found
    name = str(place.place)
    where = place.name if place.name != name else ""
    context = {"name": name, "where": where, "figures": place.views(), "charts": charts}
    return render(request, "front/figures_of.html", context)


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
