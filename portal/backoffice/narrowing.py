"""What lists of people, homes, accounts and offices are narrowed by, beyond their own columns."""

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import clock
from portal.people.access import upward
from portal.people.models import Ownership, Representative, Residency, Role, TieState, User
from portal.people.roles import RoleKind

from . import access
from .pieces import CHOICES_SHOWN

NONE = "none"
_BANDS: dict[str, tuple[Any, int, int | None]] = {
    "under14": (gettext_lazy("未满 14 岁"), 0, 14),
    "14to17": (gettext_lazy("14–17 岁"), 14, 18),
    "18to59": (gettext_lazy("18–59 岁"), 18, 60),
    "60to79": (gettext_lazy("60–79 岁"), 60, 80),
    "over80": (gettext_lazy("80 岁以上"), 80, None),
}


def _born(today: dt.date, years: int) -> dt.date:
    """The last birth date of those who are ``years`` old on ``today``."""
    try:
        return today.replace(year=today.year - years)
    except ValueError:  # the 29th of February
        return today.replace(year=today.year - years, day=28)


class AgeFilter(admin.SimpleListFilter):
    """How old somebody is today, and whose date of birth nobody knows."""

    title = gettext_lazy("年龄")
    parameter_name = "age"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*((name, band[0]) for name, band in _BANDS.items()), (NONE, gettext_lazy("没登记"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == NONE:
            return queryset.filter(birth_date__isnull=True)
        if self.value() not in _BANDS:
            return queryset
        _label, youngest, below = _BANDS[str(self.value())]
        rows = queryset.filter(birth_date__lte=_born(clock.today(), youngest))
        return rows.filter(birth_date__gt=_born(clock.today(), below)) if below is not None else rows


def _with(rows: Any, path: str = "person") -> Q:
    """That one of ``rows`` leads to the person, by whichever of their records."""
    condition = Q(pk__in=[])
    for record in upward(path):
        condition |= Q(Exists(rows.filter(**{record: OuterRef("pk")})))
    return condition


class AccountFilter(admin.SimpleListFilter):
    """Who has an account."""

    title = gettext_lazy("账号")
    parameter_name = "account"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("有账号")), ("no", gettext_lazy("没有账号"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() not in {"yes", "no"}:
            return queryset
        held = _with(User.objects.order_by())
        return queryset.filter(held) if self.value() == "yes" else queryset.exclude(held)


class BuildingFilter(admin.SimpleListFilter):
    """Who lives or owns in a building of the reader's."""

    title = gettext_lazy("楼栋")
    parameter_name = "building"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        rows = access.buildings_in(request.user).select_related("estate")[:CHOICES_SHOWN]
        return [(str(row.pk), str(row)) for row in rows]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() is None or not str(self.value()).isdecimal():
            return queryset
        inside: Any = {"household__building": self.value(), "state": TieState.CONFIRMED}
        lives, owns = (_with(model._default_manager.filter(**inside)) for model in (Residency, Ownership))
        return queryset.filter(lives | owns)


class UnitFilter(admin.SimpleListFilter):
    """The units of the building that the list is narrowed to; without a building there is nothing to choose."""

    title = gettext_lazy("单元")
    parameter_name = "in_unit"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        building: Any = request.GET.get("building__id__exact", "")
        if not building.isdecimal():
            return []
        inside = access.households_in(request.user).filter(building=building).order_by()
        units = sorted(inside.values_list("unit", flat=True).distinct()[:CHOICES_SHOWN])
        return [(unit or NONE, _("%s 单元") % unit if unit else _("不分单元")) for unit in units]

    def has_output(self) -> bool:
        """Where there are units, and where one is asked for without a building: that is refused, not passed over."""
        return super().has_output() or bool(self.used_parameters)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() is None:
            return queryset
        return queryset.filter(unit="" if self.value() == NONE else self.value())


class OccupancyFilter(admin.SimpleListFilter):
    """Whether somebody is known to live there, and where a claim waits."""

    title = gettext_lazy("住户")
    parameter_name = "lived"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("yes", gettext_lazy("有人住")),
            ("no", gettext_lazy("没有登记住户")),
            ("waiting", gettext_lazy("有登记等确认")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        def tied(model: Any, state: TieState) -> Exists:
            return Exists(model._default_manager.filter(household=OuterRef("pk"), state=state))

        lived = tied(Residency, TieState.CONFIRMED)
        if self.value() == "waiting":
            return queryset.filter(tied(Residency, TieState.CLAIMED) | tied(Ownership, TieState.CLAIMED))
        return (
            queryset.filter(lived) if self.value() == "yes" else queryset.exclude(lived) if self.value() else queryset
        )


class RepresentedFilter(admin.SimpleListFilter):
    """Whether somebody speaks for the household."""

    title = gettext_lazy("家庭代表")
    parameter_name = "represented"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("有代表")), ("no", gettext_lazy("没有代表"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        speaks = Exists(Representative.objects.filter(household=OuterRef("pk"), until__isnull=True))
        if self.value() == "yes":
            return queryset.filter(speaks)
        return queryset.exclude(speaks) if self.value() == "no" else queryset


class OfficeFilter(admin.SimpleListFilter):
    """Accounts by the office that is held now."""

    title = gettext_lazy("角色")
    parameter_name = "office"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*RoleKind.choices, (NONE, gettext_lazy("没有角色"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        held = Role.objects.current().filter(user=OuterRef("pk"))
        if self.value() == NONE:
            return queryset.exclude(Exists(held))
        return queryset.filter(Exists(held.filter(kind=self.value()))) if self.value() else queryset
