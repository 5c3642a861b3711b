"""Places: the tree 市 → 区 → 街道 → 社区 → 网格, and in a community its estates, buildings and households."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from portal.core.changes import Announced, changed

from .querysets import AreaQuerySet


class Level(models.TextChoices):
    CITY = "city", _("市")
    DISTRICT = "district", _("区")
    SUBDISTRICT = "subdistrict", _("街道")
    COMMUNITY = "community", _("社区")
    GRID = "grid", _("网格")


LEVELS = list(Level)


class Area(models.Model):
    """A node of the area tree. ``path`` (``/1/4/9/``) makes “everything below” one indexed prefix."""

    Level = Level

    level = models.CharField(_("层级"), max_length=12, choices=Level.choices)
    name = models.CharField(_("名称"), max_length=40)
    code = models.CharField(
        _("统计代码"),
        max_length=12,
        blank=True,
        validators=[RegexValidator(r"^\d{4,12}$", _("统计代码是 4 到 12 位数字。"))],
        help_text=_("不知道就留空，不要编。"),
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级")
    )
    path = models.CharField(max_length=120, editable=False, default="", db_index=True)
    phone = models.CharField(_("对外电话"), max_length=20, blank=True)
    office_hours = models.CharField(_("办公时间"), max_length=60, blank=True)
    address = models.CharField(_("办公地址"), max_length=100, blank=True)
    in_service = models.BooleanField(_("开放使用"), default=False, help_text=_("社区开通后，居民才能选到它。"))

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("区域")
        verbose_name_plural = _("区域")
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="area_name_once_per_parent"),
            models.UniqueConstraint(fields=["code"], condition=~models.Q(code=""), name="area_code_once"),
            models.CheckConstraint(
                condition=models.Q(level=Level.CITY, parent__isnull=True)
                | (~models.Q(level=Level.CITY) & models.Q(parent__isnull=False)),
                name="area_only_a_city_has_no_parent",
            ),
        ]
        indexes = [models.Index(fields=["level", "in_service", "name"], name="area_level_service")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps ``path``. An area does not move to another parent once it has a path; that is a merger, not an edit."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            if not self.path:
                self.path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
                type(self).objects.filter(pk=self.pk).update(path=self.path)
            changed(self)

    def clean(self) -> None:
        if self.parent is not None and LEVELS.index(Level(self.parent.level)) + 1 != LEVELS.index(Level(self.level)):
            raise ValidationError({"parent": _("上级要正好高一层。")})

    @property
    def lineage_ids(self) -> list[int]:
        """Ids from the city down to this area."""
        return [int(part) for part in self.path.split("/") if part]


class AreaOption(models.Model):
    """What one area decided for itself; the nearest one up the tree holds."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="option_overrides", verbose_name=_("区域"))
    key = models.CharField(_("选项"), max_length=60)
    value = models.JSONField(_("取值"))

    class Meta:
        verbose_name = _("区域选项")
        verbose_name_plural = _("区域选项")
        constraints = [models.UniqueConstraint(fields=["area", "key"], name="one_override_per_area_and_key")]

    def __str__(self) -> str:
        return f"{self.area} {self.key}"


class Estate(Announced):
    """小区: a named group of buildings of one community."""

    community = models.ForeignKey(Area, models.PROTECT, related_name="estates", verbose_name=_("社区"))
    name = models.CharField(_("名称"), max_length=40)

    class Meta:
        verbose_name = _("小区")
        verbose_name_plural = _("小区")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["community", "name"], name="estate_name_once")]

    def __str__(self) -> str:
        return self.name


class Building(Announced):
    """楼栋. A self-built house is a building of its own kind."""

    class Kind(models.TextChoices):
        APARTMENT = "apartment", _("楼栋")
        SELF_BUILT = "self_built", _("自建房")
        OTHER = "other", _("其他")

    community = models.ForeignKey(Area, models.PROTECT, related_name="buildings", verbose_name=_("社区"))
    grid = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("网格"))
    estate = models.ForeignKey(
        Estate, models.PROTECT, null=True, blank=True, related_name="buildings", verbose_name=_("小区")
    )
    kind = models.CharField(_("类别"), max_length=12, choices=Kind.choices, default=Kind.APARTMENT)
    name = models.CharField(_("名称"), max_length=40, help_text=_("例如：15栋"))
    address = models.CharField(_("地址"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("楼栋")
        verbose_name_plural = _("楼栋")
        ordering = ["community", "name"]
        constraints = [
            models.UniqueConstraint(fields=["estate", "name"], name="building_name_once_per_estate"),
            models.UniqueConstraint(
                fields=["community", "name"],
                condition=models.Q(estate__isnull=True),
                name="building_name_once_outside_estates",
            ),
        ]
        indexes = [models.Index(fields=["grid"], name="building_grid")]

    def __str__(self) -> str:
        return f"{self.estate.name if self.estate else ''}{self.name}"

    def clean(self) -> None:
        if self.grid is not None and self.grid.parent_id != self.community_id:
            raise ValidationError({"grid": _("网格要在这个社区里。")})


class Household(Announced):
    """户: what is charged and votes. ``floor_area`` is that of the deed, in m² to two places, exact."""

    building = models.ForeignKey(Building, models.PROTECT, related_name="households", verbose_name=_("楼栋"))
    unit = models.CharField(_("单元"), max_length=10, blank=True)
    number = models.CharField(_("房号"), max_length=20)
    floor_area = models.DecimalField(_("面积（㎡）"), max_digits=8, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("户")
        verbose_name_plural = _("户")
        ordering = ["building", "unit", "number"]
        constraints = [
            models.UniqueConstraint(fields=["building", "unit", "number"], name="household_number_once"),
            models.CheckConstraint(
                condition=models.Q(floor_area__isnull=True) | models.Q(floor_area__gt=0), name="household_area_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.building}{self.door}"

    @property
    def door(self) -> str:
        """Which door of its building: 2单元301, or 301 where there are no units."""
        return f"{self.unit}单元{self.number}" if self.unit else self.number
