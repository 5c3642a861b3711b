"""Who one is in the records: seen whole by oneself, phone and address changed on the spot, the rest on request."""

from typing import Any

from django.contrib import messages as flash
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.core import clock
from portal.core.templating import date_cn
from portal.people import contacting
from portal.people.models import Person
from portal.people.sessions import refilled, signed_in

from ..own_data import whose
from ..profile import ContactForm


def _correct(field: str) -> str:
    """The address at which the desk is asked to put one fact right."""
    return reverse("front:correct_ask", args=[field])


def own_person(request: HttpRequest) -> Person:
    """The record that stands for the reader; 404 for an account that is nobody's."""
    user: Any = request.user
    if user.person is None:
        raise Http404
    return user.person.resolved


@require_safe
@signed_in
def profile(request: HttpRequest) -> HttpResponse:
    """One's own record, each line with the way to change it."""
    user: Any = request.user
    person = own_person(request)
    contact = reverse("front:contact")
    record = [
        (_("姓名"), person.name, _correct("name")),
        (_("性别"), person.get_sex_display(), _correct("sex")),
        (_("出生日期"), date_cn(person.birth_date) if person.birth_date else "", _correct("birth_date")),
        (_("所在社区"), person.community.name if person.community else "", _correct("other")),
    ]
    own = user.person  # what one says of one's contact is kept with the account's own record
    reach = [(_("联系电话"), own.contact_phone, contact), (_("住址"), own.address, contact)]
    sign_in = [(_("登录手机"), user.phone_masked, reverse("account_change_phone"))]
    roles = [(role.area.name, role.get_kind_display(), role.since) for role in user.current_roles]
    context = {"reach": reach, "record": record, "sign_in": sign_in, "roles": roles}
    return render(request, "front/profile.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def contact(request: HttpRequest) -> HttpResponse:
    """Change the contact phone and the address by oneself, one's own or, with ``?child=``, one's child's. Sent twice it
    changes them once."""
    own_person(request)
    user: Any = request.user
    subject = whose(request)
    record: Any = subject.record
    child = record if subject.child else None
    form = refilled(request, ContactForm.about(record, request.POST if request.method == "POST" else None))
    back = reverse("front:correct") + subject.query if subject.child else reverse("front:profile")
    if request.method == "POST" and form.is_valid():
        try:
            changed = contacting.change_own_contact(actor=user, at=clock.now(), child=child, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages[0])
        else:
            flash.success(request, _("改好了，现在起按新的联系您。") if changed else _("和原来一样，没有改动。"))
            return redirect(back)
    context = {
        "form": form,
        "title": _("改联系电话和住址") + (f"（{subject.name}）" if subject.child else ""),
        "lead": _("您自己改，马上生效，社区工作人员看到的也是新的。已经提交的单子上写的电话和地址不会跟着变。"),
        "submit_label": _("保存"),
        "tone": "primary",
        "back_url": back,
        "once": "",
        "keeps_typed": True,
    }
    return render(request, "layout/act.html", context, status=422 if form.errors else 200)
