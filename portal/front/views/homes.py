"""Where one lives and what one owns: the list, and the claim that the desk confirms."""

from typing import Any

from django.contrib import messages as flash
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.core import clock, once
from portal.core.templating import day_cn
from portal.people import tying
from portal.people.choosing import chosen_community
from portal.people.sessions import once_owner, signed_in
from portal.people.tiles import rows_of

from ..homes import HomeForm


@require_safe
@signed_in
def homes(request: HttpRequest) -> HttpResponse:
    """Every home that the person claimed, with its state."""
    return render(request, "front/homes.html", {"rows": rows_of(request.user)})


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
    form = HomeForm(request.POST if request.method == "POST" else None, community=community)
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
