"""Every message that the portal sends, in words, room by room: so that the desk knows what residents get."""

import re
from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.notices.wording import Kind, Text, kinds, texts

_PLACE = re.compile(r"%\(\w+\)s")


def urls(wrap: Callable[..., Any]) -> list[URLPattern]:
    """The page's address below the site's own."""
    return [path("notices/texts/", wrap(message_texts), name="notices_texts")]


@require_safe
def message_texts(request: HttpRequest) -> HttpResponse:
    """The page. Nothing can be changed here: the words stand in each room's ``texts.py``."""
    said: dict[str, list[Text]] = {}
    for text in texts():
        said.setdefault(text.kind, []).append(text)
    context = {
        **admin.site.each_context(request),
        "title": _("消息的文字"),
        "subtitle": None,
        "groups": [_group(kind, said[kind.id]) for kind in kinds() if kind.id in said],
    }
    return TemplateResponse(request, "admin/message_texts.html", context)


def _group(kind: Kind, said: list[Text]) -> dict[str, Any]:
    ways = [channel.label for channel in (*kind.offered,) if channel in kind.channels]
    return {
        "label": kind.label,
        "note": kind.note,
        "ways": "、".join(str(way) for way in ways) or _("只在网站里"),
        "urgent": kind.urgent,
        "optional": kind.optional,
        "for_staff": kind.for_staff,
        "texts": [{"title": text.title, "body": _PLACE.sub(_("〔具体内容〕"), str(text.body))} for text in said],
    }
