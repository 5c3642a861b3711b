"""Forms: what a person types is words, without control characters and marks that reverse the reading direction, and
without numbers that nobody needs there; what a person chooses is offered."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from . import private_numbers

_BREAKS = {"\n", "\t"}


def clean_text(text: str) -> str:
    """``text`` with line ends as ``\\n`` and without control, format and surrogate characters.

    The joiner inside an emoji sequence stays; everything that changes the direction of reading goes.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (
        c for c in plain if c in _BREAKS or c == "\u200d" or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"}
    )
    return "".join(kept).strip()


def letters_in(text: str) -> int:
    """How many letters (ideographs too) and digits ``text`` has: blanks, signs and emoji say nothing."""
    return sum(char.isalnum() for char in text)


class PlainTextField(forms.CharField):
    """A CharField whose value is cleaned before its length is checked; one line unless it has a Textarea. Others read
    what stands in it: the number of an ID or a bank card is refused, and not repeated in the refusal."""

    def to_python(self, value: Any) -> str:
        text = clean_text(super().to_python(value) or "")
        return text if isinstance(self.widget, forms.Textarea) else " ".join(text.split())

    def validate(self, value: str) -> None:
        super().validate(value)
        if words := private_numbers.problem(value):
            raise ValidationError(words, code="private_number")


def offer(form: forms.BaseForm, name: str, rows: models.QuerySet[Any]) -> None:
    """Let the choice field ``name`` of ``form`` offer ``rows``."""
    field = form.fields[name]
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(f"{name} chooses no record")
    field.queryset = rows
