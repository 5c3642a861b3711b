"""Ownerships and residencies to confirm, and who speaks for a household."""

from fractions import Fraction
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.core import clock
from portal.core.plaintext import PlainTextField
from portal.people import tying
from portal.people.models import Ownership, Representative, Residency, TieState

from .. import access
from ..acts import Act, ActForm, ActsAdmin, can
from ..entering import ChoosesByPage, EnteredForm, EnteredPage
from ..filters import DayRange, Held, Overdue
from ..pieces import badge, who


class EndForm(ActForm):
    """When it ended, and how the desk knows."""

    until = forms.DateField(
        label=_("结束日期"), initial=clock.today, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = PlainTextField(
        label=_("理由"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("会给本人看，例如：本人来窗口说的、租约到期了。不要写身份证号、手机号。"),
    )


def _confirm(request: HttpRequest, tie: Any, cleaned: dict[str, Any]) -> None:
    tying.confirm(tie=tie, actor=who(request), at=clock.now())


def _refuse(request: HttpRequest, tie: Any, cleaned: dict[str, Any]) -> None:
    tying.refuse(tie=tie, actor=who(request), at=clock.now(), reason=cleaned["reason"])


def _end(request: HttpRequest, tie: Any, cleaned: dict[str, Any]) -> None:
    tying.end(tie=tie, actor=who(request), at=clock.now(), until=cleaned["until"], reason=cleaned["reason"])


_PLACE = ("household__building__community", "household__building")


class _OfHousehold(ActsAdmin):
    """What the three share: scope by the household's building, entered by the desk, changed by acts alone."""

    list_filter: ClassVar[Any] = _PLACE
    list_select_related = ("person", "household__building__estate", "household__building__community")
    search_fields = ("person__name", "household__number", "household__building__name")
    autocomplete_fields = ("person", "household")
    ordering: ClassVar[Any] = ("-since", "-id")

    def rows(self, user: Any) -> Any:
        rows = access.ties_in(user, self.model)
        return rows.select_related(
            "person", "household__building__estate", "household__building__community", "household__building__grid"
        )

    def may_view(self, user: Any, obj: Any = None) -> bool:
        return access.is_one_of(user, access.READERS)

    def may_add(self, user: Any) -> bool:
        return access.is_of_desk(user)

    def may_keep(self, user: Any, obj: Any) -> bool:
        return tying.may_confirm(user, obj.household)

    def summary(self, obj: Any) -> list[tuple[str, Any]]:
        return [(str(_("户")), str(obj.household)), (str(_("姓名")), obj.person.name), (str(_("起")), obj.since)]


TIE_ACTS = (
    Act(
        "confirm",
        _("确认"),
        run=_confirm,
        allowed=tying.confirms,
        possible=can("confirm"),
        offered=access.is_of_desk,
        tone="primary",
        bulk=True,
        description=_("确认后，这个人就算这一户的人，社区和网格都能看到。"),
    ),
    Act(
        "refuse",
        _("不通过"),
        run=_refuse,
        allowed=tying.decides,
        possible=can("refuse"),
        needs_reason=True,
        offered=access.is_of_desk,
        bulk=True,
        tone="danger",
        description=_("理由会给本人看，请写清楚差什么、怎么补。"),
    ),
    Act(
        "end",
        _("结束"),
        run=_end,
        allowed=tying.decides,
        possible=can("end"),
        form_class=EndForm,
        description=_("搬走了、卖掉了。记录保留；只凭这一条当户代表的，同时不再是户代表。"),
    ),
)


class TieForm(EnteredForm):
    """A tie that somebody came to the desk for, or phoned about: by which channel, with which paper."""

    begun_for = "person"


class _Tie(EnteredPage, _OfHousehold):
    """``typed`` is what the form asks beside the channel and the paper; ``shown`` what stands first on the page."""

    form = TieForm
    acts = TIE_ACTS
    typed: ClassVar[tuple[str, ...]] = ()
    shown: ClassVar[tuple[str, ...]] = ()
    state_tones = {
        TieState.CLAIMED: "wait",
        TieState.CONFIRMED: "done",
        TieState.REFUSED: "stop",
        TieState.WITHDRAWN: "plain",
        TieState.ENDED: "plain",
    }
    list_filter: ClassVar[Any] = ("state", Overdue, *_PLACE, ("since", DayRange))
    ordering: ClassVar[Any] = ("-state_since", "-id")  # what was said or decided last

    def rows(self, user: Any) -> Any:
        return super().rows(user).prefetch_related("typist")  # not joined: a page of them reads a few accounts

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who typed it without a paper reads why another one confirms it."""
        if obj is None:
            return (*self.typed, "channel", "paper")
        alone = obj.state == TieState.CLAIMED and tying.is_alone(request.user, obj)
        return (*self.shown, *(("second",) if alone else ()), "channel", "typist", "paper_link")

    @admin.display(description=_("谁来确认"))
    def second(self, obj: Any) -> str:
        return str(_("您录入的，没有附纸质单：请另一位工作人员确认。"))

    def entered(self, request: HttpRequest, form: Any) -> dict[str, Any]:
        """What both kinds of claim take from the form; the paper is kept now."""
        return {
            "actor_id": who(request).pk,
            "actor_part": "staff",
            "at": clock.now(),
            "channel": form.cleaned_data["channel"],
            "scan": form.kept_scan(tying.TIE_SCAN),
        }


@admin.register(Ownership)
class OwnershipAdmin(_Tie):
    list_display = ("household", "person", "share", "since", "until", "state_badge")

    typed = ("household", "person", "share_numerator", "share_denominator", "since")
    shown = ("household", "person", "share", "since", "until", "state_badge")

    def store(self, request: HttpRequest, obj: Ownership, form: Any, change: bool) -> None:
        claimed = tying.claim_ownership(
            person=obj.person,
            household=obj.household,
            since=obj.since,
            share=Fraction(obj.share_numerator, obj.share_denominator),
            **self.entered(request, form),
        )
        self.adopt(obj, claimed)

    @admin.display(description=_("份额"))
    def share(self, obj: Ownership) -> str:
        whole = obj.share_numerator == obj.share_denominator
        return str(_("全部")) if whole else f"{obj.share_numerator}/{obj.share_denominator}"


@admin.register(Residency)
class ResidencyAdmin(_Tie):
    list_display = ("household", "person", "kind", "since", "until", "state_badge")
    list_filter: ClassVar[Any] = ("state", Overdue, "kind", *_PLACE, ("since", DayRange))

    typed = ("household", "person", "kind", "since")
    shown = ("household", "person", "kind", "since", "until", "state_badge")

    def store(self, request: HttpRequest, obj: Residency, form: Any, change: bool) -> None:
        claimed = tying.claim_residency(
            person=obj.person,
            household=obj.household,
            kind=obj.kind,
            since=obj.since,
            **self.entered(request, form),
        )
        self.adopt(obj, claimed)


def _end_representative(request: HttpRequest, row: Representative, cleaned: dict[str, Any]) -> None:
    tying.end_representative(representative=row, actor=who(request), at=clock.now(), reason=cleaned["reason"])


@admin.register(Representative)
class RepresentativeAdmin(ChoosesByPage, _OfHousehold):
    list_display = ("household", "person", "since", "until", "standing")
    list_filter = (Held, *_PLACE, ("since", DayRange))
    acts = (
        Act(
            "end",
            _("不再是户代表"),
            run=_end_representative,
            allowed=tying.decides,
            possible=lambda row: row.until is None,
            needs_reason=True,
            tone="danger",
            description=_("之后这一户没有户代表，直到另设一位。要换人，直接录入新的户代表即可，原来的会同时结束。"),
        ),
    )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("household", "person") if obj is None else ("household", "person", "since", "until", "standing")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj) if obj is not None else ()

    def store(self, request: HttpRequest, obj: Representative, form: Any, change: bool) -> None:
        new = tying.set_representative(household=obj.household, person=obj.person, actor=who(request), at=clock.now())
        self.adopt(obj, new)

    @admin.display(description=_("状态"))
    def standing(self, obj: Representative) -> Any:
        return badge(_("现任"), "done") if obj.until is None else badge(_("以前"), "plain")
