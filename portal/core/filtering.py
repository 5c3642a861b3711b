"""What a list is filtered by just now, each with the way to take it off: for the chips under a filter bar."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from .keyset import PAGE_KEYS
from .templating import date_cn


@dataclass(frozen=True)
class Applied:
    """One filter in force: what the field is called, what was chosen, and the address of the list without it."""

    label: str
    value: str
    remove_url: str


def applied(form: forms.BaseForm, query: QueryDict) -> list[Applied]:
    """The filters of a bound and checked ``form`` that hold something, in the order of its fields.

    ``query`` is the request's; the other filters and whatever else stands in it stay in the addresses, where one had
    paged to does not: the list without a filter begins at its top. A field that was refused holds nothing.
    """
    found = []
    for bound in form.visible_fields():
        value = getattr(form, "cleaned_data", {}).get(bound.name)
        if value in (None, "", [], False) or (hasattr(value, "__len__") and len(value) == 0):
            continue
        rest = query.copy()
        for key in (bound.html_name, *PAGE_KEYS):
            rest.pop(key, None)
        label = str(bound.label).strip("：:？? ")
        found.append(Applied(label, _said(bound.field, value), f"?{rest.urlencode()}" if rest else "?"))
    return found


def _said(field: forms.Field, value: Any) -> str:
    """The chosen value in the words in which it was offered."""
    if isinstance(field, forms.ModelMultipleChoiceField):
        return "、".join(field.label_from_instance(one) for one in value)
    if isinstance(field, forms.ModelChoiceField):
        return field.label_from_instance(value)
    if isinstance(field, forms.MultipleChoiceField):
        return "、".join(_label(field, one) for one in value)
    if isinstance(field, forms.ChoiceField):
        return _label(field, value)
    if isinstance(value, dt.date):
        return date_cn(value)
    return str(field.label or "") if value is True else str(value)


def _label(field: forms.ChoiceField, value: Any) -> str:
    offered: Any = field.choices
    for key, label in offered:
        if isinstance(label, list | tuple):
            for inner, words in label:
                if str(inner) == str(value):
                    return str(words)
        elif str(key) == str(value):
            return str(label)
    return str(value)
