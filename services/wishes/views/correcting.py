"""The page on which who left a contact with a wish puts it right."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.core import clock
from portal.core.moves import MoveRefused
from portal.people.sessions import signed_in

from .. import access
from ..contacting import correct_contact
from ..forms import CorrectContactForm
from ..models import Wish
from .reading import address, visible_wish


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, code: str) -> HttpResponse:
    """Change name, phone and address of one's own open wish, or of one for whom one acts. Sent twice it changes them
    once; a wish at an end leads back to its page."""
    wish = visible_wish(request, code)
    user: Any = request.user
    part = access.requester_part(user, wish)
    if not part:
        raise PermissionDenied
    if not access.may_correct_contact(user, wish):
        messages.info(request, _("这张单子已经办完或停下，联系方式不用改了。"))
        return redirect(address(wish))
    sent = request.POST if request.method == "POST" else None
    form = CorrectContactForm(sent, wish=wish, own=part == "requester")
    if sent is not None and form.is_valid():
        try:
            changed = correct_contact(wish=wish, actor=user, actor_part=part, at=clock.now(), **form.cleaned_data)
        except MoveRefused as refusal:
            messages.info(request, str(refusal))
            return redirect(address(wish))
        except ValidationError as refusal:
            form.add_error(None, refusal.messages[0])
        else:
            messages.success(request, _said(wish) if changed else _("和原来一样，没有改动。"))
            return redirect(f"{address(wish)}#contact")
    context = {
        "form": form,
        "title": _("改联系方式"),
        "lead": _("只改这一张单子上的，马上生效。“我的资料”里的不会跟着变。"),
        "submit_label": _("保存"),
        "tone": "primary",
        "back_url": address(wish),
        "once": "",
        "keeps_typed": True,
        "stands_under": "me",
    }
    return render(request, "layout/act.html", context, status=422 if form.errors else 200)


def _said(wish: Wish) -> str:
    if wish.volunteer_id is not None:
        return _("改好了，来帮忙的志愿者已经收到通知，会照新的联系。")
    return _("改好了，照新的联系。")
