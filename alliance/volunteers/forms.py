"""Applying as a volunteer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.plaintext import PlainTextField, offer
from portal.places.models import Area

from .models import Skill, Volunteer


class ApplyForm(forms.Form):
    community = forms.ModelChoiceField(label=_("在哪个社区服务"), queryset=Area.objects.none(), empty_label=None)
    skills = forms.ModelMultipleChoiceField(
        label=_("会什么"), queryset=Skill.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    availability = forms.ChoiceField(
        label=_("什么时候有空"),
        choices=Volunteer.Availability.choices,
        widget=forms.RadioSelect,
        initial=Volunteer.Availability.ANY,
    )
    introduction = PlainTextField(
        label=_("介绍一下自己"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "community", Area.objects.open().order_by("path"))
        offer(self, "skills", Skill.objects.all())
