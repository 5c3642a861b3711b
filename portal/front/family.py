"""For whom one may act and who may act for one, today: guardianships and authorisations that the desk recorded."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from portal.core import clock
from portal.people.models import Authorisation, Guardianship

MOST = 50  # of each kind


@dataclass(frozen=True)
class Family:
    """Four lists, each of relations in force on this day."""

    wards: list[Guardianship]
    guardians: list[Guardianship]
    principals: list[Authorisation]
    agents: list[Authorisation]

    @property
    def empty(self) -> bool:
        return not (self.wards or self.guardians or self.principals or self.agents)


def family_of(user: Any) -> Family:
    """The relations of the user's person, those of records merged into it included: four queries, none without one."""
    if user.person is None:
        return Family([], [], [], [])
    own, today = user.person_ids, clock.today()
    guardianships = Guardianship.objects.in_force(today).order_by("pk")
    authorisations = Authorisation.objects.in_force(today).order_by("pk")
    return Family(
        wards=list(guardianships.filter(guardian__in=own).select_related("child")[:MOST]),
        guardians=list(guardianships.filter(child__in=own).select_related("guardian")[:MOST]),
        principals=list(authorisations.filter(agent__in=own).select_related("principal")[:MOST]),
        agents=list(authorisations.filter(principal__in=own).select_related("agent")[:MOST]),
    )


def authorisations_of(user: Any) -> Any:
    """Authorisations, ended ones too, in which the user's person is one of the two."""
    if user.person is None:
        return Authorisation.objects.none()
    own = user.person_ids
    mine = Q(principal__in=own) | Q(agent__in=own)
    return Authorisation.objects.filter(mine).select_related("principal", "agent")
