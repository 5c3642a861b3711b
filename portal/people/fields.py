"""Form fields of names, phones, codes and passwords, each with the keyboard it needs."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.core.plaintext import PlainTextField

from . import codes, names, phones


class NameField(PlainTextField):
    """How a human being is called: letters of any script, see ``names``."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("姓名"))
        kwargs.setdefault("max_length", names.LONGEST)
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "name"}))
        kwargs["error_messages"] = {"required": _("请填姓名。"), **kwargs.get("error_messages", {})}
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return names.clean_name(text) if text else text


class PhoneField(forms.CharField):
    """An 11-digit mobile number, to sign in with; full-width digits, spaces and +86 are understood."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("手机号"))
        kwargs.setdefault("error_messages", {"required": _("请填手机号。")})
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "tel"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return self.cleaned(text) if text else text

    def cleaned(self, text: str) -> str:
        """The number in the form in which it is kept; ValidationError for what is none."""
        return phones.clean_mobile(text)


class ContactPhoneField(PhoneField):
    """A number by which somebody is reached: a mobile one, or a fixed line with its area code. Never one to sign in
    with, and no text message goes to it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("联系电话"))
        kwargs.setdefault("error_messages", {"required": _("请填联系电话。")})
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}))
        super().__init__(**kwargs)

    def cleaned(self, text: str) -> str:
        return phones.clean_contact(text)


class CodeInput(forms.TextInput):
    """The box of a code. Like a password it is never written into a page: what was typed was wrong, and the box is free
    for the next one, also for what a phone fills in by itself."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "numeric", "autocomplete": "one-time-code", **(attrs or {})})

    def format_value(self, value: Any) -> None:
        return None


class CodeField(forms.CharField):
    """The six digits of a text message. What cannot be a code is refused before it costs a try."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("验证码"))
        kwargs.setdefault("error_messages", {"required": _("请填短信里的 6 位数字。")})
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("widget", CodeInput)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        code = codes.normalise(super().clean(value))
        if not (code.isascii() and code.isdigit() and len(code) == codes.DIGITS):
            raise ValidationError(_("验证码是短信里的 6 位数字。"), code="not_a_code")
        return code


def password_field(label: Any, *, new: bool = False, **kwargs: Any) -> forms.CharField:
    """A password as it was typed, spaces included; ``new`` lets a password manager offer one."""
    kwargs.setdefault("max_length", 128)
    kwargs.setdefault("error_messages", {"required": _("请填密码。")})
    attrs = {"autocomplete": "new-password" if new else "current-password"}
    return forms.CharField(label=label, strip=False, widget=forms.PasswordInput(attrs=attrs), **kwargs)
