"""Wishes: for everybody by what the wall shows of them, for the desk by their number too."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.numbers import spaced
from portal.core.templating import day_cn
from portal.search.keeping import public, scoped
from portal.search.sources import Document, Line, Source

from .models import Wish, WishState
from .timeline import TONES


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
        badge_text=wish.get_state_display(),
        badge_tone=TONES[WishState(wish.state)],
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


def _desk_line(wish: Wish) -> Line:
    return Line(
        title=wish.title or str(_("（未审核）%(kind)s") % {"kind": wish.kind.name}),
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
        line=_desk_line,
        related=("kind", "community"),
        deferred=SEALED,
        watches=WATCHES,
        tiers=True,
        code="code",
        order=20,
    )
)
