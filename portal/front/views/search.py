"""Looking for anything: one's own matters, and what is public: what one can do, wishes, communities, numbers."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core import clock
from portal.core.plaintext import clean_text
from portal.core.whole_numbers import holds_number
from portal.people.choosing import chosen_community
from portal.search.looking import Candidates, look_public
from portal.search.marking import Part, marked, snippet
from portal.search.own import OwnHit, look_own
from portal.search.pages import look_offers
from portal.search.showing import shown
from portal.search.sources import Line
from portal.search.terms import LONGEST_QUERY, Query, flat
from portal.search.urgent import urgent_for

from ..searching import ToDo, always, find_figures, to_do

FEW = 5  # of each group on the first page
PAGE_SIZE = 20
NAMED = -10  # the order of a group that was called by its name


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


def _typed(request: HttpRequest) -> str:
    """What is looked for: one line without signs that nobody sees, as long as a question may be."""
    return " ".join(clean_text(request.GET.get("q", "")[: 10 * LONGEST_QUERY]).split())[:LONGEST_QUERY]


@never_cache
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """One's own matters and everything public that holds what was typed, by kind; with ``in`` one kind whole. A phone
    or an ID number is not looked for, and does not stay in the address."""
    typed = _typed(request)
    if holds_number(request.GET.get("q", "")[:1000]):
        return redirect(f"{reverse('front:search')}?refused=number")
    query = Query(typed)
    only = request.GET.get("in", "")
    groups = _groups(request, query, only) if query else []
    called_for = urgent_for(typed)
    context = {
        "words": typed,
        "longest": LONGEST_QUERY,
        "refused": request.GET.get("refused") == "number",
        "unreadable": bool(typed) and not query,
        "asked": bool(query),
        "urgent": called_for,
        "always": []
        if groups or not query
        else [_thing(thing, query) for thing in always(person_first=bool(called_for))],
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
    community = chosen_community(request)
    found = [
        _own(request, query, only),
        _to_do(request, query, only),
        _figures(query, community),
        *(_pages(query)),
        *(_records(request, query, candidates, only) for candidates in look_public(query)),
    ]
    found = sorted((group for group in found if group.hits), key=lambda group: group.order)
    return [group for group in found if group.id == only] or found


def _address(query: Query, group: str, page: int = 0) -> str:
    wanted = {"q": query.typed, "in": group} | ({"page": str(page)} if page else {})
    return f"?{urlencode(wanted)}"


def _part(request: HttpRequest, query: Query, group: GroupView, hits: list[HitView], only: str) -> GroupView:
    """``group`` with a few of ``hits``, or alone with a page of them."""
    alone = group.id == only
    size, number = (PAGE_SIZE, _page_number(request)) if alone else (FEW, 0)
    return replace(
        group,
        hits=hits[number * size : (number + 1) * size],
        count_text=str(len(hits)),
        more_url=_address(query, group.id) if len(hits) > size and not alone else "",
        earlier_url=_address(query, group.id, number - 1) if number else "",
        later_url=_address(query, group.id, number + 1) if alone and (number + 1) * size < len(hits) else "",
    )


def _own(request: HttpRequest, query: Query, only: str) -> GroupView:
    """The reader's own matters, in whatever state: before everything else."""
    hits = [_own_hit(hit, query) for hit in look_own(query, request.user)]
    return _part(request, query, GroupView("own", _("我的"), [], "", order=-20), hits, only)


def _own_hit(hit: OwnHit, query: Query) -> HitView:
    """What was found by its text shows the text beside what else it is."""
    shown_as = _hit(hit.line, query, hit.icon)
    if not hit.said:
        return shown_as
    return replace(shown_as, sub=[*marked(f"{hit.line.sub} · ", query), *snippet(hit.said, query, most=40)])


def _to_do(request: HttpRequest, query: Query, only: str) -> GroupView:
    hits = [_thing(thing, query) for thing in to_do(query.typed, request.user)]
    return _part(request, query, GroupView("do", _("可以办的事"), [], "", order=0), hits, only)


def _thing(thing: ToDo, query: Query) -> HitView:
    sub = " · ".join(filter(None, (thing.sub, thing.word)))
    return HitView(marked(thing.label, query), marked(sub, query), thing.url, thing.icon, thing.tone)


def _figures(query: Query, community: Any) -> GroupView:
    found, count = find_figures(query, community, clock.now(), FEW)
    hits = [
        HitView(marked(figure.title, query), marked(figure.place, query), figure.url, "chart-no-axes-column", "blue")
        for figure in found
    ]
    return GroupView("figures", _("公开的数字"), hits, str(count), order=70)


def _pages(query: Query) -> Iterable[GroupView]:
    for found in look_offers(query):
        hits = [
            HitView(marked(str(page.label), query), snippet(str(page.sub), query), page.url(), page.icon, page.tone)
            for page in found.pages[:FEW]
        ]
        yield GroupView(found.id, found.label, hits, str(len(found.pages)), order=80)


def _records(request: HttpRequest, query: Query, candidates: Candidates, only: str) -> GroupView:
    """A public source's hits, asked again through the room's own rule."""
    source = candidates.source
    alone = source.id == only
    size = PAGE_SIZE if alone else FEW
    number = _page_number(request) if alone else 0
    page = shown(candidates, source.visible(), first=number * size, size=size)
    lines = [source.line(record) for record in page.records]
    return GroupView(
        id=source.id,
        label=str(source.label),
        hits=[_hit(line, query, source.icon) for line in lines],
        count_text=page.count_text,
        order=NAMED if source.named_first and _begins(lines, query) else source.order,
        more_url=_address(query, source.id) if page.count > size and not alone else "",
        cut=page.cut,
        earlier_url=_address(query, source.id, number - 1) if number else "",
        later_url=_address(query, source.id, number + 1) if alone and (number + 1) * size < page.count else "",
    )


def _begins(lines: list[Line], query: Query) -> bool:
    """Whether the best hit is called what was typed, or begins with it."""
    return bool(lines) and len(query.flat) > 1 and flat(lines[0].title).startswith(query.flat)


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
