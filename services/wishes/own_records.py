"""What the wishes say about one person, read out to them, and which of them are under way.

A wish is the record of whom it is for. Who asked it for another, who typed it, who served it and who looked at the
contact get their own part in it and nothing of the other's.
"""

import datetime as dt
from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.volunteers.own_records import records_of
from portal.core import remarks
from portal.core.audit import label_of
from portal.core.drafts import reads_out
from portal.core.money import format_yuan
from portal.core.numbers import spaced
from portal.core.reading_out import Part, newest_first, split, table
from portal.core.registries import OwnTable, Row
from portal.people.models import Person
from portal.people.own_records import accounts_of, papers_of

from .models import FINAL, ContactReveal, Wish, WishKind, WishState
from .plain_states import state_words

Ids = list[int]
Most = int | None
ORDER = "wishes.order"  # the form whose drafts these are
_RELATED = ("kind", "community", "grid", "household__building__estate", "volunteer__person")


@reads_out(ORDER)
def draft_of_order(data: dict[str, Any]) -> list[tuple[str, str]]:
    """What stands in an order that was not sent: the words typed, taken by a step or not yet, and the choices by their
    names, no key of ours."""
    typed = {name: words for step in data.get("typed", {}).values() for name, words in step.items()}
    price = format_yuan(data["price"]) if data.get("price") else ""
    data = {**data, **typed}
    kind = WishKind.objects.filter(slug=data.get("kind") or "").first()
    subject = Person.objects.filter(pk=data.get("subject") or 0).first()
    when = data.get("when")
    lines = [
        (_("想要"), kind.name if kind is not None else ""),
        (_("为谁提"), subject.name if subject is not None else ""),
        (_("是什么事"), data.get("details")),
        (_("大约价钱"), typed.get("price", price)),
        (_("什么时候"), str(Wish.When(when).label) if when in Wish.When.values else ""),
        (_("联系人"), data.get("contact_name")),
        (_("联系电话"), data.get("contact_phone")),
        (_("上门地址"), data.get("contact_address")),
    ]
    return [(label, str(words)) for label, words in lines if words]


def wishes(person_ids: Ids, most: Most) -> list[OwnTable]:
    """One's own wishes whole, who looked at their contact; one's part in those of others."""
    mine = newest_first(Wish.objects.filter(subject__in=person_ids).select_related(*_RELATED), "created_at", most)
    return [
        *_own(mine, person_ids, most),
        *table(
            _("谁看过心愿单上的电话"),
            (_("时间"), _("单号"), _("身份"), _("谁看的")),
            newest_first(
                ContactReveal.objects.filter(wish__subject__in=person_ids).select_related("wish", "viewer__person"),
                "at",
                most,
            ),
            lambda look: (look.at, spaced(look.wish.code), _part(look.part), _viewer(look)),
            most,
        ),
        *_parts(person_ids, most),
    ]


def _own(mine: Any, person_ids: Ids, most: Most) -> list[OwnTable]:
    head = (
        *(
            _("单号"),
            _("类别"),
            _("状态"),
            _("提出时间"),
            _("渠道"),
            _("谁提出"),
            _("怎么登记的"),
            _("社区"),
            _("网格"),
            _("户"),
        ),
        *(_("心愿内容"), _("希望时间"), _("物品参考价"), _("联系人"), _("联系电话"), _("上门地址"), _("公开标题")),
        *(
            _("公开称呼"),
            _("来帮忙的志愿者"),
            _("服务分钟"),
            _("完成情况"),
            _("评分"),
            _("评价"),
            _("办结时间"),
            _("回访"),
        ),
        *(_("纸质单"), _("没能办的理由"), _("个人信息已清除")),
    )
    found = table(_("心愿"), head, mine, lambda wish, reasons: _line(wish, person_ids, reasons), most, beside=_reasons)
    return [replace(one, files=papers_of(mine)) for one in found] if most is None else found


def _reasons(wishes: list[Wish]) -> dict[int, str]:
    """Why those among ``wishes`` that were not accepted were not; no query where all were."""
    declined = [wish.pk for wish in wishes if wish.state == WishState.DECLINED]
    return remarks.beside_moves(label_of(Wish), declined, "decline") if declined else {}


def _line(wish: Wish, person_ids: Ids, reasons: dict[int, str]) -> tuple[Any, ...]:
    return (
        spaced(wish.code),
        wish.kind.name,
        state_words(wish, "requester"),
        wish.created_at,
        wish.get_channel_display(),
        _("本人") if wish.asker_id in person_ids else _("代办的人"),
        _("工作人员代录") if wish.typist_id is not None else "",
        wish.community,
        wish.grid,
        wish.household,
        wish.details,
        wish.get_when_display(),
        format_yuan(wish.price_fen) if wish.price_fen is not None else "",
        wish.contact_name,
        wish.contact_phone,
        wish.contact_address,
        wish.title,
        wish.alias,
        wish.volunteer.person.name_masked if wish.volunteer is not None else "",
        wish.service_minutes,
        wish.completion_note,
        wish.rating,
        wish.rating_comment,
        wish.closed_at,
        wish.visited_on,
        _("有") if wish.scan_id is not None else "",
        reasons.get(wish.pk, ""),
        wish.erased_on,
    )


def _parts(person_ids: Ids, most: Most) -> list[OwnTable]:
    """One's part in wishes of others: that one asked, served, handled, typed or looked; what they wrote is theirs."""
    rows = newest_first(Wish.objects.exclude(subject__in=person_ids).select_related("kind"), "created_at", most)
    head = (_("单号"), _("类别"), _("状态"), _("时间"))
    served = (*head, _("服务分钟"), _("办结时间"))
    # By keys of the table's own columns: an OR that leads into another table reads this one whole.
    accounts, serving = accounts_of(person_ids), [volunteer.pk for volunteer in records_of(person_ids)]
    at_desk = Q(typist__in=accounts) | Q(handler__in=accounts)
    mine, sent = Q(volunteer__in=serving), Q(volunteer__isnull=True, dispatched_to__in=serving)
    return [
        *table(_("替别人提的心愿"), head, rows.filter(asker__in=person_ids), _brief, most),
        *split(
            rows.filter(mine | sent),
            (
                Part(
                    _("接的心愿"),
                    served,
                    mine,
                    lambda wish: (*_brief(wish), wish.service_minutes, wish.closed_at),
                ),
                Part(_("派来、还没有接的心愿"), head, sent, _brief),
            ),
            most,
            newest_by="created_at",
        ),
        *table(_("在工作台录入或经办的心愿"), head, rows.filter(at_desk), _brief, most),
        *table(
            _("查看过的联系方式"),
            (_("时间"), _("单号"), _("身份")),
            newest_first(ContactReveal.objects.filter(viewer__in=accounts).select_related("wish"), "at", most),
            lambda look: (look.at, spaced(look.wish.code), _part(look.part)),
            most,
        ),
    ]


def _brief(wish: Wish) -> tuple[Any, ...]:
    return (spaced(wish.code), wish.kind.name, state_words(wish, "requester"), wish.created_at)


def _part(part: str) -> str:
    return _("志愿者") if part == "volunteer" else _("工作人员")


def _viewer(look: ContactReveal) -> str:
    return look.viewer.person.name_masked if look.viewer.person is not None else ""


# -- what is under way ------------------------------------------------------------------------------------------------


def under_way(person_ids: Ids, at: dt.datetime, most: int) -> list[Row]:
    """One's own wishes that are not at an end."""
    rows = Wish.objects.open().filter(subject__in=person_ids).select_related("kind").order_by("-pk")[:most]
    return [_row(wish, state_words(wish, "requester")) for wish in rows]


def asked_for_others(person_ids: Ids, at: dt.datetime, most: int) -> list[Row]:
    """Wishes that one asked for a child or an elder and that are under way: theirs, whatever becomes of who asked."""
    rows = Wish.objects.open().filter(asker__in=person_ids).exclude(subject__in=person_ids)
    said = _("替%(name)s提的 · %(state)s")
    return [
        _row(wish, said % {"name": wish.subject.name_masked, "state": state_words(wish, "requester")})
        for wish in rows.select_related("kind", "subject").order_by("-pk")[:most]
    ]


def in_hand(person_ids: Ids, at: dt.datetime, most: int) -> list[Row]:
    """Wishes of others that one took and has not finished: somebody waits."""
    serving = Wish.objects.filter(volunteer__person__in=person_ids, state=WishState.IN_SERVICE)
    return [_row(wish, _("先办完，或者退单")) for wish in serving.select_related("kind").order_by("-pk")[:most]]


def _row(wish: Wish, sub: str) -> Row:
    return Row(title=f"{wish.kind} {spaced(wish.code)}", sub=sub, url=reverse("wishes:detail", args=[wish.code]))


def bound(person_ids: Ids, since: dt.datetime) -> set[int]:
    """For whom among ``person_ids`` a wish is, or who asked one, that is open or ended after ``since``."""
    recent = Wish.objects.filter(~Q(state__in=FINAL) | Q(state_since__gt=since))
    ends = ("subject", "asker")
    return {pk for end in ends for pk in recent.filter(**{f"{end}__in": person_ids}).values_list(end, flat=True)}
