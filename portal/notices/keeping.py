"""What is kept of messages: read out to the person, erased on demand, gone by time."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from portal.core import clock
from portal.core.reading_out import facts, newest_first, table
from portal.core.registries import Forgotten, OwnTable
from portal.people.models import User
from portal.places.keeping import outlived

from .choices_by_area import KEEP_DAYS
from .models import Delivery, Digest, Notice, NoticeChoice, QuietHours
from .wording import kind_label

Ids = list[int]
BATCH = 1000


def messages(person_ids: Ids, most: int | None) -> list[OwnTable]:
    """Every message one got; the address that it opens, which says nothing to a person, in a copy alone."""

    def opens(row: Notice) -> tuple[str, ...]:
        return (row.url,) if most is None else ()

    return table(
        _("消息"),
        (_("时间"), _("类别"), _("标题"), _("内容"), _("什么时候读的"), *([_("打开的页面")] if most is None else [])),
        newest_first(Notice.objects.filter(person__in=person_ids), "at", most),
        lambda row: (row.at, kind_label(row.kind), row.title, row.body, row.read_at, *opens(row)),
        most,
    )


def deliveries(person_ids: Ids, channel: str, most: int | None) -> list[OwnTable]:
    """What went outside by ``channel``: when, in which state."""
    return table(
        _("发出去的%(channel)s") % {"channel": dict(Delivery._meta.get_field("channel").flatchoices)[channel]},
        (_("消息时间"), _("类别"), _("渠道"), _("状态"), _("试过几次"), _("最近变化")),
        newest_first(
            Delivery.objects.filter(notice__person__in=person_ids, channel=channel).select_related("notice"),
            "notice__at",
            most,
        ),
        lambda row: (
            row.notice.at,
            kind_label(row.notice.kind),
            row.get_channel_display(),
            row.get_state_display(),
            str(row.attempts),
            row.changed_at,
        ),
        most,
    )


def choices(person_ids: Ids, most: int | None) -> list[OwnTable]:
    """What one chose about messages; for staff also when the day's list of work was sent."""
    hours = QuietHours.objects.filter(user__person__in=person_ids)
    return [
        *table(
            _("对消息的选择"),
            (_("类别"), _("渠道"), _("要不要")),
            NoticeChoice.objects.filter(user__person__in=person_ids).order_by("pk"),
            lambda row: (kind_label(row.kind), row.get_channel_display(), row.on),
            most,
        ),
        *(
            facts(
                _("不打扰时间"),
                [(_("夜里不打扰"), row.kept), (_("从"), f"{row.begin:%H:%M}"), (_("到"), f"{row.end:%H:%M}")],
            )
            for row in hours
        ),
        *table(
            _("每日待办"),
            (_("日期"), _("有没有要办的")),
            newest_first(Digest.objects.filter(user__person__in=person_ids), "day", most),
            lambda row: (row.day, row.told),
            most,
        ),
    ]


def forget_messages(person_ids: Ids, at: dt.datetime) -> Forgotten:
    """Every message, read or not; what was on its way outside stops with it."""
    gone = Notice.objects.filter(person__in=person_ids)
    count = gone.count()
    gone.delete()
    return Forgotten(count, parts={"messages": count})


def forget_choices(person_ids: Ids, at: dt.datetime) -> Forgotten:
    """Back to what everybody has who chose nothing. That today's list of work was sent stays until tomorrow: it holds
    no word, and without it the list would come a second time."""
    users = User.objects.filter(person__in=person_ids)
    gone = NoticeChoice.objects.filter(user__in=users).delete()[0]
    gone += QuietHours.objects.filter(user__in=users).delete()[0]
    past = Digest.objects.filter(user__in=users, day__lt=clock.local_day(at))
    days = past.delete()[0]
    return Forgotten(gone + days, parts={"choices": gone, "digests": days})


@transaction.atomic
def erase_old(*, at: dt.datetime) -> int:
    """Erase messages older than their person's community keeps them, a batch a run; returns how many."""
    gone = 0
    rows = Notice.objects.all()
    for old, _limit in outlived(rows, community="person__community", since="at", option=KEEP_DAYS, at=at):
        ids = list(old.order_by("at").values_list("pk", flat=True)[: BATCH - gone])
        Notice.objects.filter(pk__in=ids).delete()
        gone += len(ids)
        if gone >= BATCH:
            break
    return gone


def erase_old_digests(*, at: dt.datetime) -> int:
    """Forget which days' lists of work were sent, after a month; returns how many."""
    return Digest.objects.filter(day__lt=at.date() - dt.timedelta(days=31)).delete()[0]
