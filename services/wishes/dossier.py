"""Wishes on the desk's page of a person, a household or a building: asked, served, and what happened when."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.volunteers.models import Volunteer
from portal.backoffice.moments import moved, upto
from portal.backoffice.trail import move_label
from portal.core import asked
from portal.core.models import Transition
from portal.core.registries import (
    BUILDING,
    HOUSEHOLD,
    PERSON,
    Event,
    OnBehalf,
    Panel,
    Row,
    Strand,
    on_behalf,
    panels,
    strands,
)
from portal.core.templating import day_cn
from portal.people.access import roles_of
from portal.people.roles import DESK

from .models import FINAL, Wish, WishState
from .plain_states import TONES

Ids = list[int]


def _asked(user: Any, ids: Ids) -> QuerySet[Wish]:
    return Wish.objects.in_scope(user).filter(Q(subject__in=ids) | Q(asker__in=ids))


def _serving(ids: Ids) -> Ids:
    """Keys of what the person is as a volunteer: an OR that leads into another table reads the wishes whole."""
    rows = Volunteer.objects.filter(person__in=ids).values_list("pk", flat=True)
    return asked.once((_serving, *ids), lambda: list(rows))


def _served(user: Any, ids: Ids) -> QuerySet[Wish]:
    return Wish.objects.in_scope(user).filter(volunteer__in=_serving(ids))


def _about_person(user: Any, ids: Ids) -> QuerySet[Wish]:
    mine = Q(subject__in=ids) | Q(asker__in=ids) | Q(volunteer__in=_serving(ids))
    return Wish.objects.in_scope(user).filter(mine)


def _of_household(user: Any, ids: Ids) -> QuerySet[Wish]:
    return Wish.objects.in_scope(user).filter(household__in=ids)


def _of_building(user: Any, ids: Ids) -> QuerySet[Wish]:
    return Wish.objects.in_scope(user).filter(household__building__in=ids)


Found = Callable[[Any, Ids], QuerySet[Wish]]


def _url(pk: int) -> str:
    return reverse("admin:wishes_wish_change", args=[pk])


def _row(wish: Wish) -> Row:
    return Row(
        title=str(wish),
        sub=f"{wish.kind.name} · {day_cn(wish.created_at)}",
        badge_text=wish.get_state_display(),
        badge_tone=TONES[WishState(wish.state)],
        url=_url(wish.pk),
    )


def _rows(found: Found, *, still_open: bool = False) -> Callable[[Any, Ids, int], list[Row]]:
    def rows(user: Any, ids: Ids, most: int) -> list[Row]:
        wishes = found(user, ids).select_related("kind")
        if still_open:
            return [_row(wish) for wish in wishes.exclude(state__in=FINAL).order_by("-id")[:most]]
        finished = Case(When(state__in=FINAL, then=Value(1)), default=Value(0))
        return [_row(wish) for wish in wishes.order_by(finished, "-id")[:most]]

    return rows


def _events(found: Found) -> Callable[[Any, Ids, int, dt.datetime | None], list[Event]]:
    def events(user: Any, ids: Ids, most: int, until: dt.datetime | None) -> list[Event]:
        about = Transition.objects.filter(subject_type="wishes.wish", subject_id__in=found(user, ids).values("pk"))
        moves = upto(about, most, until)
        wishes = Wish.objects.filter(pk__in={move.subject_id for move in moves}).select_related("kind")
        named = {wish.pk: str(wish) for wish in wishes.only("title", "code", "kind__name")}
        return moved(
            moves,
            lambda move: f"“{named.get(move.subject_id, '')}”：{move_label(move)}",
            lambda move: _url(move.subject_id),
        )

    return events


_LABEL, _NONE = _("微心愿"), _("没有心愿。")
for _kind, _found in ((PERSON, _about_person), (HOUSEHOLD, _of_household), (BUILDING, _of_building)):
    strands.add(Strand(f"wishes.{_kind}", _LABEL, _kind, _events(_found), order=40))
panels.add(Panel("wishes.asked", _("提的心愿"), PERSON, _rows(_asked), _NONE, order=40))
panels.add(Panel("wishes.served", _("服务的心愿"), PERSON, _rows(_served), _NONE, order=60))
panels.add(Panel("wishes.household", _LABEL, HOUSEHOLD, _rows(_of_household), _NONE, order=50))
panels.add(
    Panel(
        "wishes.building",
        _("没办完的心愿"),
        BUILDING,
        _rows(_of_building, still_open=True),
        _("没有没办完的心愿。"),
        order=50,
    )
)
on_behalf.add(
    OnBehalf(
        "wishes",
        _("微心愿"),
        "gift",
        lambda person: reverse("admin:wishes_wish_add") + (f"?subject={person.pk}&asker={person.pk}" if person else ""),
        shown=lambda user: user.is_superuser or bool(roles_of(user, DESK)),
        order=10,
        at_home=lambda home: (
            f"{reverse('admin:wishes_wish_add')}?household={home.pk}&community={home.building.community_id}"
        ),
    )
)
