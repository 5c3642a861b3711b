"""Passwords that everybody who knows the phone would try."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class NotThePhoneValidator:
    """The password must not hold the phone or its last eight digits."""

    def validate(self, password: str, user: Any = None) -> None:
        phone = getattr(user, "phone", None)
        if phone and phone[-8:] in password:
            raise ValidationError(_("密码不要用手机号，别人容易猜到。"), code="password_is_phone")

    def get_help_text(self) -> str:
        return _("不要用手机号当密码。")
