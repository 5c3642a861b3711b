"""What stands in a field that its reader cannot change: a record it points at is a link only where its page opens."""

from typing import Any

from django import template
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

register = template.Library()


@register.simple_tag(takes_context=True)
def shown(context: Any, field: Any) -> Any:
    """The value of a field of Django's admin. Django links every record it points at, whoever reads."""
    pointed = _pointed_at(field)
    if pointed is not None and not _opens(context["request"], pointed):
        return str(pointed)
    return field.contents()


def _pointed_at(field: Any) -> models.Model | None:
    """The record behind a foreign key; None for every other field, and for an empty one."""
    record, name = field.form.instance, field.field["field"]
    if not isinstance(name, str) or name not in {one.name for one in record._meta.fields if one.is_relation}:
        return None
    return getattr(record, name)


def _opens(request: HttpRequest, record: models.Model) -> bool:
    """Whether the record has a page that this reader may open."""
    if not admin.site.is_registered(type(record)):
        return True  # without a page there is no link either
    page: Any = admin.site.get_model_admin(type(record))
    if not page.has_view_permission(request, record):
        return False
    return bool(page.get_queryset(request).filter(pk=record.pk).exists())
