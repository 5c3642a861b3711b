"""Every field of a form into which a person writes words of their own takes the one rule for words that others read."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from django import forms

import alliance.volunteers
import portal.backoffice
import portal.front
import portal.people
import services.wishes
from portal.core.luhn import check_digit
from portal.core.plaintext import PlainTextField
from portal.people.fields import CodeField, PhoneField
from services.wishes.desk import YuanField

ROOMS = (portal.front, portal.people, services.wishes, alliance.volunteers, portal.backoffice)
# What takes no words: each knows by itself what it takes.
_OWN_RULE = (PhoneField, CodeField, YuanField, forms.EmailField, forms.URLField, forms.RegexField)
_NO_WORDS = {
    ("EmailForm", "email"): "an address for mail, checked whole",
    ("DetailsForm", "price"): "an amount",
    ("PasswordLoginForm", "login"): "compared with what stands, and kept nowhere",
    ("EntryForm", "contact_phone"): "a phone, or its mask",
    ("PersonForm", "contact_phone"): "a phone",
    ("ContactForm", "contact_phone"): "a phone",
    ("SecondFactorForm", "code"): "a code, compared and kept nowhere",
    ("SecondFactorAgainForm", "code"): "a code, compared and kept nowhere",
    ("ActivateForm", "code"): "a code, compared and kept nowhere",
}
_INVENTED = {"portal.front.specimens"}  # shows components; nothing is sent


def _forms() -> Iterator[type[forms.BaseForm]]:
    seen: set[type] = set()
    for room in ROOMS:
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if ".migrations" in module.name or module.name in _INVENTED:
                continue
            for thing in vars(importlib.import_module(module.name)).values():
                if isinstance(thing, type) and issubclass(thing, forms.BaseForm) and thing not in seen:
                    seen.add(thing)
                    if thing.__module__.split(".")[0] in {"portal", "services", "alliance"}:
                        yield thing


def _writes_words(form: type[forms.BaseForm], name: str, field: forms.Field) -> bool:
    if not isinstance(field, forms.CharField) or isinstance(field, _OWN_RULE) or (form.__name__, name) in _NO_WORDS:
        return False
    return not isinstance(field.widget, forms.PasswordInput | forms.HiddenInput) and not field.disabled


def test_no_form_takes_words_without_the_rule():
    found = [
        f"{form.__module__}.{form.__name__}.{name}"
        for form in _forms()
        for name, field in form.base_fields.items()
        if _writes_words(form, name, field) and not isinstance(field, PlainTextField)
    ]
    assert not found


def test_the_walk_meets_the_forms_it_is_for():
    names = {form.__name__ for form in _forms()}
    assert {"SignUpForm", "DetailsForm", "ApplyForm", "OptionalReasonForm", "NameForm", "OtherForm"} <= names
    checked = [f for form in _forms() for f in form.base_fields.values() if isinstance(f, PlainTextField)]
    assert len(checked) > 20


def _words() -> list[PlainTextField]:
    return [f for form in _forms() for f in form.base_fields.values() if isinstance(f, PlainTextField)]


@pytest.mark.parametrize(
    "number", ["１１０１０５ 19491231 002X", "622202020000123456" + check_digit("622202020000123456")]
)
def test_each_of_them_refuses_the_number_of_an_id_and_of_a_card(number):
    for field in _words():
        with pytest.raises(forms.ValidationError):
            field.clean(number)
