"""What a visitor chooses for every page is remembered on the device, and the reader goes back to where they were."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

A_YEAR = 365 * 24 * 60 * 60


def came_from(request: HttpRequest, said: QueryDict | None = None) -> str:
    """The address in ``next`` (of ``said`` alone, where given) if it is on this site; home otherwise: nobody is sent to
    another host."""
    wanted = (said or request.POST).get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else reverse("front:home")


def remember(response: HttpResponse, name: str, value: str) -> None:
    """Keep a choice in a cookie for a year: readable by no script, sent to nobody else."""
    response.set_cookie(
        name, value, max_age=A_YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )
