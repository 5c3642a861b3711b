"""Where a person lives, as far as it is confirmed."""

from portal.places.models import Area, Household

from .models import Person, Residency, TieState


def home_of(person: Person, community: Area) -> Household | None:
    """The household in ``community`` where ``person`` lives, confirmed; the latest where there are several."""
    residency = (
        Residency.objects.filter(person=person, state=TieState.CONFIRMED, household__building__community=community)
        .select_related("household__building__grid", "household__building__estate")
        .order_by("-since", "-id")
        .first()
    )
    return residency.household if residency else None
