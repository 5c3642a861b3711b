"""消息提醒: which messages also come as text messages or mail, when not, and the address for mail."""

from typing import Any

from django.conf import settings
from django.contrib import messages as flash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.core import clock, mail
from portal.notices import choosing
from portal.people import codes, emailing
from portal.people.sessions import signed_in

from ..notice_forms import ChoicesForm, EmailCodeForm, EmailForm

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@never_cache
@signed_in
def notice_choices(request: HttpRequest) -> HttpResponse:
    """The choices as they stand; sent back, they are kept as a whole or not at all. Sent twice, the same stands."""
    user: Any = request.user
    form = ChoicesForm(request.POST or None, user=user)
    refused = False
    if request.method == "POST":
        if form.is_valid():
            try:
                choosing.keep(user=user, at=clock.now(), **form.wanted())
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                flash.success(request, _("保存好了。"))
                return redirect("front:notice_choices")
        refused = True
    context = {
        "form": form,
        "phone_masked": user.phone_masked,
        "email_masked": emailing.masked(user.email) if user.email_confirmed_at else "",
        "mail_is_on": mail.is_on(),
        "stale_phone": choosing.phone_is_stale(user, at=clock.now()),
    }
    return render(request, "front/notice_choices.html", context, status=422 if refused else 200)


@require_http_methods(METHODS)
@never_cache
@signed_in
def notice_email(request: HttpRequest) -> HttpResponse:
    """Ask for a code to an address; or forget the one that stands (``act=remove``)."""
    user: Any = request.user
    if not mail.is_on():
        return redirect("front:notice_choices")
    if request.method == "POST" and request.POST.get("act") == "remove":
        return _removed(request)
    form = EmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            emailing.ask(user=user, address=form.cleaned_data["email"], session=request.session, at=clock.now())
            return redirect("front:notice_email_code")
        except codes.CodeRefused as refusal:
            form.add_error("email", str(refusal))
    context = {"form": form, "email_masked": emailing.masked(user.email) if user.email_confirmed_at else ""}
    return render(request, "front/notice_email.html", context, status=422 if form.errors else 200)


def _removed(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    emailing.drop(request.session)
    choosing.remove_email(user=user, at=clock.now())
    flash.success(request, _("邮箱删掉了，不再发邮件。"))
    return redirect("front:notice_choices")


@require_http_methods(METHODS)
@never_cache
@signed_in
def notice_email_code(request: HttpRequest) -> HttpResponse:
    """The code from the mail. Without one awaited, back to where one is asked for."""
    user: Any = request.user
    at = clock.now()
    waiting = emailing.pending(request.session, user=user, at=at)
    if waiting is None:
        emailing.drop(request.session)
        return redirect("front:notice_choices" if user.email_confirmed_at else "front:notice_email")
    if request.method == "POST" and request.POST.get("act") == "resend":
        return _resent(request, waiting)
    form = EmailCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            checked = choosing.confirm_email(user=user, waiting=waiting, typed=form.cleaned_data["code"], at=at)
        except ValidationError as refusal:  # a guardian has to agree
            form.add_error(None, refusal)
        else:
            if checked.right:
                emailing.drop(request.session)
                flash.success(request, _("邮箱确认好了，以后消息也会发到这里。"))
                return redirect("front:notice_choices")
            if not checked.expired and not checked.left:
                emailing.drop(request.session)
                flash.error(request, _("验证码错了太多次，这一条作废了。请重新获取。"))
                return redirect("front:notice_email")
            form.add_error("code", _wrong(checked))
    context = {"form": form, "email_masked": emailing.masked(waiting.phone), "received": _received(waiting)}
    return render(request, "front/notice_email_code.html", context, status=422 if form.errors else 200)


def _wrong(checked: codes.Checked) -> str:
    if checked.expired:
        return _("验证码过了 30 分钟，已经失效。请点下面的“重新发送”。")
    return _("验证码不对，还可以再试 %(left)s 次。") % {"left": checked.left}


def _resent(request: HttpRequest, waiting: codes.Pending) -> HttpResponse:
    user: Any = request.user
    try:
        emailing.ask(user=user, address=waiting.phone, session=request.session, at=clock.now())
        flash.success(request, _("又发了一封邮件，以最新的一封为准。"))
    except codes.CodeRefused as refusal:
        flash.warning(request, str(refusal))
    return redirect("front:notice_email_code")


def _received(waiting: codes.Pending) -> list[str]:
    """In the demonstration, what the mailbox would show: the lines of this session's last letter and of no other."""
    if not settings.DEMO or not settings.EMAIL_BACKEND.endswith(".RecordingBackend"):
        return []
    wanted = mail.message_id(codes.message_key(waiting.sms_id))
    sent = reversed(mail.RecordingBackend.sent)
    text = next((str(letter.body) for letter in sent if letter.extra_headers.get("Message-ID") == wanted), "")
    return [line for line in text.splitlines() if line]
