"""How personal information is handled: the register of processing in plain words, and what everybody may ask for."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.core import clock
from portal.core.registries import purposes
from portal.people.choosing import chosen_community
from portal.people.models import Role
from portal.people.roles import RoleKind
from portal.places.models import Area
from portal.places.opening import closed_words


@dataclass(frozen=True)
class PurposeView:
    """A row of the register of processing as the page shows it. ``kept`` says why nothing of it goes by time;
    ``consent_id`` names it where it rests on consent."""

    id: str
    title: str
    fields: str
    basis: str
    readers: str
    retention: str
    erasure: str
    kept: str
    notice: str
    consent_id: str
    erasable: bool


@dataclass(frozen=True)
class Office:
    """Who answers for personal information: an office and its public number, never a person's own."""

    name: str
    phone: str
    address: str
    hours: str
    closed: str


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """The whole register, and the office of the chosen community that answers for it."""
    rows = [
        PurposeView(
            id=purpose.id,
            title=str(purpose.title),
            fields=str(purpose.field_words),
            basis=str(purpose.basis),
            readers=str(purpose.readers),
            retention=str(purpose.retention),
            erasure=str(purpose.erasure),
            kept=str(purpose.kept_because),
            notice=str(purpose.notice),
            consent_id=purpose.id if purpose.consent is not None else "",
            erasable=purpose.forget is not None,
        )
        for purpose in purposes
    ]
    community = chosen_community(request)
    context = {"purposes": rows, "office": office_of(community) if community is not None else None}
    return render(request, "front/privacy.html", context)


def office_of(community: Area) -> Office:
    """The nearest place at or above ``community`` that has a 个人信息保护员, by its public number; else the community
    itself; ``closed`` where nobody answers there now. Three queries."""
    officers = Role.objects.current().filter(kind=RoleKind.PRIVACY_OFFICER, area__in=community.lineage_ids)
    role = officers.select_related("area").order_by("-area__path").first()
    place = role.area if role is not None and role.area.phone else community
    return Office(
        name=str(role.area if role is not None else community),
        phone=place.phone,
        address=place.address,
        hours=place.office_hours,
        closed=closed_words(place.office_hours, clock.now()),
    )
