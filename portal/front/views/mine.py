"""What is one's own: messages, “我的”, what is stored about oneself."""

from typing import Any

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.core import clock
from portal.core.keyset import page_of
from portal.core.registries import sections
from portal.notices import reading
from portal.notices.models import Notice
from portal.notices.telling import kind_label
from portal.people import preferences
from portal.people.sessions import signed_in

from ..own_data import about

NOTICES_A_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def messages(request: HttpRequest) -> HttpResponse:
    """One's messages, newest first. Sent back with ``act=read_all``, it marks them all as read."""
    if request.method == "POST":
        if request.POST.get("act") == "read_all":
            reading.mark_all_read(user=request.user, at=clock.now())
            flash.success(request, _("全部标为已读了。"))
        return redirect("front:messages")
    page = page_of(request, Notice.objects.visible_to(request.user), size=NOTICES_A_PAGE)
    notices = [
        {
            "id": notice.pk,
            "title": notice.title,
            "body": notice.body,
            "url": notice.url,
            "kind_label": kind_label(notice.kind),
            "at": notice.at,
            "unread": notice.read_at is None,
            "open_url": reverse("front:message", args=[notice.pk]),
        }
        for notice in page.rows
    ]
    context = {"notices": notices, "newer_url": page.newer_url, "older_url": page.older_url}
    return render(request, "front/messages.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def message(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Mark one message as read and go where it leads; back to the list where it leads nowhere.

    Sign-in may send people here after a session that ended: opened like a page it leads to the list.
    """
    if request.method != "POST":
        return redirect("front:messages")
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=notice_id)
    reading.mark_read(notice=notice, at=clock.now())
    inside = url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
    return redirect(notice.url if inside else reverse("front:messages"))


@require_safe
@signed_in
def me(request: HttpRequest) -> HttpResponse:
    """Everything the rooms keep for the reader, and the account itself."""
    user: Any = request.user
    shown = [
        {
            "title": str(section.title),
            "icon": section.icon,
            "rows": section.rows(user),
            "empty_text": str(section.empty_text),
            "more_url": reverse(section.more) if section.more else "",
        }
        for section in sections
        if section.shown(user)
    ]
    context = {
        "person_name": user.person.resolved.name if user.person is not None else user.username,
        "phone_masked": user.phone_masked,
        "sections": shown,
        "sms_notices": user.sms_notices,
        "has_phone": bool(user.phone),
        "staff": user.is_staff,
    }
    return render(request, "front/me.html", context)


@require_safe
@signed_in
def my_data(request: HttpRequest) -> HttpResponse:
    """What stands in the records about the reader, whole: it is theirs."""
    return render(request, "front/data.html", {"groups": about(request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def sms(request: HttpRequest) -> HttpResponse:
    """Whether important messages also come as text messages. Opened like a page, it leads to “我的”."""
    if request.method != "POST":
        return redirect("front:me")
    user: Any = request.user
    on = request.POST.get("sms") == "on"
    preferences.set_sms_notices(user=user, on=on)
    flash.success(request, _("重要消息会发短信给您。") if on else _("不再发短信，消息都在“消息”里。"))
    return redirect("front:me")
