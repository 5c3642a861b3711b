"""Having one's data put right: what one changes oneself, what the office looks at first, and how far that is."""

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
from portal.core.keyset import page_of
from portal.core.moves import MoveRefused
from portal.core.numbers import spaced
from portal.core.promises import promised
from portal.core.templating import date_cn
from portal.people import correcting
from portal.people.models import DataRequest, Person
from portal.people.sessions import once_owner, refilled, signed_in

from ..data_forms import ErasureForm, form_for
from ..own_data import Whose, whose
from ..request_steps import BADGES, steps_of

A_PAGE = 20
Field = DataRequest.Field


@require_safe
@signed_in
def correct(request: HttpRequest) -> HttpResponse:
    """What can be put right and how; what was asked for and how far it is."""
    subject = whose(request)
    person = subject.person
    page = page_of(request, DataRequest.objects.own(request.user).select_related("subject"), size=A_PAGE)
    rows = [
        {
            "title": row.what + ("" if row.subject_id in _own_ids(request) else f"（{row.subject.name}）"),
            "sub": f"{spaced(row.code)} · {date_cn(row.created_at)}",
            "badge_text": row.get_state_display(),
            "badge_tone": BADGES[row.state],
            "due": promised(
                row.due_on, ahead=_("%(day)s前答复"), past=_("本应在%(day)s前答复，已超期%(days)d天，正在催办")
            ),
            "url": reverse("front:correct_request", args=[row.code]),
        }
        for row in page.rows
    ]
    facts = [] if person is None else [_fact(subject, person, field) for field in Field.values]
    context = {
        "subject": subject,
        "facts": facts,
        "rows": rows,
        "newer_url": page.newer_url,
        "older_url": page.older_url,
    }
    return render(request, "front/correct.html", context)


def _fact(subject: Whose, person: Person, field: str) -> dict[str, Any]:
    value = "" if field == Field.OTHER else correcting.shown_value(field, correcting.value_of(person, field))
    url = reverse("front:correct_ask", args=[field]) + subject.query
    return {"label": Field(field).label, "value": value, "url": url}


def _own_ids(request: HttpRequest) -> list[int]:
    user: Any = request.user
    return user.person_ids


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def ask(request: HttpRequest, field: str) -> HttpResponse:
    """Ask that one fact be put right; what is wrong with it stands beside the field, with what was typed."""
    subject = whose(request)
    person = subject.person
    if person is None or field not in Field.values:
        raise Http404
    form = refilled(request, form_for(field)(request.POST if request.method == "POST" else None))
    if request.method == "POST" and form.is_valid():
        sent = _send(
            request,
            form,
            lambda: correcting.ask(
                person=person,
                field=field,
                value=str(form.cleaned_data.get("value", "")),  # a day in ISO form
                words=form.cleaned_data["words"],
                actor=request.user,  # type: ignore[arg-type]
                at=clock.now(),
            ),
        )
        if sent is not None:
            return sent
    now = correcting.shown_value(field, correcting.value_of(person, field)) if field != Field.OTHER else ""
    title = _("更正%(field)s") % {"field": Field(field).label}
    lead = _("现在登记的是：%(now)s。社区核对以后改，15 个工作日内答复您。") % {"now": now or _("没有登记")}
    if field == Field.OTHER:
        lead = _("哪里不对、应该是什么，写清楚。社区核对以后改，15 个工作日内答复您。")
    back = reverse("front:correct") + subject.query
    return _form_page(request, form, title=_titled(title, subject), lead=lead, back_url=back)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def ask_erasure(request: HttpRequest) -> HttpResponse:
    """Ask the office to erase what one cannot erase oneself."""
    subject = whose(request)
    person = subject.person
    if person is None:
        raise Http404
    form = refilled(request, ErasureForm(request.POST if request.method == "POST" else None))
    if request.method == "POST" and form.is_valid():
        sent = _send(
            request,
            form,
            lambda: correcting.ask_erasure(
                person=person,
                words=form.cleaned_data["words"],
                actor=request.user,  # type: ignore[arg-type]
                at=clock.now(),
            ),
        )
        if sent is not None:
            return sent
    lead = _("自己删不了的，交给社区。社区看依法能不能删，15 个工作日内答复您，不能删的说明理由。")
    back = reverse("front:erase") + subject.query
    return _form_page(request, form, title=_titled(_("请社区删除"), subject), lead=lead, back_url=back)


def _with_day(found: DataRequest, done: bool) -> str:
    """What was asked to stand there; once it does, since when. What stood there before is kept nowhere."""
    value = correcting.shown_value(found.field, found.value)
    if not done or not value:
        return value
    return _("%(value)s（%(day)s起）") % {"value": value, "day": date_cn(found.state_since)}


def _titled(title: str, subject: Whose) -> str:
    return f"{title}（{subject.name}）" if subject.child else title


def _send(request: HttpRequest, form: forms.Form, act: Any) -> HttpResponse | None:
    """Carry ``act`` out once and lead to the request; None after a refusal, which is in the form then."""
    try:
        code, _now = once.carry_out(
            owner=once_owner(request, "data_request"),
            token=request.POST.get("once") or once.token(),
            act=lambda: act().code,
        )
    except ValidationError as refusal:
        known = hasattr(refusal, "error_dict") and set(refusal.error_dict) <= set(form.fields)
        form.add_error(None, refusal if known else ValidationError(refusal.messages))
        return None
    return redirect("front:correct_request", code=code)


def _form_page(request: HttpRequest, form: forms.Form, *, title: str, lead: str, back_url: str) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "lead": lead,
        "submit_label": _("提交"),
        "tone": "primary",
        "back_url": back_url,
        "once": request.POST.get("once") or once.token(),
        "keeps_typed": True,
    }
    return render(request, "layout/act.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def correct_request(request: HttpRequest, code: str) -> HttpResponse:
    """One request: what was asked, what happened, by when it is answered. Sent back with ``act=withdraw``, it is taken
    back."""
    found = get_object_or_404(DataRequest.objects.own(request.user).select_related("subject", "community"), code=code)
    if request.method == "POST":
        try:
            correcting.withdraw(request=found, actor=request.user, at=clock.now())  # type: ignore[arg-type]
            flash.success(request, _("已经撤回。"))
        except MoveRefused as refusal:
            flash.info(request, str(refusal))
        return redirect("front:correct_request", code=code)
    done = found.state == DataRequest.State.DONE
    facts = [
        (_("单号"), spaced(found.code), None),
        (_("谁的信息"), found.subject.name, None),
        (_("改成了") if done else _("要改成"), _with_day(found, done), None),
        (_("说明"), found.words, None),
        (_("交给"), str(found.community), None),
    ]
    context = {
        "title": found.what,
        "state": found.get_state_display(),
        "tone": BADGES[found.state],
        "facts": [fact for fact in facts if fact[1]],
        "steps": steps_of(found),
        "may_withdraw": found.state == DataRequest.State.ASKED,
        "erased": found.erased_on is not None,
        "phone": found.community.phone,
        "here": request.path,
    }
    return render(request, "front/correct_request.html", context)
