"""For whom one may act and who may act for one, today: guardianships and authorisations that the desk recorded."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.core import clock
from portal.people import consenting
from portal.people.consenting import Standing
from portal.people.models import Authorisation, Guardianship, Person

MOST = 50  # of each kind


@dataclass(frozen=True)
class Ward:
    """A child one is guardian of. ``consent`` is how a guardian's consent to the child's data stands, None from 14 on;
    ``agreed`` says who gave it; at ``consent_url`` one decides. ``others`` names who else is the child's guardian, or
    would be and waits for the desk: whoever is one already hears of it here too."""

    tie: Guardianship
    consent: Standing | None = None
    consent_url: str = ""
    agreed: str = ""
    others: str = ""

    @property
    def wanting(self) -> bool:
        """Whether nothing new can be done for the child before one agrees."""
        return self.consent is not None and self.consent != Standing.GIVEN


@dataclass(frozen=True)
class Family:
    """Four lists, each of relations in force on this day; among ``agents`` also those whom a second person of the desk
    has to look at, so that one can end it before."""

    wards: list[Ward]
    guardians: list[Guardianship]
    principals: list[Authorisation]
    agents: list[Authorisation]

    @property
    def empty(self) -> bool:
        return not (self.wards or self.guardians or self.principals or self.agents)


def family_of(user: Any) -> Family:
    """The relations of the user's person, those of records merged into it included: a few queries, however many there
    are; none for an account that is nobody's."""
    if user.person is None:
        return Family([], [], [], [])
    own, today = user.person_ids, clock.today()
    guardianships = Guardianship.objects.in_force(today).order_by("pk")
    authorisations = Authorisation.objects.in_force(today).order_by("pk")
    return Family(
        wards=_wards(list(guardianships.filter(guardian__in=own).select_related("child")[:MOST]), own, today),
        guardians=list(guardianships.filter(child__in=own).select_related("guardian")[:MOST]),
        principals=list(authorisations.filter(agent__in=own).select_related("principal")[:MOST]),
        agents=list(
            (Authorisation.objects.in_force(today) | Authorisation.objects.waiting())
            .filter(principal__in=own)
            .select_related("agent")
            .order_by("pk")[:MOST]
        ),
    )


def _wards(ties: list[Guardianship], own: list[int], day: dt.date) -> list[Ward]:
    url = reverse("front:consent", args=[consenting.CHILD_PURPOSE])
    said = consenting.of_wards([tie.child for tie in ties], day) if ties else {}
    others = _other_guardians(ties, own, day) if ties else {}
    return [
        Ward(
            tie,
            said[tie.child_id][1].standing,
            f"{url}?child={said[tie.child_id][0]}",
            _agreed(said[tie.child_id][1], own),
            others=others[tie.child_id],
        )
        if tie.child_id in said
        else Ward(tie, others=others[tie.child_id])
        for tie in ties
    ]


def _other_guardians(ties: list[Guardianship], own: list[int], day: dt.date) -> dict[int, str]:
    """{record of a child: its other guardians in words}, by whichever of the child's records they are."""
    stands = Person.objects.records_of(tie.child_id for tie in ties)
    rows = (Guardianship.objects.in_force(day) | Guardianship.objects.waiting()).filter(child__in=list(stands))
    names: dict[int, list[str]] = defaultdict(list)
    for row in rows.exclude(guardian__in=own).select_related("guardian").order_by("pk")[:MOST]:
        words = _("%(name)s（%(relation)s，社区还在核对）") if row.waits else _("%(name)s（%(relation)s）")
        names[stands[row.child_id]].append(words % {"name": row.guardian.name, "relation": row.relation})
    return {tie.child_id: _("、").join(names[stands[tie.child_id]]) for tie in ties}


def _agreed(answer: consenting.Answer, own: list[int]) -> str:
    """Who agreed, said to one of the child's guardians: oneself, or another by name."""
    guardian = answer.record.guardian if answer.record is not None else None
    if guardian is None:
        return _("已同意")
    if guardian.pk in own:
        return _("您同意了")
    return _("%(name)s已同意") % {"name": guardian.name}


def authorisations_of(user: Any) -> Any:
    """Authorisations, ended ones too, in which the user's person is one of the two."""
    if user.person is None:
        return Authorisation.objects.none()
    own = user.person_ids
    mine = Q(principal__in=own) | Q(agent__in=own)
    return Authorisation.objects.filter(mine).select_related("principal", "agent")
