"""Having one's data erased, and closing the account. Both ask who one is first, and say before what goes and what must
stay."""

from typing import Any

from django.contrib import messages as flash
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.core import clock, once
from portal.core.models import AuditEntry
from portal.core.moves import MoveRefused
from portal.core.registries import purposes
from portal.core.templating import date_cn
from portal.people import forgetting, leaving
from portal.people.sessions import once_owner, signed_in
from portal.people.views.proof import prove_first

from ..data_forms import EraseForm, LeaveForm
from ..family import family_of
from ..own_data import whose

_LEFT = "left"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def erase(request: HttpRequest) -> HttpResponse:
    """What can be erased now and what must stay and why; sent back, what was chosen goes."""
    subject = whose(request)
    person = subject.person
    if person is None:
        raise Http404
    if (proof := prove_first(request)) is not None:
        return proof
    owner = once_owner(request, "erase")
    if request.method == "POST" and (done := once.spent(owner=owner, token=request.POST.get("once", ""))):
        return redirect("front:erased", entry_id=int(done))
    found = forgetting.prospects(person=person, at=clock.now())
    erasable = [prospect for prospect in found if prospect.erased]
    choices = [(one.purpose.id, _offered(one)) for one in erasable]
    form = EraseForm(request.POST if request.method == "POST" else None, choices=choices)
    if request.method == "POST" and form.is_valid():
        entry_id, _now = once.carry_out(
            owner=owner,
            token=request.POST.get("once") or once.token(),
            act=lambda: _erase(request, subject.record, form.cleaned_data["purposes"]),
        )
        return redirect("front:erased", entry_id=int(entry_id))
    context = {
        "subject": subject,
        "form": form,
        "erasable": erasable,
        "kept": [(prospect.purpose.title, prospect.kept) for prospect in found if prospect.kept],
        "once": request.POST.get("once") or once.token(),
    }
    return render(request, "front/erase.html", context, status=422 if form.errors else 200)


def _offered(one: forgetting.Prospect) -> str:
    """What would go, each thing by its name; for a purpose that has no names for them, how many records."""
    return f"{one.purpose.title}：{_gone(one.gone, one.erased)}"


def _gone(words: list[str], erased: int) -> str:
    return "、".join(words) or _("%(count)s 条") % {"count": erased}


def _erase(request: HttpRequest, person: Any, chosen: list[str]) -> str:
    entry, _found = forgetting.forget(person=person, at=clock.now(), actor_id=request.user.pk, only=chosen)
    return str(entry.pk)


@require_safe
@signed_in
def erased(request: HttpRequest, entry_id: int) -> HttpResponse:
    """What was erased, and when: for who had it erased alone."""
    entry = get_object_or_404(AuditEntry, pk=entry_id, verb="data.erased", actor_id=request.user.pk)
    counts, parts = entry.details.get("erased", {}), entry.details.get("parts", {})
    rows = [
        (str(purpose.title), _gone(purpose.said(parts.get(purpose.id, {})), counts[purpose.id]), None)
        for purpose in purposes
        if purpose.id in counts
    ]
    return render(request, "front/erased.html", {"rows": rows, "at": entry.at, "number": entry.pk})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def leave(request: HttpRequest) -> HttpResponse:
    """Close one's own account: what bars it, what becomes of everything, and the act."""
    if (proof := prove_first(request)) is not None:
        return proof
    user: Any = request.user
    at = clock.now()
    bars = leaving.bars(user, at=at)
    form = LeaveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and not bars:
        try:
            entry = leaving.leave(user=user, at=at, erase=form.cleaned_data["erase"])
        except (ValidationError, MoveRefused) as refusal:
            form.add_error(None, refusal.messages[0] if isinstance(refusal, ValidationError) else str(refusal))
        else:
            logout(request)
            request.session[_LEFT] = {"day": date_cn(at), "number": entry.pk, "erased": form.cleaned_data["erase"]}
            return redirect("front:left")
    found = forgetting.prospects(person=user.person, at=at) if user.person is not None else []
    context = {
        "form": form,
        "bars": bars,
        "goes_on": leaving.goes_on(user, at=at),
        "family": family_of(user),
        "kept": [(prospect.purpose.title, prospect.purpose.retention) for prospect in found],
    }
    barred = request.method == "POST" and bool(bars)
    if barred:
        flash.error(request, _("还有要先交接或办完的事，办完以后再注销。"))
    return render(request, "front/leave.html", context, status=422 if barred or form.errors else 200)


@require_safe
def left(request: HttpRequest) -> HttpResponse:
    """The receipt of a closed account, on this device, for whoever is signed out; without one, the way home."""
    receipt = request.session.get(_LEFT)
    if receipt is None:
        return redirect(reverse("front:home"))
    return render(request, "front/left.html", {"receipt": receipt})
