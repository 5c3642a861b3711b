"""关怀版 and the size of its letters: one switch on every page, without an account too."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from portal.people import preferences
from portal.people.sessions import keep_unsent

from ..context import ELDER, MODE_COOKIE, STANDARD, TEXT_COOKIE, read_text_size
from ..remembering import came_from, remember


@require_http_methods(["GET", "HEAD", "POST"])
def mode(request: HttpRequest) -> HttpResponse:
    """关怀版 on or off (``mode``), or the size of its letters (``text``, in pixels): remembered on this device, and
    with the account where there is one.

    A button sends the size that it leads to, never “one more”: pressed twice it does the same as once. Opened like a
    page, or sent something that is not offered, it changes nothing and leads to where one was.

    Without a script the button of a page with a form sends that form along (``?keep=1``, the choice in the address), so
    that what was typed stands there again. With one it stays on the device: ``static/js/typed.js``.
    """
    carries = "keep" in request.GET
    said = request.GET if carries else request.POST
    back = came_from(request, said)
    response = redirect(back)
    if request.method != "POST":
        return response
    if carries:
        keep_unsent(request, urlsplit(back).path)
    if "text" in said:
        _keep_text(request, said, response)
    else:
        _keep_mode(request, said, response)
    return response


def _keep_text(request: HttpRequest, said: QueryDict, response: HttpResponse) -> None:
    size = read_text_size(str(said["text"]))
    if size is None:
        return
    if request.user.is_authenticated:
        preferences.set_elder_text(user=request.user, size=size)
    remember(response, TEXT_COOKIE, str(size))


def _keep_mode(request: HttpRequest, said: QueryDict, response: HttpResponse) -> None:
    chosen = ELDER if said.get("mode") == ELDER else STANDARD
    if request.user.is_authenticated:
        preferences.set_elder_mode(user=request.user, on=chosen == ELDER)
    remember(response, MODE_COOKIE, chosen)
