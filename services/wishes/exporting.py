"""What of the wishes may leave the desk as Excel."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.backoffice.exports.columns import address_column, name_column, of_desk, phone_column, yes_no
from portal.backoffice.exports.sources import Column, ExportSource, hidden, sources
from portal.core.money import format_yuan

from .models import ContactReveal, Wish, WishKind


def _noted(wishes: list[Any], actor: Any, at: dt.datetime) -> None:
    """The requester reads on the wish who got the contact; one whose contact is erased has none to give."""
    ContactReveal.objects.bulk_create(
        ContactReveal(wish=wish, viewer=actor, part="staff", at=at) for wish in wishes if wish.erased_on is None
    )


def _price(wish: Wish) -> str:
    return format_yuan(wish.price_fen) if wish.price_fen is not None else ""


sources.add(
    ExportSource(
        id="wishes.wish",
        label=_("微心愿"),
        model=Wish,
        place="community",
        narrow=of_desk(),
        select_related=("kind", "community", "grid", "subject", "volunteer__person", "dispatched_team"),
        noted=_noted,
        columns=(
            Column("code", _("单号"), lambda wish: wish.code, width=14),
            Column("kind", _("类别"), lambda wish: wish.kind.name, width=12),
            Column("title", _("公开标题"), lambda wish: wish.title, width=36),
            Column("community", _("社区"), lambda wish: wish.community.name),
            Column("grid", _("网格"), lambda wish: str(wish.grid or "")),
            Column("state", _("状态"), lambda wish: wish.get_state_display(), width=10),
            Column("due_on", _("期限"), lambda wish: wish.due_on, width=16),
            Column("channel", _("渠道"), lambda wish: wish.get_channel_display(), width=8),
            Column("created_at", _("提出时间"), lambda wish: wish.created_at, width=22),
            name_column("subject", _("为谁办"), lambda wish: wish.subject.name),
            name_column("contact_name", _("联系人"), lambda wish: wish.contact_name),
            phone_column("contact_phone", _("联系电话"), lambda wish: wish.contact_phone),
            address_column("contact_address", _("上门地址"), lambda wish: wish.contact_address),
            Column("details", _("心愿内容"), lambda wish: wish.details, personal=True, masked=hidden, width=36),
            Column("price", _("物品参考价"), _price, width=12),
            name_column(
                "volunteer", _("接单志愿者"), lambda wish: wish.volunteer.person.name if wish.volunteer else ""
            ),
            Column("team", _("派给队伍"), lambda wish: str(wish.dispatched_team or ""), width=18),
            Column("minutes", _("服务分钟"), lambda wish: wish.service_minutes, width=10),
            Column("rating", _("评分"), lambda wish: wish.rating, width=8),
            Column("closed_at", _("办结时间"), lambda wish: wish.closed_at, width=22),
        ),
        order=200,
    )
)


sources.add(
    ExportSource(
        id="wishes.wishkind",
        label=_("心愿类别"),
        model=WishKind,
        narrow=lambda rows, user: rows,
        columns=(
            Column("name", _("名称"), lambda kind: kind.name),
            Column("explanation", _("说明"), lambda kind: kind.explanation, width=36),
            Column("is_thing", _("是物品"), lambda kind: yes_no(kind.is_thing), width=8),
            Column("in_home", _("要入户"), lambda kind: yes_no(kind.in_home), width=8),
            Column("with_minors", _("服务未成年人"), lambda kind: yes_no(kind.with_minors)),
            Column("active", _("在用"), lambda kind: yes_no(kind.active), width=8),
        ),
        order=201,
    )
)
