"""Messages to people: each is kept in the portal; a delivery beside it carries it outside where the person chose so."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.sealed import SealedField
from portal.people.models import Person

from .querysets import DeliveryQuerySet, NoticeQuerySet


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
        ]


class Delivery(models.Model):
    """The outbox: a notice on its way outside. At least once inside, at most once outside.

    ``sending`` is set before the provider is called; a row found in it later was cut off half-way, becomes
    ``uncertain`` and is left to a person.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("待发送")
        SENDING = "sending", _("发送中")
        SENT = "sent", _("已发送")
        FAILED = "failed", _("发送失败")
        UNCERTAIN = "uncertain", _("不确定是否送达")

    class Channel(models.TextChoices):
        SMS = "sms", _("短信")

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    key = models.UUIDField(default=uuid.uuid4, unique=True, help_text="the idempotency key the provider sees")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("发送记录")
        verbose_name_plural = _("发送记录")
        constraints = [models.UniqueConstraint(fields=["notice", "channel"], name="one_delivery_per_channel")]
        indexes = [models.Index(fields=["state", "next_attempt"], name="delivery_due")]
