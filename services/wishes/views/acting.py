"""Acts on one wish: each a small form or a button, safe to send twice, with a page that says what comes next."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.volunteers.access import serving
from portal.core import clock, once
from portal.core.moves import MoveRefused
from portal.core.numbers import spaced
from portal.core.templating import date_cn
from portal.people.sessions import once_owner, signed_in, unsent

from .. import access, closing, ordering
from .. import serving as service
from ..forms import CompleteForm, OptionalReasonForm, RateForm, ReasonForm
from ..meeting import whom_they_ring
from ..models import FINAL, LOW_RATING, Wish, WishState
from .reading import address, visible_wish, wish_page


def _key(request: HttpRequest, wish: Wish, what: str) -> dict[str, str]:
    """Owner and token of this act on this wish; a form without a token gets a fresh one."""
    token = request.POST.get("once", "")[:40] or once.token()
    return {"owner": once_owner(request, f"wish.{what}"), "token": f"{wish.code}:{token}"}


def _carry_out(request: HttpRequest, wish: Wish, what: str, act: Callable[[], object]) -> str:
    """Run ``act`` once for the form's token; returns the word of the done page."""

    def run() -> str:
        act()
        return what

    return once.carry_out(**_key(request, wish, what), act=run)[0]


# The move behind each act, by which its done page is earned as well.
_MOVE_OF = {
    "ordered": "begin",
    "claimed": "claim",
    "completed": "complete",
    "rated": "rate",
    "withdrawn": "withdraw",
    "returned": "return",
    "refused": "refuse",
}
_NOT_NOW = {
    "withdrawn": gettext_lazy("现在不能撤回了"),
    "rated": gettext_lazy("现在还不能评价"),
    "completed": gettext_lazy("现在不用再提交"),
    "returned": gettext_lazy("现在不能退回了"),
    "refused": gettext_lazy("现在不用再回话"),
}
_STANDS = {
    WishState.PENDING_REVIEW: gettext_lazy("社区正在审核这个心愿。"),
    WishState.PENDING_DISPATCH: gettext_lazy("社区正在给这个心愿找志愿者。"),
    WishState.PENDING_CLAIM: gettext_lazy("这个心愿正在等志愿者来接。"),
    WishState.IN_SERVICE: gettext_lazy("志愿者正在办这件事。"),
    WishState.PENDING_RATING: gettext_lazy("志愿者已经办好了，正在等评价。"),
    WishState.CLOSED: gettext_lazy("这件事已经办结了。"),
    WishState.DECLINED: gettext_lazy("社区没有受理这个心愿，理由写在单子里。"),
    WishState.WITHDRAWN: gettext_lazy("这个心愿已经撤回了。"),
}
# After these nothing was done: their mark is no sign of success.
_STOPPED = ("withdrawn", "returned", "refused")


def _possible(wish: Wish, what: str) -> bool:
    return wish.state in wish.MOVES[_MOVE_OF[what]].sources


def _not_now(request: HttpRequest, wish: Wish, what: str) -> HttpResponse:
    """Why this act is not possible as the wish stands, and the way back to it."""
    title, text = str(_NOT_NOW[what]), str(_STANDS[WishState(wish.state)])
    if what == "rated":
        if wish.state in FINAL:
            title = _("现在不能评价了")
        else:
            text += _("办好以后会发消息请您来评。")
        if wish.rating is not None:
            title, text = _("已经评过了"), _("这件事评过分，已经办结了。")
    elif what == "withdrawn" and wish.state == WishState.PENDING_RATING:
        text += _("哪里不满意，请在评价里照实说。")
    links = [{"label": _("看这张单子"), "url": address(wish)}, {"label": _("回首页"), "url": reverse("front:home")}]
    return render(request, "wishes/refused.html", {"title": title, "text": text, "links": links}, status=409)


def _form_act(
    request: HttpRequest,
    wish: Wish,
    what: str,
    form: forms.Form,
    act: Callable[[dict[str, Any]], object],
    *,
    template: str = "layout/act.html",
    **words: Any,
) -> HttpResponse:
    """Show the form, or carry the act out; a refusal keeps what was typed and says why. An act that is not possible in
    this state has no form: the page says why not, and leads back."""
    if not _possible(wish, what):
        return _not_now(request, wish, what)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                done = _carry_out(request, wish, what, lambda: act(form.cleaned_data))
                return redirect("wishes:done", wish.code, done)
            except MoveRefused as refusal:
                wish.refresh_from_db()
                if not _possible(wish, what):
                    return _not_now(request, wish, what)
                form.add_error(None, str(refusal))
                status = 409
            except ValidationError as refusal:
                form.add_error(None, refusal.messages[0])
        status = status if status == 409 else 422
    token = request.POST.get("once") or once.token()
    context = {"form": form, "once": token, "back_url": address(wish), "lead": "", "tone": "primary", **words}
    context["keeps_typed"] = True
    return render(request, template, context, status=status)


def _bound(request: HttpRequest, form_class: type[forms.Form]) -> forms.Form:
    """The sent form; a fresh one brings back what a session that ended had not taken."""
    return form_class(request.POST) if request.method == "POST" else form_class(initial=unsent(request))


def _repeat(request: HttpRequest, wish: Wish, what: str) -> HttpResponse | None:
    """A form that was carried out and is sent again leads to the same page, whatever the wish's state is now."""
    if request.method != "POST":
        return None
    done = once.spent(**_key(request, wish, what))
    return redirect("wishes:done", wish.code, done) if done else None


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """The requester takes the wish back."""
    wish = visible_wish(request, code)
    part = access.requester_part(request.user, wish)
    if not part:
        raise PermissionDenied
    user: Any = request.user
    return _repeat(request, wish, "withdrawn") or _form_act(
        request,
        wish,
        "withdrawn",
        _bound(request, OptionalReasonForm),
        lambda data: ordering.withdraw(wish=wish, actor=user, actor_part=part, at=clock.now(), reason=data["reason"]),
        title=_("撤回这个心愿？"),
        lead=_("撤回以后就不办了，以后可以再提。"),
        submit_label=_("撤回"),
        tone="danger",
        stands_under="me",
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, code: str) -> HttpResponse:
    """The requester's word on a completed wish."""
    wish = visible_wish(request, code)
    part = access.requester_part(request.user, wish)
    if not part:
        raise PermissionDenied
    user: Any = request.user
    return _repeat(request, wish, "rated") or _form_act(
        request,
        wish,
        "rated",
        _bound(request, RateForm),
        lambda data: closing.rate(
            wish=wish,
            stars=data["rating"],
            comment=data["comment"],
            actor=user,
            actor_part=part,
            at=clock.now(),
        ),
        template="wishes/rate.html",
        title=_("这次办得怎么样？"),
        stands_under="me",
    )


@signed_in
@require_POST
def claim(request: HttpRequest, code: str) -> HttpResponse:
    """A volunteer takes the wish; of many, one wins and the others read who was faster."""
    wish = visible_wish(request, code)
    if answer := _repeat(request, wish, "claimed"):
        return answer
    volunteer = serving(request.user)
    if volunteer is None:
        raise PermissionDenied
    user: Any = request.user
    try:
        done = _carry_out(
            request,
            wish,
            "claimed",
            lambda: service.claim(wish=wish, volunteer=volunteer, actor=user, at=clock.now()),
        )
    except MoveRefused as refusal:
        if access.serves(user, Wish.objects.get(pk=wish.pk)):
            return redirect(address(wish))  # a second press by the one who won
        context = {
            "title": str(refusal),
            "text": _("心愿墙上还有别的单子，等着您去帮忙。"),
            "links": [{"label": _("看看别的任务"), "url": reverse("volunteers:tasks")}],
        }
        return render(request, "wishes/refused.html", context, status=409)
    return redirect("wishes:done", wish.code, done)


@signed_in
@require_POST
def contact(request: HttpRequest, code: str) -> HttpResponse:
    """Show the contact to the one who serves, and to who acts for another, after the look is recorded; to oneself
    without a record."""
    wish = visible_wish(request, code)
    user: Any = request.user
    serves = access.may_see_contact(user, wish)
    if not serves and not access.may_see_own_contact(user, wish):
        raise PermissionDenied
    part = "volunteer" if serves else access.requester_part(user, wish)
    if part != "requester":
        service.reveal_contact(wish=wish, actor=user, part=part, at=clock.now())
    return wish_page(request, wish, whole=True)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: HttpRequest, code: str) -> HttpResponse:
    """The volunteer to whom it was sent by name cannot take it."""
    wish = visible_wish(request, code)
    volunteer = serving(request.user)
    if answer := _repeat(request, wish, "refused"):
        return answer
    if volunteer is None or wish.dispatched_to_id != volunteer.pk:
        raise PermissionDenied
    user: Any = request.user
    return _form_act(
        request,
        wish,
        "refused",
        _bound(request, ReasonForm),
        lambda data: service.refuse(wish=wish, volunteer=volunteer, reason=data["reason"], actor=user, at=clock.now()),
        title=_("这张单子接不了？"),
        lead=_("说一声原因，社区好另找人。"),
        submit_label=_("告诉社区"),
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request: HttpRequest, code: str) -> HttpResponse:
    """退单: the volunteer cannot go on."""
    wish = visible_wish(request, code)
    if answer := _repeat(request, wish, "returned"):
        return answer
    if not access.serves(request.user, wish):
        raise PermissionDenied
    user: Any = request.user
    return _form_act(
        request,
        wish,
        "returned",
        _bound(request, ReasonForm),
        lambda data: service.give_back(wish=wish, reason=data["reason"], actor=user, at=clock.now()),
        title=_("退回这张单子？"),
        lead=_("原因只给社区看。退回以后就看不到对方的电话了。"),
        submit_label=_("退单"),
        tone="danger",
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def complete(request: HttpRequest, code: str) -> HttpResponse:
    """The volunteer says what was done and how long it took."""
    wish = visible_wish(request, code)
    if answer := _repeat(request, wish, "completed"):
        return answer
    if not access.serves(request.user, wish):
        raise PermissionDenied
    user: Any = request.user
    return _form_act(
        request,
        wish,
        "completed",
        _bound(request, CompleteForm),
        lambda data: service.complete(
            wish=wish, minutes=data["minutes"], note=data["note"], actor=user, at=clock.now()
        ),
        title=_("办好了？"),
        lead=_("写清楚做了什么，对方会看到，评价以后时长就记上。"),
        submit_label=_("提交"),
    )


def _after_rating(wish: Wish, user: Any) -> list[str]:
    low = wish.rating is not None and wish.rating <= LOW_RATING
    return [_("谢谢您照实说。") + whom_they_ring(wish, user, volunteer=False)] if low else []


def _done_words(wish: Wish, what: str, user: Any) -> dict[str, Any] | None:
    day = date_cn(wish.due_on) if wish.due_on else ""
    words: dict[str, tuple[str, str, list[str], str]] = {
        "ordered": (
            _("收到了，谢谢您告诉我们"),
            _("单号 %(code)s，可以截个图留着。"),
            [
                _("社区看过以后，找合适的志愿者。"),
                whom_they_ring(wish, user, volunteer=True),
                _("办好以后，请您评一评。"),
            ],
            _("社区会在%(day)s前给您回话。"),
        ),
        "claimed": (
            _("接单成功"),
            _("谢谢您愿意帮忙。"),
            [_("点“查看联系方式”，先打个电话约时间。"), _("办完以后点“办好了”，写下用了多久。")],
            _("请在%(day)s前完成。"),
        ),
        "completed": (
            _("辛苦了"),
            _("对方会收到消息来评价。"),
            [_("评价以后，服务时长就记上。")],
            _("最晚%(day)s办结。"),
        ),
        "rated": (_("谢谢您的评价"), _("这张单子办结了。"), _after_rating(wish, user), ""),
        "withdrawn": (_("已经撤回"), _("以后有需要可以再提。"), [], ""),
        "returned": (_("已经退单"), _("社区会另找人，谢谢您说一声。"), [], ""),
        "refused": (_("已经告诉社区"), _("社区会另找人，谢谢您说一声。"), [], ""),
    }
    if what not in words:
        return None
    title, text, steps, by_when = words[what]
    values = {"code": spaced(wish.code), "day": day}
    return {
        "title": title,
        "text": text % values,
        "next_steps": steps,
        "by_when": by_when % values if day and by_when else "",
        "stopped": what in _STOPPED,
    }


@signed_in
@require_safe
def done(request: HttpRequest, code: str, what: str) -> HttpResponse:
    """What happened, what comes next and by when: for the one who did it."""
    wish = visible_wish(request, code)
    words = _done_words(wish, what, request.user)
    if words is None or not wish.transitions().filter(name=_MOVE_OF[what], actor_id=request.user.pk).exists():
        raise Http404
    links = [{"label": _("看这张单子"), "url": address(wish)}, {"label": _("回首页"), "url": reverse("front:home")}]
    own = {"stands_under": "me" if access.requester_part(request.user, wish) else ""}
    return render(request, "wishes/done.html", {**words, **own, "links": links})
