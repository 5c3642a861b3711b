"""Forms of signing in, signing up and looking after an account."""

from typing import Any

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.places.models import Area

from . import lockout
from .fields import CodeField, CodeInput, NameField, PhoneField, password_field
from .models import User

PASSWORD_HELP = _("至少 8 位，不要用手机号，也不要用 12345678 这样别人猜得到的。")


class PhoneForm(forms.Form):
    """The number that is to get a code."""

    phone = PhoneField()


class CodeForm(forms.Form):
    """The code that came."""

    code = CodeField()


class PasswordLoginForm(account_forms.LoginForm):
    """Phone or user name, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget = forms.TextInput(attrs={"autocomplete": "username"})
        self.fields["login"] = forms.CharField(
            label=_("手机号或登录名"),
            max_length=60,
            widget=widget,
            error_messages={"required": _("请填手机号或登录名。")},
        )
        self.fields["password"] = password_field(_("密码"))
        self.order_fields(["login", "password"])


class SignUpForm(forms.Form):
    """Who one is, where one lives, which number one signs in with; a password for who wants one."""

    name = NameField(help_text=_("写您的真名，只写姓名，不写号码。"))
    community = forms.ChoiceField(label=_("住在哪个社区"), error_messages={"required": _("请选您住的社区。")})
    phone = PhoneField(help_text=_("以后用它登录，也用它收验证码。"))
    password = password_field(
        _("密码"), new=True, required=False, help_text=_("不设也行，以后凭短信验证码登录。要设的话至少 8 位。")
    )
    agree = forms.BooleanField(
        label=_("我看过了，知道怎么用"),
        error_messages={"required": _("请先看看上面的“您的信息怎么用”，看过了在这里打勾。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["community"]
        field.choices = [("", _("请选择")), *_communities_by_district()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if password := data.get("password"):
            try:
                validate_password(password, User(phone=data.get("phone")))
            except ValidationError as error:
                self.add_error("password", error)
        return data

    def to_keep(self) -> dict[str, Any]:
        """What the session keeps until the number is proven: the password as its hash, an unusable one for none."""
        return {
            "name": self.cleaned_data["name"],
            "community_id": int(self.cleaned_data["community"]),
            "password_hash": make_password(self.cleaned_data["password"] or None),
        }


def _communities_by_district() -> list[tuple[str, list[tuple[int, str]]]]:
    """The open communities for a select, each with its sub-district, under the names of their districts."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for area in Area.objects.open().select_related("parent__parent").listed():
        street = area.parent
        district = street.parent if street is not None else None
        groups.setdefault(str(district or ""), []).append((area.pk, f"{area}（{street}）" if street else str(area)))
    return list(groups.items())


class ChangePasswordForm(account_forms.ChangePasswordForm):
    """The present password and the new one, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_fields(self)

    def clean_oldpassword(self) -> str:
        """Wrong ones count as failed log-ins, so that an open session is no place to guess."""
        password = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("enter_current_password")
        return password


class NewPasswordForm(account_forms.SetPasswordForm):
    """A new password, twice, for who has none or has just proven the phone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_fields(self)


class PasswordAgainForm(account_forms.ReauthenticateForm):
    """The password once more before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_fields(self)


class _SecondFactor:
    """Five wrong codes lock for thirty minutes from the fifth, as five wrong passwords do."""

    user: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_fields(self)

    def clean_code(self) -> str:
        keys = lockout.keys_of_second_factor(self.user)
        if not lockout.enter(keys):
            raise get_adapter().validation_error("too_many_login_attempts")
        code = super().clean_code()  # type: ignore[misc]
        lockout.forgive(keys)
        return code


class SecondFactorForm(_SecondFactor, mfa_forms.AuthenticateForm):
    """A code of the authenticator app, or a recovery code, at sign-in."""


class SecondFactorAgainForm(_SecondFactor, mfa_forms.ReauthenticateForm):
    """The same while signed in."""


class ActivateForm(totp_forms.ActivateTOTPForm):
    """The first code of an authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_fields(self)


_WORDS: dict[str, tuple[Any, Any, Any]] = {
    "oldpassword": (_("现在的密码"), "", _("请填现在的密码。")),
    "password": (_("密码"), "", _("请填密码。")),
    "password1": (_("新密码"), PASSWORD_HELP, _("请填新密码。")),
    "password2": (_("新密码再写一遍"), "", _("请把新密码再写一遍。")),
    "code": (_("6 位数字"), "", _("请填验证器上的 6 位数字。")),
}


def _name_fields(form: Any) -> None:
    """Our words in place of allauth's, no placeholders, and our box for codes."""
    for name, (label, help_text, missing) in _WORDS.items():
        if name in form.fields:
            field = form.fields[name]
            field.label, field.help_text = label, help_text
            field.error_messages["required"] = missing
            field.widget.attrs.pop("placeholder", None)
            if name == "code":
                field.widget = CodeInput(field.widget.attrs)
                field.widget.is_required = field.required
