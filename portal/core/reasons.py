"""Reasons that somebody at the desk writes down: words that say something, and no number by which one is found.

Others read them (the person concerned, colleagues, whoever checks later): a phone does not belong there either.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import plaintext, whole_numbers
from .private_numbers import problem as number_problem

LEAST_HAN = 2  # 核对, 重复
LEAST_LETTERS = 4  # of another script
LONGEST = 200  # characters


def is_han(char: str) -> bool:
    """Whether ``char`` is a Chinese character."""
    return "\u3400" <= char <= "\u9fff" or "\U00020000" <= char <= "\U000323af"


def says_something(text: str) -> bool:
    """Whether ``text`` holds two different Chinese characters, or a word of four letters in another script that is not
    one letter again and again: a sign, an emoji or “x” says nothing."""
    han = [char for char in text if is_han(char)]
    if len(han) >= LEAST_HAN and len(set(han)) > 1:
        return True
    letters = [char.casefold() for char in text if char.isalpha() and not is_han(char)]
    return len(letters) >= LEAST_LETTERS and len(set(letters)) > 1


def problem(text: str) -> str:
    """Why ``text`` is no reason that can be kept, for who typed it; empty where it is one. A number in it is not
    repeated."""
    if not says_something(text):
        return _("请写清楚，至少两个汉字，例如“核对”“重复”。")
    if words := number_problem(text):
        return words
    if whole_numbers.holds_number(text):
        return _("请不要写手机号、电话号码，看的人用不着。删掉号码，别的字可以留着。")
    return ""


def check(text: str, missing: str, field: str = "reason") -> str:
    """``text`` without blanks around it. ValidationError for ``field``: ``missing`` where nothing is there, else why it
    cannot be kept."""
    words = text.strip()
    if refusal := problem(words) if words else missing:
        raise ValidationError({field: refusal})
    return words


class ReasonField(plaintext.PlainTextField):
    """A reason that the record keeps, on a form."""

    def __init__(self, **kwargs: Any) -> None:
        defaults: dict[str, Any] = {
            "label": gettext_lazy("理由"),
            "max_length": LONGEST,
            "widget": forms.Textarea(attrs={"rows": 3}),
            "help_text": gettext_lazy("会留在操作记录里，最多 200 字。不要写身份证号、手机号。"),
        }
        super().__init__(**{**defaults, **kwargs})

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and (words := problem(value)):
            raise ValidationError(words, code="reason")
