"""Where a person answers: the phone of the chosen community first, then those of the others."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.people.choosing import chosen_community
from portal.places.models import Area

OTHERS_A_PAGE = 12


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
    context = {
        "chosen": chosen,
        "others": found[:OTHERS_A_PAGE],
        "newer_url": f"?from={max(first - OTHERS_A_PAGE, 0)}" if first else "",
        "older_url": f"?from={first + OTHERS_A_PAGE}" if len(found) > OTHERS_A_PAGE else "",
    }
    return render(request, "front/help.html", context)
