"""Who may do what by role: predicates and scopes that every room's ``access`` stands on."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from portal.core import clock
from portal.places.models import Area, Level

from .roles import READERS, RoleKind

if TYPE_CHECKING:
    from .models import Role

CHILD = 14  # under it the guardian decides: 个人信息保护法 第31条
MERGED_LEVELS = 3  # how many records deep a merging goes, so that queries can go as deep


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


def upward(path: str) -> list[str]:
    """``path``, which leads to a person's record, and the paths to the records that it is merged into."""
    return [path + "__merged_into" * level for level in range(MERGED_LEVELS + 1)]


def stood_for(areas: Any, *, besides: bool = False) -> Any:
    """Ids of the records in ``areas`` (rows of PersonArea) and of those that stand for them, for ``pk__in``: who
    belongs somewhere by one record is seen there by the one that stands. ``besides``: the latter alone."""
    rows = [areas.filter(**{f"{path}__isnull": False}).values(path) for path in upward("person")[1:]]
    return rows[0].union(*rows[1:]) if besides else areas.values("person").union(*rows)


def one_of(path: str, standing: Any) -> Q:
    """That the record at ``path`` is one of ``standing`` or was merged into one of them."""
    condition = Q(**{f"{path}__in": standing})
    for above in upward(path)[1:]:
        condition |= Q(**{f"{above}__in": standing})
    return condition


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

    Every record of oneself, of children under 18 with a guardianship in force, and of elders with an authorisation in
    force; merged ones too, whichever of them the tie was recorded for and whichever says the birth date.
    """
    if not user.is_authenticated or not user.is_active or not user.person_id:
        return {}
    own, today = user.person_ids, clock.today()
    wards = user.person.wards.model.objects.in_force(today).filter(guardian__in=own)
    principals = user.person.acts_for.model.objects.in_force(today).filter(agent__in=own)
    elders, children = (
        type(user.person).objects.records_of(set(ids))
        for ids in (principals.values_list("principal", flat=True), wards.values_list("child", flat=True))
    )
    return {
        **dict.fromkeys(elders, "relative"),
        **dict.fromkeys(children, "guardian"),
        **dict.fromkeys(own, "requester"),
    }


def acts_for(user: Any, person: Any) -> str:
    """The part in which ``user`` may act for ``person`` today; empty for none."""
    parts = parts_of(user)
    return parts.get(person.pk) or parts.get(person.resolved.pk, "")


def born_by(day: dt.date, years: int) -> dt.date:
    """The latest birth date of who is ``years`` old on ``day``."""
    return day.replace(year=day.year - years, day=min(day.day, 28) if day.month == 2 else day.day)


def decided_by(user: Any) -> dict[int, str]:
    """Record id → the part in which ``user`` decides on the person's own data today: oneself (requester), and the
    guardian of a child under 14. From 14 on they decide themselves, and a relative never does. A child of whom no
    record says a birth date counts as under 14."""
    parts = {pk: part for pk, part in parts_of(user).items() if part != "relative"}
    wards = [pk for pk, part in parts.items() if part == "guardian"]
    if not wards:
        return parts
    grown = type(user.person).objects.filter(pk__in=wards).with_born().filter(born__lte=born_by(clock.today(), CHILD))
    for pk in grown.values_list("pk", flat=True):
        del parts[pk]
    return parts


def decides_for(user: Any, person: Any) -> str:
    """The part in which ``user`` decides on the data of ``person`` today, requester or guardian; empty for none."""
    parts = decided_by(user)
    return parts.get(person.pk) or parts.get(person.resolved.pk, "")


def is_own(user: Any, *person_ids: int | None) -> bool:
    """Whether one of these persons is the user: nobody decides on their own matters at the desk."""
    return bool(user.is_authenticated and user.person_id) and not set(user.person_ids).isdisjoint(person_ids)
