"""Headers that Django has no setting for, and a request log without what people searched for."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django_structlog.middlewares import RequestMiddleware

_PERMISSIONS = ", ".join(
    f"{name}=()" for name in ("accelerometer", "camera", "geolocation", "gyroscope", "microphone", "payment", "usb")
)


def headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Permissions policy on every answer; a page made for a signed-in person is stored by nobody on the way."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


class PathOnlyRequestLog(RequestMiddleware):
    """Logs method and path: a query string may hold a name that somebody typed into a search box."""

    @staticmethod
    def format_request(request: Any) -> str:
        return f"{request.method} {request.path}"
