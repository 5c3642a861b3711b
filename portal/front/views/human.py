"""Where a person answers: the phone of the chosen community first, then those of the others."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.core.keyset import page_of
from portal.people.choosing import chosen_community
from portal.places.models import Area

OTHERS_A_PAGE = 12


@require_safe
def human(request: HttpRequest) -> HttpResponse:
    """Phones and hours. Nobody has to choose a community or sign in before they can call one."""
    chosen = chosen_community(request)
    others = Area.objects.open().exclude(phone="").select_related("parent")
    if chosen is not None:
        others = others.exclude(pk=chosen.pk)
    page = page_of(request, others, size=OTHERS_A_PAGE)
    context = {
        "chosen": chosen,
        "others": page.rows,
        "newer_url": page.newer_url,
        "older_url": page.older_url,
    }
    return render(request, "front/help.html", context)
