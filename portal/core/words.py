"""What a field says when it was not filled in well.

Django speaks to programmers (“确保该变量包含不超过 500 字符”, “该选择不在可用的选项中”); elders read these
lines, beside others that we wrote for them. ``install`` puts plain words in their place once, at start, so that no
form has to, not even at the desk: a ``ModelForm`` is made of the same fields. What a form or a field of ours says
itself still wins.
"""

from typing import Any

from django import forms
from django.core import validators
from django.db import models
from django.utils.translation import gettext_lazy as _

_PICK = _("请选一样。")
_LISTED = _("请从列出的里面选。")
_NUMBER = _("请写数字，例如 12 或 12.5。")
_DATE = _("日期不对，请写成 2026-03-09 这样。")
_TIME = _("时间不对，请写成 9:30 这样。")
_FILE_GONE = _("文件没有传上来，请再选一次。")
_EMAIL = _("邮箱不对，请写成 name@example.com 这样。")
_LINK = _("网址不对，请从浏览器里把整个网址复制过来。")
_WHOLE = _("请写一个整数，例如 3。")
_WRONG = _("写得不对，请检查一下。")

_FIELDS: dict[type[Any], dict[str, Any]] = {
    forms.Field: {"required": _("请填写这一项。")},
    forms.BooleanField: {"required": _("请勾上这一项。")},
    forms.ChoiceField: {"required": _PICK, "invalid_choice": _LISTED},
    forms.MultipleChoiceField: {"required": _("请至少选一样。"), "invalid_choice": _LISTED, "invalid_list": _LISTED},
    forms.ModelChoiceField: {"required": _PICK, "invalid_choice": _LISTED},
    forms.ModelMultipleChoiceField: {
        "required": _("请至少选一样。"),
        "invalid_choice": _LISTED,
        "invalid_list": _LISTED,
        "invalid_pk_value": _LISTED,
    },
    forms.IntegerField: {"invalid": _WHOLE},
    forms.FloatField: {"invalid": _NUMBER},
    forms.DecimalField: {"invalid": _NUMBER},
    forms.DateField: {"invalid": _DATE},
    forms.TimeField: {"invalid": _TIME},
    forms.DateTimeField: {"invalid": _("日期和时间不对，请写成 2026-03-09 9:30 这样。")},
    forms.SplitDateTimeField: {"invalid_date": _DATE, "invalid_time": _TIME},
    forms.DurationField: {"invalid": _("时长不对，请写成 1:30:00 这样（时:分:秒）。"), "overflow": _("时长太长了。")},
    forms.MultiValueField: {"invalid": _WRONG, "incomplete": _("还没有填完，请补全。")},
    forms.URLField: {"invalid": _LINK},
    forms.UUIDField: {"invalid": _WRONG},
    forms.JSONField: {"invalid": _WRONG},
    forms.FileField: {
        "required": _("请选一个文件。"),
        "invalid": _FILE_GONE,
        "missing": _FILE_GONE,
        "empty": _("这个文件是空的，请换一个。"),
        "max_length": _("文件名太长：最多 %(max)d 个字，现在是 %(length)d 个。请改短文件名再传。"),
        "contradiction": _("要么换一个新文件，要么勾选清除，两样只能选一样。"),
    },
    forms.ImageField: {"invalid_image": _("这张图片打不开，请换一张，或重新拍一张。")},
    models.Field: {
        "blank": _("请填写这一项。"),
        "null": _("请填写这一项。"),
        "invalid_choice": _LISTED,
        "unique": _("这个%(field_label)s已经有了，不能重复。"),
    },
}

_VALIDATORS: list[tuple[Any, Any]] = [
    (validators.RegexValidator, _WRONG),
    (validators.EmailValidator, _EMAIL),
    (validators.URLValidator, _LINK),
    (validators.MinValueValidator, _("不能小于 %(limit_value)s。")),
    (validators.MaxValueValidator, _("不能大于 %(limit_value)s。")),
    (validators.StepValueValidator, _("要是 %(limit_value)s 的倍数。")),
    (validators.MinLengthValidator, _("至少写 %(limit_value)d 个字，现在是 %(show_value)d 个。")),
    (validators.MaxLengthValidator, _("最多写 %(limit_value)d 个字，现在是 %(show_value)d 个。")),
    (validators.FileExtensionValidator, _("不收这种文件（%(extension)s），可以传：%(allowed_extensions)s。")),
    (validators.ProhibitNullCharactersValidator, _("里面有认不出的字符，请删掉重新写。")),
    (validators.validate_integer, _WHOLE),
    (validators.validate_slug, _("只能用字母、数字、下划线和短横线。")),
    (validators.validate_unicode_slug, _("只能用文字、数字、下划线和短横线。")),
]

_DECIMALS: dict[str, Any] = {
    "invalid": _NUMBER,
    "max_digits": _("数字太长，一共最多 %(max)s 位。"),
    "max_decimal_places": _("小数点后最多 %(max)s 位。"),
    "max_whole_digits": _("小数点前最多 %(max)s 位。"),
}


def install() -> None:
    """Put the words in the place of Django's. Safe to call again; forms that exist already keep what they have."""
    for field, words in _FIELDS.items():
        # A new dictionary: a class without words of its own must not write into those of its parent.
        field.default_error_messages = {**vars(field).get("default_error_messages", {}), **words}
    for validator, message in _VALIDATORS:
        validator.message = message
    validators.DecimalValidator.messages = {**validators.DecimalValidator.messages, **_DECIMALS}
