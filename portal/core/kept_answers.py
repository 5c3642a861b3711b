"""A refused form is led to by GET: one follows a link from it, presses Back, and there it stands with its errors.

The answer of a POST that may not be stored is nothing a browser can go back to: it asks whether to send the form again.
So the page that refuses a form is kept for a while, and the answer to the POST is the way to it, its own address with
``?answer=<key>``. In short:

1. kept is a page that refuses (``is_refusal``) and that a browser asked for as a page. Any other answer of a POST is
   left alone: what shows a contact after a look on the record is that answer and nothing else;
2. it lies in the cache, packed and sealed, for ``KEPT``, under a name made of the session and a random key: no other
   session has a name for it, and one that signs in or out has left its own behind;
3. whoever opens its address is judged as if they opened the form: where the page does not answer them as a page any
   more (right ended, signed out, done meanwhile), that stands. Else they get the page as it was;
4. no view reads the key: it is off the address before any is called;
5. what does not fit, comes too often, or meets a cache that fails is answered as it was without all this.
"""

import base64
import datetime as dt
import hashlib
import json
import secrets
import zlib
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import structlog
from allauth.core import ratelimit
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from redis.exceptions import RedisError

from . import clock
from .sealed import SealedValueError, seal, unseal

VAR = "answer"
KEPT = dt.timedelta(minutes=30)
MOST = 10  # answers of one session; the oldest goes first
MOST_BYTES = 300 * 1024  # of one answer, as it lies in the cache
RATE = "answer_kept"  # how many one address on the net may have kept, in ``ACCOUNT_RATE_LIMITS``
BY_SCRIPT = "X-Sent-As-Page"  # said by the script that sends a form with files and puts its answer in the page's place
_REFUSALS = {409, 422}
_CONTEXT = "kept_answers"
_HOME = "kept_answer_home"
_NO_STORE = "private, no-store"
_NOT_KEPT = {"content-length", "set-cookie", "location"}

log = structlog.get_logger(__name__)


def kept_answers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponseBase]:
    """The innermost middleware: it is to know the session and its user, and to meet a view's answer first."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        key = _take_off(request)
        if key and request.method in {"GET", "HEAD"}:
            return _kept_page(request, key, get_response)
        response = get_response(request)
        if request.method == "POST" and _asks_for_a_page(request) and is_refusal(response):
            return _led_to(request, response)
        return response

    return middleware


def belongs_at(address: str, response: HttpResponse) -> HttpResponse:
    """``response``, whose form stands at ``address``: for a view that is only sent to and has no page of its own."""
    setattr(response, _HOME, address)
    return response


def is_refusal(response: HttpResponseBase) -> bool:
    """Whether this answers a form that was not taken: by its status (422, or 409 where the state forbids), or because
    what a template was given says so: Django's own pages, ours at the desk and those of accounts answer 200."""
    if response.status_code in _REFUSALS:
        return True
    given = getattr(response, "context_data", None) or {}
    form: Any = given.get("form")
    wrong = getattr(form, "is_bound", False) and form.errors
    return response.status_code == 200 and bool(given.get("errors") or wrong)


# Keeping -------------------------------------------------------------------------------------------------------------


def _asks_for_a_page(request: HttpRequest) -> bool:
    """A browser says so itself, over HTTPS and on one's own machine. What is fetched into a page is none."""
    if request.headers.get("HX-Request") == "true":
        return False
    return request.headers.get("Sec-Fetch-Mode") == "navigate" or BY_SCRIPT in request.headers


def _led_to(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The way to what ``response`` says, or, where it could not be kept, ``response`` itself."""
    home = getattr(response, _HOME, "") or request.get_full_path()
    try:
        key = _keep(request, response, urlsplit(home).path)
    except (RedisError, OSError) as error:
        log.error("a refused form could not be kept: the cache failed", error=type(error).__name__)
        return response
    if key is None:
        return response
    way = HttpResponse(status=303, headers={"Location": f"{home}{'&' if '?' in home else '?'}{VAR}={key}"})
    way.cookies = response.cookies
    way["Cache-Control"] = _NO_STORE
    return way


def _keep(request: HttpRequest, response: HttpResponse, path: str) -> str | None:
    """Keep it for this session; its key, or None for what is no page of ours to keep."""
    if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
        return None
    headers = {name: text for name, text in response.items() if name.lower() not in _NOT_KEPT}
    entry = {
        "path": path,
        "until": (clock.now() + KEPT).timestamp(),
        "headers": headers,
        "body": base64.b64encode(zlib.compress(response.content)).decode(),
    }
    sealed = seal(json.dumps(entry), context=_CONTEXT)
    if len(sealed) > MOST_BYTES or not ratelimit.consume(request, action=RATE):
        return None
    session = _session_of(request)
    key = secrets.token_urlsafe(12)
    cache.set(_name(session, key), sealed, KEPT.total_seconds())
    _leave_room(session, _name(session, key))
    return key


def _session_of(request: HttpRequest) -> str:
    """The key of this session; a visitor who has none gets one that ends by itself. Signing in sets the usual end."""
    if not (key := _standing_session(request)):
        request.session.create()
        request.session.set_expiry(int(2 * KEPT.total_seconds()))
        key = str(request.session.session_key)
    return key


def _standing_session(request: HttpRequest) -> str:
    """The key of this session, once it has been read: a cookie of one that was ended says nothing. Empty for none."""
    request.session.keys()
    return request.session.session_key or ""


def _name(session: str, what: str) -> str:
    """The name in the cache: says neither the session nor the key, and cannot be told without both."""
    return f"kept_answer:{hashlib.sha256(f'{session}:{what}'.encode()).hexdigest()}"


def _leave_room(session: str, name: str) -> None:
    """Write ``name`` down as the newest of its session, and drop those beyond ``MOST``. Two sent at one moment may
    leave one more until its time is over."""
    listed = _name(session, "")
    names = [*cache.get(listed, []), name]
    cache.delete_many(names[:-MOST])
    cache.set(listed, names[-MOST:], KEPT.total_seconds())


# Coming back ---------------------------------------------------------------------------------------------------------


def _take_off(request: HttpRequest) -> str:
    """Take the key out of the address that everybody further in reads; empty where there is none."""
    pieces = request.META.get("QUERY_STRING", "").split("&")
    others = [piece for piece in pieces if piece.split("=")[0] != VAR]
    if len(others) == len(pieces):
        return ""
    key = next(piece for piece in reversed(pieces) if piece not in others).partition("=")[2]
    request.META["QUERY_STRING"] = "&".join(others)
    vars(request).pop("GET", None)  # read before, it is read anew
    return key or "-"


def _kept_page(request: HttpRequest, key: str, get_response: Callable[[HttpRequest], HttpResponse]) -> HttpResponseBase:
    """The page as it was, for whom its address still has a page; else what that address says now."""
    entry = _kept(request, key)
    if entry is None:
        return redirect(request.get_full_path())
    now = get_response(request)
    if now.status_code not in {200, 405}:  # 405: only sent to, and what it answered is all there is
        return now
    waiting: Any = get_messages(request)
    waiting.used = False  # nobody has read them: not this page was shown
    page = HttpResponse(zlib.decompress(base64.b64decode(entry["body"])), headers=entry["headers"])
    if "no-store" not in page.get("Cache-Control", ""):
        page["Cache-Control"] = _NO_STORE
    page.cookies = now.cookies
    return page


def _kept(request: HttpRequest, key: str) -> dict[str, Any] | None:
    """What this session has under ``key`` for this very path, while it lasts."""
    try:
        sealed = cache.get(_name(_standing_session(request), key))
    except (RedisError, OSError) as error:
        log.error("a kept answer could not be read: the cache failed", error=type(error).__name__)
        return None
    if sealed is None:
        return None
    try:
        entry: dict[str, Any] = json.loads(unseal(sealed, context=_CONTEXT))
    except SealedValueError as error:  # its key was taken away meanwhile
        log.warning("a kept answer does not open", error=type(error).__name__)
        return None
    here = urlsplit(request.get_full_path()).path
    return entry if entry["path"] == here and entry["until"] > clock.now().timestamp() else None
