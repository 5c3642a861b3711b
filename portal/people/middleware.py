"""A staff session that nobody uses ends; a resident's lasts, because typing a code again is what she cannot do."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from portal.core import clock

_SEEN = "staff_seen"
_IDLED = "staff_idled"


def staff_idle(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Sign a member of staff out after ``STAFF_IDLE_SECONDS`` without doing anything. A session that was once a member
    of staff's stays under this rule when the office has ended: it may stand open on the community's own machine.

    Opening a page or sending a form is doing something. A fragment that a page fetches by itself is not, so that a
    screen left open does not keep its session alive; files under ``/static/`` are answered before this middleware.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and (user.is_staff or _SEEN in request.session):
            at = int(clock.now().timestamp())
            seen = request.session.get(_SEEN)
            if seen is not None and at - seen > settings.STAFF_IDLE_SECONDS:
                logout(request)
                request.session[_IDLED] = True
            elif seen is None or (at > seen and _is_doing_something(request)):
                request.session[_SEEN] = at
        return get_response(request)

    return middleware


def signed_out_for_idling(request: HttpRequest) -> bool:
    """Whether this session was a member of staff's that ended by itself; said once, on the sign-in page."""
    return bool(request.session.pop(_IDLED, False))


def _is_doing_something(request: HttpRequest) -> bool:
    fetched_by_page = request.headers.get("HX-Request") == "true"
    return not (fetched_by_page and request.method in {"GET", "HEAD"})
