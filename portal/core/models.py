"""Tables of the ground floor. None of them knows what it serves: subjects are a label and a number."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .appendonly import append_only
from .sealed import SealedField, SealedJSONField


@append_only
class Transition(models.Model):
    """One state change of one subject: who, when, from where to where. Holds opaque ids only."""

    subject_type = models.CharField(max_length=80)
    subject_id = models.BigIntegerField()
    name = models.CharField(max_length=40)
    source = models.CharField(max_length=40)
    target = models.CharField(max_length=40)
    actor_id = models.BigIntegerField(null=True)
    actor_part = models.CharField(max_length=20, help_text="the part the actor played: staff, requester, system …")
    at = models.DateTimeField()
    due_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("状态变更")
        verbose_name_plural = _("状态变更")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="transition_subject"),
            models.Index(fields=["actor_id", "-id"], name="transition_actor"),
        ]


@append_only
class AuditEntry(models.Model):
    """Who did what to which record. Holds opaque ids, field names and counts; never what a person typed."""

    at = models.DateTimeField(default=timezone.now)
    verb = models.CharField(max_length=60)
    actor_id = models.BigIntegerField(null=True)
    subject_type = models.CharField(max_length=80, blank=True)
    subject_id = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("操作记录")
        verbose_name_plural = _("操作记录")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="audit_subject"),
            models.Index(fields=["verb", "at"], name="audit_verb_at"),
            models.Index(fields=["actor_id", "at"], name="audit_actor_at"),
        ]


class Remark(models.Model):
    """What a person typed as a reason, beside the row it explains: sealed, and erasable where that row is not."""

    transition = models.OneToOneField(Transition, models.PROTECT, null=True, related_name="remark")
    audit_entry = models.OneToOneField(AuditEntry, models.PROTECT, null=True, related_name="remark")
    text = SealedField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(transition__isnull=False) ^ models.Q(audit_entry__isnull=False),
                name="remark_has_one_owner",
            )
        ]


class OnceKey(models.Model):
    """A creating form that was carried out, and where it led: the second sending of it leads there too."""

    owner = models.CharField(max_length=64)
    token = models.CharField(max_length=64)
    result = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "token"], name="once_per_owner_and_token")]


class NumberSeries(models.Model):
    """The last number given out in one series; its row lock makes the series gapless."""

    name = models.CharField(max_length=80, unique=True)
    last = models.PositiveBigIntegerField(default=0)


class Draft(models.Model):
    """What a person has typed into a form of several steps, until it is sent or expires."""

    owner_id = models.BigIntegerField()
    form = models.CharField(max_length=60)
    data = SealedJSONField(default=dict)
    updated_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner_id", "form"], name="one_draft_per_owner_and_form")]


class SavedFilter(models.Model):
    """What somebody narrowed a list to, under a name of their own. A search may hold a name: it is sealed."""

    owner_id = models.BigIntegerField()
    listing = models.CharField(max_length=80, help_text="the list's model label")
    name = models.CharField(max_length=20)
    query = SealedJSONField(default=dict, help_text="pairs of the address, and the search typed")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner_id", "listing", "name"], name="one_saved_filter_of_a_name")
        ]


def _storage_name(stored: "StoredFile", _filename: str) -> str:
    """A path that says nothing: neither the sender's file name nor the record it belongs to."""
    return f"{stored.id.hex[:2]}/{stored.id.hex}"


class StoredFile(models.Model):
    """A private file. It is served only through the view that asks the owning room's reader.

    The content is sealed at rest; ``size`` and ``sha256`` are of what it opens to.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60, help_text="which registered reader answers for it, e.g. wishes.scan")
    content = models.FileField(upload_to=_storage_name, db_index=True)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    key_id = models.CharField(
        max_length=60,
        blank=True,
        default="",
        help_text="the key that sealed the content; empty: it lies there in clear",
    )
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    owner_id = models.BigIntegerField(null=True, help_text="the account that sent it")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("文件")
        verbose_name_plural = _("文件")
        indexes = [models.Index(fields=["owner_id", "-created_at", "-id"], name="file_owner")]


class WorkdayOverride(models.Model):
    """A day that the office declares working or free, before or against the computed calendar."""

    day = models.DateField(_("日期"), unique=True)
    working = models.BooleanField(_("是否上班"))
    note = models.CharField(_("依据"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("工作日调整")
        verbose_name_plural = _("工作日调整")
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"


class ScheduledRun(models.Model):
    """When a periodic task ran last and when it is due next; claimed by compare-and-swap, so two clocks run it once."""

    name = models.CharField(max_length=80, unique=True)
    next_due = models.DateTimeField()
    last_started = models.DateTimeField(null=True)
    last_finished = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True, help_text="the exception's type; never its words")
