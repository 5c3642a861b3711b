"""Areas with what they decide for themselves, estates, buildings, households."""

from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, Model, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import audit, clock, options
from portal.core.keyset import page_of
from portal.core.plaintext import offer
from portal.core.registries import BUILDING, HOUSEHOLD
from portal.people.access import holds
from portal.people.models import Ownership, Person, Residency, TieState
from portal.people.roles import DESK
from portal.places.models import Area, Building, Estate, Household, Level
from portal.places.overrides import clear_option, set_option

from .. import access, regridding
from ..acts import Act, ActForm, ActsAdmin, ReasonForm, say_when
from ..entering import ChoosesByPage
from ..lifelines import DossierPage, to_enter_at
from ..narrowing import OccupancyFilter, RepresentedFilter, UnitFilter
from ..pieces import ScopedForm, who
from ..scoped import ScopedAdmin

INHERIT = ""


class OptionsForm(ActForm):
    """One field an option; an empty one follows the area above, whose value stands in the help text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area: Area = self.obj  # type: ignore[assignment]
        self.own = dict(area.option_overrides.values_list("key", "value"))
        for key, option in options.declared().items():
            above = option.show(options.value(option, area.parent)) + str(option.unit)
            self.fields[key] = self._field(option, above)
            if key in self.own:
                self.initial[key] = option.show(self.own[key])

    def _field(self, option: options.Option, above: str) -> forms.Field:
        room = apps.get_app_config(option.key.split(".")[0]).verbose_name
        unit = _("（%s）") % option.unit if option.unit else ""
        shape: dict[str, Any] = {
            "label": f"{room}：{option.label}{unit}",
            "required": False,
            "help_text": _("留空则沿用上级：%s") % above if option.kind is not bool else "",
        }
        if option.kind is bool:
            choices = [
                (INHERIT, _("沿用上级：%s") % above),
                (option.show(True), option.show(True)),
                (option.show(False), option.show(False)),
            ]
            return forms.ChoiceField(choices=choices, **shape)
        widget = forms.TextInput(attrs={"inputmode": "numeric"} if option.kind is int else {})
        return forms.CharField(max_length=200, widget=widget, **shape)

    def clean(self) -> dict[str, Any]:
        """Parse every filled field by its option; what was parsed stands in ``parsed``."""
        cleaned = super().clean() or {}
        self.parsed: dict[str, Any] = {}
        for key, option in options.declared().items():
            if text := cleaned.get(key, ""):
                try:
                    self.parsed[key] = option.parse(text)
                except ValidationError as error:
                    self.add_error(key, error)
        cleaned["changes"] = {
            key: self.parsed.get(key) for key in options.declared() if self.parsed.get(key) != self.own.get(key)
        }
        return cleaned


def _keep_options(request: HttpRequest, area: Area, cleaned: dict[str, Any]) -> str:
    for key, value in cleaned["changes"].items():
        if value is None:
            clear_option(area=area, key=key, actor_id=request.user.pk)
        else:
            set_option(area=area, key=key, value=value, actor_id=request.user.pk)
    if not cleaned["changes"]:
        return _("选项没有变化。")
    return _("改了 %d 个选项，从现在起按新的办；已经定下的期限不变。") % len(cleaned["changes"])


def _decides(user: Any, area: Area) -> bool:
    return access.is_head_of(user, area)


@admin.register(Area)
class AreaAdmin(ChoosesByPage, ActsAdmin):
    list_display = ("name", "level", "parent", "code", "phone", "in_service")
    list_filter = ("level", "in_service")
    list_select_related = ("parent",)
    search_fields = ("name",)
    fields = ("level", "parent", "name", "code", "phone", "office_hours", "address", "in_service")
    autocomplete_fields = ("parent",)
    editable_fields = ("name", "code", "phone", "office_hours", "address", "in_service")
    acts = (
        Act(
            "options",
            gettext_lazy("社区选项"),
            run=_keep_options,
            allowed=_decides,
            form_class=OptionsForm,
            button=gettext_lazy("保存选项"),
            description=gettext_lazy("社区自己定的期限、上限和规则。这里填的对本区域和下级都有效，留空就沿用上级。"),
        ),
    )

    def rows(self, user: Any) -> Any:
        return access.areas_in(user).select_related("parent")

    def may_view(self, user: Any, obj: Any = None) -> bool:
        return access.is_one_of(user, access.READERS)

    def may_add(self, user: Any) -> bool:
        return access.is_administrator(user)

    def may_change(self, user: Any, obj: Any = None) -> bool:
        return access.is_administrator(user) if obj is None else access.is_head_of(user, obj)

    def may_keep(self, user: Any, obj: Any) -> bool:
        return access.is_administrator(user) if not obj.pk else access.is_head_of(user, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A head keeps the numbers people call; name, code and opening are the administrator's."""
        fixed = super().get_readonly_fields(request, obj)
        if obj is None or access.is_administrator(request.user):
            return fixed
        return [*fixed, "name", "code", "in_service"]

    def choice_label(self, obj: Area) -> str:
        return f"{obj.parent.name}{obj.name}" if obj.level == Level.GRID and obj.parent else obj.name


def _told(field: Any, value: Any) -> str:
    """A value of a form as the history says it: a choice by its label, a row by its name."""
    if value in (None, ""):
        return _("（空）")
    if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
        row = value if isinstance(value, Model) else field.queryset.filter(pk=value).first()
        return str(row) if row is not None else _("（已没有）")
    return str(dict(getattr(field, "choices", ())).get(value, value))


class _OfPlace(ScopedAdmin):
    """What estates, buildings and households share: the desk sees them, workers and heads keep them."""

    def may_view(self, user: Any, obj: Any = None) -> bool:
        return access.is_one_of(user, access.READERS)

    def may_add(self, user: Any) -> bool:
        return access.is_one_of(user, access.EDITORS)

    def may_change(self, user: Any, obj: Any = None) -> bool:
        if obj is None:
            return self.may_add(user)
        return access.may_edit_places(user, **self.place_of(obj))

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """With what stood there before: names and addresses of houses are nobody's secret, and a slip is put back."""
        form.instance.changed_words = "；".join(
            _("%(field)s：%(old)s 改为 %(new)s")
            % {
                "field": form.fields[name].label,
                "old": _told(form.fields[name], form.initial.get(name)),
                "new": _told(form.fields[name], form.cleaned_data.get(name)),
            }
            for name in form.changed_data
            if not add and name in form.fields
        )
        return super().construct_change_message(request, form, formsets, add)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        if message:
            details = {"fields": message}
            audit.record(
                "record.changed", actor_id=request.user.pk, subject=obj, details=details, reason=obj.changed_words
            )

    def place_of(self, obj: Any) -> dict[str, Any]:
        """The ``community`` and ``grid`` that the row stands in."""
        return {"community": obj.community, "grid": getattr(obj, "grid", None)}

    def choices_of(self, db_field: Any, request: HttpRequest) -> Any:
        rows = super().choices_of(db_field, request)
        levels = {"community": Level.COMMUNITY, "grid": Level.GRID}
        return rows.filter(level=levels[db_field.name]) if db_field.name in levels else rows


@admin.register(Estate)
class EstateAdmin(_OfPlace):
    list_display = ("name", "community")
    list_filter = ("community",)
    list_select_related = ("community",)
    search_fields = ("name",)
    fields = ("community", "name")
    autocomplete_fields = ()
    fixed_after_creation = ("community",)

    def rows(self, user: Any) -> Any:
        return access.estates_in(user)


class RegridForm(ReasonForm):
    """To which grid; none means that the building belongs to no grid."""

    grid = forms.ModelChoiceField(
        label=gettext_lazy("划到哪个网格"),
        queryset=Area.objects.none(),
        required=False,
        empty_label=gettext_lazy("不属于任何网格"),
    )
    leaves_all = forms.BooleanField(label=gettext_lazy("我知道：这栋楼以后不归任何网格管"), required=False)
    field_order = ("grid", "leaves_all", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.obj is not None:
            offer(self, "grid", Area.objects.filter(level=Level.GRID, parent=self.obj.community).order_by("path"))
            self.fields["grid"].initial = self.obj.grid_id
            say_when(self, "grid", _("（选“不属于任何网格”，就没有网格管它）"))
            if self.obj.grid_id is None:
                del self.fields["leaves_all"]
            else:
                say_when(self, "leaves_all", "", only="grid=")
            self.foreword = _what_moves(self.obj)


def _what_moves(building: Building) -> str:
    """What hangs on the building and who loses sight of it, before it is done."""
    stake = regridding.at_stake(building)
    words = [
        _("这栋楼有 %(homes)d 户，登记了业主、住户 %(people)d 人。")
        % {"homes": stake.households, "people": stake.people}
    ]
    if stake.requests:
        words.append(_("正在办的 %d 件留在原来的网格。") % stake.requests)
    if stake.staff:
        names = "、".join(stake.names) + (_("等 %d 人") % stake.staff if stake.staff > len(stake.names) else "")
        words.append(_("改了以后，%(grid)s的%(names)s看不到这栋楼的户。") % {"grid": building.grid, "names": names})
    return "".join(words)


def _regrid(request: HttpRequest, building: Building, cleaned: dict[str, Any]) -> None:
    regridding.regrid(
        building=building,
        grid=cleaned["grid"],
        actor=who(request),
        at=clock.now(),
        reason=cleaned["reason"],
        leaves_all=cleaned.get("leaves_all", False),
    )


class BuildingForm(ScopedForm):
    """An estate is one of the building's own community."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        estate = self.cleaned_data.get("estate")
        community = self.cleaned_data.get("community") or getattr(self.instance, "community", None)
        if estate is not None and community is not None and estate.community_id != community.pk:
            self.add_error("estate", _("小区要在这个社区里。"))
        return cleaned


HOUSEHOLDS_SHOWN = 30
_CLAIMED, _CONFIRMED = Q(state=TieState.CLAIMED), Q(state=TieState.CONFIRMED)


def _counted(model: Any, path: str, standing: Q) -> Any:
    """How many ties of ``model`` in that standing a household has, as a subquery."""
    rows = model.objects.filter(standing, **{path: OuterRef("pk")}).order_by().values(path)
    return Coalesce(Subquery(rows.annotate(found=Count("pk")).values("found")), 0)


@admin.register(Building)
class BuildingAdmin(DossierPage, _OfPlace, ActsAdmin):
    of = BUILDING
    change_form_template = "admin/places/building/change_form.html"
    form = BuildingForm
    list_display = ("__str__", "kind", "community", "grid", "address")
    list_filter = ("kind", "community", "grid")
    list_select_related = ("community", "grid", "estate")
    search_fields = ("name", "estate__name", "address")
    fields = ("community", "grid", "estate", "kind", "name", "address")
    editable_fields = ("estate", "kind", "name", "address")
    acts = (
        Act(
            "regrid",
            gettext_lazy("调整网格"),
            run=_regrid,
            allowed=regridding.may_regrid,
            form_class=RegridForm,
            button=gettext_lazy("调整"),
            description=gettext_lazy(
                "网格重新划分，或者登记错了才改。这栋楼的户和登记的业主、住户，以后新网格的同事也看得到、办得了；"
                "已经在办的事留在原来的网格。"
            ),
        ),
    )

    def rows(self, user: Any) -> Any:
        return access.buildings_in(user).select_related("estate", "community", "grid")

    def head(self, request: HttpRequest, obj: Building) -> list[tuple[str, Any]]:
        """Its place, and counts: households, people who live or own there, claims that wait."""
        inside = {"household__building": obj}
        people = set()
        waiting = 0
        for model in (Residency, Ownership):
            ties: Any = access.ties_in(request.user, model).filter(**inside)
            people |= set(ties.filter(_CONFIRMED).values_list("person", flat=True))
            waiting += ties.filter(_CLAIMED).count()
        standing = set(Person.objects.records_of(people).values())
        place = f"{obj.community}{obj.grid or ''}"
        return [
            (_("所在"), place),
            (_("类别"), obj.get_kind_display()),
            (_("地址"), obj.address or "—"),
            (_("户数"), _("%d 户") % access.households_in(request.user).filter(building=obj).count()),
            (_("登记的业主和住户"), _("%d 人") % len(standing)),
            (_("等确认的登记"), _("%d 条") % waiting),
        ]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """With its households, a page at a time, each with its counts: one query."""
        obj = kwargs.get("obj")
        if obj is not None:
            rows = access.households_in(request.user).filter(building=obj).select_related("building__estate")
            rows = rows.annotate(
                owners=_counted(Ownership, "household", _CONFIRMED),
                residents=_counted(Residency, "household", _CONFIRMED),
                waiting=_counted(Residency, "household", _CLAIMED) + _counted(Ownership, "household", _CLAIMED),
            )
            page = page_of(request, rows, size=HOUSEHOLDS_SHOWN)
            page.rows.sort(key=lambda row: (row.unit.zfill(10), row.number.zfill(20)))
            context["households"] = page
        return super().render_change_form(request, context, *args, **kwargs)


@admin.register(Household)
class HouseholdAdmin(ChoosesByPage, DossierPage, _OfPlace):
    of = HOUSEHOLD
    change_form_template = "admin/places/household/change_form.html"
    list_display = ("__str__", "unit", "number", "floor_area", "community")
    list_filter = (
        "building__community", "building__grid", "building", UnitFilter, OccupancyFilter, RepresentedFilter,
    )  # fmt: skip
    list_select_related = ("building__estate", "building__community")
    search_fields = ("number", "building__name", "building__estate__name")
    fields = ("building", "unit", "number", "floor_area")
    autocomplete_fields = ("building",)
    fixed_after_creation = ("building",)

    def rows(self, user: Any) -> Any:
        return access.households_in(user).select_related("building__estate", "building__community", "building__grid")

    def head(self, request: HttpRequest, obj: Household) -> list[tuple[str, Any]]:
        """Its address, area, and counts."""
        building = obj.building
        area = _("%s ㎡") % obj.floor_area if obj.floor_area is not None else "—"
        return [
            (_("门牌"), str(obj)),
            (
                _("楼栋"),
                format_html(
                    '<a href="{}">{}</a>', reverse("admin:places_building_change", args=[building.pk]), building
                ),
            ),
            (_("所在"), f"{building.community}{building.grid or ''}"),
            (_("面积"), area),
        ]

    def entries(self, request: HttpRequest, obj: Household) -> list[tuple[Any, str]]:
        """A tie to it, or what somebody there asks for, by whoever is of its desk."""
        return to_enter_at(request.user, obj) if holds(request.user, DESK, **self.place_of(obj)) else []

    def place_of(self, obj: Household) -> dict[str, Any]:
        return {"community": obj.building.community, "grid": obj.building.grid}

    @admin.display(description=gettext_lazy("社区"))
    def community(self, obj: Household) -> str:
        return obj.building.community.name
