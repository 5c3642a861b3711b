"""Applying as a volunteer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.plaintext import PlainTextField, offer
from portal.places.models import Area

from .joining import problem_of_application
from .models import Skill, Volunteer


class ApplyForm(forms.Form):
    community = forms.ModelChoiceField(label=_("在哪个社区服务"), queryset=Area.objects.none(), empty_label=None)
    skills = forms.ModelMultipleChoiceField(
        label=_("会什么"),
        help_text=_("会的打勾；没有合适的，就在“介绍一下自己”里写写您能帮什么。两样至少填一样。"),
        queryset=Skill.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    availability = forms.ChoiceField(
        label=_("什么时候有空"),
        choices=Volunteer.Availability.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选什么时候有空，哪天都行就选“都可以”。")},
    )
    introduction = PlainTextField(
        label=_("介绍一下自己"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "community", Area.objects.open().order_by("path"))
        offer(self, "skills", Skill.objects.all())

    def clean(self) -> dict[str, Any]:
        """What the act would refuse is said beside the other things to put right."""
        cleaned = super().clean() or {}
        said = cleaned.get("introduction")
        if said is not None and (words := problem_of_application(cleaned.get("skills") or [], said)):
            self.add_error("skills", words)
        return cleaned
