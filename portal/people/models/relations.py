"""Who may act for whom: guardians of children, and relatives whom somebody entrusted with it."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.models import StoredFile

from ..querysets import GuardianshipQuerySet, TermQuerySet
from .persons import Channel, Person


class RelationState(models.TextChoices):
    """Only what is confirmed, or was until it ended, lets anybody do anything. What was refused never did."""

    ENTERED = "entered", _("待核对")
    CONFIRMED = "confirmed", _("已登记")
    REFUSED = "refused", _("未通过")
    ENDED = "ended", _("已结束")


class Relation(models.Model):
    """What both share: how it came to the desk (empty for what was recorded before that was asked), who typed it, and
    where a second person looked at the paper, who. One that is refused has ended on the day of it."""

    relation = models.CharField(_("关系"), max_length=20)
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=RelationState.choices, default=RelationState.CONFIRMED, editable=False
    )
    channel = models.CharField(_("渠道"), max_length=8, choices=Channel.choices, blank=True, default="")
    scan = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("纸质单扫描件")
    )
    recorded_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("谁录入")
    )
    checked_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("谁核对")
    )

    class Meta:
        abstract = True

    @property
    def parties(self) -> tuple[Person, Person]:
        """Whom it is about, and who acts for them."""
        raise NotImplementedError

    @property
    def waits(self) -> bool:
        """Whether a second person of the desk has to look at it first."""
        return self.state == RelationState.ENTERED and self.until is None


def _indexes(name: str) -> list[models.Index]:
    """The list at the desk, what has ended, and what waits for a second person."""
    return [
        models.Index(fields=["-since", "-id"], name=f"{name}_newest"),
        models.Index(fields=["until"], condition=models.Q(until__isnull=False), name=f"{name}_over"),
        models.Index(fields=["id"], condition=models.Q(state=RelationState.ENTERED), name=f"{name}_waits"),
    ]


def _by_two(name: str) -> models.CheckConstraint:
    """Nobody checks what they typed."""
    return models.CheckConstraint(
        condition=models.Q(checked_by__isnull=True)
        | models.Q(recorded_by__isnull=True)
        | ~models.Q(checked_by=models.F("recorded_by")),
        name=name,
    )


class Guardianship(Relation):
    """A guardian of a child, from a day until it ends (民法典 第27条)."""

    class Bond(models.TextChoices):
        FATHER = "father", _("父亲")
        MOTHER = "mother", _("母亲")
        GRANDPARENT = "grandparent", _("祖父母或外祖父母")
        OTHER = "other", _("其他法定监护人")
        APPOINTED = "appointed", _("指定监护人")

    class Document(models.TextChoices):
        HUKOU = "hukou", _("户口本")
        BIRTH = "birth", _("出生证明")
        LEGAL = "legal", _("法律文书")

    child = models.ForeignKey(Person, models.PROTECT, related_name="guardianships", verbose_name=_("孩子"))
    guardian = models.ForeignKey(Person, models.PROTECT, related_name="wards", verbose_name=_("监护人"))
    bond = models.CharField(_("是孩子的"), max_length=12, choices=Bond.choices, blank=True, default="")
    document = models.CharField(_("看了什么证明"), max_length=8, choices=Document.choices, blank=True, default="")

    objects = GuardianshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("监护关系")
        verbose_name_plural = _("监护关系")
        indexes = _indexes("guardianship")
        constraints = [
            models.UniqueConstraint(
                fields=["child", "guardian"], condition=models.Q(until__isnull=True), name="guardian_once_per_child"
            ),
            models.CheckConstraint(condition=~models.Q(child=models.F("guardian")), name="nobody_is_own_guardian"),
            _by_two("guardianship_by_two"),
        ]

    def __str__(self) -> str:
        return f"{self.child} {self.guardian}"

    @property
    def parties(self) -> tuple[Person, Person]:
        return self.child, self.guardian

    def clean(self) -> None:
        if self.child_id and self.child_id == self.guardian_id:
            raise ValidationError(_("监护人不能是孩子本人。"))


class Authorisation(Relation):
    """A relative who may act for an elder: entrusted on paper, recorded by staff, ended at any time by either."""

    principal = models.ForeignKey(Person, models.PROTECT, related_name="authorisations", verbose_name=_("授权人"))
    agent = models.ForeignKey(Person, models.PROTECT, related_name="acts_for", verbose_name=_("代办人"))

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = _("代办授权")
        verbose_name_plural = _("代办授权")
        indexes = _indexes("authorisation")
        constraints = [
            models.UniqueConstraint(
                fields=["principal", "agent"], condition=models.Q(until__isnull=True), name="agent_once_per_principal"
            ),
            models.CheckConstraint(condition=~models.Q(principal=models.F("agent")), name="nobody_authorises_self"),
            _by_two("authorisation_by_two"),
        ]

    def __str__(self) -> str:
        return f"{self.principal} {self.agent}"

    @property
    def parties(self) -> tuple[Person, Person]:
        return self.principal, self.agent
