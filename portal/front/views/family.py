"""Family and those who act for one another: seen by each of the two, an authorisation ended by either at once."""

from typing import Any

from django import forms
from django.contrib import messages as flash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.core import clock
from portal.people import relations
from portal.people.access import is_own
from portal.people.sessions import signed_in

from ..family import authorisations_of, family_of


@require_safe
@signed_in
def family(request: HttpRequest) -> HttpResponse:
    """Whom one may act for, who may act for one, and how that is recorded."""
    return render(request, "front/family.html", _family(request))


def _family(request: HttpRequest) -> dict[str, Any]:
    return {
        "family": family_of(request.user),
        "one_is_their": relations.one_is_their,
        "is_ones": relations.is_ones,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def end_authorisation(request: HttpRequest, authorisation_id: int) -> HttpResponse:
    """Take an authorisation back, or lay it down, after a page that says what that means.

    One that has ended already leads back to the list; somebody else's does not exist.
    """
    user: Any = request.user
    row = get_object_or_404(authorisations_of(user), pk=authorisation_id)
    if row.until is not None:
        return redirect("front:family")
    by_principal = is_own(user, row.principal_id)
    other = (row.agent if by_principal else row.principal).name
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            relations.revoke_authorisation(authorisation=row, actor=user, at=clock.now())
            flash.success(request, _("已经结束，两边都收到消息。"))
        except ValidationError as refusal:
            flash.info(request, refusal.messages[0])
        return redirect("front:family")
    if by_principal:
        title = _("不再让%(name)s替您代办？") % {"name": other}
        lead = _(
            "结束以后马上生效：对方不能再替您点单、看您的单子。以后还要代办，要到窗口重新登记。对方会收到一条消息。"
        )
    else:
        title = _("不再替%(name)s代办？") % {"name": other}
        lead = _("结束以后马上生效：您不能再替对方点单、看对方的单子。对方会收到一条消息。")
    context = {
        "form": form,
        "title": title,
        "lead": lead,
        "submit_label": _("结束代办"),
        "tone": "danger",
        "back_url": reverse("front:family"),
        "once": "",
    }
    return render(request, "layout/act.html", context)
