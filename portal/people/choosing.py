"""Which community a visitor looks at: chosen by cookie, else their own, else the only one there is."""

from typing import Any

from django.http import HttpRequest

from portal.places.models import Area

COOKIE = "community"
_CACHE = "_chosen_community"


def chosen_community(request: HttpRequest) -> Area | None:
    """The community of this request; one query, kept on the request. A cookie that names no open one is ignored."""
    if not hasattr(request, _CACHE):
        setattr(request, _CACHE, _find(request))
    return getattr(request, _CACHE)


def _find(request: HttpRequest) -> Area | None:
    opened = Area.objects.open()
    cookie = request.COOKIES.get(COOKIE, "")
    if cookie.isascii() and cookie.isdigit() and len(cookie) < 19 and (area := opened.filter(pk=int(cookie)).first()):
        return area
    user: Any = request.user
    if user.is_authenticated and user.person is not None and user.person.community is not None:
        return user.person.community
    only = list(opened[:2])
    return only[0] if len(only) == 1 else None
