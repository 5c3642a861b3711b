"""The way from a list to its export."""

from typing import Any

from django.contrib.admin.options import IS_POPUP_VAR
from django.db import models
from django.http import HttpRequest
from django.urls import reverse

from . import access
from .sources import source_of


def url_for(request: HttpRequest, model: type[models.Model]) -> str:
    """Where an export of the present list is asked for, with its filters; empty where the user may not."""
    source = source_of(model)
    user: Any = request.user
    if source is None or IS_POPUP_VAR in request.GET or not access.may_ask(user, source):
        return ""
    filters = request.GET.urlencode()
    url = reverse("admin:backoffice_export_ask", args=[source.id])
    return f"{url}?{filters}" if filters else url
