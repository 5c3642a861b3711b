"""Who may do what by role: predicates and scopes that every room's ``access`` stands on."""

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from portal.core import clock
from portal.places.models import Area, Level

from .roles import READERS, RoleKind

if TYPE_CHECKING:
    from .models import Role


def roles_of(user: Any, kinds: frozenset[RoleKind] | None = None) -> "list[Role]":
    """The user's roles in force, of ``kinds`` if given."""
    if not user.is_authenticated or not user.is_active:
        return []
    return [role for role in user.current_roles if kinds is None or role.kind in kinds]


def scope_q(user: Any, kinds: frozenset[RoleKind] = READERS, *, prefix: str = "") -> Q:
    """A condition on rows that carry ``community`` and ``grid``: below an area where the user holds one of ``kinds``.

    The administrator's scope is everything; nobody's is nothing. ``prefix`` leads to the scoped row (``wish__``).
    """
    if user.is_authenticated and user.is_active and user.is_superuser:
        return ~Q(pk__in=[])  # true for every row; an empty Q would vanish in “scope or own”
    scope = Q(**{f"{prefix}pk__in": []})
    for role in roles_of(user, kinds):
        if role.area.level == Level.GRID:
            scope |= Q(**{f"{prefix}grid": role.area_id})
        elif role.area.level == Level.COMMUNITY:
            scope |= Q(**{f"{prefix}community": role.area_id})
        else:
            below = Area.objects.below(role.area).communities()
            scope |= Q(**{f"{prefix}community__in": below.values("pk")})
    return scope


def holds(user: Any, kinds: frozenset[RoleKind], *, community: Area, grid: Area | None = None) -> bool:
    """Whether the user holds one of ``kinds`` over this place; the administrator holds them all."""
    if user.is_authenticated and user.is_active and user.is_superuser:
        return True
    path = (grid or community).path
    return any(path.startswith(role.area.path) for role in roles_of(user, kinds))


def communities_of(user: Any, kinds: frozenset[RoleKind] = READERS) -> Any:
    """The communities in the user's scope, for choices and filters (a grid's own community counts)."""
    if user.is_authenticated and user.is_active and user.is_superuser:
        return Area.objects.communities()
    roles = roles_of(user, kinds)
    condition = Q(pk__in=[role.area.parent_id for role in roles if role.area.level == Level.GRID])
    for role in roles:
        condition |= Q(path__startswith=role.area.path)
    return Area.objects.communities().filter(condition)


def parts_of(user: Any) -> dict[int, str]:
    """Person id → the part in which ``user`` may act for them today: requester, guardian or relative.

    Every record of oneself (merged ones too), children under 18 with a guardianship in force, and elders with an
    authorisation in force.
    """
    if not user.is_authenticated or not user.is_active or not user.person_id:
        return {}
    own, today = user.person_ids, clock.today()
    wards = user.person.wards.model.objects.in_force(today).filter(guardian__in=own)
    principals = user.person.acts_for.model.objects.in_force(today).filter(agent__in=own)
    return {
        **dict.fromkeys(principals.values_list("principal", flat=True), "relative"),
        **dict.fromkeys(wards.values_list("child", flat=True), "guardian"),
        **dict.fromkeys(own, "requester"),
    }


def acts_for(user: Any, person: Any) -> str:
    """The part in which ``user`` may act for ``person`` today; empty for none."""
    parts = parts_of(user)
    return parts.get(person.pk) or parts.get(person.resolved.pk, "")


def is_own(user: Any, *person_ids: int | None) -> bool:
    """Whether one of these persons is the user: nobody decides on their own matters at the desk."""
    return bool(user.is_authenticated and user.person_id) and not set(user.person_ids).isdisjoint(person_ids)
