"""What a person asks the office to do with their own data where they cannot do it themselves: correct it, erase it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.moves import Move, MoveTable, Stateful
from portal.core.sealed import SealedField

from ..querysets import DataRequestQuerySet
from .requests import Request


class DataRequest(Request, Stateful):
    """A request under 个人信息保护法 第46、47条, answered within 15 working days by somebody else than the asker.

    ``value`` is what shall stand in ``field``; ``words`` explain it. Both are sealed, and go when their time is over
    (``erased_on``).
    """

    class Kind(models.TextChoices):
        CORRECT = "correct", _("更正")
        ERASE = "erase", _("删除")

    class Field(models.TextChoices):
        NAME = "name", _("姓名")
        SEX = "sex", _("性别")
        BIRTH_DATE = "birth_date", _("出生日期")
        OTHER = "other", _("别的内容")

    class State(models.TextChoices):
        ASKED = "asked", _("待办理")
        DONE = "done", _("已办好")
        REFUSED = "refused", _("不予办理")
        WITHDRAWN = "withdrawn", _("已撤回")

    MOVES = MoveTable.of(
        Move("apply", [State.ASKED], State.DONE, _("已按请求办好")),
        Move("refuse", [State.ASKED], State.REFUSED, _("不予办理"), needs_reason=True),
        Move("withdraw", [State.ASKED], State.WITHDRAWN, _("已撤回")),
    )
    FINAL = (State.DONE, State.REFUSED, State.WITHDRAWN)

    kind = models.CharField(_("请求"), max_length=8, choices=Kind.choices)
    field = models.CharField(_("哪一项"), max_length=12, choices=Field.choices, blank=True)
    value = SealedField(_("改成什么"), blank=True, default="")
    words = SealedField(_("说明"), blank=True, default="")
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.ASKED, editable=False)
    erased_on = models.DateField(_("内容已清除"), null=True, editable=False)

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("个人信息请求")
        verbose_name_plural = _("个人信息请求")
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "kind", "field"],
                condition=models.Q(state="asked"),
                name="data_request_open_once_a_field",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="erase", field="") | (models.Q(kind="correct") & ~models.Q(field="")),
                name="data_request_to_correct_names_its_field",
            ),
        ]
        indexes = [
            models.Index(fields=["community", "state", "-id"], name="datarequest_community"),
            models.Index(fields=["subject", "-id"], name="datarequest_subject"),
            models.Index(
                fields=["state_since"],
                condition=models.Q(erased_on__isnull=True) & ~models.Q(state="asked"),
                name="datarequest_to_erase",
            ),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def what(self) -> str:
        """更正姓名; 删除我的信息"""
        if self.kind == self.Kind.ERASE:
            return str(_("删除信息"))
        return f"{self.get_kind_display()}{self.get_field_display()}"
