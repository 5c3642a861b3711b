"""Forms: what a person types is words, without control characters and marks that reverse the reading direction; what
a person chooses is offered."""

import unicodedata
from typing import Any

from django import forms
from django.db import models

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


class PlainTextField(forms.CharField):
    """A CharField whose value is cleaned before its length is checked; one line unless it has a Textarea."""

    def to_python(self, value: Any) -> str:
        text = clean_text(super().to_python(value) or "")
        return text if isinstance(self.widget, forms.Textarea) else " ".join(text.split())


def offer(form: forms.BaseForm, name: str, rows: models.QuerySet[Any]) -> None:
    """Let the choice field ``name`` of ``form`` offer ``rows``."""
    field = form.fields[name]
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(f"{name} chooses no record")
    field.queryset = rows
