"""关怀版 and the size of its letters: one switch on every page, without an account too."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from portal.people import preferences

from ..context import ELDER, MODE_COOKIE, STANDARD, TEXT_COOKIE, read_text_size
from ..remembering import came_from, remember


@require_http_methods(["GET", "HEAD", "POST"])
def mode(request: HttpRequest) -> HttpResponse:
    """关怀版 on or off (``mode``), or the size of its letters (``text``, in pixels): remembered on this device, and
    with the account where there is one.

    A button sends the size that it leads to, never “one more”: pressed twice it does the same as once. Opened like a
    page, or sent something that is not offered, it changes nothing and leads to where one was.
    """
    response = redirect(came_from(request))
    if request.method != "POST":
        return response
    if "text" in request.POST:
        _keep_text(request, response)
    else:
        _keep_mode(request, response)
    return response


def _keep_text(request: HttpRequest, response: HttpResponse) -> None:
    size = read_text_size(request.POST["text"])
    if size is None:
        return
    if request.user.is_authenticated:
        preferences.set_elder_text(user=request.user, size=size)
    remember(response, TEXT_COOKIE, str(size))


def _keep_mode(request: HttpRequest, response: HttpResponse) -> None:
    chosen = ELDER if request.POST.get("mode") == ELDER else STANDARD
    if request.user.is_authenticated:
        preferences.set_elder_mode(user=request.user, on=chosen == ELDER)
    remember(response, MODE_COOKIE, chosen)
