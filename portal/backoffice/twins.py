"""Whoever is entered at the desk and looks like somebody registered already: said on the form, before anything is
stored, among those that the desk serves and nobody else. Who says that it is another one goes on with one button.
"""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import clock
from portal.core.plaintext import PlainTextField
from portal.people import contacting, merging, phones
from portal.people.fields import NameField
from portal.people.models import Person

from .pieces import ScopedForm, who

DIFFERENT = "different"  # the button that says so; its value is the keys of those who were shown


class PersonForm(ScopedForm):
    """Entering a person at the desk: the phone as one types it, kept normalised. ``among`` is set by the page."""

    name = NameField(widget=forms.TextInput(attrs={"autocomplete": "off", "class": "vTextField"}))
    contact_phone = forms.CharField(
        label=gettext_lazy("联系电话"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off", "class": "vTextField"}),
        help_text=gettext_lazy("手机号，或者带区号的固定电话；几个人可以共用一个号码。"),
    )
    address = PlainTextField(
        label=gettext_lazy("住址"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "vTextField"}),
    )

    among: QuerySet[Person] | None = None
    alike: merging.Likely = []

    def clean_contact_phone(self) -> str:
        text = self.cleaned_data["contact_phone"]
        return phones.clean_contact(text) if text else ""

    def clean(self) -> dict[str, Any] | None:
        """Everything else right, whoever looks like the person is shown first; those said to be others pass."""
        cleaned = super().clean()
        if self.among is None or self.errors:
            return cleaned
        data = self.cleaned_data
        alike = merging.lookalikes(
            people=self.among, name=data["name"], birth_date=data.get("birth_date"), phone=data["contact_phone"]
        )
        others = set(self.data.get(DIFFERENT, "").split(","))
        if any(str(person.pk) not in others for person, _why in alike):
            self.alike = alike
            self.add_error(None, _("像是登记过的人，请先打开看看；确实不是同一个人，再照样登记。"))
        return cleaned


def shown(request: HttpRequest, form: Any, label: Any) -> dict[str, Any]:
    """What the form's page says of those who look alike: each by ``label``, by what, and where to look; that a phone
    led to somebody is on the record, as any search by phone is."""
    alike: merging.Likely = getattr(form, "alike", [])
    if not alike:
        return {}
    if form.cleaned_data.get("contact_phone"):
        contacting.note_search(found=[person for person, _why in alike], actor=who(request), at=clock.now())
    page = "admin:enter_for" if request.GET.get("then") == "enter" else "admin:people_person_change"
    return {
        "alike": [(label(person), why, reverse(page, args=[person.pk])) for person, why in alike],
        "alike_keys": ",".join(str(person.pk) for person, _why in alike),
    }
