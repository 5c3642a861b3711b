"""What somebody types into a list's search box stays out of addresses: they end up in histories, logs and referrers.

The box is sent by POST. What was typed is kept in the session (sealed) under a random key, and the list's address holds
the key: ``?found=<key>`` survives paging, filters and the way back from a record. A phone or an ID number is not
searched in this way at all: a whole phone is looked up among people, on the record (``people.contacting``).

A list is narrowed by the filters it declares and by nothing else that one could write into its address: who approves
an export reads its filters in words, and a look-up that no filter stands for has none.
"""

import secrets
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG, ORDER_VAR, PAGE_VAR, SEARCH_VAR, ChangeList
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import whole_numbers
from portal.core.sealed import BlindIndexField, SealedField

FOUND_VAR = "found"
KEPT = 20  # searches of one session; the oldest is forgotten first
LONGEST = 40
MOST_PICKED = 200  # records that an address picks out
LONGEST_ID = 18  # digits; what is longer overflows the column of a key
_KEY = "backoffice.searches"


def holds_number(text: str, *, among_people: bool = True) -> bool:
    """Whether ``text`` holds a phone or an ID number. Where people are searched, seven digits on end are one; elsewhere
    (codes, house numbers) only a whole one is."""
    return whole_numbers.holds_number(text, part=among_people)


def keep(request: HttpRequest, text: str) -> str:
    """Keep a search in the session; returns the key that stands for it in an address."""
    searches = dict(request.session.get(_KEY, {}))
    key = next((key for key, kept in searches.items() if kept == text), "") or secrets.token_urlsafe(6)
    searches.pop(key, None)
    request.session[_KEY] = dict([*searches.items(), (key, text)][-KEPT:])
    return key


def recalled(request: HttpRequest, key: str) -> str:
    """What this session keeps under ``key``; empty where it knows it not."""
    return request.session.get(_KEY, {}).get(key, "")


def kept(request: HttpRequest) -> str | None:
    """What was searched for by the key in the address: empty without a key, None where this session knows it not."""
    key = request.GET.get(FOUND_VAR, "")
    return request.session.get(_KEY, {}).get(key) if key else ""


def address(request: HttpRequest, text: str = "") -> str:
    """The query string (with its question mark) of the present list with another search: ``text``, or none."""
    query = request.GET.copy()
    for name in (SEARCH_VAR, FOUND_VAR, PAGE_VAR, ERROR_FLAG):
        query.pop(name, None)
    if text:
        query[FOUND_VAR] = keep(request, text.replace("\0", ""))
    return f"?{query.urlencode()}" if query else ""


def typed(request: HttpRequest) -> str | None:
    """What is searched for now, sent from the box or written into the address; None where nothing is."""
    if request.method == "POST" and "text" in request.POST:
        text = request.POST["text"]
    elif SEARCH_VAR in request.GET:
        text = request.GET[SEARCH_VAR]
    else:
        return None
    return text.replace("\0", "").strip()


def is_id(text: str) -> bool:
    """Whether ``text`` can be the key of a record at all."""
    return text.isdecimal() and len(text) <= LONGEST_ID


def proposed(model: type[models.Model], values: dict[str, Any]) -> dict[str, Any]:
    """``values`` for a new record without those that are no keys where a key is asked for."""
    relations = {field.name for field in (*model._meta.fields, *model._meta.many_to_many) if field.is_relation}

    def fits(value: Any) -> bool:
        return all(is_id(str(part)) for part in (value if isinstance(value, list) else [value]))

    return {name: value for name, value in values.items() if name not in relations or fits(value)}


def leads_to_sealed(model: type[models.Model], lookup: str) -> bool:
    """Whether a look-up reaches a sealed column or the blind index of one."""
    reached: Any = model
    for part in lookup.split("__"):
        try:
            field = reached._meta.get_field(part)
        except FieldDoesNotExist:
            return False
        if isinstance(field, SealedField | BlindIndexField):
            return True
        reached = field.related_model
        if reached is None:
            return False
    return False


class Among(admin.SimpleListFilter):
    """The records that a page has picked out, by their keys; offered only where some are."""

    title = gettext_lazy("指定的记录")
    parameter_name = "among"

    def keys(self) -> list[str]:
        """At most ``MOST_PICKED``; what can be no key is none."""
        return [part for part in (self.value() or "").split(",") if is_id(part)][:MOST_PICKED]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        value = self.value()
        return [(value, _("%d 条") % len(self.keys()))] if value else []

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(pk__in=self.keys()) if self.value() else queryset


def _is_offered(spec: Any) -> bool:
    """Whether what the address asks of a filter is one of its choices: any other would count as a filter and show
    everything, or nothing."""
    if isinstance(spec, admin.SimpleListFilter):
        asked = spec.value()
        return asked is None or asked in {str(value) for value, _label in spec.lookup_choices}
    if isinstance(spec, admin.ChoicesFieldListFilter):
        values: Any = spec.lookup_val or []
        offered = {str(value) for value, _label in spec.field.flatchoices}
        return {str(value) for value in (values if isinstance(values, list) else [values])} <= offered
    return True


class KeptChangeList(ChangeList):
    """A list that takes its search from the session where the address holds a key, and that knows its own filters
    alone: IncorrectLookupParameters for anything else in the address."""

    def get_filters(self, request: HttpRequest) -> Any:
        if any("\0" in value for values in self.filter_params.values() for value in values):
            raise IncorrectLookupParameters
        try:
            found = super().get_filters(request)
        except DisallowedModelAdminLookup as refused:
            raise IncorrectLookupParameters from refused
        if found[2]:  # what no declared filter has taken
            raise IncorrectLookupParameters
        if not all(_is_offered(spec) for spec in found[0]):
            raise IncorrectLookupParameters
        return found

    def get_results(self, request: HttpRequest) -> None:
        """A page past the last one is the last one, and says so: never the first under another's number."""
        if self.page_num > 1:
            last = self.model_admin.get_paginator(request, self.queryset, self.list_per_page).num_pages
            if self.page_num > last:
                self.page_num = last
                messages.info(request, _("没有这么多页，这是最后一页。"))
        super().get_results(request)

    def get_ordering_field_columns(self) -> Any:
        """What stands in a list's own order of several columns has no arrows: they would bear stray numbers."""
        columns = super().get_ordering_field_columns()
        return columns if ORDER_VAR in self.params or len(columns) < 2 else {}

    def get_filters_params(self, params: Any = None) -> Any:
        found = super().get_filters_params(params)
        found.pop(FOUND_VAR, None)
        return found

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        self.query = self.query or kept(request) or ""
        return super().get_queryset(request, exclude_parameters)
