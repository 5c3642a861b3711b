"""An answer that Django leaves empty gets our words: the browser would show a page of its own, in English."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from .views.errors import method_not_allowed


def words_for_405(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Fill an empty 405 with the page for it. Status, ``Allow`` and every other header stay; HEAD has no body."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        empty = response.status_code == 405 and not response.streaming and not response.content
        if empty and request.method != "HEAD":
            page = method_not_allowed(request)
            response.content = page.content
            response["Content-Type"] = page["Content-Type"]
        return response

    return middleware
