"""Human beings, with or without an account, and what ties them to each other and to their consents."""

from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core import asked
from portal.core.appendonly import append_only
from portal.core.changes import changed, rows_changed
from portal.core.masking import mask_name, mask_phone
from portal.core.models import StoredFile
from portal.core.sealed import BlindIndexField, Indexed, SealedField
from portal.places.models import Area

from .. import phones
from ..querysets import PersonQuerySet


class Channel(models.TextChoices):
    ONLINE = "online", _("网上")
    PHONE = "phone", _("电话")
    VISIT = "visit", _("上门")
    COUNTER = "counter", _("窗口")


class Person(Indexed):
    """A human being. Several may share a contact phone; a child has guardians; a record may turn out to be another's.

    ``merged_into`` points at the record that stands for both; reads go through ``resolved``.
    """

    class Sex(models.TextChoices):
        FEMALE = "female", _("女")
        MALE = "male", _("男")

    name = models.CharField(_("姓名"), max_length=40)
    sex = models.CharField(_("性别"), max_length=6, choices=Sex.choices, blank=True)
    birth_date = models.DateField(_("出生日期"), null=True, blank=True)
    community = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("所在社区")
    )
    contact_phone = SealedField(_("联系电话"), blank=True, default="")
    contact_phone_index = BlindIndexField(source="contact_phone", purpose="people.phone", normalise=phones.normalise)
    address = SealedField(_("住址"), blank=True, default="")
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_records", editable=False
    )
    created_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    erased_on = models.DateField(_("个人信息已清除"), null=True, blank=True, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("人员")
        verbose_name_plural = _("人员")
        indexes = [
            models.Index(fields=["contact_phone_index"], name="person_phone_index"),
            models.Index(fields=["name"], name="person_name"),
            models.Index(fields=["community", "-id"], name="person_community"),
            models.Index(
                fields=["created_at"],
                condition=models.Q(erased_on__isnull=True, merged_into__isnull=True),
                name="person_to_erase",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")), name="person_not_merged_into_itself"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def resolved(self) -> "Person":
        """The record that stands for this person now. Of records merged in a circle, which the locks of merging keep
        from being, the last one that was not met before."""
        person, met = self, {self.pk}
        while (above := person.merged_into) is not None and above.pk not in met:
            person = above
            met.add(person.pk)
        return person

    def record_ids(self) -> list[int]:
        """This record and all that were merged into it, one query a generation; on a page once."""
        return list(asked.once((Person, self.pk), self._records))

    def _records(self) -> list[int]:
        found = frontier = [self.pk]
        while frontier:
            below = Person.objects.filter(merged_into__in=frontier).values_list("pk", flat=True)
            frontier = [pk for pk in below if pk not in found]
            found = [*found, *frontier]
        return found

    @property
    def name_masked(self) -> str:
        return mask_name(self.name)

    @property
    def phone_masked(self) -> str:
        return mask_phone(self.contact_phone)

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            if self.community_id:
                PersonArea.note(person_id=self.pk, community_id=self.community_id, telling=False)
            changed(self)


class PersonArea(models.Model):
    """A community that a person belongs to by home, residency, ownership, role or request: staff there may see them."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="areas")
    community = models.ForeignKey(Area, models.PROTECT, related_name="+")
    grid = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "community"], condition=models.Q(grid__isnull=True), name="person_community_once"
            ),
            models.UniqueConstraint(fields=["person", "community", "grid"], name="person_grid_once"),
        ]
        indexes = [
            models.Index(fields=["community", "person"], name="personarea_community"),
            models.Index(fields=["grid", "person"], name="personarea_grid"),
        ]

    @classmethod
    def note(cls, *, person_id: int, community_id: int, grid_id: int | None = None, telling: bool = True) -> None:
        """Remember that the person belongs there; repeating it changes nothing.

        ``telling=False`` is for who says by themselves, in the same transaction, that the person changed.
        """
        area = {"person_id": person_id, "community_id": community_id, "grid_id": grid_id}
        if PersonArea.objects.filter(**area).exists():
            return
        with transaction.atomic():
            PersonArea.objects.bulk_create([PersonArea(**area)], ignore_conflicts=True)
            if telling:
                rows_changed(Person, [person_id])


@append_only
class ConsentRecord(models.Model):
    """A consent given or withdrawn: for which purpose of the register, to which text, when, by which channel.

    Under 14 the guardian consents (个人信息保护法 第31条). Withdrawing is one row more, as easy as giving (第15条).
    """

    class Act(models.TextChoices):
        GIVEN = "given", _("同意")
        WITHDRAWN = "withdrawn", _("撤回")

    person = models.ForeignKey(Person, models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=60)
    act = models.CharField(max_length=10, choices=Act.choices)
    text_version = models.CharField(max_length=20)
    at = models.DateTimeField(default=timezone.now)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    guardian = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    paper = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("同意记录")
        verbose_name_plural = _("同意记录")
        indexes = [models.Index(fields=["person", "purpose", "-id"], name="consent_latest")]
