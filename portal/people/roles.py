"""The offices that a person can hold at an area."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
