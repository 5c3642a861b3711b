"""Pages that need an account: the way to sign-in and back, and what a form held when the session had ended."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.datastructures import MultiValueDict
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

F = TypeVar("F", bound=forms.Form)
_UNSENT = "unsent"
_NOT_TYPED = {"csrfmiddlewaretoken", "once"}
_SECRET = ("password", "code")  # what a name says that is never kept
_KEPT = 60 * 60  # seconds
_FIELDS, _LENGTH = 20, 2000  # what is kept of a form, so that a session cannot be made to swell


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let only a signed-in person pass; others are told why, sign in and come back to what they had typed."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        if not user.is_authenticated:
            return _to_sign_in(request)
        return view(request, *args, **kwargs)

    return wrapped


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """A form sent too late is kept, sealed, in the new session; a button leads back to the page it stood on."""
    if request.method != "POST":
        messages.info(request, _("请先登录，登录后接着办。"))
        return redirect_to_login(request.get_full_path())
    keep_unsent(request, request.path)
    messages.info(request, _("时间久了，请重新登录。刚才那一步没有提交，填过的内容给您留着。"))
    return redirect_to_login(_page_of(request))


def _page_of(request: HttpRequest) -> str:
    """The page that a form was sent from; its own address where the browser does not say, or names another site."""
    referer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(referer, allowed_hosts={request.get_host()}):
        return urlsplit(referer).path or request.path
    return request.path


def keep_unsent(request: HttpRequest, path: str) -> None:
    """Keep what this request brings of a form for the page at ``path``, sealed, in the session; no password, no code,
    no file. A visitor's session that has nothing else in it ends within the hour."""
    names = [name for name in request.POST if name not in _NOT_TYPED and not any(word in name for word in _SECRET)]
    typed = {name: [text[:_LENGTH] for text in request.POST.getlist(name)[:_FIELDS]] for name in names[:_FIELDS]}
    request.session[_UNSENT] = {"path": path, "typed": typed}
    if not request.user.is_authenticated:
        request.session.set_expiry(_KEPT)  # signing in sets the usual one


def _take(request: HttpRequest) -> dict[str, list[str]]:
    kept = request.session.get(_UNSENT)
    if not kept or kept["path"] != request.path:
        return {}
    del request.session[_UNSENT]
    return kept["typed"]


def unsent(request: HttpRequest) -> dict[str, str]:
    """What was typed on this page and not taken, because the session had ended or 关怀版 was switched: once; empty on
    every other page."""
    return {name: texts[-1] for name, texts in _take(request).items() if texts}


def refilled(request: HttpRequest, form: F) -> F:
    """The fresh ``form`` with what ``unsent`` would say, field by field, those of several boxes too. A form that was
    sent is left as it is."""
    typed = {} if form.is_bound else _take(request)
    if not typed:
        return form
    data = MultiValueDict(typed)
    for name, field in form.fields.items():
        if not field.widget.needs_multipart_form and not field.widget.value_omitted_from_data(data, {}, name):
            form.initial[name] = field.widget.value_from_datadict(data, {}, name)
    return form


def once_owner(request: HttpRequest, act: str) -> str:
    """Whose tokens of which act these are: nobody spends another's, and one act's token says nothing to another."""
    return f"{act}:{request.user.pk}"
