"""The wishes' lines of the home page: which neighbours wait for a volunteer, what was done lately.

Both say what the wall says: the title and the alias that staff approved, never who asked.
"""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.registries import Happening, Source, news, weeks

from .models import Wish, WishState

LATELY = dt.timedelta(days=90)


def _waiting(community: Any, _at: dt.datetime, most: int) -> list[Happening]:
    """Those in the open pool, the longest wait first."""
    wishes = Wish.objects.filter(community=community, state=WishState.PENDING_CLAIM, dispatch=Wish.Dispatch.POOL)
    return [
        Happening(
            title=wish.title,
            url=f"/wishes/{wish.code}/",
            sub=f"{wish.kind.name} · {wish.alias}",
            badge_text=_("等人接单"),
            badge_tone="amber",
        )
        for wish in wishes.select_related("kind").order_by("due_on", "id")[:most]
    ]


def _done(community: Any, at: dt.datetime, most: int) -> list[Happening]:
    """Those closed in the last quarter, the latest first."""
    wishes = Wish.objects.completed().filter(community=community, closed_at__gt=at - LATELY, closed_at__lte=at)
    return [
        Happening(
            title=wish.title,
            url=f"/wishes/{wish.code}/",
            at=wish.closed_at,
            sub=f"{wish.kind.name} · {wish.alias}",
            badge_text=wish.get_state_display(),
            badge_tone="green",
        )
        for wish in wishes.select_related("kind").order_by("-closed_at", "-id")[:most]
    ]


weeks.add(
    Source(
        id="wishes.waiting",
        rows=_waiting,
        title=gettext_lazy("邻居在等帮忙"),
        more="wishes:wall",
        more_label=gettext_lazy("心愿墙"),
        order=50,
    )
)
news.add(
    Source(
        id="wishes.done",
        rows=_done,
        title=gettext_lazy("最近办成的"),
        more="wishes:wall",
        more_label=gettext_lazy("心愿墙"),
        order=50,
    )
)
