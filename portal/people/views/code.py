"""The page where a code is typed, for whatever it was asked, and what follows when it is right."""

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic.edit import FormView

from portal.core import clock, sms
from portal.core.masking import mask_phone

from .. import codes, signing_in
from ..forms import CodeForm
from ..models import User

# Where each purpose begins, and where one starts over.
START = {
    signing_in.SIGN_IN: "account_login",
    signing_in.SIGN_UP: "account_signup",
    signing_in.RESET: "account_reset_password",
    signing_in.CHANGE: "account_change_phone",
    signing_in.CONFIRM: "account_overview",
}
SIGNED_IN_PURPOSES = {signing_in.CHANGE, signing_in.CONFIRM}


def ask_for_code(
    request: HttpRequest, *, purpose: str, phone: str, next_url: str = "", form: dict[str, Any] | None = None
) -> HttpResponse:
    """Send what ``phone`` is to receive for ``purpose`` and lead to the page for the code.

    The answer is the same whatever the message said. Raises ``CodeRefused`` where none went out; a repeat within the
    pause for a code that is still awaited leads to its page instead, and what was typed last is what counts.
    """
    at = clock.now()
    waiting = codes.Pending(purpose, phone, next_url=next_url, form=form or {})
    try:
        limited = _send(request, waiting)
    except codes.CodeRefused as refused:
        earlier = codes.pending(request.session, at=at)
        if earlier is None or (earlier.purpose, earlier.phone) != (purpose, phone):
            raise
        earlier.next_url, earlier.form = waiting.next_url, waiting.form
        earlier.keep(request.session)
        still = _("刚才那条短信里的验证码还能用，不用再发。您最后填的内容记下了。")
        messages.warning(request, still if earlier.is_fresh(at) else str(refused))
        return redirect("account_code")
    return limited or redirect("account_code")


def _send(request: HttpRequest, waiting: codes.Pending) -> HttpResponse | None:
    """Send and remember; an answer only where this address has asked for too many."""
    if limited := ratelimit.consume_or_429(request, action="sms_here"):
        return limited
    at = clock.now()
    user: Any = request.user if request.user.is_authenticated else None
    words, user_id = signing_in.message_for(purpose=waiting.purpose, phone=waiting.phone, user=user, at=at)
    sent = codes.send(phone=waiting.phone, words=words, at=at)
    waiting.renew(sent, user_id=user_id, at=at)
    waiting.keep(request.session)
    if sent.uncertain:
        messages.warning(request, _("短信可能会晚一点到。一分钟后还没收到，请点“重新发送”。"))
    return None


@method_decorator(never_cache, name="dispatch")
class CodeView(FormView):
    """It looks the same whether a code was sent or not."""

    template_name = "account/code.html"
    form_class = CodeForm
    waiting: codes.Pending

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        waiting = codes.pending(request.session, at=clock.now())
        if waiting is None or not self._is_theirs(waiting):
            codes.drop(request.session)
            return redirect("account_overview" if request.user.is_authenticated else "account_login")
        self.waiting = waiting
        return super().dispatch(request, *args, **kwargs)

    def _is_theirs(self, waiting: codes.Pending) -> bool:
        """A code asked for while signed in is that account's; the others are for people who are not signed in."""
        if waiting.purpose in SIGNED_IN_PURPOSES:
            return waiting.user_id == self.request.user.pk
        return not self.request.user.is_authenticated

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._resend() if request.POST.get("action") == "resend" else super().post(request, *args, **kwargs)

    def _resend(self) -> HttpResponse:
        try:
            if limited := _send(self.request, self.waiting):
                return limited
            messages.success(self.request, _("又发了一条短信，以最新的一条为准。"))
        except codes.CodeRefused as refused:
            messages.warning(self.request, str(refused))
        return redirect("account_code")

    def form_valid(self, form: Any) -> HttpResponse:
        checked = codes.check(self.waiting, form.cleaned_data["code"], at=clock.now())
        if checked.right:
            codes.drop(self.request.session)
            return FINISH[self.waiting.purpose](self.request, self.waiting)
        if checked.expired:
            form.add_error("code", _("验证码过了 5 分钟，已经失效。请点下面的“重新发送”。"))
        elif checked.left:
            form.add_error("code", _("验证码不对，还可以再试 %(left)s 次。") % {"left": checked.left})
        else:
            codes.drop(self.request.session)
            messages.error(self.request, _("验证码错了太多次，这一条作废了。请重新获取。"))
            return redirect(START[self.waiting.purpose])
        return self.form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {
            "phone": mask_phone(self.waiting.phone),
            "purpose": self.waiting.purpose,
            "start_url": reverse(START[self.waiting.purpose]),
            "received": self._received(),
            **context,
        }

    def _received(self) -> str:
        """In the demonstration, what the phone would show: this session's last message and no other."""
        if not settings.DEMO or not isinstance(sms.backend(), sms.RecordingBackend):
            return ""
        key = codes.message_key(self.waiting.sms_id)
        return next((message.text for message in reversed(sms.RecordingBackend.sent) if message.key == key), "")


def _sign_in(request: HttpRequest, user: User, next_url: str, *, signup: bool = False) -> HttpResponse:
    """The code was right: on to the second factor where there is one, else in. The session lasts as for a password,
    also where it was a visitor's with an end of its own."""
    request.session.set_expiry(settings.SESSION_COOKIE_AGE)
    record_authentication(request, user, method="code")
    return perform_login(request, Login(user=user, redirect_url=next_url or None, signup=signup))


def _finish_sign_in(request: HttpRequest, waiting: codes.Pending) -> HttpResponse:
    user = signing_in.prove_phone(user_id=waiting.user_id, phone=waiting.phone, at=clock.now())
    if user is None:
        messages.error(request, _("没有登录成功，请重新获取验证码，或到社区服务窗口办理。"))
        return redirect("account_login")
    return _sign_in(request, user, waiting.next_url)


def _finish_sign_up(request: HttpRequest, waiting: codes.Pending) -> HttpResponse:
    try:
        user = signing_in.open_account(phone=waiting.phone, at=clock.now(), **waiting.form)
    except signing_in.PhoneTaken as taken:
        messages.error(request, str(taken))
        return redirect("account_login")
    messages.success(request, _("注册好了，您已经登录。"))
    return _sign_in(request, user, waiting.next_url, signup=True)


def _finish_change(request: HttpRequest, waiting: codes.Pending) -> HttpResponse:
    try:
        user, old = signing_in.change_phone(user_id=waiting.user_id, phone=waiting.phone, at=clock.now())
    except signing_in.PhoneTaken as taken:
        messages.error(request, str(taken))
        return redirect("account_change_phone")
    update_session_auth_hash(request, user)
    signing_in.tell_old_number(user=user, phone=old)
    messages.success(request, _("手机号换好了。以后用新号码登录，旧号码不能再登录；别的设备上已经退出。"))
    return redirect("account_overview")


def _finish_confirm(request: HttpRequest, waiting: codes.Pending) -> HttpResponse:
    """The number is trusted anew, and the code is fresh proof of who sits here for what they came from."""
    user = signing_in.prove_phone(user_id=request.user.pk, phone=waiting.phone, at=clock.now())
    if user is None:
        messages.error(request, _("手机号已经换过了，请再看一看。"))
        return redirect("account_overview")
    record_authentication(request, user, method="code")
    messages.success(request, _("手机号确认好了，以后可以用验证码登录。"))
    return redirect(waiting.next_url or "account_overview")


FINISH = {
    signing_in.SIGN_IN: _finish_sign_in,
    signing_in.RESET: _finish_sign_in,
    signing_in.SIGN_UP: _finish_sign_up,
    signing_in.CHANGE: _finish_change,
    signing_in.CONFIRM: _finish_confirm,
}
