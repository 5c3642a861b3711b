"""Forms by which a person has their data put right, erased, or closes the account. What may stand where is the act's
word."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core import clock
from portal.core.dates import PartsField
from portal.core.plaintext import PlainTextField
from portal.people.facts import EARLIEST
from portal.people.fields import NameField
from portal.people.models import DataRequest, Person

_WORDS: dict[str, Any] = {"max_length": 500, "widget": forms.Textarea(attrs={"rows": 4})}


class _WithWords(forms.Form):
    words = PlainTextField(
        label=_("说明"),
        required=False,
        help_text=_("例如：身份证上是这样写的。社区可能请您出示证件。不用写身份证号。"),
        **_WORDS,
    )


class NameForm(_WithWords):
    value = NameField(label=_("姓名改成"), error_messages={"required": _("请写改成什么。")})
    field_order = ("value", "words")


class SexForm(_WithWords):
    value = forms.ChoiceField(
        label=_("性别改成"),
        choices=Person.Sex.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一样。"), "invalid_choice": _("请选一样。")},
    )
    field_order = ("value", "words")


class BirthDateForm(_WithWords):
    value = PartsField(
        label=_("出生日期改成"),
        earliest=EARLIEST,
        latest=clock.today,
        autofill=True,
        error_messages={"required": _("请写一个日期。")},
    )
    field_order = ("value", "words")


class OtherForm(forms.Form):
    words = PlainTextField(
        label=_("哪里不对，应该是什么"), error_messages={"required": _("请写明哪里不对、应该是什么。")}, **_WORDS
    )


class ErasureForm(forms.Form):
    words = PlainTextField(label=_("想删除什么"), error_messages={"required": _("请写明想删除什么。")}, **_WORDS)


_FORMS: dict[str, type[forms.Form]] = {
    DataRequest.Field.NAME: NameForm,
    DataRequest.Field.SEX: SexForm,
    DataRequest.Field.BIRTH_DATE: BirthDateForm,
    DataRequest.Field.OTHER: OtherForm,
}


def form_for(field: str) -> type[forms.Form]:
    """The form that asks what shall stand in ``field``."""
    return _FORMS[field]


class EraseForm(forms.Form):
    """Which purposes to erase for, and that it is meant."""

    purposes = forms.MultipleChoiceField(
        label=_("删除哪些"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选一项。"), "invalid_choice": _("有一项现在删不了，请再选一次。")},
    )
    sure = forms.BooleanField(
        label=_("我知道删除以后找不回来"), error_messages={"required": _("想好了再打勾，删除以后找不回来。")}
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purposes"].choices = choices  # type: ignore[attr-defined]


class LeaveForm(forms.Form):
    """That the account is to be closed, and whether what can be erased goes with it."""

    erase = forms.BooleanField(
        label=_("同时删除现在能删除的信息"),
        required=False,
        help_text=_("不打勾，信息按各自的期限保留，到期由系统自动删除。"),
    )
    sure = forms.BooleanField(
        label=_("我知道注销以后不能恢复"), error_messages={"required": _("想好了再打勾，注销以后不能恢复。")}
    )
