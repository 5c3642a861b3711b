"""Exports of the desk's lists and each time one was downloaded."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.appendonly import append_only
from portal.core.models import StoredFile
from portal.core.moves import Move, MoveTable, Stateful
from portal.core.sealed import SealedField, SealedJSONField
from portal.people.models import User
from portal.places.models import Area

from ..exports.querysets import ExportQuerySet


class ExportState(models.TextChoices):
    PENDING = "pending", _("待批准")
    APPROVED = "approved", _("已批准")
    BUILDING = "building", _("生成中")
    READY = "ready", _("可下载")
    EXPIRED = "expired", _("已过期")
    REFUSED = "refused", _("不批准")
    WITHDRAWN = "withdrawn", _("已撤回")
    FAILED = "failed", _("生成失败")


S = ExportState


class Export(Stateful):
    """One request for an Excel of one of the desk's lists, and what became of it.

    ``area`` covers every record in it: whoever approves holds an office there or above. ``listing`` is the list as it
    stood (query, search, the words for both); a search may hold a name. ``offices`` are the roles by which the
    requester saw the rows (0: the administrator): when one of them ends, nothing leaves. ``masked`` is lifted by an
    approver alone, for ``whole_columns``. While it is built ``beat_at`` says that somebody is still at it.
    """

    State = ExportState

    MOVES = MoveTable.of(
        Move("approve", [S.PENDING], S.APPROVED, _("已批准")),
        Move("refuse", [S.PENDING], S.REFUSED, _("不批准"), needs_reason=True),
        Move("withdraw", [S.PENDING, S.APPROVED, S.BUILDING, S.READY], S.WITHDRAWN, _("申请人撤回，文件作废")),
        Move("revoke", [S.APPROVED, S.BUILDING, S.READY], S.WITHDRAWN, _("批准收回，文件作废"), needs_reason=True),
        Move("leave", [S.PENDING, S.APPROVED, S.BUILDING, S.READY], S.WITHDRAWN, _("申请人不再任职，文件作废")),
        Move("build", [S.APPROVED], S.BUILDING, _("开始生成")),
        Move("restart", [S.BUILDING], S.APPROVED, _("生成中断，重新排队")),
        Move("finish", [S.BUILDING], S.READY, _("生成完毕，可以下载")),
        Move("fail", [S.APPROVED, S.BUILDING], S.FAILED, _("生成失败"), needs_reason=True),
        Move("expire", [S.READY], S.EXPIRED, _("已过期，文件作废")),
        Move("use_up", [S.READY], S.EXPIRED, _("下载次数用完，文件作废")),
        Move("lapse", [S.PENDING], S.EXPIRED, _("等了太久没有人批，作废")),
    )

    state = models.CharField(_("状态"), max_length=10, choices=S.choices, default=S.PENDING, editable=False)
    number = models.CharField(_("导出编号"), max_length=20, unique=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("涉及区域"))
    source = models.CharField(_("名单"), max_length=60)
    requester = models.ForeignKey(User, models.PROTECT, related_name="exports", verbose_name=_("申请人"))
    approver = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("审批人"), editable=False
    )
    offices = models.JSONField(default=list)
    purpose = SealedField(_("用途"), blank=True)
    listing = SealedJSONField(_("筛选条件"), default=dict)
    columns = models.JSONField(_("列"), default=list)
    whole_columns = models.JSONField(_("申请不遮盖的列"), default=list)
    whole_reason = SealedField(_("为什么要完整的"), blank=True, default="")
    masked = models.BooleanField(_("遮盖个人信息"), default=True, editable=False)
    rows_asked = models.PositiveIntegerField(_("申请时条数"))
    rows_total = models.PositiveIntegerField(_("条数"), null=True, editable=False)
    rows_done = models.PositiveIntegerField(default=0, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    beat_at = models.DateTimeField(null=True, editable=False)
    file = models.OneToOneField(StoredFile, models.PROTECT, null=True, related_name="+", editable=False)
    expires_at = models.DateTimeField(_("下载截止"), null=True, editable=False)
    downloads_allowed = models.PositiveSmallIntegerField(_("可下载次数"), default=3)
    created_at = models.DateTimeField(_("申请时间"), default=timezone.now, editable=False)
    erased_on = models.DateField(null=True, editable=False)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("导出")
        verbose_name_plural = _("导出")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approver__isnull=True) | ~models.Q(approver=models.F("requester")),
                name="export_approved_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(masked=True) | models.Q(approver__isnull=False), name="export_whole_is_approved"
            ),
            models.CheckConstraint(
                condition=models.Q(state=S.READY, file__isnull=False, expires_at__isnull=False)
                | (~models.Q(state=S.READY) & models.Q(file__isnull=True)),
                name="export_file_while_ready",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "state_since"], name="export_state"),
            models.Index(fields=["requester", "-id"], name="export_requester"),
            models.Index(fields=["area", "state"], name="export_area"),
            models.Index(fields=["state_since"], condition=models.Q(erased_on__isnull=True), name="export_to_erase"),
        ]

    def __str__(self) -> str:
        return self.number


@append_only
class ExportDownload(models.Model):
    """That the file went out, the ``ordinal``-th time."""

    export = models.ForeignKey(Export, models.PROTECT, related_name="downloads")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    ordinal = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("导出下载记录")
        verbose_name_plural = _("导出下载记录")
        constraints = [models.UniqueConstraint(fields=["export", "ordinal"], name="export_download_counted_once")]
