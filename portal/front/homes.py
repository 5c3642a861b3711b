"""The forms in which a person says where they live or what they own, and that they have moved out."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.core import clock
from portal.core.plaintext import PlainTextField, offer
from portal.core.templating import date_cn
from portal.people.models import Residency
from portal.places.models import Area, Building, Household

EARLIEST = dt.date(1949, 10, 1)


class HomeForm(forms.Form):
    """A household is found by what stands at its door; one that is not on the roll is the desk's to enter."""

    building = forms.ModelChoiceField(
        label=_("哪一栋"),
        queryset=Building.objects.none(),
        empty_label=_("请选择"),
        error_messages={"required": _("请选楼栋。"), "invalid_choice": _("请选楼栋。")},
    )
    unit = PlainTextField(
        label=_("单元"), max_length=10, required=False, help_text=_("没有单元就不填。"), widget=forms.TextInput
    )
    number = PlainTextField(
        label=_("房号"), max_length=20, help_text=_("例如 302"), error_messages={"required": _("请写房号。")}
    )
    kind = forms.ChoiceField(
        label=_("您是"),
        choices=Residency.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一样。"), "invalid_choice": _("请选一样。")},
    )
    since = forms.DateField(
        label=_("从哪天起"),
        help_text=_("记不清就写个大概。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("请写一个日期。"), "invalid": _("请写一个日期，例如 2020-05-01。")},
    )

    def __init__(self, *args: Any, community: Area | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        buildings = Building.objects.filter(community=community).select_related("estate")
        offer(self, "building", buildings)

    def clean_since(self) -> dt.date:
        day = self.cleaned_data["since"]
        if day > clock.today():
            raise ValidationError(_("日期不能在今天以后。"))
        if day < EARLIEST:
            raise ValidationError(_("日期太早了，请再看看。"))
        return day

    def clean(self) -> dict[str, Any]:
        """Adds ``household``."""
        cleaned = super().clean() or {}
        if cleaned.get("building") and cleaned.get("number"):
            unit = cleaned.get("unit", "").removesuffix("单元")
            found = Household.objects.filter(
                building=cleaned["building"], unit=unit, number=cleaned["number"]
            ).select_related("building__community", "building__grid")
            cleaned["household"] = found.first()
            if cleaned["household"] is None:
                self.add_error("number", _("没有找到这一户，请核对单元和房号，或到社区窗口登记。"))
        return cleaned


class LeaveForm(forms.Form):
    """The last day in a home that began on ``since``; nobody moves out before they moved in."""

    until = forms.DateField(
        label=_("哪天搬走的"),
        help_text=_("记不清就写个大概。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("请写一个日期。"), "invalid": _("请写一个日期，例如 2020-05-01。")},
    )

    def __init__(self, *args: Any, since: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.since = since
        self.fields["until"].initial = clock.today

    def clean_until(self) -> dt.date:
        day = self.cleaned_data["until"]
        if day > clock.today():
            raise ValidationError(_("还没到这一天，搬走以后再来登记。"))
        if day < self.since:
            raise ValidationError(_("搬走的日期不能早于住进来的日期（%(day)s）。") % {"day": date_cn(self.since)})
        return day
