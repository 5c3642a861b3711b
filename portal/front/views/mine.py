"""“我的”: what the rooms keep for the reader, and the ways to everything about themselves."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.core import clock
from portal.core.registries import sections
from portal.people.sessions import signed_in

from ..unfinished import left_by
from ..waiting import waiting_for


@require_safe
@signed_in
def me(request: HttpRequest) -> HttpResponse:
    """Everything the rooms keep for the reader, and the account itself."""
    user: Any = request.user
    shown = [
        {
            "title": str(section.title),
            "icon": section.icon,
            "rows": section.rows(user),
            "empty_text": str(section.empty_text),
            "more_url": reverse(section.more) if section.more else "",
        }
        for section in sections
        if section.shown(user)
    ]
    person = user.person.resolved if user.person is not None else None
    context = {
        "person_name": person.name if person is not None else user.username,
        "person": person,
        "phone_masked": user.phone_masked,
        "community": person.community if person is not None else None,
        "roles": user.current_roles,
        "sections": shown,
        "unfinished": left_by(user, clock.now()),
        "yours": waiting_for(user).yours,
        "staff": user.is_staff,
    }
    return render(request, "front/me.html", context)
