"""Asking for an export: which list, which columns, what for."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.core import audit, clock, moves, numbers, options, private_numbers, reasons, whole_numbers
from portal.core.schedule import wake_after_commit
from portal.people.models import User

from ..models import Export, ExportState
from . import access, listing, news, terms
from .listing import Listing
from .sources import ExportSource


def count_of(source: ExportSource, wanted: Listing, user: Any) -> int:
    """How many rows the list has for ``user``; counted up to one more than may leave."""
    return listing.rows_of(source, wanted, user).order_by()[: terms.MOST_ROWS + 1].count()


def nobody_decides(source: ExportSource, wanted: Listing, user: User) -> str:
    """That nobody could say yes to this list, and to whom to turn; empty where somebody can or no word is needed."""
    if not source.is_personal:
        return ""
    return access.nobody_decides(listing.area_of(source, listing.rows_of(source, wanted, user), user), besides=user)


def check_count(count: int) -> None:
    """ValidationError for nothing, and for more than may leave at once."""
    if not count:
        raise ValidationError(_("这张列表现在没有您能导出的记录。"))
    if count > terms.MOST_ROWS:
        raise ValidationError(_("一次最多导出 %d 条，请先按社区、状态或时间筛选，分几次导出。") % terms.MOST_ROWS)


@transaction.atomic
def ask(
    *,
    source: ExportSource,
    wanted: Listing,
    columns: list[str],
    actor: User,
    at: dt.datetime,
    purpose: str = "",
    whole: list[str] | None = None,
    whole_reason: str = "",
) -> Export:
    """Ask for ``columns`` of the list ``wanted``, those of ``whole`` unmasked, and say what for. Where none of them is
    personal it needs neither word nor approval and is made at once.

    PermissionDenied for who may not ask for this list; ValidationError, by field, for what is missing or too much.
    """
    if not access.may_ask(actor, source):
        raise PermissionDenied
    chosen, in_clear = _chosen(source, columns, whole or [])
    waits = source.needs_approval(chosen)
    _check_words(purpose, in_clear, whole_reason, waits=waits)
    rows = listing.rows_of(source, wanted, actor)
    count = rows.order_by()[: terms.MOST_ROWS + 1].count()
    check_count(count)
    area = listing.area_of(source, rows, actor)
    if waits and (nobody := access.nobody_decides(area, besides=actor)):
        raise ValidationError(nobody)
    words = listing.in_words(source, wanted, actor)
    export = Export.objects.create(
        state=ExportState.PENDING if waits else ExportState.APPROVED,
        state_since=at,
        due_on=clock.due_on(at, options.value(terms.WAIT_DAYS, area)) if waits else None,
        number=_number(at),
        area=area,
        source=source.id,
        requester=actor,
        offices=access.offices(actor, source),
        purpose=purpose.strip(),
        listing=Listing(wanted.query, wanted.search, words).stored(),
        columns=chosen,
        whole_columns=in_clear,
        whole_reason=whole_reason.strip() if in_clear else "",
        rows_asked=count,
        downloads_allowed=options.value(terms.DOWNLOADS, area),
        created_at=at,
    )
    moves.begin(export, actor_id=actor.pk, actor_part="staff", at=at)
    audit.record("export.asked", actor_id=actor.pk, subject=export, at=at, details={"rows": count, "whole": in_clear})
    if waits:
        news.asked(export, at)
    else:
        wake_after_commit(terms.BUILD)
    return export


def _chosen(source: ExportSource, columns: list[str], whole: list[str]) -> tuple[list[str], list[str]]:
    """Ids of the chosen columns and of those wanted unmasked, in the source's order."""
    known = {column.id for column in source.columns}
    if not columns:
        raise ValidationError({"columns": _("请至少选一列。")})
    if not set(columns) <= known:
        raise ValidationError({"columns": _("选的列现在没有了，请重新选。")})
    if not set(whole) <= source.personal_ids & set(columns):
        raise ValidationError({"whole": _("不遮盖的列，要先选上这一列。")})
    return [column.id for column in source.chosen(columns)], [column.id for column in source.chosen(whole)]


def _check_words(purpose: str, whole: list[str], whole_reason: str, *, waits: bool) -> None:
    """ValidationError by field for words that say nothing where somebody decides by them, and for numbers in any."""
    missing = {}
    for field, text in (("purpose", purpose), ("whole_reason", whole_reason)):
        if whole_numbers.holds_number(text) or private_numbers.problem(text):
            missing[field] = _("不要写手机号、身份证号、银行卡号：批准的人都看得到。写做什么用就行。")
        elif text.strip() and not reasons.says_something(text):
            missing[field] = reasons.problem(text)
    if waits and not purpose.strip():
        missing["purpose"] = _("勾了个人信息的列，请写明做什么用。")
    if whole and not whole_reason.strip():
        missing["whole_reason"] = _("要完整的个人信息，请写明为什么遮盖的不够用。")
    if missing:
        raise ValidationError(missing)


def _number(at: dt.datetime) -> str:
    """导2026-0012: gapless in one year, over all areas; the file and each of its rows are known by it."""
    year = clock.local_day(at).year
    return f"导{year}-{numbers.next_number(f'exports:{year}'):04d}"
