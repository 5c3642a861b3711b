"""The wall, one's own wishes, and the page of one wish."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.volunteers.access import serving
from portal.core import once
from portal.core.keyset import page_of
from portal.core.masking import mask_name
from portal.core.money import format_yuan
from portal.core.numbers import spaced
from portal.people.choosing import chosen_community
from portal.people.sessions import signed_in

from .. import access
from ..forms import WallFilter
from ..models import Wish, WishState
from ..tiles import own_row
from ..timeline import TONES, timeline

_GROUPS = {
    "waiting": [WishState.PENDING_DISPATCH, WishState.PENDING_CLAIM],
    "in_service": [WishState.IN_SERVICE, WishState.PENDING_RATING],
    "closed": [WishState.CLOSED],
}
PAGE_SIZE = 20


def address(wish: Wish) -> str:
    """The one address of a wish."""
    return reverse("wishes:detail", args=[wish.code])


def card(wish: Wish) -> dict[str, Any]:
    """What the wall shows of a wish: nothing that the requester typed."""
    return {
        "title": wish.title,
        "kind_label": wish.kind.name,
        "icon": wish.kind.icon,
        "alias": wish.alias,
        "community": wish.community.name,
        "state_label": wish.get_state_display(),
        "tone": TONES[WishState(wish.state)],
        "when": wish.created_at,
        "url": address(wish),
    }


def _narrowed(wishes: Any, wanted: dict[str, Any]) -> Any:
    if wanted["community"]:
        wishes = wishes.filter(community=wanted["community"])
    if wanted["kind"]:
        wishes = wishes.filter(kind=wanted["kind"])
    return wishes.filter(state__in=_GROUPS[wanted["state"]]) if wanted["state"] else wishes


@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """Reviewed wishes, of the chosen community unless asked otherwise, the newest first. A filter that is not valid
    filters nothing, and says so."""
    chosen = chosen_community(request)
    asked = (
        request.GET if "community" in request.GET or chosen is None else {**request.GET.dict(), "community": chosen.pk}
    )
    filters = WallFilter(asked)
    wishes = Wish.objects.public().select_related("kind", "community")
    if filters.is_valid():
        wishes = _narrowed(wishes, filters.cleaned_data)
    page = page_of(request, wishes, size=PAGE_SIZE)
    return render(
        request,
        "wishes/wall.html",
        {
            "wishes": [card(wish) for wish in page.rows],
            "filters": filters,
            "newer_url": page.newer_url,
            "older_url": page.older_url,
            "order_url": reverse("wishes:order"),
        },
    )


@require_safe
@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """Every wish that the person asked for or that is for them."""
    page = page_of(request, Wish.objects.asked_by(request.user).select_related("kind"), size=PAGE_SIZE)
    rows = [own_row(wish) for wish in page.rows]
    context = {"rows": rows, "newer_url": page.newer_url, "older_url": page.older_url}
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


def wish_page(request: HttpRequest, wish: Wish, *, contact: dict[str, str] | None = None) -> HttpResponse:
    """The page of a wish; ``contact`` is shown only by the act that recorded the look."""
    audience = access.audience(request.user, wish)
    context = {
        "wish": {
            "title": wish.title or wish.kind.name,
            "code": spaced(wish.code),
            "kind_label": wish.kind.name,
            "state_label": wish.get_state_display(),
            "tone": TONES[WishState(wish.state)],
        },
        "timeline": timeline(wish, audience),
        "facts": facts(wish, audience),
        "contact": contact,
        "actions": actions(request, wish, audience),
        "reveals": _reveals(wish) if audience in ("requester", "staff") else [],
        "audience": audience,
        "back_url": reverse("wishes:mine" if audience == "requester" else "wishes:wall"),
    }
    return render(request, "wishes/detail.html", context)


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
    words = {"volunteer": _("志愿者"), "staff": _("社区工作者")}
    rows = wish.reveals.select_related("viewer__person").order_by("-id")[:50]
    return [
        (f"{words.get(row.part, '')} {mask_name(row.viewer.person.name) if row.viewer.person else ''}".strip(), row.at)
        for row in rows
    ]
