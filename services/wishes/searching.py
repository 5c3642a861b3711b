"""Wishes: for everybody by what the wall shows of them, for the desk by their number too, for those they are for by
what is written in them."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.backoffice.besides import FEW, Group, group, look_besides
from portal.core.numbers import spaced
from portal.core.templating import day_cn
from portal.people.access import parts_of
from portal.people.models import Person
from portal.search.keeping import public, scoped
from portal.search.own import OwnSource, OwnThing, own
from portal.search.sources import Document, Line, Source
from portal.search.terms import Query

from . import access
from .models import Wish, WishState
from .plain_states import TONES, state_tone, state_words
from .tiles import OPEN_FIRST, OWN, own_rows


def _public() -> QuerySet[Wish]:
    return Wish.objects.public().select_related("kind", "community")


def _on_the_wall(ids: list[int]) -> list[Document]:
    """What staff wrote or approved; nothing that the requester typed."""
    return [
        Document(
            object_id=wish.pk,
            title=wish.title,
            rest=f"{wish.code} {wish.alias} {wish.kind.name} {wish.community.name}",
        )
        for wish in _public().filter(pk__in=ids).defer(*SEALED)
    ]


def _line(wish: Wish) -> Line:
    return Line(
        title=wish.title,
        sub=f"{wish.kind.name} · {wish.alias} · {wish.community.name} · {day_cn(wish.created_at)}",
        url=reverse("wishes:detail", args=[wish.code]),
        badge_text=state_words(wish, "public"),
        badge_tone=state_tone(wish, "public"),
    )


def _of_kinds(ids: list[int]) -> Any:
    return Wish.objects.filter(kind__in=ids).values_list("pk", flat=True)


def _of_communities(ids: list[int]) -> Any:
    return Wish.objects.filter(community__in=ids).values_list("pk", flat=True)


# Read by the row, never for the index.
SEALED = ("details", "contact_name", "contact_phone", "contact_address", "completion_note", "rating_comment")
WATCHES = {"wishes.wishkind": _of_kinds, "places.area": _of_communities}

public.add(
    Source(
        id="wish",
        label=_("心愿"),
        icon="gift",
        model=Wish,
        documents=_on_the_wall,
        line=_line,
        rows=_public,
        related=("kind", "community"),
        deferred=SEALED,
        watches=WATCHES,
        tiers=True,
        order_by=(OPEN_FIRST, "-created_at", "-id"),
        order=20,
    )
)


def _at_the_desk(ids: list[int]) -> list[Document]:
    rows = Wish.objects.filter(pk__in=ids).select_related("kind", "community", "grid").defer(*SEALED)
    return [
        Document(
            object_id=wish.pk,
            title=wish.title or wish.kind.name,
            rest=f"{wish.code} {wish.alias} {wish.kind.name} {wish.community.name}",
            paths=(wish.grid.path if wish.grid is not None else wish.community.path,),
        )
        for wish in rows
    ]


def desk_line(wish: Wish) -> Line:
    """A wish as the desk finds it."""
    return Line(
        title=str(wish),
        sub=f"{spaced(wish.code)} · {wish.kind.name} · {wish.community.name}",
        url=reverse("admin:wishes_wish_change", args=[wish.pk]),
        badge_text=wish.get_state_display(),
        badge_tone=TONES[WishState(wish.state)],
    )


scoped.add(
    Source(
        id="wish",
        label=_("微心愿"),
        icon="gift",
        model=Wish,
        documents=_at_the_desk,
        line=desk_line,
        related=("kind", "community"),
        deferred=SEALED,
        watches=WATCHES,
        tiers=True,
        code="code",
        order=20,
    )
)


# -- at the desk, beside the index: of whom they are, and what waits to be reviewed -----------------------------------
# What a requester typed is sealed and stands in no index. The wishes that wait for review in the user's own areas are
# few and read by them anyway: the oldest ``MOST_READ`` are opened for a search, in memory, and nothing of it is kept.

MOST_READ = 200
_UNREAD = [name for name in SEALED if name != "details"]


@look_besides
def _of_somebody(request: HttpRequest, query: Query, people: list[Person]) -> Group | None:
    """The newest wishes for those who are called so."""
    if not people or not access.reads_at_desk(request.user):
        return None
    records = list(Person.objects.records_of(person.pk for person in people))
    rows = Wish.objects.in_scope(request.user).select_related("kind", "community").defer(*SEALED)
    found = rows.filter(subject__in=records).order_by("-created_at", "-id")[: FEW + 1]
    return group("wish-of", _("这个名字的微心愿"), [desk_line(wish) for wish in found], query)


@look_besides
def _unreviewed(request: HttpRequest, query: Query, _people: list[Person]) -> Group | None:
    """Those that wait for review and hold what was typed."""
    if not access.reads_at_desk(request.user):
        return None
    waiting = Wish.objects.in_scope(request.user).filter(state=WishState.PENDING_REVIEW)
    read = waiting.select_related("kind", "community").defer(*_UNREAD).order_by("state_since", "id")[:MOST_READ]
    found = [desk_line(wish) for wish in read if query.found_in(wish.details)]
    return group("wish-waiting", _("待审核的微心愿，按内容"), found, query)


# -- one's own --------------------------------------------------------------------------------------------------------


def _own(user: Any, most: int) -> Iterator[OwnThing]:
    """The newest wishes for the reader and those they act for today, in any state, by number, kind, title and what was
    written. Of what is sealed the wish itself is opened and no contact."""
    parts = parts_of(user)
    rows = Wish.objects.for_people(parts).select_related(*OWN).defer(*(name for name in SEALED if name != "details"))
    wishes = list(rows.order_by("-created_at", "-id")[:most])
    for wish, row in zip(wishes, own_rows(wishes, parts), strict=True):
        line = Line(row.title, f"{spaced(wish.code)} · {row.sub}", row.url, row.badge_text, row.badge_tone)
        yield OwnThing(line, names=(wish.code, wish.title, wish.kind.name), texts=(wish.details, row.sub))


own.add(OwnSource(id="wish", icon="gift", newest=_own))
