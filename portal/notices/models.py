"""Messages to people: each is kept in the portal; a delivery beside it carries it outside where the person chose so."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.sealed import SealedField
from portal.people.models import Person, User

from . import quiet
from .querysets import DeliveryQuerySet, NoticeQuerySet
from .wording import Channel, kind_label


class Notice(models.Model):
    """One message. ``kind`` is a room's word (``wishes``); ``url`` is a path of this site."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="notices", verbose_name=_("收件人"))
    kind = models.CharField(_("类别"), max_length=30)
    title = SealedField(_("标题"))
    body = SealedField(_("内容"), blank=True, default="")
    url = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    read_at = models.DateTimeField(_("已读"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("消息")
        verbose_name_plural = _("消息")
        indexes = [
            models.Index(fields=["person", "-id"], name="notice_person"),
            models.Index(fields=["person"], condition=models.Q(read_at__isnull=True), name="notice_unread"),
            models.Index(fields=["at"], name="notice_at"),
        ]


class Delivery(models.Model):
    """The outbox: a notice on its way outside. At least once inside, at most once outside.

    ``sending`` is set before the provider is called. A row found in it later was cut off half-way: it is sent once more
    only where the provider drops a repeat of ``key``; otherwise it becomes ``uncertain`` and is left to a person.
    ``stuck_at`` is when it first needed one. ``dropped`` is what need not go any more: the person switched it off, or
    the desk said so.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("待发送")
        SENDING = "sending", _("发送中")
        SENT = "sent", _("已发送")
        FAILED = "failed", _("发送失败")
        UNCERTAIN = "uncertain", _("不确定是否送达")
        DROPPED = "dropped", _("不再发")

    STUCK = (State.FAILED, State.UNCERTAIN)

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    channel = models.CharField(
        _("渠道"), max_length=8, choices=[(Channel.SMS, Channel.SMS.label), (Channel.EMAIL, Channel.EMAIL.label)]
    )
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.QUEUED)
    key = models.UUIDField(default=uuid.uuid4, unique=True, help_text="the idempotency key the provider sees")
    attempts = models.PositiveSmallIntegerField(_("试过几次"), default=0)
    next_attempt = models.DateTimeField(_("下次发送"), default=timezone.now)
    changed_at = models.DateTimeField(_("最近变化"), default=timezone.now)
    stuck_at = models.DateTimeField(_("没发出去的时间"), null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("发送记录")
        verbose_name_plural = _("发送记录")
        constraints = [models.UniqueConstraint(fields=["notice", "channel"], name="one_delivery_per_channel")]
        indexes = [
            models.Index(fields=["state", "next_attempt"], name="delivery_due"),
            models.Index(fields=["-id"], condition=models.Q(stuck_at__isnull=False), name="delivery_stuck"),
        ]

    def __str__(self) -> str:
        return f"{kind_label(self.notice.kind)} · {self.get_channel_display()}"


class NoticeChoice(models.Model):
    """That a person chose otherwise than a kind does by itself, for one channel."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notice_choices", verbose_name=_("账号"))
    kind = models.CharField(_("类别"), max_length=30)
    channel = models.CharField(_("渠道"), max_length=8, choices=Channel.choices)
    on = models.BooleanField(_("要不要"))

    class Meta:
        verbose_name = _("消息选择")
        verbose_name_plural = _("消息选择")
        constraints = [models.UniqueConstraint(fields=["user", "kind", "channel"], name="one_choice_per_kind_channel")]


class QuietHours(models.Model):
    """The hours in which a person wants nothing outside that is not urgent. Who chose none has the usual ones."""

    user = models.OneToOneField(User, models.CASCADE, related_name="quiet_hours", verbose_name=_("账号"))
    kept = models.BooleanField(_("夜里不打扰"), default=True)
    begin = models.TimeField(_("从"), default=quiet.BEGIN)
    end = models.TimeField(_("到"), default=quiet.END)

    class Meta:
        verbose_name = _("不打扰时间")
        verbose_name_plural = _("不打扰时间")
        constraints = [
            models.CheckConstraint(condition=~models.Q(begin=models.F("end")), name="quiet_hours_last_some_time")
        ]


class Digest(models.Model):
    """That the day's list of work was put together for one member of staff; ``told`` where there was any."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("账号"))
    day = models.DateField(_("日期"))
    told = models.BooleanField(_("有没有要办的"), default=False)

    class Meta:
        verbose_name = _("每日待办")
        verbose_name_plural = _("每日待办")
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="one_digest_per_day")]
