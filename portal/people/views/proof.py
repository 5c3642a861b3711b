"""Proving anew that it is the account's holder who sits before the page, before something that moves the account.

An open session is not enough: a phone that was left on a table would be enough to take the account away for good.
"""

import datetime as dt
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import (
    get_reauthentication_flows,
    raise_if_reauthentication_required,
)
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.core import clock

# For so long after a code was right it proves who one is, and a new password needs no old one: this is how a forgotten
# one is replaced.
CODE_IS_FRESH = dt.timedelta(minutes=15)


def proven_by_code(request: HttpRequest) -> bool:
    """Whether in this session a code sent to the account's number was right within the last quarter of an hour."""
    since = clock.now().timestamp() - CODE_IS_FRESH.total_seconds()
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "code" and record["at"] >= since for record in records)


def prove_first(request: HttpRequest) -> HttpResponse | None:
    """The page that stands before the one asked for; None where its holder has proven who they are.

    The password or the second factor is asked for by allauth, which lets everybody through who has neither: those get
    a code on the number that they sign in with, and come back.
    """
    user: Any = request.user
    if get_reauthentication_flows(user):
        raise_if_reauthentication_required(request, app="allauth.account")
        return None
    if proven_by_code(request):
        return None
    return render(request, "account/prove.html", {"phone": user.phone_masked, "next_url": request.get_full_path()})
