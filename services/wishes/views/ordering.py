"""Ordering in three steps: what, in one's own words, how to be reached. Each step is kept as a draft."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.core import clock, drafts, money, once
from portal.people.access import acts_for, parts_of
from portal.people.choosing import chosen_community
from portal.people.homes import home_of
from portal.people.models import Person
from portal.people.sessions import once_owner, signed_in, unsent
from portal.places.models import Area

from ..forms import ContactForm, DetailsForm, KindForm
from ..models import Wish, WishKind
from ..ordering import order
from ..own_records import ORDER as DRAFT

_FIELDS = {
    1: ("kind", "subject"),
    2: ("details", "price", "when"),
    3: ("contact_name", "contact_phone", "contact_address"),
}


def _people(request: HttpRequest) -> Any:
    """Oneself, one's children and those one may act for today: staff scope plays no part here."""
    return Person.objects.live().filter(pk__in=list(parts_of(request.user))).order_by("pk")


class _Order:
    """The draft of one person's order, and what can be read from it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        user: Any = request.user
        self.user = user
        draft = drafts.load(owner_id=user.pk, form=DRAFT, at=clock.now())
        self.data: Any = draft.data if draft else {}
        self.saved_at: dt.datetime | None = draft.updated_at if draft else None
        self.people = _people(request)

    def keep(self, **values: Any) -> None:
        self.data.update(values)
        self.data.setdefault("once", once.token())
        drafts.keep(owner_id=self.user.pk, form=DRAFT, data=self.data, at=clock.now())

    @property
    def kind(self) -> WishKind | None:
        return WishKind.objects.filter(slug=self.data.get("kind"), active=True).first()

    @property
    def chosen_kind(self) -> WishKind:
        """The kind, once step 1 is answered; LookupError before."""
        kind = self.kind
        if kind is None:
            raise LookupError("the order has no kind yet")
        return kind

    @property
    def subject(self) -> Person:
        """Whom it is for; oneself where the draft names nobody, or somebody one may not act for any more."""
        chosen = self.people.filter(pk=self.data.get("subject")).first()
        return chosen or self.user.person.resolved

    def form(self, step: int, data: Any = None, *, typed: dict[str, str] | None = None) -> forms.Form:
        """The step's form; ``typed`` is what a session that ended had not taken yet, and goes before the draft."""
        if step == 1:
            initial = {"kind": self.data.get("kind"), "subject": self.data.get("subject") or self.subject.pk}
            return KindForm(data, initial={**initial, **(typed or {})}, people=self.people, own=self.user.person_ids)
        kind = self.chosen_kind
        initial = {name: self.data.get(name) for name in _FIELDS[step] if self.data.get(name) is not None}
        if "price" in initial:
            initial["price"] = money.plain_yuan(initial["price"])
        initial.update(typed or {})
        if step == 2:
            return DetailsForm(data, initial=initial, kind=kind, community=self.community)
        subject = self.subject
        home = home_of(subject, subject.community) if subject.community else None
        known = {
            "contact_name": subject.name,
            "contact_phone": subject.contact_phone or self.user.phone or "",
            "contact_address": subject.address or (str(home) if home else ""),
        }
        return ContactForm(data, initial={**known, **initial}, kind=kind)

    @property
    def community(self) -> Area | None:
        """Where the wish goes: where the person it is for lives, else the one being looked at."""
        return self.subject.community or chosen_community(self.request)

    def first_open_step(self) -> int:
        """The earliest step that the draft does not answer yet."""
        if self.kind is None:
            return 1
        return 2 if not self.data.get("details") else 3

    def review(self) -> list[tuple[str, str, str]]:
        """What was said in the earlier steps, each line with where to change it."""
        kind = self.chosen_kind
        first, second = reverse("wishes:order_step", args=[1]), reverse("wishes:order_step", args=[2])
        lines = [(_("想要"), kind.name, first), (_("是什么事"), self.data["details"], second)]
        if kind.is_thing and self.data.get("price"):
            lines.append((_("大约价钱"), money.format_yuan(self.data["price"]), second))
        lines.append((_("什么时候"), str(Wish.When(self.data.get("when", Wish.When.ANY)).label), second))
        if self.people.count() > 1:
            lines.insert(0, (_("为谁提"), self.subject.name, first))
        return lines


@signed_in
@require_http_methods(["GET", "HEAD"])
def start(request: HttpRequest) -> HttpResponse:
    """Where the order goes on: the first step that is still open."""
    _needs_person(request)
    return redirect("wishes:order_step", _Order(request).first_open_step())


def _needs_person(request: HttpRequest) -> None:
    """An account without a person (the administrator's) orders nothing."""
    if request.user.person is None:  # type: ignore[union-attr]
        raise Http404


@signed_in
@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Throw the draft away and begin anew."""
    drafts.drop(owner_id=int(request.user.pk or 0), form=DRAFT)
    return redirect("wishes:order_step", 1)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, number: int) -> HttpResponse:
    """One step of the order; the last one sends it."""
    _needs_person(request)
    if number not in _FIELDS:
        raise Http404
    sent = request.POST.get("once", "")
    led = once.spent(owner=once_owner(request, DRAFT), token=sent) if number == 3 and sent else None
    if led:
        return redirect("wishes:done", led, "ordered")
    order_draft = _Order(request)
    if number > order_draft.first_open_step():
        return redirect("wishes:order_step", order_draft.first_open_step())
    form = order_draft.form(number, request.POST if request.method == "POST" else None, typed=unsent(request))
    if request.method == "POST" and form.is_valid():
        order_draft.keep(**_kept(form.cleaned_data))
        if number < 3:
            return redirect("wishes:order_step", number + 1)
        if answer := _send(request, order_draft, form, sent):
            return answer
    return _step_page(request, order_draft, number, form)


def _kept(said: dict[str, Any]) -> dict[str, Any]:
    """What a draft keeps of a valid step: cleaned words, records by their keys, money in fen."""
    keys = {"kind": "slug", "subject": "pk"}
    return {name: getattr(value, keys[name]) if name in keys else value for name, value in said.items()}


def _step_page(request: HttpRequest, order_draft: _Order, number: int, form: forms.Form) -> HttpResponse:
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
        "back_url": reverse("wishes:order_step", args=[number - 1]) if number > 1 else reverse("wishes:wall"),
        "review": order_draft.review() if number == 3 else [],
        "once": order_draft.data.get("once") or once.token(),
        "draft_saved_at": order_draft.saved_at,
        "discard_url": reverse("wishes:order_discard") if order_draft.saved_at else "",
    }
    return render(request, "wishes/order.html", context, status=422 if form.errors else 200)


def _send(request: HttpRequest, order_draft: _Order, contact: forms.Form, token: str) -> HttpResponse | None:
    """Order, once; None where the act refuses, with its words on the form."""
    subject, kind = order_draft.subject, order_draft.chosen_kind
    community = order_draft.community
    if community is None:
        return redirect(f"{reverse('front:community')}?next={request.path}")
    household = home_of(subject, community)
    user: Any = request.user

    def act() -> str:
        wish = order(
            kind=kind,
            subject=subject,
            asker=user.person.resolved,
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
