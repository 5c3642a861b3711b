"""The offices that a person can hold at an area, and where each is held."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.places.models import Level


class RoleKind(models.TextChoices):
    WORKER = "worker", _("社区工作者")
    GRID_WORKER = "grid_worker", _("网格员")
    GRID_HEAD = "grid_head", _("网格长")
    BRANCH_SECRETARY = "branch_secretary", _("小区支部书记")
    HEAD = "head", _("社区负责人")
    SUPERVISOR = "supervisor", _("街道主管")
    COUNSELLOR = "counsellor", _("心理咨询师")
    MEDIATOR = "mediator", _("调解员")
    PRIVACY_OFFICER = "privacy_officer", _("个人信息保护员")


# The desk: they enter, review and dispatch. 街道主管 reads. Specialists see only what their own rooms open to them.
DESK = frozenset({RoleKind.WORKER, RoleKind.GRID_WORKER, RoleKind.GRID_HEAD, RoleKind.BRANCH_SECRETARY, RoleKind.HEAD})
READERS = DESK | {RoleKind.SUPERVISOR}

_ABOVE = frozenset({Level.SUBDISTRICT, Level.DISTRICT, Level.CITY})
# An office holds for everything below its area: held one level too high it would open what is none of its business.
HELD_AT: dict[RoleKind, frozenset[Level]] = {
    RoleKind.WORKER: frozenset({Level.COMMUNITY}),
    RoleKind.HEAD: frozenset({Level.COMMUNITY}),
    RoleKind.GRID_WORKER: frozenset({Level.GRID}),
    RoleKind.GRID_HEAD: frozenset({Level.GRID}),
    RoleKind.BRANCH_SECRETARY: frozenset({Level.COMMUNITY, Level.GRID}),
    RoleKind.COUNSELLOR: frozenset({Level.COMMUNITY, Level.SUBDISTRICT}),
    RoleKind.MEDIATOR: frozenset({Level.COMMUNITY, Level.SUBDISTRICT}),
    RoleKind.SUPERVISOR: _ABOVE,
    RoleKind.PRIVACY_OFFICER: _ABOVE | {Level.COMMUNITY},
}


def levels_of(kind: str) -> list[Level]:
    """At which levels ``kind`` is held, from the city down; none for a word that is no office."""
    held = HELD_AT.get(RoleKind(kind), frozenset()) if kind in RoleKind.values else frozenset()
    return [level for level in Level if level in held]


def fits(kind: str, level: str) -> bool:
    """Whether ``kind`` is held at areas of ``level``."""
    return level in levels_of(kind)


def placed_q() -> models.Q:
    """Rows whose ``kind`` is held at their ``level``: what the database holds of every office in force."""
    condition = models.Q()
    for kind, levels in HELD_AT.items():
        condition |= models.Q(kind=kind.value, level__in=[level.value for level in Level if level in levels])
    return condition
