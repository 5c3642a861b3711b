"""The form in which a person corrects their own contact phone and address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.plaintext import PlainTextField
from portal.people.fields import ContactPhoneField
from portal.people.models import Person


class ContactForm(forms.Form):
    """Both stand as they are now; what is emptied is taken out of the records."""

    contact_phone = ContactPhoneField(
        required=False,
        help_text=_(
            "社区有事打这个电话。手机、家里的固定电话（带区号，例如 0731-28812345）都行，和登录的手机号不一样也行。"
        ),
    )
    address = PlainTextField(
        label=_("住址"),
        required=False,
        max_length=100,
        help_text=_("例如 月塘路 5 号 3 栋 2 单元 301。上门办事用，平时页面上不显示。"),
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )

    @classmethod
    def about(cls, person: Person, data: Any = None) -> "ContactForm":
        """The form with what is stored about ``person``, or with what was sent."""
        return cls(data, initial={"contact_phone": person.contact_phone, "address": person.address})
