"""Where a person lives and what they own: as far as it is confirmed, and all that they ever claimed."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from portal.core.audit import label_of
from portal.core.models import Transition
from portal.core.promises import promised
from portal.places.models import Area, Household

from .models import Ownership, Person, Representative, Residency, TieState

MOST = 60  # of each kind: nobody has as many, a list without an end is none


def home_of(person: Person, community: Area) -> Household | None:
    """The household in ``community`` where ``person`` lives, confirmed; the latest where there are several."""
    residency = (
        Residency.objects.filter(
            person__in=person.resolved.record_ids(),
            state=TieState.CONFIRMED,
            household__building__community=community,
        )
        .select_related("household__building__grid", "household__building__estate")
        .order_by("-since", "-id")
        .first()
    )
    return residency.household if residency else None


@dataclass(frozen=True)
class HomeTie:
    """One tie of a person to a household, in words. ``reason`` is what the desk wrote when it did not hold."""

    tie: Any
    part: str
    state_text: str
    reason: str = ""

    @property
    def claimed(self) -> bool:
        return self.tie.state == TieState.CLAIMED

    @property
    def confirmed(self) -> bool:
        return self.tie.state == TieState.CONFIRMED

    @property
    def lives(self) -> bool:
        return isinstance(self.tie, Residency)

    @property
    def due_on(self) -> dt.date | None:
        """The last day on which the desk decides, while it has not."""
        return self.tie.due_on if self.claimed else None

    @property
    def due_text(self) -> str:
        """By when the desk looks at it, or by how long it is late; empty once it has."""
        return promised(
            self.due_on,
            ahead=_("社区会在%(day)s前核对，有结果告诉您"),
            past=_("社区本应在%(day)s前核对，已超期%(days)d天，正在催办"),
        )


@dataclass
class Home:
    """A household with every tie of one person to it, the standing ones first."""

    household: Household
    ties: list[HomeTie] = field(default_factory=list)
    speaks: bool = False

    @property
    def stands(self) -> bool:
        """Whether anything of it is confirmed or still to be decided on."""
        return any(tie.claimed or tie.confirmed for tie in self.ties)


def homes_of(user: Any) -> list[Home]:
    """Every home that the user's person claimed, those that stand first, then the latest: four queries, however many.

    Records merged into theirs count as theirs.
    """
    if user.person is None:
        return []
    own = {"person__in": user.person_ids}
    place = ("household__building__estate", "household__building__community", "household__building__grid")
    lives = list(Residency.objects.filter(**own).select_related(*place).order_by("-id")[:MOST])
    owns = list(Ownership.objects.filter(**own).select_related(*place).order_by("-id")[:MOST])
    last = {**_refusals(Residency, lives), **_refusals(Ownership, owns)}
    speaks = set(Representative.objects.filter(until__isnull=True, **own).values_list("household", flat=True))
    homes: dict[int, Home] = {}
    ties: list[Any] = [*lives, *owns]
    for tie in ties:
        home = homes.setdefault(tie.household_id, Home(tie.household, speaks=tie.household_id in speaks))
        home.ties.append(_home_tie(tie, last.get((type(tie), tie.pk))))
    for home in homes.values():
        home.ties.sort(key=lambda one: not (one.claimed or one.confirmed))
    return sorted(homes.values(), key=lambda home: not home.stands)


def _home_tie(tie: Any, refusal: Transition | None) -> HomeTie:
    part = tie.get_kind_display() if isinstance(tie, Residency) else _owned(tie)
    reason = refusal.remark.text if refusal is not None and hasattr(refusal, "remark") else ""
    return HomeTie(tie, part, tie.get_state_display(), reason)


def _owned(tie: Ownership) -> str:
    if tie.share_numerator == tie.share_denominator:
        return _("产权人")
    return _("产权人（%(share)s）") % {"share": f"{tie.share_numerator}/{tie.share_denominator}"}


def _refusals(model: type[Any], ties: Iterable[Any]) -> dict[tuple[type[Any], int], Transition]:
    """By tie, the move by which a claim came to nothing, with what the desk wrote; one query, none for none."""
    ids = [tie.pk for tie in ties if tie.state == TieState.REFUSED]
    if not ids:
        return {}
    moves = Transition.objects.filter(subject_type=label_of(model), subject_id__in=ids, target=TieState.REFUSED)
    return {(model, move.subject_id): move for move in moves.select_related("remark").order_by("id")}
