"""Who owns and who lives in a household: claimed by the person, confirmed by staff or whom a room registered."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.models import StoredFile
from portal.core.moves import Move, MoveTable, Stateful
from portal.places.models import Household

from .persons import Channel, Person


class TieState(models.TextChoices):
    """Only confirmed and ended ties say who belonged to a home. A claim that did not hold is ``refused``, whether the
    desk said so or the person took it back: the move tells which."""

    CLAIMED = "claimed", _("待确认")
    CONFIRMED = "confirmed", _("已确认")
    REFUSED = "refused", _("未通过")
    WITHDRAWN = "withdrawn", _("已撤回")
    ENDED = "ended", _("已结束")


class Tie(Stateful):
    """What ownership and residency share. ``typist``, ``channel`` and ``scan`` are of one that the desk entered."""

    MOVES = MoveTable.of(
        Move("confirm", [TieState.CLAIMED], TieState.CONFIRMED, _("已确认")),
        Move("refuse", [TieState.CLAIMED], TieState.REFUSED, _("未通过"), needs_reason=True),
        Move("end", [TieState.CONFIRMED], TieState.ENDED, _("已结束")),
        Move("withdraw", [TieState.CLAIMED], TieState.WITHDRAWN, _("本人撤回")),
    )

    state = models.CharField(_("状态"), max_length=10, choices=TieState.choices, default=TieState.CLAIMED)
    channel = models.CharField(_("渠道"), max_length=8, choices=Channel.choices, default=Channel.ONLINE)
    typist = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("谁录入")
    )
    scan = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("纸质单扫描件")
    )
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        abstract = True


def _indexes(name: str) -> list[models.Index]:
    """The list at the desk, what waits for it, and what the clock erases."""
    over = [TieState.ENDED, TieState.REFUSED, TieState.WITHDRAWN]
    return [
        models.Index(fields=["-state_since", "-id"], name=f"{name}_newest"),
        models.Index(fields=["due_on", "id"], condition=models.Q(state=TieState.CLAIMED), name=f"{name}_claimed"),
        models.Index(fields=["state_since"], condition=models.Q(state__in=over), name=f"{name}_over"),
    ]


class Ownership(Tie):
    """A share of a household. Shares are an exact fraction."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="ownerships", verbose_name=_("业主"))
    household = models.ForeignKey(Household, models.PROTECT, related_name="ownerships", verbose_name=_("户"))
    share_numerator = models.PositiveIntegerField(_("份额分子"), default=1)
    share_denominator = models.PositiveIntegerField(_("份额分母"), default=1)

    class Meta:
        verbose_name = _("产权")
        verbose_name_plural = _("产权")
        indexes = _indexes("ownership")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "household"],
                condition=models.Q(state__in=[TieState.CLAIMED, TieState.CONFIRMED]),
                name="ownership_once",
            ),
            models.CheckConstraint(
                condition=models.Q(share_numerator__gte=1, share_numerator__lte=models.F("share_denominator")),
                name="ownership_share_is_a_fraction",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household} {self.person}"


class Residency(Tie):
    """Living in a household as owner, tenant or family."""

    class Kind(models.TextChoices):
        OWNER = "owner", _("业主")
        TENANT = "tenant", _("租客")
        FAMILY = "family", _("家人")

    person = models.ForeignKey(Person, models.PROTECT, related_name="residencies", verbose_name=_("住户"))
    household = models.ForeignKey(Household, models.PROTECT, related_name="residencies", verbose_name=_("户"))
    kind = models.CharField(_("身份"), max_length=8, choices=Kind.choices)

    class Meta:
        verbose_name = _("居住")
        verbose_name_plural = _("居住")
        indexes = _indexes("residency")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "household"],
                condition=models.Q(state__in=[TieState.CLAIMED, TieState.CONFIRMED]),
                name="residency_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.household} {self.person}"


class Representative(models.Model):
    """户代表: who speaks for a household. At most one at a time."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="representatives", verbose_name=_("户"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="represents", verbose_name=_("户代表"))
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        verbose_name = _("户代表")
        verbose_name_plural = _("户代表")
        indexes = [
            models.Index(fields=["-since", "-id"], name="representative_newest"),
            models.Index(fields=["until"], condition=models.Q(until__isnull=False), name="representative_over"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["household"], condition=models.Q(until__isnull=True), name="one_representative_per_household"
            )
        ]

    def __str__(self) -> str:
        return f"{self.household} {self.person}"
