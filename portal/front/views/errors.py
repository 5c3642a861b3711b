"""What a person reads when something does not work: plain Chinese, a way on, a phone. Never a path or a cause."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.translation import gettext as _

from portal.people import preferences
from portal.people.offices import OfficeElsewhere, OfficeOver

from ..context import ELDER, MODE_COOKIE, TEXT_COOKIE, read_text_size

PAGE_EXPIRED = 419  # the number people may quote; the answer itself is a 403


def _answer(
    request: HttpRequest, status: int, *, title: str, text: str, code: int | None = None, ways: str = ""
) -> HttpResponse:
    """A page, or a bare JSON object for a program that asked for no page. ``ways`` names who gets ways on of their own:
    ``known`` for who is signed in, ``unknown`` for who may have to sign in first."""
    if not request.accepts("text/html"):
        return JsonResponse({"error": code or status}, status=status)
    context = {"title": title, "text": text, "code": code or status, "ways": ways}
    return render(request, "front/error.html", context, status=status)


def _signed_in(request: HttpRequest) -> bool:
    """Whether somebody is signed in; an error may come before anybody could be known."""
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated


def bad_request(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """400."""
    text = _("网址或者内容不完整。请回到上一页再试一次。")
    return _answer(request, 400, title=_("这一步没有办成"), text=text)


def permission_denied(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """403: somebody we know, without the right, or without it any more."""
    if isinstance(exception, OfficeElsewhere):
        return _answer(request, 403, title=_("这件事要别人来办"), text=exception.words)
    if isinstance(exception, OfficeOver):
        return _answer(request, 403, title=_("您的任职已经结束"), text=exception.words)
    if not _signed_in(request):
        text = _("这一页要先登录才能看。登录以后还进不去，请打电话给社区，我们帮您看。")
        return _answer(request, 403, title=_("这里您进不去"), text=text, ways="unknown")
    text = _("您的账号没有办这件事的权限。要是觉得不对，请打电话给社区，我们帮您看。")
    return _answer(request, 403, title=_("这里您进不去"), text=text, ways="known")


def page_not_found(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """404: not there, or not for this reader; the two are told apart by nothing."""
    if _signed_in(request):
        text = _("可能网址写错了、内容已经撤下，或者代办、监护、任职已经结束。还想知道的，请打电话给社区，我们帮您看。")
        return _answer(request, 404, title=_("这一页您不能看，或者已经没有了"), text=text, ways="known")
    text = _("可能网址写错了，或者这条内容已经撤下。要是从消息里点进来的，请先登录再看。")
    return _answer(request, 404, title=_("没有找到这一页"), text=text, ways="unknown")


def method_not_allowed(request: HttpRequest) -> HttpResponse:
    """405: an address that only takes what a button sends was opened like a page, or the other way round."""
    text = _("这个网址不能直接打开，要从页面上的按钮进去。请回到上一页，再按一次按钮。")
    return _answer(request, 405, title=_("这一步要从按钮进"), text=text)


def csrf_failure(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """The form was open too long, or the browser keeps no cookies: no telling which, a cookie that has run out and
    one that was never kept look the same from here. Nothing was done; what was typed is a step back.
    """
    text = _(
        "页面放太久过期了，刚才的内容还没有提交。请返回上一页，刷新后再提交；"
        "如果反复出现，请在浏览器设置里允许保存 Cookie。"
    )
    return _answer(request, 403, title=_("这一页开得太久了"), text=text, code=PAGE_EXPIRED)


def server_error(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """500: asks nothing of the database, the session or the context, one of which has just failed. The size of the
    letters is read from this device's cookies alone."""
    if not request.accepts("text/html"):
        return JsonResponse({"error": 500}, status=500)
    text = read_text_size(request.COOKIES.get(TEXT_COOKIE)) or preferences.USUAL_TEXT
    look = {"elder": request.COOKIES.get(MODE_COOKIE) == ELDER, "text": text}
    return HttpResponse(get_template("500.html").render(look), status=500)
