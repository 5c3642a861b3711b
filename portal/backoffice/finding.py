"""What somebody types into a list's search box stays out of addresses: they end up in histories, logs and referrers.

The box is sent by POST. What was typed is kept in the session (sealed) under a random key, and the list's address holds
the key: ``?found=<key>`` survives paging, filters and the way back from a record. A phone or an ID number is not
searched in this way at all: a whole phone is looked up among people, on the record (``people.contacting``).
"""

import re
import secrets
from typing import Any

from django.contrib.admin.views.main import ERROR_FLAG, PAGE_VAR, SEARCH_VAR, ChangeList
from django.http import HttpRequest

from portal.people import phones

FOUND_VAR = "found"
KEPT = 20  # searches of one session; the oldest is forgotten first
LONGEST = 40
_KEY = "backoffice.searches"
_PART_OF_A_NUMBER = re.compile(r"\d{7}")
_WHOLE_NUMBER = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{15}|\d{17}[\dXx])(?!\d)")


def holds_number(text: str, *, among_people: bool = True) -> bool:
    """Whether ``text`` holds a phone or an ID number. Where people are searched, seven digits on end are one; elsewhere
    (codes, house numbers) only a whole one is."""
    pattern = _PART_OF_A_NUMBER if among_people else _WHOLE_NUMBER
    return bool(pattern.search(phones.normalise(text)))


def keep(request: HttpRequest, text: str) -> str:
    """Keep a search in the session; returns the key that stands for it in an address."""
    searches = dict(request.session.get(_KEY, {}))
    key = next((key for key, kept in searches.items() if kept == text), "") or secrets.token_urlsafe(6)
    searches.pop(key, None)
    request.session[_KEY] = dict([*searches.items(), (key, text)][-KEPT:])
    return key


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
        query[FOUND_VAR] = keep(request, text)
    return f"?{query.urlencode()}" if query else ""


class KeptChangeList(ChangeList):
    """A list that takes its search from the session where the address holds a key."""

    def get_filters_params(self, params: Any = None) -> Any:
        found = super().get_filters_params(params)
        found.pop(FOUND_VAR, None)
        return found

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        self.query = self.query or kept(request) or ""
        return super().get_queryset(request, exclude_parameters)
