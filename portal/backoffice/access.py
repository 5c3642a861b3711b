"""Who sees and edits the records of the rooms below — places, people, accounts — in the back office.

Rows first (what exists for a member of staff), then rights. A stranger's row is not there; a reader's right ends
where the desk's begins.
"""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from portal.core.models import AuditEntry, Transition
from portal.people.access import communities_of, holds, one_of, roles_of, scope_q, stood_for, upward
from portal.people.contacting import CONTACT_SHOWN, PHONE_SEARCHED
from portal.people.models import Ownership, Person, PersonArea, Representative, Residency, Role, User
from portal.people.roles import DESK, READERS, RoleKind
from portal.places.models import Area, Building, Estate, Household
from portal.places.querysets import AreaQuerySet

EDITORS = frozenset({RoleKind.WORKER, RoleKind.HEAD})  # who keep the list of buildings and households
OFFICE_VIEWERS = frozenset({RoleKind.HEAD, RoleKind.SUPERVISOR})  # who see accounts and offices
AUDITORS = frozenset({RoleKind.PRIVACY_OFFICER})


def is_administrator(user: Any) -> bool:
    """The administrator, with an account in force."""
    return bool(user.is_authenticated and user.is_active and user.is_superuser)


def is_one_of(user: Any, kinds: frozenset[RoleKind]) -> bool:
    """The administrator, or whoever holds one of ``kinds`` anywhere."""
    return is_administrator(user) or bool(roles_of(user, kinds))


def is_of_desk(user: Any) -> bool:
    """The administrator, or whoever is of any desk at all."""
    return is_one_of(user, DESK)


# -- places ------------------------------------------------------------------------------------------------------------


def areas_in(user: Any, kinds: frozenset[RoleKind] = READERS) -> AreaQuerySet:
    """Areas at and below the user's, and the community that a grid of theirs belongs to."""
    if is_administrator(user):
        return Area.objects.all()
    roles = roles_of(user, kinds)
    parents = Q(pk__in=[role.area.parent_id for role in roles if role.area.level == Area.Level.GRID])
    below = Q(pk__in=Area.objects.below(*(role.area for role in roles)).values("pk"))
    return Area.objects.filter(parents | below)


def only_community(user: Any) -> dict[str, int]:
    """What a form begins with: the only community that ``user`` can choose is chosen; nothing where there are more."""
    own = communities_of(user, DESK).values_list("pk", flat=True)[:2]
    return {"community": own[0]} if len(own) == 1 else {}


def estates_in(user: Any) -> QuerySet[Estate]:
    """Estates of the communities in the user's scope."""
    return Estate.objects.filter(community__in=communities_of(user).values("pk"))


def buildings_in(user: Any) -> QuerySet[Building]:
    """Buildings of the user's communities and grids."""
    return Building.objects.filter(scope_q(user))


def households_in(user: Any) -> QuerySet[Household]:
    """Households of those buildings."""
    return Household.objects.filter(scope_q(user, prefix="building__"))


def may_edit_places(user: Any, *, community: Area, grid: Area | None = None) -> bool:
    """Keep the buildings and households of this place."""
    return holds(user, EDITORS, community=community, grid=grid)


def is_head_of(user: Any, area: Area) -> bool:
    """社区负责人 of ``area`` or of one above it, or the administrator: decides its options and its public numbers."""
    if is_administrator(user):
        return True
    return any(area.path.startswith(role.area.path) for role in roles_of(user, frozenset({RoleKind.HEAD})))


# -- people ------------------------------------------------------------------------------------------------------------


def people_in(user: Any, kinds: frozenset[RoleKind] = READERS) -> QuerySet[Person]:
    """Living records of those who belong to the user's areas, be it by a record that was merged into the living one.
    Being somebody's relative opens no page here."""
    if is_administrator(user):
        return Person.objects.live()
    return Person.objects.live().filter(pk__in=stood_for(PersonArea.objects.filter(scope_q(user, kinds))))


def of_people_in(user: Any, path: str) -> Q:
    """That ``path`` leads to a record of somebody in the user's scope.

    EXISTS on indexed columns: a list stops at its page, and no table is joined whole as an OR of INs would be. The
    record may be a merged one, and a person belong somewhere by another one: a few ids, found by index."""
    if is_administrator(user):
        return ~Q(pk__in=[])
    here = PersonArea.objects.filter(scope_q(user))
    condition = one_of(path, stood_for(here, besides=True))
    for record in upward(path):
        condition |= Q(Exists(here.filter(person=OuterRef(record))))
    return condition


def ties_in(user: Any, model: type[Ownership | Residency | Representative]) -> QuerySet[Any]:
    """Ownerships, residencies or representatives of the households in the user's scope."""
    return model._default_manager.filter(scope_q(user, prefix="household__building__"))


# -- accounts and offices ----------------------------------------------------------------------------------------------


def roles_in(user: Any) -> QuerySet[Role]:
    """Offices at and below the areas that the user heads, supervises or guards."""
    if is_administrator(user):
        return Role.objects.all()
    held = roles_of(user, OFFICE_VIEWERS | AUDITORS)
    return Role.objects.filter(area__in=Area.objects.below(*(role.area for role in held)).values("pk"))


def accounts_in(user: Any) -> QuerySet[User]:
    """Accounts of people in the user's scope, and of those who hold an office in it."""
    if is_administrator(user):
        return User.objects.all()
    in_office = Exists(roles_in(user).filter(user=OuterRef("pk")))
    return User.objects.filter(of_people_in(user, "person") | in_office)


# -- the record --------------------------------------------------------------------------------------------------------


def _actors_in(user: Any) -> Any:
    """Ids of those whose acts a 个人信息保护员 reads: who holds or held an office at or below the officer's area, and
    the people of that area."""
    guarded = Area.objects.below(*(role.area for role in roles_of(user, AUDITORS))).values("pk")
    people = stood_for(PersonArea.objects.filter(scope_q(user, AUDITORS)))
    residents = User.objects.filter(one_of("person", people)).values("pk")
    return residents.union(Role.objects.filter(area__in=guarded).values("user"))


def looks_seen_by(user: Any) -> Q:
    """Which lines of a person's record ``user`` may read: all but the looks of other places at the person's contact.

    Who belongs to two communities is looked up by both. A look is read by the person, by whoever looked, by the desk
    of the place for which it was done (an office held there at that moment), and by those who oversee that place; it
    is none of the other community's business. The administrator's own looks, and the system's, are hidden from nobody.
    """
    if is_administrator(user):
        return Q()
    roles = roles_of(user, READERS | AUDITORS)
    above = [pk for role in roles for pk in role.area.lineage_ids]
    places = Q(area__in=areas_in(user, READERS | AUDITORS).values("pk")) | Q(area__in=above)
    then = Q(until__isnull=True) | Q(until__gt=OuterRef("at"))
    offices = Role.objects.filter(places, then, user=OuterRef("actor_id"), since__lte=OuterRef("at"))
    administrators = User.objects.filter(is_superuser=True).values("pk")
    ours = Q(actor_id__isnull=True) | Q(actor_id=user.pk) | Q(actor_id__in=administrators) | Q(Exists(offices))
    return ~Q(verb__in=(CONTACT_SHOWN, PHONE_SEARCHED)) | ours


def audit_entries_in(user: Any) -> QuerySet[AuditEntry]:
    """Audit entries that the user may read: all for the administrator, those by people of the officer's area."""
    if is_administrator(user):
        return AuditEntry.objects.all()
    return AuditEntry.objects.filter(actor_id__in=_actors_in(user))


def transitions_in(user: Any) -> QuerySet[Transition]:
    """State changes that the user may read, by the same rule."""
    if is_administrator(user):
        return Transition.objects.all()
    return Transition.objects.filter(actor_id__in=_actors_in(user))
