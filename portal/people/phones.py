"""Phone numbers: mobile ones (11 digits from 13 to 19), and fixed lines with their area code, by which one can be
called but neither signed in nor sent a text message. Normalised here, indexed blindly, shown masked."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOBILE = re.compile(r"^1[3-9]\d{9}$")
# 010, 02x, or four digits from 03 to 09; then seven or eight that begin with 2 to 8.
_LANDLINE = re.compile(r"^(010|02\d|0[3-9]\d\d)([2-8]\d{6,7})$")
_WITHOUT_AREA_CODE = re.compile(r"^[2-8]\d{6,7}$")


def normalise(text: str) -> str:
    """What a person typed, as bare ASCII digits: full-width digits, spaces, dashes, brackets and +86 are understood, a
    fixed line behind +86 getting back the 0 of its area code."""
    plain = unicodedata.normalize("NFKC", text)
    plain = re.sub(r"[\s\-()\u2010-\u2015\u2212]", "", plain)
    for prefix in ("+86", "0086"):
        if plain.startswith(prefix):
            national = plain.removeprefix(prefix)
            return f"0{national}" if re.match(r"10|[2-9]", national) else national
    return plain


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


def clean_contact(text: str) -> str:
    """A number to call: a normalised mobile one, or a fixed line as ``0731-28812345``. Raises ValidationError that says
    what is wrong."""
    phone = normalise(text)
    if not phone.isascii() or not phone.isdigit():
        raise ValidationError(_("电话只能是数字，不写分机和别的字。"))
    if fixed := _LANDLINE.match(phone):
        return f"{fixed[1]}-{fixed[2]}"
    if _WITHOUT_AREA_CODE.match(phone):
        raise ValidationError(_("固定电话前面请加区号，例如 0731-28812345。"))
    if phone.startswith("0"):
        raise ValidationError(_("固定电话写区号和 7 到 8 位号码，例如 0731-28812345，请再数一数。"))
    return clean_mobile(phone)
