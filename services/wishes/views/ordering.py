"""Ordering in three steps: what, in one's own words, how to be reached. Each step is kept as a draft, and so is what is
typed before a step is taken."""

from contextlib import suppress
from typing import Any

from allauth.core import ratelimit
from django import forms
from django.contrib import messages as flash
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from portal.core import clock, drafts, once
from portal.core.registries import purposes
from portal.people import consenting
from portal.people.access import acts_for, decides_for
from portal.people.homes import home_of
from portal.people.models import Channel
from portal.people.relations import record_for
from portal.people.sessions import once_owner, signed_in, unsent

from ..forms import AgreeForm, KindForm
from ..models import Wish
from ..ordering import order
from .order_draft import DRAFT, FIELDS, AlreadySent, OrderDraft

LAST = max(FIELDS)
AGREE, BACK = "agree", "back"
KEPT = "draft_kept"  # the bound on keeping what is typed, in the settings


@signed_in
@require_http_methods(["GET", "HEAD"])
def start(request: HttpRequest) -> HttpResponse:
    """Where the order goes on: the first step that is still open."""
    _needs_person(request)
    return redirect("wishes:order_step", OrderDraft(request).first_open_step())


def _needs_person(request: HttpRequest) -> None:
    """An account without a person (the administrator's) orders nothing."""
    if request.user.person is None:  # type: ignore[union-attr]
        raise Http404


@signed_in
@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Throw the draft away: to the page of ours that ``next`` names, which offered it, else to begin anew."""
    drafts.drop(owner_id=int(request.user.pk or 0), form=DRAFT)
    back = request.POST.get("next", "")
    if back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        flash.info(request, _("没填完的单子不留了。"))
        return redirect(back)
    return redirect("wishes:order_step", 1)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, number: int) -> HttpResponse:
    """One step of the order; the last one sends it."""
    _needs_person(request)
    if number not in FIELDS:
        raise Http404
    token = request.POST.get("once", "")
    if token and (led := once.spent(owner=once_owner(request, DRAFT), token=token)):
        return _sent_already(request, led, number)
    order_draft = OrderDraft(request)
    if number > order_draft.first_open_step():
        return redirect("wishes:order_step", order_draft.first_open_step())
    if number == 1 and request.POST.get("act") == AGREE:
        return _agree(request, order_draft)
    try:
        return _answer(request, order_draft, number)
    except AlreadySent:
        return _sent_already(request, once.spent(owner=once_owner(request, DRAFT), token=token), number)


def _sent_already(request: HttpRequest, led: str | None, number: int) -> HttpResponse:
    """Whichever page of an order is sent after the order itself: to what became of it."""
    if number < LAST:
        flash.info(request, _("这一单已经提交过了。要另外提一件，请再点“我要点单”。"))
    return redirect("wishes:done", led, "ordered") if led else redirect("wishes:order")


def _answer(request: HttpRequest, order_draft: OrderDraft, number: int) -> HttpResponse:
    """Show the step, or take what was sent: on, back, or, at the last one, away. AlreadySent where another page sent
    the order meanwhile."""
    posted = request.POST if request.method == "POST" else None
    if posted is not None and posted.get("act") == BACK and number > 1:
        order_draft.hold(number, posted)
        return redirect("wishes:order_step", number - 1)
    form = order_draft.form(number, posted, unsent=unsent(request))
    if posted is not None and form.is_valid():
        if number == LAST and (answer := _send(request, order_draft, form, posted.get("once", ""))):
            return answer
        order_draft.keep(number, **_kept(form.cleaned_data))
        if number < LAST:
            return redirect("wishes:order_step", number + 1)
    elif isinstance(form, KindForm) and form.unasked is not None:
        order_draft.keep(number, subject=form.unasked.pk, **_kept(form.cleaned_data))
    elif posted is not None:
        order_draft.hold(number, posted)
    return _step_page(request, order_draft, number, form)


@never_cache
@require_POST
def keep(request: HttpRequest, number: int) -> HttpResponse:
    """Keep what is being typed at a step, for the script of the page: 204. Who is not signed in any more has nothing
    kept, since whoever comes to this browser next would read it."""
    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    _needs_person(request)
    if number not in FIELDS:
        raise Http404
    if not ratelimit.consume(request, action=KEPT):
        return HttpResponse(status=429)
    order_draft = OrderDraft(request)
    if number <= order_draft.first_open_step():
        with suppress(AlreadySent):
            order_draft.hold(number, request.POST)
    return HttpResponse(status=204)


def _agree(request: HttpRequest, order_draft: OrderDraft) -> HttpResponse:
    """The guardian's own word, at the first step: written down by itself, and then the order goes on where it was.

    Said twice it is said once. Without the box ticked, or to words that changed meanwhile, nothing is written.
    """
    form = AgreeForm(request.POST, people=order_draft.people, child=order_draft.subject)
    if not form.is_valid():
        return _step_page(request, order_draft, 1, order_draft.form(1), agree=form)
    child, user = form.cleaned_data["child"], order_draft.user
    order_draft.keep(1, subject=child.pk)
    try:
        consenting.give(
            person=record_for(user, child),
            purpose=consenting.CHILD_PURPOSE,
            channel=Channel.ONLINE,
            at=clock.now(),
            guardian=user.person,
            actor_id=user.pk,
            version=form.cleaned_data["version"],
        )
    except ValidationError as refusal:
        flash.error(request, refusal.messages[0])
        return redirect("wishes:order_step", 1)
    flash.success(request, _("记下了您的同意。随时可以在“我的”的“同意和撤回”里撤回。"))
    return redirect("wishes:order_step", order_draft.first_open_step())


def _kept(said: dict[str, Any]) -> dict[str, Any]:
    """What a draft keeps of a valid step: cleaned words, records by their keys, money in fen."""
    keys = {"kind": "slug", "subject": "pk"}
    return {name: getattr(value, keys[name]) if name in keys else value for name, value in said.items()}


_NOTHING_ASKED: dict[str, Any] = {"agree": None}


def _asking(order_draft: OrderDraft, agree: AgreeForm | None) -> dict[str, Any]:
    """What the first step shows beside itself where a guardian has yet to agree: the words, and a form of its own."""
    child, purpose = order_draft.subject, purposes[consenting.CHILD_PURPOSE]
    if purpose.consent is None or not order_draft.unasked() or decides_for(order_draft.user, child) != "guardian":
        return _NOTHING_ASKED
    blank = AgreeForm(
        people=order_draft.people, child=child, initial={"child": child.pk, "version": purpose.consent.version}
    )
    return {"agree": agree or blank, "agree_act": AGREE, "child": child, "purpose": purpose}


def _step_page(
    request: HttpRequest, order_draft: OrderDraft, number: int, form: forms.Form, *, agree: AgreeForm | None = None
) -> HttpResponse:
    titles = {1: _("想要什么帮助？"), 2: _("说说是什么事"), 3: _("怎么联系您？")}
    leads = {
        1: _("一共三步，随时可以停下，填的内容会留着。"),
        2: _("志愿者帮忙不收钱。涉及身份证号、银行卡的内容请不要写。"),
        3: _("看看上面写得对不对，再留个电话。"),
    }
    context = {
        "steps": [_("选一样"), _("说清楚"), _("留电话")],
        "step": number,
        "form": form,
        "title": titles[number],
        "lead": leads[number],
        "back_url": reverse("wishes:wall") if number == 1 else "",
        "back_act": BACK if number > 1 else "",
        "keep_url": reverse("wishes:order_keep", args=[number]),
        "review": order_draft.review() if number == 3 else [],
        "once": order_draft.data.get("once") or once.token(),
        "draft_saved_at": order_draft.saved_at,
        "keeps_typed": True,
        "stands_under": "do",
        "discard_url": reverse("wishes:order_discard") if order_draft.saved_at else "",
    }
    context |= _asking(order_draft, agree) if number == 1 else _NOTHING_ASKED
    refused = form.errors or (agree is not None and agree.errors)
    return render(request, "wishes/order.html", context, status=422 if refused else 200)


def _send(request: HttpRequest, order_draft: OrderDraft, contact: forms.Form, token: str) -> HttpResponse | None:
    """Order, once; None where the act refuses, with its words on the form."""
    subject, kind = order_draft.subject, order_draft.chosen_kind
    community = order_draft.community
    if community is None:
        order_draft.keep(LAST, **contact.cleaned_data)
        return redirect(f"{reverse('front:community')}?next={request.path}")
    household = home_of(subject, community)
    user: Any = order_draft.user

    def act() -> str:
        wish = order(
            kind=kind,
            subject=record_for(user, subject),
            asker=user.person,
            community=community,
            grid=household.building.grid if household else None,
            household=household,
            details=order_draft.data["details"],
            when=order_draft.data.get("when") or Wish.When.ANY,
            price_fen=order_draft.data.get("price"),
            actor=user,
            actor_part=acts_for(user, subject),
            at=clock.now(),
            **contact.cleaned_data,
        )
        drafts.drop(owner_id=user.pk, form=DRAFT)
        return wish.code

    try:
        code, _now = once.carry_out(owner=once_owner(request, DRAFT), token=token or once.token(), act=act)
    except ValidationError as refusal:
        for words in refusal.messages:
            contact.add_error(None, words)
        return None
    return redirect("wishes:done", code, "ordered")
