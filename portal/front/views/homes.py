"""Where one lives and what one owns: the list, the claim that the desk confirms, taking it back, moving out."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages as flash
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.core import clock, once
from portal.core.moves import MoveRefused
from portal.core.templating import date_cn, day_cn
from portal.people import tying
from portal.people.choosing import chosen_community
from portal.people.homes import Home, HomeTie, homes_of
from portal.people.models import Residency, TieState
from portal.people.sessions import once_owner, refilled, signed_in
from portal.people.tiles import TONES
from portal.places.models import Household

from ..homes import HomeForm, LeaveForm

SURE = "yes"


@dataclass(frozen=True)
class Entry:
    """A home as the list shows it: its ties with their tones, and which acts are open.

    ``leave`` is the key of the residency that can be ended; ``owns`` says that only the desk ends the ownership.
    """

    home: Home
    ties: list[tuple[HomeTie, str]]
    withdraw: bool
    leave: int | None
    owns: bool


def _entry(home: Home) -> Entry:
    return Entry(
        home=home,
        ties=[(one, TONES[TieState(one.tie.state)]) for one in home.ties],
        withdraw=any(one.claimed for one in home.ties),
        leave=next((one.tie.pk for one in home.ties if one.lives and one.confirmed), None),
        owns=any(one.confirmed and not one.lives for one in home.ties),
    )


@require_safe
@signed_in
def homes(request: HttpRequest) -> HttpResponse:
    """Every home that the person claimed: how far it is, by when the desk decides, why it did not hold."""
    shown = [_entry(home) for home in homes_of(request.user)]
    context = {
        "standing": [entry for entry in shown if entry.home.stands],
        "past": [entry for entry in shown if not entry.home.stands],
    }
    return render(request, "front/homes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def claim_home(request: HttpRequest) -> HttpResponse:
    """Say where one lives; who says “owner” claims the ownership with it. The desk confirms both."""
    user: Any = request.user
    if user.person is None:
        raise Http404
    community = user.person.resolved.community or chosen_community(request)
    if community is None:
        return redirect(f"{reverse('front:community')}?next={request.path}")
    form = refilled(request, HomeForm(request.POST if request.method == "POST" else None, community=community))
    if request.method == "POST" and form.is_valid():
        try:
            once.carry_out(
                owner=once_owner(request, "claim_home"),
                token=request.POST.get("once") or once.token(),
                act=lambda: _claim(user, form.cleaned_data),
            )
        except ValidationError as refusal:
            form.add_error(None, refusal.messages[0])
        else:
            by = tying.decided_by(form.cleaned_data["household"], clock.now())
            flash.success(request, _("登记好了，社区会在%(day)s前确认，确认后告诉您。") % {"day": day_cn(by)})
            return redirect("front:homes")
    context = {
        "form": form,
        "keeps_typed": True,
        "title": _("登记住处"),
        "lead": _("在%(community)s的住处。社区核对以后，办事不用再填地址。") % {"community": community.name},
        "submit_label": _("提交"),
        "tone": "primary",
        "back_url": reverse("front:homes"),
        "once": request.POST.get("once") or once.token(),
    }
    return render(request, "layout/act.html", context, status=422 if form.errors else 200)


def _claim(user: Any, said: dict[str, Any]) -> str:
    tying.claim_home(
        person=user.person,
        household=said["household"],
        kind=said["kind"],
        since=said["since"],
        actor_id=user.pk,
        actor_part="requester",
        at=clock.now(),
    )
    return "claimed"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def withdraw_home(request: HttpRequest, household_id: int) -> HttpResponse:
    """Take back a claim that is not decided yet, after a page that says so. Nothing left to take back leads to the
    list; a household that one never claimed does not exist."""
    user: Any = request.user
    home = next((one for one in homes_of(user) if one.household.pk == household_id), None)
    if home is None:
        raise Http404
    if request.method == "POST":
        try:
            count = tying.withdraw_claims(household=home.household, actor=user, at=clock.now())
        except MoveRefused:
            flash.error(request, _("刚刚社区已经有了结果，没有撤回。请看最新的状态。"))
        else:
            words = _("撤回了。以后随时可以再登记。") if count else _("没有等着核对的登记，不用撤回了。")
            flash.success(request, words)
        return redirect("front:homes")
    if not any(one.claimed for one in home.ties):
        return redirect("front:homes")
    context = {
        "form": forms.Form(),
        "title": _("撤回这一处登记？"),
        "lead": _("%(home)s。撤回以后社区不再核对，住处和产权一起撤回。") % {"home": home.household},
        "submit_label": _("撤回"),
        "tone": "danger",
        "back_url": reverse("front:homes"),
        "once": "",
    }
    return render(request, "layout/act.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def leave_home(request: HttpRequest, residency_id: int) -> HttpResponse:
    """Say that one has moved out of a confirmed home, and say so again on the page that tells what follows; sent twice
    it ends once."""
    user: Any = request.user
    if user.person is None:
        raise Http404
    own = Residency.objects.filter(person__in=user.person_ids).exclude(state__in=[TieState.REFUSED, TieState.WITHDRAWN])
    residency = get_object_or_404(
        own.select_related("household__building__estate", "household__building__community", "person"), pk=residency_id
    )
    if residency.state != TieState.CONFIRMED:
        return redirect("front:homes")
    form = LeaveForm(request.POST if request.method == "POST" else None, since=residency.since)
    household = residency.household
    if request.method == "POST" and form.is_valid():
        until = form.cleaned_data["until"]
        if request.POST.get("sure") != SURE:
            return _ask_again(request, household, until)
        try:
            tying.move_out(residency=residency, actor=user, at=clock.now(), until=until)
        except ValidationError as refusal:
            form.add_error("until", refusal.messages[0])
        except MoveRefused:
            return redirect("front:homes")
        else:
            words = _("记下了，您已经不住在那里。按错了的话，%(way)s。搬到新家了，就在这里登记。")
            flash.success(request, words % {"way": _put_right(household)})
            return redirect("front:homes")
    context = {
        "form": form,
        "title": _("从这里搬走了？"),
        "lead": _("%(home)s。先写哪天搬走的，下一页再确认。") % {"home": household},
        "submit_label": _("下一步"),
        "tone": "primary",
        "back_url": reverse("front:homes"),
        "once": "",
    }
    return render(request, "layout/act.html", context, status=422 if form.errors else 200)


def _ask_again(request: HttpRequest, household: Household, until: dt.date) -> HttpResponse:
    """What follows from having moved out on the day ``until``, before it is written down."""
    user: Any = request.user
    mine = {"person__in": user.person_ids, "state": TieState.CONFIRMED}
    owns = household.ownerships.filter(**mine).exists()
    speaks = household.representatives.filter(person__in=user.person_ids, until__isnull=True).exists()
    follows = [_("住处写成%(day)s结束，这条记录留着。") % {"day": date_cn(until)}]
    if owns:
        follows.append(_("房子还是您的，产权登记不变。"))
    if speaks:
        follows.append(
            _("您还是这一户的户代表，因为房子是您的。")
            if owns
            else _("您不再是这一户的户代表，社区会请这一户另推一位。")
        )
    follows += [_("没办完的事不会取消，社区照样办。"), _("按错了的话，%(way)s。") % {"way": _put_right(household)}]
    context = {"home": household, "until": until, "follows": follows, "sure": SURE, "back_url": request.path}
    return render(request, "front/leave_home.html", context)


def _put_right(household: Household) -> str:
    """Whom to turn to when it was a mistake: a home that ended is confirmed anew by the desk."""
    phone = household.building.community.phone
    if phone:
        return _("打社区电话 %(phone)s，请工作人员重新登记") % {"phone": phone}
    return _("到社区服务窗口说一声，请工作人员重新登记")
