"""Volunteers, their teams, and the hours that others credited to them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.appendonly import append_only
from portal.core.changes import Announced
from portal.core.models import StoredFile
from portal.core.moves import Move, MoveTable, Stateful
from portal.core.templating import date_cn
from portal.people.models import Channel, Person, User
from portal.places.models import Area

from .querysets import HourEntryQuerySet, VolunteerQuerySet


class Skill(models.Model):
    """What a volunteer can do; communities share the list."""

    name = models.CharField(_("名称"), max_length=20, unique=True)

    class Meta:
        verbose_name = _("特长")
        verbose_name_plural = _("特长")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Volunteer(Announced, Stateful):
    """A person who serves in one community. Clearance for homes and for minors is the staff's word, dated."""

    class State(models.TextChoices):
        APPLIED = "applied", _("待审核")
        ACTIVE = "active", _("服务中")
        SUSPENDED = "suspended", _("已暂停")
        REFUSED = "refused", _("未通过")
        LEFT = "left", _("已退出")

    class Availability(models.TextChoices):
        ANY = "any", _("都可以")
        WEEKDAYS = "weekdays", _("平日白天")
        EVENINGS = "evenings", _("晚上")
        WEEKENDS = "weekends", _("周末")

    MOVES = MoveTable.of(
        Move("accept", [State.APPLIED], State.ACTIVE, _("通过审核")),
        Move("refuse", [State.APPLIED], State.REFUSED, _("未通过"), needs_reason=True),
        Move("suspend", [State.ACTIVE], State.SUSPENDED, _("暂停服务"), needs_reason=True),
        Move("resume", [State.SUSPENDED], State.ACTIVE, _("恢复服务")),
        Move("leave", [State.APPLIED, State.ACTIVE, State.SUSPENDED], State.LEFT, _("退出")),
        Move("apply_again", [State.REFUSED, State.LEFT], State.APPLIED, _("再次申请")),
    )

    person = models.OneToOneField(Person, models.PROTECT, related_name="volunteer", verbose_name=_("本人"))
    community = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("服务社区"))
    grid = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("网格"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.APPLIED)
    skills = models.ManyToManyField(Skill, blank=True, verbose_name=_("特长"))
    availability = models.CharField(
        _("方便的时间"), max_length=10, choices=Availability.choices, default=Availability.ANY
    )
    introduction = models.CharField(_("自我介绍"), max_length=200, blank=True)
    channel = models.CharField(_("渠道"), max_length=8, choices=Channel.choices, default=Channel.ONLINE)
    typist = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("谁录入"), editable=False
    )
    scan = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("纸质单扫描件"),
        editable=False,
    )
    homes_cleared_on = models.DateField(_("可入户，自"), null=True, blank=True, editable=False)
    minors_cleared_on = models.DateField(_("可服务未成年人，自"), null=True, blank=True, editable=False)

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        verbose_name = _("志愿者")
        verbose_name_plural = _("志愿者")
        indexes = [models.Index(fields=["community", "state", "-id"], name="volunteer_community_state")]

    def __str__(self) -> str:
        return self.person.name


class Team(Announced):
    """A volunteer team of a community, with a leader."""

    community = models.ForeignKey(Area, models.PROTECT, related_name="volunteer_teams", verbose_name=_("社区"))
    grid = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("网格"))
    name = models.CharField(_("队名"), max_length=40)
    leader = models.ForeignKey(
        Volunteer, models.PROTECT, null=True, blank=True, related_name="leads", verbose_name=_("队长")
    )
    active = models.BooleanField(_("在用"), default=True)

    class Meta:
        verbose_name = _("志愿者队伍")
        verbose_name_plural = _("志愿者队伍")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["community", "name"], name="team_name_once")]

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """A volunteer in a team, from a day until it ends."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="memberships", verbose_name=_("队伍"))
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="memberships", verbose_name=_("志愿者"))
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        verbose_name = _("队员")
        verbose_name_plural = _("队员")
        constraints = [
            models.UniqueConstraint(
                fields=["team", "volunteer"], condition=models.Q(until__isnull=True), name="team_member_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.team} {self.volunteer}"


@append_only
class HourEntry(models.Model):
    """Volunteer time in half hours. A credit names what earned it and is unique to that; a correction reverses it."""

    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="hours", verbose_name=_("志愿者"))
    community = models.ForeignKey(Area, models.PROTECT, related_name="+")
    half_hours = models.SmallIntegerField(_("半小时数"))
    minutes = models.IntegerField(_("服务分钟"))
    source_type = models.CharField(max_length=80)
    source_id = models.BigIntegerField()
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    credited_by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(_("时间"))

    objects = HourEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("服务时长")
        verbose_name_plural = _("服务时长")
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer", "source_type", "source_id"],
                condition=models.Q(reverses__isnull=True),
                name="hours_credited_once",
            ),
            models.CheckConstraint(
                condition=models.Q(reverses__isnull=True, half_hours__gte=0)
                | models.Q(reverses__isnull=False, half_hours__lte=0),
                name="hours_only_a_reversal_is_negative",
            ),
        ]
        indexes = [
            models.Index(fields=["volunteer", "-id"], name="hours_volunteer"),
            models.Index(fields=["credited_by_id", "-id"], name="hours_credited_by"),
        ]

    def __str__(self) -> str:
        return f"{self.volunteer} {date_cn(self.at)}"
