"""Which community the pages are about: chosen by tree or by search, remembered on the device."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.core.plaintext import clean_text
from portal.core.whole_numbers import holds_number
from portal.people.choosing import COOKIE, chosen_community
from portal.places.models import Area

from .. import communities
from ..remembering import came_from, remember


def _number(text: str) -> int | None:
    """A key or a place in a list as it stands in an address; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


@require_http_methods(["GET", "HEAD", "POST"])
def community(request: HttpRequest) -> HttpResponse:
    """Choose a community: remembered for a year on this device. ``q`` looks for one, ``in`` goes down the tree.

    The box sends what was typed, and only words come into the address: a phone or an ID number never does.
    """
    if request.method == "POST":
        return _look(request) if "q" in request.POST else _choose(request)
    back = came_from(request)
    typed = request.GET.get("q", "")
    if holds_number(typed[: communities.LONGEST_READ]):
        return redirect(reverse("front:community") + _query(refused="number", next=back))
    query = _words(typed)
    context = {
        "next": back,
        "query": query,
        "chosen": chosen_community(request),
        "refused": request.GET.get("refused") == "number",
    }
    if query:
        found, more = communities.find(query)
        return render(request, "front/community.html", {**context, "found": found, "more": more, "level": None})
    first = _number(request.GET.get("from", "")) or 0
    level = communities.level_at(_number(request.GET.get("in", "")), first=min(first, 10_000))

    def to(area: Area | None, start: int | None = None) -> str:
        """The address of the choice at ``area``, with the way back kept."""
        asked = {"in": area.pk if area is not None else None, "from": start, "next": back}
        return _query(**asked)

    return render(request, "front/community.html", {**context, "level": level, "to": to})


def _words(typed: str) -> str:
    return " ".join(clean_text(typed[: communities.LONGEST_READ]).split())[: communities.LONGEST_QUERY]


def _query(**asked: object) -> str:
    """The part of this page's address behind its path, with what of ``asked`` is not None."""
    return "?" + urlencode({name: value for name, value in asked.items() if value is not None})


def _look(request: HttpRequest) -> HttpResponse:
    """Words to look for lead to the list of what is called so; a number is refused and goes nowhere."""
    typed, back = request.POST["q"], came_from(request)
    if holds_number(typed[: communities.LONGEST_READ]):
        return redirect(reverse("front:community") + _query(refused="number", next=back))
    return redirect(reverse("front:community") + _query(q=_words(typed) or None, next=back))


def _choose(request: HttpRequest) -> HttpResponse:
    """Remember the choice and go back; one that is not open is said and not remembered."""
    key = _number(request.POST.get("community", ""))
    area = Area.objects.open().filter(pk=key).first() if key is not None else None
    if area is None:
        messages.error(request, _("没有找到这个社区，请再选一次。"))
        return redirect("front:community")
    response = redirect(came_from(request))
    remember(response, COOKIE, str(area.pk))
    messages.success(request, _("现在看的是%(community)s。") % {"community": area.name})
    return response
