"""Mobile numbers: 11 digits that begin with 13 to 19. Normalised here, indexed blindly, shown masked."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOBILE = re.compile(r"^1[3-9]\d{9}$")


def normalise(text: str) -> str:
    """What a person typed, as bare ASCII digits: full-width digits, spaces, dashes and +86 are understood."""
    plain = unicodedata.normalize("NFKC", text)
    plain = re.sub(r"[\s\-()]", "", plain)
    return plain.removeprefix("+86") if plain.startswith("+86") else plain.removeprefix("0086")


def clean_mobile(text: str) -> str:
    """A normalised mobile number. Raises ValidationError that says what is wrong."""
    phone = normalise(text)
    if not phone.isascii() or not phone.isdigit():
        raise ValidationError(_("手机号只能是数字。"))
    if len(phone) != 11:
        raise ValidationError(_("手机号是 11 位数字，请再数一数。"))
    if not MOBILE.match(phone):
        raise ValidationError(_("这不是手机号，手机号以 13 到 19 开头。"))
    return phone
