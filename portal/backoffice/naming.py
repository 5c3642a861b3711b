"""The records that lines of the trail are about, in words as far as the reader may know them.

Who may open a record reads its name and finds the way to it. Everybody else who may read the line — the 个人信息保护员,
who opens no person's page — is told the kind, the number that people quote, and the person's name behind its mask.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from portal.core.masking import mask_name
from portal.core.numbers import is_public_code, spaced
from portal.people.models import Person

from .pathways import steps

_WHOSE = ("subject", "person", "child", "principal", "user__person", "volunteer__person", "requester__person")
_NUMBERS = ("number", "code")

Key = tuple[str, int]


@dataclass(frozen=True)
class Named:
    """A record in words; ``url`` is its page where the reader may open it."""

    text: str
    url: str = ""


def named(site: Any, request: HttpRequest, keys: Iterable[Key]) -> dict[Key, Named]:
    """The records by (type, id): at most two queries a type, however many of it there are. What is gone is left out."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for label, pk in keys:
        wanted[label].add(pk)
    found: dict[Key, Named] = {}
    for label, ids in wanted.items():
        try:
            model = apps.get_model(label)
        except (LookupError, ValueError):
            continue
        opened = _opened(site, request, model, ids)
        closed = _behind_masks(model, ids - set(opened))
        found |= {(label, pk): name for pk, name in {**opened, **closed}.items()}
    return found


def _opened(site: Any, request: HttpRequest, model: type[models.Model], ids: set[int]) -> dict[int, Named]:
    """Those that the reader may open, each by its name."""
    if not site.is_registered(model):
        return {}
    page = site.get_model_admin(model)
    if not page.has_view_permission(request):
        return {}
    rows = page.rows(request.user).filter(pk__in=ids)
    if related := page.list_select_related:
        rows = rows.select_related(*related)
    kind = model._meta.verbose_name
    return {row.pk: Named(f"{kind} {row}", _page_of(model, row.pk)) for row in rows}


def _page_of(model: type[models.Model], pk: int) -> str:
    try:
        return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[pk])
    except NoReverseMatch:  # a list without pages
        return ""


def _behind_masks(model: type[models.Model], ids: set[int]) -> dict[int, Named]:
    """The others: kind, number, and whose it is behind the mask."""
    if not ids:
        return {}
    path = _path_to_person(model)
    rows = model._default_manager.filter(pk__in=ids)
    rows = rows.select_related(path) if path else rows
    return {row.pk: Named(_masked(row, path)) for row in rows}


def _path_to_person(model: type[models.Model]) -> str:
    """How a record leads to whose it is; empty for a person's own and for what is nobody's."""
    for path in _WHOSE if model is not Person else ():
        *_before, (walked, reached) = steps(model, path)
        if walked == path and reached is Person:
            return path
    return ""


def _masked(row: Any, path: str) -> str:
    person = row
    for part in path.split("__") if path else ():
        person = getattr(person, part, None)
    name = mask_name(person.name) if isinstance(person, Person) else ""
    number = next((str(getattr(row, field)) for field in _NUMBERS if _has(row, field)), "")
    number = spaced(number) if is_public_code(number) else number
    return " ".join(filter(None, [str(row._meta.verbose_name), number or ("" if name else str(row.pk)), name]))


def _has(row: Any, name: str) -> bool:
    try:
        return isinstance(row._meta.get_field(name), models.CharField) and bool(getattr(row, name))
    except FieldDoesNotExist:
        return False
