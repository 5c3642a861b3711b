"""A staff session that nobody uses ends; a resident's lasts, because typing a code again is what she cannot do."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from portal.core import clock

_SEEN = "staff_seen"
_GRAIN = 60  # seconds; the session is written at most once a minute


def staff_idle(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Sign a member of staff out after ``STAFF_IDLE_SECONDS`` without a request."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and user.is_staff:
            at = int(clock.now().timestamp())
            seen = request.session.get(_SEEN)
            if seen is not None and at - seen > settings.STAFF_IDLE_SECONDS:
                logout(request)
            elif seen is None or at - seen >= _GRAIN:
                request.session[_SEEN] = at
        return get_response(request)

    return middleware
