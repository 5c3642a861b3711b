"""The section of “我的” about homes: what the person claimed and what was confirmed."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.core.registries import Row, Section, sections

from .models import Ownership, Residency, TieState

FEW = 6
TONES = {
    TieState.CLAIMED: "amber",
    TieState.CONFIRMED: "green",
    TieState.REFUSED: "plain",
    TieState.ENDED: "plain",
}


def rows_of(user: Any) -> list[Row]:
    """Homes where the person lives or that they own, the latest first: two queries."""
    if user.person is None:
        return []
    person = user.person.resolved
    household = "household__building__estate"
    lives = Residency.objects.filter(person=person).select_related(household).order_by("-id")[:FEW]
    owns = Ownership.objects.filter(person=person).select_related(household).order_by("-id")[:FEW]
    return [_row(tie, tie.get_kind_display()) for tie in lives] + [_row(tie, str(_("产权人"))) for tie in owns]


def _row(tie: Any, part: str) -> Row:
    return Row(
        title=str(tie.household),
        sub=part,
        badge_text=tie.get_state_display(),
        badge_tone=TONES[TieState(tie.state)],
    )


sections.add(
    Section(
        id="people.homes",
        title=_("我的家"),
        icon="house",
        rows=rows_of,
        shown=lambda user: user.person is not None,
        empty_text=_("还没有登记住在哪里。登记并由社区确认后，办事不用再填地址。"),
        more="front:homes",
        order=70,
    )
)
