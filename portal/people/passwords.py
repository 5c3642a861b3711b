"""Which passwords are taken: one rule in our own words, the first thing that is wrong at a time.

Django's own validators speak English here (their newer wording has no translation yet) and all at once.
"""

from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class PasswordRule:
    """At least ``min_length`` characters, not the phone or its last eight digits, not one that everybody tries."""

    def __init__(self, min_length: int = 8) -> None:
        self.min_length = min_length
        self._common = CommonPasswordValidator()

    def validate(self, password: str, user: Any = None) -> None:
        """ValidationError with one message, whatever else is wrong too."""
        phone = getattr(user, "phone", None)
        if len(password) < self.min_length:
            words = _("密码太短了，至少要 %(count)d 位。") % {"count": self.min_length}
            raise ValidationError(words, code="password_too_short")
        if phone and phone[-8:] in password:
            raise ValidationError(_("密码不要用手机号，别人容易猜到。"), code="password_is_phone")
        if password.lower().strip() in self._common.passwords:
            raise ValidationError(_("这个密码用的人太多，别人一猜就中，请换一个。"), code="password_too_common")

    def get_help_text(self) -> str:
        return _("至少 %(count)d 位，不要用手机号，也不要用 12345678 这样别人猜得到的。") % {"count": self.min_length}
