"""Who may ask for an export, decide on it, and fetch it.

Two persons, always: there is no option that lets a small office do with one. Where a community has nobody but the
requester, the office above decides; the administrator, who keeps the system, decides on nobody's data and appoints
somebody who does. That the approver's own record stands among the rows is no
hindrance: the head of a community lives in one; what counts is that somebody who does not get the file said yes to it.
"""

from typing import Any

from django.utils.translation import gettext as _

from portal.people.access import is_own, roles_of
from portal.people.models import Role, User
from portal.places.models import Area

from ..models import Export, ExportState
from .querysets import APPROVERS
from .sources import ExportSource, sources

ADMINISTRATOR = 0  # in ``Export.offices``


def is_administrator(user: Any) -> bool:
    """The administrator, with an account in force."""
    return bool(user.is_authenticated and user.is_active and user.is_superuser)


def offices(user: Any, source: ExportSource) -> list[int]:
    """By which offices ``user`` may ask for ``source``: ids of roles, or ``ADMINISTRATOR``; empty for none."""
    if is_administrator(user):
        return [ADMINISTRATOR]
    return sorted(role.pk for role in roles_of(user, source.kinds))


def may_ask(user: Any, source: ExportSource) -> bool:
    """Ask for this list at all; which rows there are is another question (``listing``)."""
    return bool(offices(user, source))


def may_ask_any(user: Any) -> bool:
    """Ask for some list."""
    return any(may_ask(user, source) for source in sources)


def may_open(user: Any) -> bool:
    """Open the list of exports: whoever may ask for one or decide on one."""
    return may_ask_any(user) or bool(roles_of(user, APPROVERS))


def still_entitled(export: Export, user: Any) -> bool:
    """Whether the requester holds every office by which the rows of ``export`` were seen. Asked of a fresh ``user``."""
    if export.source not in sources or not export.offices or user.pk != export.requester_id:
        return False
    return set(export.offices) <= set(offices(user, sources[export.source]))


def covers(user: Any, area: Area) -> bool:
    """Whether ``user`` may approve what lies in ``area``: 社区负责人 or 个人信息保护员 there or above. Being the
    administrator is no such office."""
    return any(area.path.startswith(role.area.path) for role in roles_of(user, APPROVERS))


def may_decide(user: Any, export: Export) -> bool:
    """Approve, refuse or take back: whoever covers the area, and is not the requester under any account."""
    own = user.pk == export.requester_id or is_own(user, export.requester.person_id)
    return not own and covers(user, export.area)


def may_withdraw(user: Any, export: Export) -> bool:
    return bool(user.is_active and user.pk == export.requester_id)


def may_fetch(user: Any, export: Export) -> bool:
    """The requester alone, while the offices last; neither the approver nor the administrator."""
    return may_withdraw(user, export) and still_entitled(export, user)


def approvers(area: Area, *, besides: User) -> list[User]:
    """Whose word can be asked for: those who hold the office at or above ``area``, but never ``besides``."""
    held = Role.objects.current().filter(kind__in=APPROVERS, area__in=area.lineage_ids, user__is_active=True)
    others = User.objects.filter(pk__in=held.exclude(user=besides).values("user")).select_related("person")
    return [user for user in others.order_by("pk") if not is_own(user, besides.person_id)]


def nobody_decides(area: Area, *, besides: User) -> str:
    """That nobody can say yes to what ``besides`` asks for in ``area``, and whom to turn to; empty where one can."""
    if approvers(area, besides=besides):
        return ""
    return _(
        "除了您以外，%(area)s现在没有人能批这份导出：没有别的社区负责人或个人信息保护员在任。"
        "请街道报系统管理员任命一位，再来申请；能筛到一个有人批的社区，也可以先筛选。"
    ) % {"area": area}


def open_states() -> tuple[ExportState, ...]:
    """States in which a file exists or may still come to exist."""
    return (ExportState.PENDING, ExportState.APPROVED, ExportState.BUILDING, ExportState.READY)
