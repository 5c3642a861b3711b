"""The wall, one's own wishes, and the page of one wish."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from alliance.volunteers.access import serving
from portal.core import clock, once
from portal.core.filtering import Applied
from portal.core.keyset import PAGE_KEYS, page_of
from portal.core.masking import mask_name, mask_phone
from portal.core.money import format_yuan
from portal.core.numbers import spaced
from portal.core.templating import date_cn
from portal.people.access import parts_of
from portal.people.choosing import chosen_community
from portal.people.sessions import signed_in

from .. import access
from ..forms import WallFilter
from ..meeting import contact_note, visit_of, whose_looks
from ..models import Wish, WishState
from ..plain_states import DONE, IN_HAND, WAITS_FOR_HELP, state_tone, state_words
from ..querysets import PUBLIC_STATES, WAITING_STATES
from ..speaking import own_title
from ..tiles import OWN, own_rows
from ..timeline import timeline

PAGE_SIZE = 20
MOST_COUNTED = 1000


@dataclass(frozen=True)
class Tab:
    """A part of the wall: which states, by which day the newest come first, how many it says there are, and what an
    empty one says."""

    label: Any
    states: tuple[str, ...]
    day: str
    count: Any
    empty: Any


_TABS = {
    "waiting": Tab(
        WAITS_FOR_HELP,
        WAITING_STATES,
        "created_at",
        gettext_lazy("共 %(count)s件等人来帮的心愿"),
        gettext_lazy("现在没有等人来帮的心愿"),
    ),
    "in_service": Tab(
        IN_HAND,
        (WishState.IN_SERVICE, WishState.PENDING_RATING),
        "created_at",
        gettext_lazy("共 %(count)s件正在办的心愿"),
        gettext_lazy("现在没有正在办的心愿"),
    ),
    "closed": Tab(
        DONE,
        (WishState.CLOSED,),
        "closed_at",
        gettext_lazy("共 %(count)s件已办结的心愿"),
        gettext_lazy("没有已办结的心愿"),
    ),
    "all": Tab(
        gettext_lazy("全部"),
        PUBLIC_STATES,
        "created_at",
        gettext_lazy("共 %(count)s件心愿"),
        gettext_lazy("还没有心愿"),
    ),
}
FIRST_TAB = "waiting"


def address(wish: Wish) -> str:
    """The one address of a wish."""
    return reverse("wishes:detail", args=[wish.code])


def card(wish: Wish, day: str = "created_at") -> dict[str, Any]:
    """What the wall shows of a wish: nothing that the requester typed. ``day`` is the one by which it stands there."""
    return {
        "title": wish.title,
        "kind_label": wish.kind.name,
        "icon": wish.kind.icon,
        "alias": wish.alias,
        "community": wish.community.name,
        "state_label": state_words(wish, "public"),
        "tone": state_tone(wish, "public"),
        "when": getattr(wish, day),
        "when_label": _("办结") if day == "closed_at" else _("提出"),
        "url": address(wish),
    }


def _tabs(request: HttpRequest, now: str) -> list[dict[str, Any]]:
    """The parts of the wall, each with what else it is narrowed by."""
    query = request.GET.copy()
    for name in PAGE_KEYS:
        query.pop(name, None)
    found = []
    for key, tab in _TABS.items():
        query["state"] = key
        found.append({"label": str(tab.label), "url": f"?{query.urlencode()}", "active": key == now})
    return found


def _since(request: HttpRequest) -> dt.date | None:
    """The day that the address asks from; None without one that could be."""
    try:
        day = dt.date.fromisoformat(request.GET.get("since", "")[:10])
    except ValueError:
        return None
    return day if day.year in range(2000, 2200) else None


def _applied(request: HttpRequest, since: dt.date | None, tab: Tab) -> list[Applied]:
    """The day one looks from, with the way to take it off; the other filters stand in their boxes."""
    if since is None:
        return []
    rest = request.GET.copy()
    for name in ("since", *PAGE_KEYS):
        rest.pop(name, None)
    label = _("办结") if tab.day == "closed_at" else _("提出")
    return [Applied(label, _("%(day)s起") % {"day": date_cn(since)}, f"?{rest.urlencode()}" if rest else "?")]


def _counted(wishes: Any) -> str:
    """How many, by the index, up to a thousand and one."""
    found = wishes.order_by()[: MOST_COUNTED + 1].count()
    return f"{found} " if found <= MOST_COUNTED else _("%(count)s 多") % {"count": MOST_COUNTED}


@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """Reviewed wishes, of the chosen community unless asked otherwise: first those that wait for a volunteer, then, a
    tab each, those under way, those done, and all; the newest day first. ``since`` keeps those of the tab's day from
    then on. A filter that is not valid filters nothing, and says so."""
    chosen = chosen_community(request)
    state = request.GET.get("state", "")
    state = state if state in _TABS else FIRST_TAB
    asked = {**request.GET.dict(), "state": state}
    if chosen is not None:
        asked.setdefault("community", str(chosen.pk))
    filters, tab = WallFilter(asked), _TABS[state]
    wishes = Wish.objects.filter(state__in=tab.states).select_related("kind", "community")
    if filters.is_valid():
        wanted = {name: filters.cleaned_data[name] for name in ("community", "kind")}
        wishes = wishes.filter(**{name: value for name, value in wanted.items() if value})
    since = _since(request)
    if since is not None:
        wishes = wishes.filter(**{f"{tab.day}__gte": clock.start_of(since)})
    page = page_of(request, wishes, size=PAGE_SIZE, by=tab.day)
    return render(
        request,
        "wishes/wall.html",
        {
            "wishes": [card(wish, tab.day) for wish in page.rows],
            "filters": filters,
            "tabs": _tabs(request, state),
            "count": str(tab.count) % {"count": _counted(wishes)},
            "applied": _applied(request, since, tab),
            "tab": {"label": str(tab.label), "empty": str(tab.empty)},
            "newer_url": page.newer_url,
            "older_url": page.older_url,
            "order_url": reverse("wishes:order"),
        },
    )


@require_safe
@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """Every wish that is for the person or for those they act for, the newest first."""
    parts = parts_of(request.user)
    wishes = Wish.objects.for_people(parts).select_related(*OWN)
    page = page_of(request, wishes, size=PAGE_SIZE, by="created_at")
    context = {
        "rows": own_rows(page.rows, parts),
        "stands_under": "me",
        "may_order": request.user.person is not None,  # type: ignore[union-attr]
        "newer_url": page.newer_url,
        "older_url": page.older_url,
    }
    return render(request, "wishes/mine.html", context)


def visible_wish(request: HttpRequest, code: str) -> Wish:
    """The wish, for whom it exists; 404 for a stranger."""
    wishes = Wish.objects.visible_to(request.user).select_related(
        "kind", "community", "grid", "subject", "asker", "volunteer__person", "dispatched_team"
    )
    return get_object_or_404(wishes, code=code)


@require_safe
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One wish, as much of it as the person may see."""
    return wish_page(request, visible_wish(request, code))


def wish_page(request: HttpRequest, wish: Wish, *, whole: bool = False) -> HttpResponse:
    """The page of a wish; ``whole`` shows the contact, which only the act does that recorded the look."""
    audience = access.audience(request.user, wish)
    context = {
        "wish": {
            "title": own_title(wish) if audience in ("requester", "staff") else wish.title or wish.kind.name,
            "code": spaced(wish.code),
            "kind_label": wish.kind.name,
            "state_label": state_words(wish, audience),
            "tone": state_tone(wish, audience),
        },
        "timeline": timeline(wish, audience, request.user),
        "facts": facts(wish, audience),
        "contact": _contact(request, wish, audience, whole=whole),
        "visit": visit_of(wish, audience, request.user),
        "actions": actions(request, wish, audience),
        "reveals": _reveals(wish) if audience in ("requester", "staff") else [],
        "reveals_title": whose_looks(wish, audience, request.user),
        "audience": audience,
        "stands_under": "me" if audience == "requester" else "",
        "back_url": reverse("wishes:mine" if audience == "requester" else "wishes:wall"),
    }
    return render(request, "wishes/detail.html", context)


def _contact(request: HttpRequest, wish: Wish, audience: str, *, whole: bool) -> dict[str, Any] | None:
    """How the requester is reached: whole after the act, else for those who left it, with the phone masked."""
    own = audience == "requester" and access.may_see_own_contact(request.user, wish)
    if not own and not whole:
        return None
    return {
        "own": own,
        "whole": whole,
        "name": wish.contact_name,
        "phone": wish.contact_phone if whole else mask_phone(wish.contact_phone),
        "address": wish.contact_address,
        "url": reverse("wishes:contact", args=[wish.code]),
        "note": contact_note(wish),
        "recorded": access.requester_part(request.user, wish) != "requester",
        "correct_url": reverse("wishes:correct_contact", args=[wish.code])
        if access.may_correct_contact(request.user, wish)
        else "",
    }


def facts(wish: Wish, audience: str) -> list[tuple[str, str, str | None]]:
    """Label, value and link of what this audience may read."""
    found: list[tuple[str, str, str | None]] = [(_("希望时间"), wish.get_when_display(), None)]
    place = wish.community.name + (f" {wish.grid.name}" if wish.grid and audience != "public" else "")
    found.append((_("地点"), place, None))
    if audience == "public":
        return [(_("心愿人"), wish.alias, None), *found]
    in_hand = wish.state in (WishState.IN_SERVICE, WishState.PENDING_RATING)
    if audience in ("requester", "staff") or (audience == "volunteer" and in_hand):
        found.insert(0, (_("心愿内容"), wish.details, None))
    if audience == "volunteer" and not in_hand:
        found.insert(0, (_("心愿人"), wish.alias, None))
    if wish.price_fen is not None:
        found.append((_("大约价钱"), format_yuan(wish.price_fen), None))
    if wish.volunteer is not None:
        found.append((_("志愿者"), wish.volunteer.person.name_masked, None))
    if wish.completion_note:
        found.append((_("完成情况"), wish.completion_note, None))
    if wish.rating is not None:
        found.append((_("评分"), _("%(stars)s 分") % {"stars": wish.rating}, None))
    if wish.scan_id is not None and audience == "requester":
        found.append((_("纸质单"), _("查看"), reverse("core:file", args=[wish.scan_id])))
    if wish.rating_comment and audience in ("requester", "staff"):
        found.append((_("评价"), wish.rating_comment, None))
    return found


def actions(request: HttpRequest, wish: Wish, audience: str) -> list[dict[str, Any]]:
    """The acts that are open to this person now, the main one first."""
    user, state = request.user, WishState(wish.state)
    found: list[dict[str, Any]] = []

    def add(label: str, name: str, tone: str = "plain", *, post: bool = False) -> None:
        url = reverse(f"wishes:{name}", args=[wish.code])
        method = "post" if post else "get"
        found.append(
            {"label": label, "url": url, "tone": tone, "method": method, "once": once.token() if post else None}
        )

    if access.requester_part(user, wish):
        if state == WishState.PENDING_RATING:
            add(_("评一评"), "rate", "primary")
        if state in wish.MOVES["withdraw"].sources:
            add(_("撤回"), "withdraw")
    if audience != "volunteer":
        return _with_desk(request, wish, found)
    if state == WishState.PENDING_CLAIM:
        add(_("我来接单"), "claim", "primary", post=True)
        volunteer = serving(user)
        if volunteer is not None and wish.dispatched_to_id == volunteer.pk:
            add(_("接不了"), "refuse")
    if access.may_see_contact(user, wish):
        add(_("查看联系方式"), "contact", "plain" if state == WishState.IN_SERVICE else "primary", post=True)
        add(_("打印工单"), "sheet")
    if state == WishState.IN_SERVICE and access.serves(user, wish):
        add(_("办好了"), "complete", "primary")
        add(_("退单"), "return")
    return _with_desk(request, wish, found)


def _with_desk(request: HttpRequest, wish: Wish, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if access.may_read_as_staff(request.user, wish):
        url = reverse("admin:wishes_wish_change", args=[wish.pk])
        found.append({"label": _("在工作台打开"), "url": url, "tone": "plain", "method": "get", "once": None})
        paper = reverse("wishes:sheet", args=[wish.code])
        if all(action["url"] != paper for action in found):
            found.append({"label": _("打印工单"), "url": paper, "tone": "plain", "method": "get", "once": None})
    return found


def _reveals(wish: Wish) -> list[tuple[str, Any]]:
    words = {
        "volunteer": _("志愿者"),
        "staff": _("社区工作者"),
        "guardian": _("监护人"),
        "relative": _("代办人"),
    }
    rows = wish.reveals.select_related("viewer__person").order_by("-id")[:50]
    return [
        (f"{words.get(row.part, '')} {mask_name(row.viewer.person.name) if row.viewer.person else ''}".strip(), row.at)
        for row in rows
    ]
