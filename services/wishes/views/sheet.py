"""The work order (工单) of a wish on A4: for the desk of its place and for who serves it.

Opened, it shows the contact masked. The whole contact is on the sheet that answers the recorded look, and on no other:
coming back to the page, or sending the same form again, shows it masked once more.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.core import clock, once
from portal.core.masking import mask_name, mask_phone
from portal.core.money import format_yuan
from portal.core.numbers import spaced
from portal.core.qr import code_for, public_address
from portal.core.templating import date_cn, time_cn
from portal.people.sessions import once_owner, signed_in, unsent

from .. import access
from .. import serving as service
from ..forms import ReasonForm
from ..models import Wish
from .reading import address, visible_wish


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """The sheet, masked; a POST records a look at the contact and answers with the whole one."""
    wish = visible_wish(request, code)
    if not access.may_print(request.user, wish):
        raise PermissionDenied
    if request.method != "POST":
        return _page(request, wish, _asking(request, wish, fresh=True))
    if not access.may_print_contact(request.user, wish):
        raise PermissionDenied
    asking = _asking(request, wish)
    if asking is not None and not asking.is_valid():
        return _page(request, wish, asking, status=422)
    if not _recorded(request, wish, asking.cleaned_data["reason"] if asking is not None else ""):
        messages.info(request, _("这一次已经看过了，没有重复记。要再印完整的，请再按一次。"))
        return redirect("wishes:sheet", wish.code)
    return _page(request, wish, asking, whole=True)


def _asking(request: HttpRequest, wish: Wish, *, fresh: bool = False) -> forms.Form | None:
    """What must be said before the whole contact is shown: a reason from the desk, nothing from who serves."""
    if access.may_see_contact(request.user, wish):
        return None
    return ReasonForm(initial=unsent(request)) if fresh else ReasonForm(request.POST)


def _recorded(request: HttpRequest, wish: Wish, reason: str) -> bool:
    """Put the look on the record; False where this very form has done so before."""
    user: Any = request.user
    part = "volunteer" if access.may_see_contact(user, wish) else "staff"

    def look() -> str:
        service.reveal_contact(wish=wish, actor=user, part=part, at=clock.now(), reason=reason)
        return "sheet"

    token = request.POST.get("once", "")[:40] or once.token()
    return once.carry_out(owner=once_owner(request, "wish.sheet"), token=f"{wish.code}:{token}", act=look)[1]


def _page(
    request: HttpRequest, wish: Wish, asking: forms.Form | None, *, whole: bool = False, status: int = 200
) -> HttpResponse:
    now = clock.now()
    context = {
        "title": _("微心愿工单"),
        "community": wish.community.name,
        "number": spaced(wish.code),
        "code": code_for(public_address(request, address(wish)), title=_("扫码看办理进度")),
        "printed": _("打印：%(day)s %(time)s") % {"day": date_cn(now), "time": time_cn(now)},
        "facts": _facts(wish),
        "contact": _contact(wish, whole=whole),
        "whole": whole,
        "may_reveal": not whole and access.may_print_contact(request.user, wish),
        "asking": asking,
        "once": once.token(),
        "back_url": address(wish),
    }
    return render(request, "wishes/sheet.html", context, status=status)


def _facts(wish: Wish) -> list[tuple[str, str]]:
    """What is to be done, for whom it was asked, by when."""
    where = wish.community.name + (f" {wish.grid.name}" if wish.grid is not None else "")
    found = [
        (_("心愿"), wish.title or _("（还没有审核）")),
        (_("类别"), wish.kind.name),
        (_("具体内容"), wish.details or _("（已清除）")),
        (_("希望时间"), wish.get_when_display()),
        (_("地点"), where),
        (_("状态"), wish.get_state_display()),
        (_("提出日期"), f"{date_cn(wish.created_at)}（{wish.get_channel_display()}）"),
    ]
    if wish.due_on is not None:
        found.append((_("本步期限"), date_cn(wish.due_on)))
    if wish.price_fen is not None:
        found.append((_("大约价钱"), format_yuan(wish.price_fen)))
    if wish.volunteer is not None:
        found.append((_("接单志愿者"), wish.volunteer.person.name_masked))
    elif wish.dispatched_team is not None:
        found.append((_("派给"), wish.dispatched_team.name))
    return found


def _contact(wish: Wish, *, whole: bool) -> list[tuple[str, str]]:
    """Name, phone and address, masked unless the look has just been recorded."""
    if not wish.contact_phone:
        return [(_("联系方式"), _("（已清除）"))]
    if whole:
        return [
            (_("联系人"), wish.contact_name),
            (_("联系电话"), wish.contact_phone),
            (_("上门地址"), wish.contact_address or "—"),
        ]
    return [
        (_("联系人"), mask_name(wish.contact_name)),
        (_("联系电话"), mask_phone(wish.contact_phone)),
        (_("上门地址"), _("（未显示）") if wish.contact_address else "—"),
    ]
