"""Micro-wishes: 群众点单 → 社区派单 → 志愿者接单 → 办结 → 评价.

What the requester typed (details, contact) is sealed; what the public reads (title, alias) is written or approved by
staff at review.
"""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from alliance.volunteers.models import Team, Volunteer
from portal.core.appendonly import append_only
from portal.core.changes import Announced
from portal.core.moves import Move, MoveTable, Stateful
from portal.core.numbers import spaced
from portal.core.sealed import SealedField
from portal.people.models import Request, User

from .querysets import WAITING_STATES, WishQuerySet


class WishKind(Announced):
    """What can be wished for. A thing has a price limit; homes and minors need a cleared volunteer."""

    slug = models.SlugField(_("代号"), max_length=20, unique=True)
    name = models.CharField(_("名称"), max_length=20)
    explanation = models.CharField(_("说明"), max_length=60, blank=True)
    icon = models.CharField(_("图标"), max_length=30, default="gift")
    is_thing = models.BooleanField(_("是物品"), default=False)
    in_home = models.BooleanField(_("要入户"), default=False)
    with_minors = models.BooleanField(_("服务未成年人"), default=False)
    active = models.BooleanField(_("在用"), default=True)
    order = models.PositiveSmallIntegerField(_("顺序"), default=100)

    class Meta:
        verbose_name = _("心愿类别")
        verbose_name_plural = _("心愿类别")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name


class WishState(models.TextChoices):
    PENDING_REVIEW = "pending_review", _("待审核")
    PENDING_DISPATCH = "pending_dispatch", _("待派单")
    PENDING_CLAIM = "pending_claim", _("待接单")
    IN_SERVICE = "in_service", _("服务中")
    PENDING_RATING = "pending_rating", _("待评价")
    CLOSED = "closed", _("已办结")
    DECLINED = "declined", _("不予受理")
    WITHDRAWN = "withdrawn", _("已撤回")


S = WishState
UNREVIEWED = (S.PENDING_REVIEW, S.DECLINED, S.WITHDRAWN)
LOW_RATING = 2  # this or less opens a return visit
FINAL = (S.CLOSED, S.DECLINED, S.WITHDRAWN)
SERVED = (S.IN_SERVICE, S.PENDING_RATING, S.CLOSED)


class Wish(Announced, Request, Stateful):
    """One wish. See ``MOVES`` for its life; ``due_on`` is the last day of the present state's term."""

    State = WishState

    class When(models.TextChoices):
        ANY = "any", _("什么时候都行")
        WEEKDAYS = "weekdays", _("平日白天")
        EVENINGS = "evenings", _("晚上")
        WEEKENDS = "weekends", _("周末白天")

    class Dispatch(models.TextChoices):
        NAMED = "named", _("指定志愿者")
        TEAM = "team", _("派给队伍")
        POOL = "pool", _("放进接单大厅")

    MOVES = MoveTable.of(
        Move("approve", [S.PENDING_REVIEW], S.PENDING_DISPATCH, _("社区已受理")),
        Move("decline", [S.PENDING_REVIEW], S.DECLINED, _("不予受理"), needs_reason=True),
        Move("dispatch", [S.PENDING_DISPATCH], S.PENDING_CLAIM, _("已派单")),
        Move("recall", [S.PENDING_CLAIM], S.PENDING_DISPATCH, _("收回，重新派单"), needs_reason=True),
        Move("refuse", [S.PENDING_CLAIM], S.PENDING_DISPATCH, _("未接单，重新派单"), needs_reason=True),
        Move("claim", [S.PENDING_CLAIM], S.IN_SERVICE, _("志愿者已接单，正在服务")),
        Move("return", [S.IN_SERVICE], S.PENDING_DISPATCH, _("退单，重新派单"), needs_reason=True),
        Move("complete", [S.IN_SERVICE], S.PENDING_RATING, _("志愿者已完成，等待评价")),
        Move("rate", [S.PENDING_RATING], S.CLOSED, _("已评价，办结")),
        Move("auto_close", [S.PENDING_RATING], S.CLOSED, _("到期未评价，自动办结")),
        Move(
            "withdraw",
            [S.PENDING_REVIEW, S.PENDING_DISPATCH, S.PENDING_CLAIM, S.IN_SERVICE],
            S.WITHDRAWN,
            _("已撤回"),
        ),
    )

    state = models.CharField(
        _("状态"), max_length=20, choices=WishState.choices, default=S.PENDING_REVIEW, editable=False
    )
    kind = models.ForeignKey(WishKind, models.PROTECT, related_name="wishes", verbose_name=_("类别"), db_index=False)
    title = models.CharField(_("公开标题"), max_length=40, blank=True)
    alias = models.CharField(_("公开称呼"), max_length=20, blank=True)
    details = SealedField(_("心愿内容"))
    when = models.CharField(_("希望时间"), max_length=10, choices=When.choices, default=When.ANY)
    price_fen = models.PositiveIntegerField(_("物品参考价（分）"), null=True, blank=True)
    contact_name = SealedField(_("联系人"))
    contact_phone = SealedField(_("联系电话"))
    contact_address = SealedField(_("上门地址"), blank=True, default="")

    dispatch = models.CharField(_("派单方式"), max_length=8, choices=Dispatch.choices, blank=True, editable=False)
    dispatched_to = models.ForeignKey(Volunteer, models.PROTECT, null=True, related_name="+", editable=False)
    dispatched_team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+", editable=False)
    volunteer = models.ForeignKey(
        Volunteer,
        models.PROTECT,
        null=True,
        related_name="wishes",
        verbose_name=_("接单志愿者"),
        editable=False,
        db_index=False,
    )
    service_minutes = models.PositiveIntegerField(_("服务分钟"), null=True, editable=False)
    completion_note = SealedField(_("完成情况"), blank=True, default="", editable=False)
    rating = models.PositiveSmallIntegerField(_("评分"), null=True, editable=False)
    rating_comment = SealedField(_("评价"), blank=True, default="", editable=False)
    closed_at = models.DateTimeField(_("办结时间"), null=True, editable=False)
    escalated_on = models.DateField(_("已上报"), null=True, editable=False)
    visited_on = models.DateField(_("已回访"), null=True, editable=False)
    erased_on = models.DateField(_("个人信息已清除"), null=True, editable=False)

    objects = WishQuerySet.as_manager()

    class Meta:
        verbose_name = _("微心愿")
        verbose_name_plural = _("微心愿")
        indexes = [
            models.Index(fields=["community", "-id"], name="wish_community"),
            models.Index(fields=["community", "state", "-id"], name="wish_community_state"),
            models.Index(fields=["state", "-id"], name="wish_state"),
            models.Index(fields=["state", "due_on"], name="wish_due"),
            models.Index(fields=["due_on", "community"], name="wish_due_day"),
            models.Index(fields=["kind", "-id"], name="wish_kind"),
            models.Index(fields=["subject", "-id"], name="wish_subject"),
            models.Index(fields=["volunteer", "state", "-id"], name="wish_volunteer"),
            models.Index(fields=["community", "closed_at"], name="wish_closed"),
            # The wall's tabs go by days, the newest first: of all communities, and of one.
            models.Index(fields=["-created_at", "-id"], name="wish_day"),
            models.Index(fields=["community", "-created_at", "-id"], name="wish_community_day"),
            models.Index(
                fields=["-created_at", "-id"], condition=models.Q(state__in=WAITING_STATES), name="wish_waiting_day"
            ),
            models.Index(fields=["-closed_at", "-id"], condition=models.Q(state=S.CLOSED), name="wish_closed_day"),
            models.Index(
                fields=["state_since"],
                condition=models.Q(state__in=FINAL, erased_on__isnull=True),
                name="wish_to_erase",
            ),
            models.Index(
                fields=["community"],
                condition=models.Q(rating__lte=LOW_RATING, visited_on__isnull=True),
                name="wish_to_visit",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=UNREVIEWED) | ~models.Q(title=""), name="wish_public_has_title"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=SERVED, volunteer__isnull=False)
                | (~models.Q(state__in=SERVED) & models.Q(volunteer__isnull=True))
                | models.Q(state=S.WITHDRAWN),
                name="wish_served_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(dispatch="", dispatched_to__isnull=True, dispatched_team__isnull=True)
                | models.Q(dispatch="named", dispatched_to__isnull=False, dispatched_team__isnull=True)
                | models.Q(dispatch="team", dispatched_to__isnull=True, dispatched_team__isnull=False)
                | models.Q(dispatch="pool", dispatched_to__isnull=True, dispatched_team__isnull=True),
                name="wish_dispatch_names_its_target",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=S.PENDING_CLAIM) | ~models.Q(dispatch=""), name="wish_waits_for_somebody"
            ),
            models.CheckConstraint(
                condition=models.Q(rating__isnull=True) | models.Q(rating__range=(1, 5), state=S.CLOSED),
                name="wish_rating_1_to_5",
            ),
            models.CheckConstraint(
                condition=models.Q(state=S.CLOSED, closed_at__isnull=False)
                | (~models.Q(state=S.CLOSED) & models.Q(closed_at__isnull=True)),
                name="wish_closed_has_its_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=(S.PENDING_RATING, S.CLOSED)) | models.Q(service_minutes__isnull=False),
                name="wish_completed_has_minutes",
            ),
        ]

    def __str__(self) -> str:
        """One name at the whole desk. Before review no title was approved: the kind and the number, no word typed."""
        return self.title or _t("%(kind)s（未审核 %(code)s）") % {"kind": self.kind, "code": spaced(self.code)}

    def addressed(self) -> list[Volunteer]:
        """Whose hands it is in: who serves it, else the one it was sent to by name, else the team's serving members."""
        if self.volunteer is not None:
            return [self.volunteer]
        if self.dispatched_to is not None:
            return [self.dispatched_to]
        if self.dispatched_team is None:
            return []
        members = self.dispatched_team.memberships.filter(until__isnull=True, volunteer__state=Volunteer.State.ACTIVE)
        return [member.volunteer for member in members.select_related("volunteer__person__user")]


@append_only
class ContactReveal(models.Model):
    """That somebody looked at a requester's contact, and when; the requester sees every row."""

    wish = models.ForeignKey(Wish, models.PROTECT, related_name="reveals")
    viewer = models.ForeignKey(User, models.PROTECT, related_name="+")
    part = models.CharField(max_length=20)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("联系方式查看记录")
        verbose_name_plural = _("联系方式查看记录")
        indexes = [models.Index(fields=["wish", "-id"], name="reveal_wish")]
