"""The wishes' tile, their section of “我的”, and what a volunteer finds among the tasks."""

from dataclasses import replace
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from alliance.volunteers.board import source, tasks
from alliance.volunteers.models import Volunteer
from portal.core.registries import Row, Section, Text, Tile, sections, tiles
from portal.core.templating import date_cn

from .models import Wish, WishState
from .timeline import TONES, due_text

FEW = 5
MANY = 30

tiles.add(
    Tile(
        id="wishes.order",
        label=_("我要点单"),
        sub=_("说出微心愿"),
        icon="gift",
        tone="red",
        url_name="wishes:order",
        situation=_("生活有难处"),
        order=10,
    )
)
tiles.add(
    Tile(
        id="wishes.wall",
        label=_("心愿墙"),
        sub=_("看看谁要帮忙"),
        icon="layout-grid",
        tone="blue",
        url_name="wishes:wall",
        situation=_("我想帮忙"),
        nav=_("心愿墙"),
        order=50,
    )
)


def row_of(wish: Wish, audience: str) -> Row:
    """One wish as a line of a list for ``audience``."""
    return Row(
        title=wish.title or wish.kind.name,
        sub=f"{wish.kind.name} · {wish.alias}",
        badge_text=wish.get_state_display(),
        badge_tone=TONES[WishState(wish.state)],
        url=f"/wishes/{wish.code}/",
        due_text=due_text(wish, audience),
    )


def _mine(user: Any) -> list[Row]:
    wishes = Wish.objects.asked_by(user).select_related("kind").order_by("-id")[:FEW]
    return [own_row(wish) for wish in wishes]


def own_row(wish: Wish) -> Row:
    """A wish as a line for those it is for: before review by how it begins, so that two of a kind are told apart."""
    title = wish.title or f"{wish.kind.name}：{Truncator(wish.details).chars(14)}"
    return replace(row_of(wish, "requester"), title=title, sub=f"{wish.kind.name} · {date_cn(wish.created_at)}")


sections.add(
    Section(
        id="wishes",
        title=_("我的心愿"),
        icon="gift",
        rows=_mine,
        empty_text=_("还没有提过心愿。家里有事要人搭把手，说一声就行。"),
        more="wishes:mine",
        order=10,
    )
)


@tasks
def _tasks(volunteer: Volunteer) -> list[tuple[Text, list[Row]]]:
    mine = Wish.objects.filter(volunteer=volunteer).select_related("kind", "community")
    offers = Wish.objects.offered_to(volunteer).select_related("kind", "community")
    named = offers.exclude(dispatch=Wish.Dispatch.POOL).order_by("due_on", "id")[:MANY]
    pool = offers.filter(dispatch=Wish.Dispatch.POOL).order_by("due_on", "id")[:MANY]
    return [
        (
            _t("正在办"),
            [row_of(w, "volunteer") for w in mine.filter(state=WishState.IN_SERVICE).order_by("due_on", "id")[:MANY]],
        ),
        (_t("派给我的"), [row_of(w, "volunteer") for w in named]),
        (_t("接单大厅"), [row_of(w, "volunteer") for w in pool]),
        (
            _t("等对方评价"),
            [row_of(w, "volunteer") for w in mine.filter(state=WishState.PENDING_RATING).order_by("-id")[:MANY]],
        ),
    ]


@source("wishes.wish")
def _earned_by(ids: list[int]) -> dict[int, tuple[str, str]]:
    rows = Wish.objects.filter(pk__in=ids).values_list("pk", "title", "code")
    return {pk: (title, f"/wishes/{code}/") for pk, title, code in rows}
