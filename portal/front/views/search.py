"""Looking for anything that is public: what one can do, pages, wishes, communities, numbers."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.plaintext import clean_text
from portal.core.whole_numbers import holds_number
from portal.search.looking import Candidates, look_public
from portal.search.marking import Part, marked, snippet
from portal.search.pages import look_offers
from portal.search.showing import shown
from portal.search.sources import Line
from portal.search.terms import LONGEST_QUERY, Query

from .. import doing

FEW = 5  # of each group on the first page
PAGE_SIZE = 20


@dataclass(frozen=True)
class HitView:
    """A hit as the page shows it: parts of text, those that were asked for told apart."""

    title: list[Part]
    sub: list[Part]
    url: str
    icon: str = ""
    tone: str = "plain"
    badge_text: str = ""
    badge_tone: str = "plain"


@dataclass(frozen=True)
class GroupView:
    """The hits of one kind; ``more_url`` opens all of them."""

    id: str
    label: str
    hits: list[HitView]
    count_text: str
    order: int
    more_url: str = ""
    cut: bool = False
    earlier_url: str = ""
    later_url: str = ""
    about: str = field(default="")


def _typed(request: HttpRequest) -> str:
    """What is looked for: one line without signs that nobody sees, as long as a question may be."""
    return " ".join(clean_text(request.GET.get("q", "")[: 10 * LONGEST_QUERY]).split())[:LONGEST_QUERY]


@never_cache
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Everything public that holds what was typed, by kind; with ``in`` one kind whole. A phone or an ID number is not
    looked for, and does not stay in the address."""
    typed = _typed(request)
    if holds_number(request.GET.get("q", "")[:1000]):
        return redirect(f"{reverse('front:search')}?refused=number")
    query = Query(typed)
    only = request.GET.get("in", "")
    groups = _groups(request, query, only) if query else []
    context = {
        "typed": typed,
        "longest": LONGEST_QUERY,
        "refused": request.GET.get("refused") == "number",
        "unreadable": bool(typed) and not query,
        "asked": bool(query),
        "groups": groups,
        "alone": bool(only) and len(groups) == 1,
        "whole_url": f"{reverse('front:search')}?{urlencode({'q': typed})}",
        "cut": any(group.cut for group in groups),
    }
    answer = render(request, "front/search.html", context)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _groups(request: HttpRequest, query: Query, only: str) -> list[GroupView]:
    """Groups with hits, in their order; ``only`` the one of that id, unless it is none of ours or has none."""
    found = [
        *_to_do(request, query),
        *(_pages(query)),
        *(_records(request, query, candidates, only) for candidates in look_public(query)),
    ]
    found = sorted((group for group in found if group.hits), key=lambda group: group.order)
    return [group for group in found if group.id == only] or found


def _to_do(request: HttpRequest, query: Query) -> Iterable[GroupView]:
    hits = [
        HitView(marked(tile.label, query), marked(tile.sub, query), tile.url, tile.icon, tile.tone)
        for tile in doing.find(query.typed, request.user)[:FEW]
    ]
    yield GroupView("do", _("可以办的事"), hits, str(len(hits)), order=0)


def _pages(query: Query) -> Iterable[GroupView]:
    orders = {"pages": 10, "figures": 70, "privacy": 80}
    for found in look_offers(query):
        hits = [
            HitView(marked(str(page.label), query), snippet(str(page.sub), query), page.url(), page.icon, page.tone)
            for page in found.pages[:FEW]
        ]
        yield GroupView(found.id, found.label, hits, str(len(found.pages)), order=orders.get(found.id, 90))


def _records(request: HttpRequest, query: Query, candidates: Candidates, only: str) -> GroupView:
    """A public source's hits, asked again through the room's own rule."""
    source = candidates.source
    alone = source.id == only
    size = PAGE_SIZE if alone else FEW
    number = _page_number(request) if alone else 0
    page = shown(candidates, source.visible(), first=number * size, size=size)

    def address(page_number: int) -> str:
        wanted = {"q": query.typed, "in": source.id} | ({"page": str(page_number)} if page_number else {})
        return f"?{urlencode(wanted)}"

    return GroupView(
        id=source.id,
        label=str(source.label),
        hits=[_hit(source.line(record), query, source.icon) for record in page.records],
        count_text=page.count_text,
        order=source.order,
        more_url=address(0) if page.count > size and not alone else "",
        cut=page.cut,
        earlier_url=address(number - 1) if number else "",
        later_url=address(number + 1) if alone and (number + 1) * size < page.count else "",
    )


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _hit(line: Line, query: Query, icon: str) -> HitView:
    return HitView(
        title=marked(line.title, query),
        sub=marked(line.sub, query),
        url=line.url,
        icon=icon,
        badge_text=line.badge_text,
        badge_tone=line.badge_tone or "plain",
    )
