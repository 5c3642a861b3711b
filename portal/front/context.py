"""What the shell of every page shows: which community, where one is, how many messages wait, how big the letters."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.core import clock
from portal.core.registries import tiles
from portal.core.wechat import inside_wechat
from portal.notices.models import Notice
from portal.people import preferences
from portal.people.choosing import chosen_community
from portal.places.models import Area
from portal.places.opening import closed_words

MODE_COOKIE, TEXT_COOKIE = "mode", "text"
ELDER, STANDARD = "elder", "standard"
_CACHE = "_unread_notices"
MOST_SHOWN = 99


@dataclass(frozen=True)
class Place:
    """A link of the navigation; ``count`` is what waits there, 0 for nothing."""

    label: str
    url: str
    active: bool
    icon: str = ""
    count: int = 0

    @property
    def badge(self) -> str:
        """``count`` as it fits on an icon: empty for nothing, “99+” above 99."""
        return f"{MOST_SHOWN}+" if self.count > MOST_SHOWN else str(self.count or "")


@dataclass(frozen=True)
class Page:
    """``page`` of every template."""

    site_name: str
    community: Area | None
    nav: list[Place]
    bottom: list[Place]
    icp: str
    police_record: str
    elder: bool
    demo: bool
    phone: str
    elder_text: int = preferences.USUAL_TEXT
    wechat: bool = False

    @property
    def phone_closed(self) -> str:
        """That nobody answers at the community's number now, and from when on; empty where somebody does. A query."""
        return closed_words(self.community.office_hours, clock.now()) if self.community is not None else ""

    @property
    def unread(self) -> Place:
        """The place where messages are, with how many are unread."""
        return self.bottom[2]

    @property
    def text_sizes(self) -> str:
        """Every size of text that 关怀版 offers, in pixels, with blanks between them: for the script of the switch."""
        return SIZES

    @property
    def smaller(self) -> int | None:
        """The next smaller size of text in 关怀版, in pixels; None at the smallest."""
        return _smaller(self.elder_text)

    @property
    def bigger(self) -> int | None:
        """The next bigger size of text in 关怀版, in pixels; None at the biggest."""
        return _bigger(self.elder_text)


SIZES = " ".join(map(str, preferences.TEXT_SIZES))


def _smaller(size: int) -> int | None:
    return max((offered for offered in preferences.TEXT_SIZES if offered < size), default=None)


def _bigger(size: int) -> int | None:
    return min((offered for offered in preferences.TEXT_SIZES if offered > size), default=None)


def is_elder(request: HttpRequest) -> bool:
    """关怀版: what was last chosen on this device, else what is kept with the account."""
    chosen = request.COOKIES.get(MODE_COOKIE)
    if chosen in {ELDER, STANDARD}:
        return chosen == ELDER
    user: Any = getattr(request, "user", None)
    return bool(user is not None and user.is_authenticated and user.elder_mode)


def read_text_size(text: str | None) -> int | None:
    """A size of text that is offered in 关怀版, in pixels; None for anything else that was sent."""
    return next((size for size in preferences.TEXT_SIZES if str(size) == text), None)


def elder_text(request: HttpRequest) -> int:
    """Pixels of body text in 关怀版: what was last chosen on this device, else what is kept with the account."""
    chosen = read_text_size(request.COOKIES.get(TEXT_COOKIE))
    if chosen is not None:
        return chosen
    user: Any = getattr(request, "user", None)
    known = user is not None and user.is_authenticated
    return preferences.nearest_text_size(user.elder_text) if known else preferences.USUAL_TEXT


def unread_count(request: HttpRequest) -> int:
    """How many of the reader's messages are unread; one query, kept on the request, none for a visitor."""
    if not hasattr(request, _CACHE):
        user = getattr(request, "user", None)
        known = user is not None and user.is_authenticated
        setattr(request, _CACHE, Notice.objects.visible_to(user).unread().count() if known else 0)
    return getattr(request, _CACHE)


def _nav(path: str) -> list[Place]:
    """The row of links on a wide screen: 办事, what rooms put there, the figures."""
    links = [(_("办事"), reverse("front:do"))]
    links += [(str(tile.nav), reverse(tile.url_name)) for tile in tiles if tile.nav]
    links.append((_("数字公开"), reverse("front:figures")))
    return [Place(label, url, path.startswith(url)) for label, url in links]


def _bottom(request: HttpRequest) -> list[Place]:
    """The four places of the bar at the foot of a phone."""
    path, home = request.path, reverse("front:home")
    rest = [
        (_("办事"), "front:do", "layout-grid", 0),
        (_("消息"), "front:messages", "bell", unread_count(request)),
        (_("我的"), "front:me", "user", 0),
    ]
    places = [Place(_("首页"), home, path == home, "house")]
    for label, name, icon, count in rest:
        url = reverse(name)
        places.append(Place(label, url, path.startswith(url), icon, count))
    return places


def page(request: HttpRequest) -> dict[str, Page]:
    """Context processor of every page of ours. It also serves an error page of a request that never got a user."""
    community = chosen_community(request) if hasattr(request, "user") else None
    return {
        "page": Page(
            site_name=settings.SITE_NAME,
            community=community,
            nav=_nav(request.path),
            bottom=_bottom(request),
            icp=settings.ICP_RECORD,
            police_record=settings.POLICE_RECORD,
            elder=is_elder(request),
            demo=settings.DEMO,
            phone=community.phone if community is not None else "",
            elder_text=elder_text(request),
            wechat=inside_wechat(request),
        )
    }


def desk_look(request: HttpRequest) -> dict[str, dict[str, Any]]:
    """Context processor of the desk: whether it stands in 关怀版 and how big its letters are, without a query."""
    size = elder_text(request)
    look = {
        "elder": is_elder(request),
        "text": size,
        "sizes": SIZES,
        "smaller": _smaller(size),
        "bigger": _bigger(size),
    }
    return {"look": look}
