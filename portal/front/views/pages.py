"""Home, 办事, and the two choices that a visitor makes for every page: which community, how big the letters."""

from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.core import clock
from portal.core.registries import Tile, tiles
from portal.people import preferences
from portal.people.choosing import COOKIE, chosen_community
from portal.places.models import Area

from ..context import ELDER, MODE_COOKIE, STANDARD
from ..numbers import home_figures

A_YEAR = 365 * 24 * 60 * 60
HOME_TILES = 8


@dataclass(frozen=True)
class TileView:
    """A tile as a page shows it."""

    label: str
    sub: str
    icon: str
    tone: str
    url: str


def _shown(tile: Tile) -> TileView:
    return TileView(str(tile.label), str(tile.sub), tile.icon, tile.tone, reverse(tile.url_name))


def _greeting() -> str:
    hour = timezone.localtime(clock.now()).hour
    words = (
        (5, _("夜深了")),
        (9, _("早上好")),
        (12, _("上午好")),
        (14, _("中午好")),
        (18, _("下午好")),
        (24, _("晚上好")),
    )
    return _("%(greeting)s，有什么要帮忙的？") % {"greeting": next(word for until, word in words if hour < until)}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What one can do, whom to call, and what was done in the chosen community."""
    community = chosen_community(request)
    context = {
        "greeting": _greeting(),
        "tiles": [_shown(tile) for tile in tiles if tile.home][:HOME_TILES],
        "call": {
            "title": _("打电话给社区"),
            "hours": community.office_hours if community is not None else "",
            "phone": community.phone if community is not None else "",
        },
        "week": [],
        "figures": home_figures(community, clock.now()) if community is not None else [],
        "news": [],
    }
    return render(request, "front/home.html", context)


@require_safe
def do(request: HttpRequest) -> HttpResponse:
    """Every tile, by the situation in which one needs it."""
    first: dict[str, int] = {}
    for number, tile in enumerate(tiles):
        first.setdefault(str(tile.situation), number)
    ordered = sorted(tiles, key=lambda tile: first[str(tile.situation)])
    groups = [(name, [_shown(t) for t in group]) for name, group in groupby(ordered, key=lambda t: str(t.situation))]
    return render(request, "front/do.html", {"groups": groups})


def _next(request: HttpRequest) -> str:
    """Where the reader came from, if that is on this site; home otherwise."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else reverse("front:home")


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=A_YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )


@dataclass(frozen=True)
class CommunityView:
    """A community that can be chosen."""

    id: int
    name: str
    subdistrict: str
    selected: bool


@require_http_methods(["GET", "HEAD", "POST"])
def community(request: HttpRequest) -> HttpResponse:
    """Choose a community: remembered for a year on this device."""
    opened = Area.objects.open()
    if request.method == "POST":
        text = request.POST.get("community", "")
        known = text.isascii() and text.isdigit() and len(text) < 19
        area = opened.filter(pk=int(text)).first() if known else None
        if area is None:
            messages.error(request, _("没有找到这个社区，请再选一次。"))
            return redirect("front:community")
        response = redirect(_next(request))
        _remember(response, COOKIE, str(area.pk))
        return response
    chosen = chosen_community(request)
    groups: dict[str, list[CommunityView]] = {}
    for area in opened.select_related("parent__parent").order_by("parent__parent_id", "parent_id", "pk"):
        subdistrict, district = _above(area)
        selected = chosen is not None and chosen.pk == area.pk
        groups.setdefault(district, []).append(CommunityView(area.pk, area.name, subdistrict, selected))
    return render(request, "front/community.html", {"groups": list(groups.items()), "next": _next(request)})


def _above(area: Area) -> tuple[str, str]:
    """The names of the sub-district and the district over a community."""
    subdistrict = area.parent
    district = subdistrict.parent if subdistrict is not None else None
    return (subdistrict.name if subdistrict else "", district.name if district else "")


@require_http_methods(["GET", "HEAD", "POST"])
def mode(request: HttpRequest) -> HttpResponse:
    """关怀版 on or off: remembered on this device, and with the account where there is one.

    Opened like a page it changes nothing and leads to where one was.
    """
    if request.method != "POST":
        return redirect(_next(request))
    chosen = ELDER if request.POST.get("mode") == ELDER else STANDARD
    if request.user.is_authenticated:
        preferences.set_elder_mode(user=request.user, on=chosen == ELDER)
    response = redirect(_next(request))
    _remember(response, MODE_COOKIE, chosen)
    return response


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """What search engines leave alone."""
    private = ("/admin/", "/accounts/", "/me/", "/messages/", "/files/", "/mode/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in private)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def favicon(_request: HttpRequest) -> HttpResponse:
    """Browsers ask here whatever the page says; the seal is the answer."""
    return redirect(static("img/seal.svg"))
