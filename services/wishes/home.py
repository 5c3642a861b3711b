"""The wishes' lines of the home page: which neighbours wait for a volunteer, what was done lately.

Both say what the wall says: the title and the alias that staff approved, never who asked.
"""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import clock
from portal.core.registries import Happening, Source, news, weeks

from .models import Wish, WishState
from .plain_states import state_tone, state_words

LATELY = dt.timedelta(days=90)


def _where(community: Any) -> dict[str, Any]:
    return {} if community is None else {"community": community}


def _sub(wish: Wish, community: Any) -> str:
    """Kind and alias, and the community where the lines are of several."""
    return " · ".join((wish.kind.name, wish.alias, *([wish.community.name] if community is None else [])))


def _wall(**asked: Any) -> str:
    """The wall with exactly what a line counted."""
    return f"{reverse('wishes:wall')}?{urlencode(asked)}"


def _week(community: Any, at: dt.datetime, most: int) -> list[Happening]:
    """What the present week, from Monday on, has come to so far: counted, never promised. No line for nought."""
    today = clock.local_day(at)
    monday = clock.start_of(today - dt.timedelta(days=today.weekday()))
    since = {"created_at__gte": monday, "created_at__lte": at}
    done = {"closed_at__gte": monday, "closed_at__lte": at}
    counted = Wish.objects.public().filter(**_where(community))
    found = counted.aggregate(
        asked=Count("pk", filter=Q(**since)),
        closed=Count("pk", filter=Q(state=WishState.CLOSED, **done)),
        minutes=Sum("service_minutes", filter=Q(state=WishState.CLOSED, **done)),
    )
    where = {"community": "" if community is None else community.pk, "since": clock.local_day(monday).isoformat()}
    lines = []
    if found["closed"]:
        hours = _("志愿者一共帮了 %(minutes)s 分钟") % {"minutes": found["minutes"]} if found["minutes"] else ""
        words = _("邻居的心愿办成了 %(count)s 件") % {"count": found["closed"]}
        lines.append(Happening(title=words, url=_wall(state="closed", **where), sub=hours))
    if found["asked"]:
        words = _("新提的心愿 %(count)s 件，社区答应帮忙") % {"count": found["asked"]}
        lines.append(Happening(title=words, url=_wall(state="all", **where)))
    return lines[:most]


def _waiting(community: Any, _at: dt.datetime, most: int) -> list[Happening]:
    """Those in the open pool, the longest wait first."""
    wishes = Wish.objects.filter(state=WishState.PENDING_CLAIM, dispatch=Wish.Dispatch.POOL, **_where(community))
    return [
        Happening(
            title=wish.title,
            url=f"/wishes/{wish.code}/",
            sub=_sub(wish, community),
            badge_text=state_words(wish, "public"),
            badge_tone=state_tone(wish, "public"),
        )
        for wish in wishes.select_related("kind", "community").order_by("due_on", "id")[:most]
    ]


def _done(community: Any, at: dt.datetime, most: int) -> list[Happening]:
    """Those closed in the last quarter, the latest first."""
    wishes = Wish.objects.completed().filter(closed_at__gt=at - LATELY, closed_at__lte=at, **_where(community))
    return [
        Happening(
            title=wish.title,
            url=f"/wishes/{wish.code}/",
            at=wish.closed_at,
            sub=_sub(wish, community),
            badge_text=state_words(wish, "public"),
            badge_tone=state_tone(wish, "public"),
        )
        for wish in wishes.select_related("kind", "community").order_by("-closed_at", "-id")[:most]
    ]


weeks.add(Source(id="wishes.week", rows=_week, order=40))
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
        more_query="state=closed",
        more_label=gettext_lazy("更多办成的"),
        order=50,
    )
)
