"""What has been said of an order so far, kept on the server: what was judged and taken, and what was only typed."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.core import clock, drafts, money, once, private_numbers
from portal.core.plaintext import clean_text
from portal.people import consenting
from portal.people.access import parts_of
from portal.people.choosing import chosen_community
from portal.people.homes import home_of
from portal.people.models import Person
from portal.people.sessions import once_owner
from portal.places.models import Area

from ..forms import ContactForm, DetailsForm, KindForm
from ..models import Wish, WishKind
from ..own_records import ORDER as DRAFT

FIELDS = {
    1: ("kind", "subject"),
    2: ("details", "price", "when"),
    3: ("contact_name", "contact_phone", "contact_address"),
}
LONGEST = 2000  # signs of one field that are kept as typed


class AlreadySent(Exception):
    """The order that a page belongs to was sent meanwhile, from this page or another: nothing of it is a draft."""


def _people(request: HttpRequest) -> Any:
    """Oneself, one's children and those one may act for today: staff scope plays no part here."""
    return Person.objects.live().filter(pk__in=list(parts_of(request.user))).order_by("pk")


class OrderDraft:
    """The draft of one person's order, and what can be read from it.

    Kept are the answers that a step took (``kind``, ``details``, …), the token by which the order is sent once, and
    under ``typed``, step by step, the words that no step has taken yet, as they were typed.
    """

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        user: Any = request.user
        self.user = user
        draft = drafts.load(owner_id=user.pk, form=DRAFT, at=clock.now())
        self.data: Any = draft.data if draft else {}
        self.saved_at: dt.datetime | None = draft.updated_at if draft else None
        self.people = _people(request)

    def keep(self, number: int, **values: Any) -> None:
        """Keep what the step ``number`` took. AlreadySent where the order is no draft any more."""
        self._change(number, values, {})

    def hold(self, number: int, posted: Mapping[str, str]) -> None:
        """Keep what was typed at the step ``number``, unjudged. The number of an ID or a bank card is not kept, nor a
        person one may not act for. AlreadySent as for ``keep``."""
        typed = {name: clean_text(posted[name])[:LONGEST] for name in FIELDS[number] if name in posted}
        typed = {name: words for name, words in typed.items() if not private_numbers.problem(words)}
        if "subject" in typed and typed["subject"] not in {str(person.pk) for person in self.people}:
            del typed["subject"]
        if any(words for name, words in typed.items() if name not in ("subject", "when")) or self.saved_at:
            self._change(number, {}, typed)

    def _change(self, number: int, values: dict[str, Any], typed: dict[str, str]) -> None:
        """Both under the draft's lock, where another tab may have sent the order a moment ago."""
        owner, page = once_owner(self.request, DRAFT), self.request.POST.get("once", "")

        def to(data: dict[str, Any]) -> dict[str, Any] | None:
            if page and once.spent(owner=owner, token=page) is not None:
                return None
            waiting = {key: words for key, words in data.get("typed", {}).items() if key != str(number)}
            if typed:
                waiting[str(number)] = typed
            return {**data, **values, "once": data.get("once") or page or once.token(), "typed": waiting}

        draft = drafts.change(owner_id=self.user.pk, form=DRAFT, to=to, at=clock.now())
        if draft is None:
            raise AlreadySent
        self.data, self.saved_at = draft.data, draft.updated_at

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
        """Whom it is for, for reading; oneself where the draft names nobody, or somebody one may not act for any
        more."""
        chosen = self.people.filter(pk=self.data.get("subject")).first()
        return chosen or self.user.person.resolved

    def form(self, number: int, data: Any = None, *, unsent: dict[str, str] | None = None) -> forms.Form:
        """The step's form: what was typed goes before what was taken, and ``unsent``, which a session that ended had
        not taken, before both."""
        typed = {**self.data.get("typed", {}).get(str(number), {}), **(unsent or {})}
        if number == 1:
            initial = {"kind": self.data.get("kind"), "subject": self.data.get("subject") or self.subject.pk}
            return KindForm(data, initial={**initial, **typed}, people=self.people, user=self.user)
        kind = self.chosen_kind
        initial = {name: self.data.get(name) for name in FIELDS[number] if self.data.get(name) is not None}
        if "price" in initial:
            initial["price"] = money.plain_yuan(initial["price"])
        initial.update(typed)
        if number == 2:
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

    def unasked(self) -> bool:
        """Whether it is for a child whose guardian does not agree."""
        return consenting.missing(self.subject, clock.today()) is not None

    def first_open_step(self) -> int:
        """The earliest step that the draft does not answer yet."""
        if self.kind is None or self.unasked():
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
