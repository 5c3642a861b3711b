"""Pages of a volunteer: applying, my record with its hours, my tasks."""

from typing import Any

from django import forms
from django.contrib import messages as flash
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.core import clock, once
from portal.core.keyset import page_of
from portal.core.moves import MoveRefused
from portal.core.promises import promised
from portal.people.choosing import chosen_community
from portal.people.sessions import once_owner, signed_in, unsent

from . import hours, joining, plain_states
from .access import serving, volunteer_of
from .board import groups_of, names_of
from .forms import ApplyForm
from .models import Volunteer

PAGE_SIZE = 20


def hours_text(half_hours: int) -> str:
    """``3`` → ``1.5``"""
    return f"{half_hours // 2}.5" if half_hours % 2 else str(half_hours // 2)


@signed_in
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """One's own record; who has none is asked to apply."""
    volunteer = volunteer_of(request.user)
    if volunteer is None:
        return redirect("volunteers:apply")
    total = hours.total_of(volunteer)
    page = page_of(request, volunteer.hours.all(), size=PAGE_SIZE)
    names = names_of(page.rows)
    context = {
        "profile": {
            "name": volunteer.person.name,
            "state_label": plain_states.state_words(volunteer),
            "tone": plain_states.TONES[Volunteer.State(volunteer.state)],
            "team": "、".join(_teams(volunteer)),
            "star": hours.star_level(total),
            "hours_total": hours_text(total),
            "next_star_text": _next_star(total),
        },
        "facts": _facts(volunteer),
        "hours": [_hour_row(row, *names.get((row.source_type, row.source_id), ("", ""))) for row in page.rows],
        "no_hours": plain_states.no_hours(volunteer),
        "serving": volunteer.state == Volunteer.State.ACTIVE,
        "tasks_url": reverse("volunteers:tasks") if volunteer.state == Volunteer.State.ACTIVE else None,
        "due_text": promised(
            volunteer.due_on,
            ahead=_("社区会在%(day)s前给您回话。"),
            past=_("社区本应在%(day)s前给您回话，已超期%(days)d天，正在催办。"),
        ),
        "edit_url": reverse("volunteers:apply") if volunteer.state in volunteer.MOVES["apply_again"].sources else None,
        "leave_label": _("撤回报名") if volunteer.state == Volunteer.State.APPLIED else _("退出志愿服务"),
        "leave_url": reverse("volunteers:leave") if volunteer.state in volunteer.MOVES["leave"].sources else None,
        "newer_url": page.newer_url,
        "older_url": page.older_url,
    }
    return render(request, "volunteers/me.html", context)


def _hour_row(row: Any, title: str, url: str) -> dict[str, Any]:
    minutes = _("%(minutes)s 分钟") % {"minutes": abs(row.minutes)}
    return {
        "at": row.at,
        "title": title or _("志愿服务"),
        "hours": ("−" if row.half_hours < 0 else "") + hours_text(abs(row.half_hours)),
        "url": url or None,
        "note": _("更正，减去%(minutes)s") % {"minutes": minutes} if row.reverses_id else minutes,
    }


def _teams(volunteer: Volunteer) -> list[str]:
    rows = volunteer.memberships.filter(until__isnull=True).select_related("team")
    return [row.team.name for row in rows]


def _facts(volunteer: Volunteer) -> list[tuple[str, str, None]]:
    allowed, not_yet = _("可以"), _("还没有")
    return [
        (_("服务社区"), volunteer.community.name, None),
        (_("有空的时间"), volunteer.get_availability_display(), None),
        (_("入户服务许可"), allowed if volunteer.homes_cleared_on else not_yet, None),
        (_("服务未成年人许可"), allowed if volunteer.minors_cleared_on else not_yet, None),
    ]


def _next_star(total: int) -> str:
    ahead = [threshold for threshold, _stars in reversed(hours.STARS) if total < threshold * 2]
    if not ahead:
        return ""
    return _("再服务 %(hours)s 小时升一星") % {"hours": hours_text(ahead[0] * 2 - total)}


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """Ask to become a volunteer."""
    user: Any = request.user
    if user.person is None:
        raise Http404
    standing = volunteer_of(user)
    if standing is not None and standing.state not in standing.MOVES["apply_again"].sources:
        return redirect("volunteers:me")
    initial = {"community": chosen_community(request), **unsent(request)}
    form = ApplyForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():

            def act() -> str:
                joining.apply(person=user.person, actor=user, at=clock.now(), **form.cleaned_data)
                return "applied"

            try:
                once.carry_out(
                    owner=once_owner(request, "volunteer_apply"),
                    token=request.POST.get("once") or once.token(),
                    act=act,
                )
                flash.success(request, _("报名收到了，谢谢您。"))
                return redirect("volunteers:me")
            except MoveRefused as refusal:
                form.add_error(None, str(refusal))
                status = 409
            except ValidationError as refusal:
                form.add_error(None, refusal)
    context = {"form": form, "once": once.token(), "back_url": reverse("front:me")}
    return render(request, "volunteers/apply.html", context, status=status)


@signed_in
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """What the volunteer has taken and may take."""
    volunteer = serving(request.user)
    if volunteer is None:
        if volunteer_of(request.user) is not None:
            return redirect("volunteers:me")
        raise PermissionDenied
    context = {"groups": groups_of(volunteer)}
    return render(request, "volunteers/tasks.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Stop serving, after a page that says what that means; a second sending finds it done."""
    volunteer = volunteer_of(request.user)
    if volunteer is None:
        raise PermissionDenied
    if volunteer.state not in volunteer.MOVES["leave"].sources:
        return redirect("volunteers:me")
    user: Any = request.user
    form = forms.Form(request.POST if request.method == "POST" else None)
    status, words = 200, plain_states.leaving(volunteer, has_hours=volunteer.hours.exists())
    if request.method == "POST" and form.is_valid():
        try:
            joining.leave(volunteer=volunteer, actor=user, at=clock.now())
            flash.info(request, words["done"])
            return redirect("volunteers:me")
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
            status = 409
    context = {
        "form": form,
        **{name: words[name] for name in ("title", "lead", "submit_label")},
        "tone": "danger",
        "back_url": reverse("volunteers:me"),
        "once": "",
    }
    return render(request, "layout/act.html", context, status=status)
