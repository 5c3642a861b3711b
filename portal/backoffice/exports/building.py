"""Making the file: in chunks by key, with a beat that says somebody is at it, begun anew when nobody is.

No transaction is held while it is made. A worker that was killed leaves a row 生成中 whose beat grows old, and sealed
content that no row names; the row goes back to the queue and the content is swept.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any, BinaryIO

import structlog
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from portal.core import audit, clock, files, moves, options
from portal.core.moves import SYSTEM, MoveRefused
from portal.core.sealed_streams import TooLong
from portal.core.templating import date_cn
from portal.people.models import User

from ..models import Export, ExportState
from . import access, listing, news, terms, workbook
from .listing import Listing
from .sources import Column, ExportSource, label_of, sources

log = structlog.get_logger(__name__)
KIND = "backoffice.export"  # has no reader: the file leaves through the export's own page alone
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHUNK = 500
A_TICK = 3  # exports that one run makes
BEAT_LOST = dt.timedelta(minutes=5)
TRIES = 3


class _NotOurs(Exception):
    """The export was withdrawn, or somebody else has begun it anew."""


class _Impossible(Exception):
    """Why this export cannot be made, in words for the requester."""


def build_due(*, at: dt.datetime, most: int = A_TICK) -> int:
    """Put back what was left half-done, then make the ``most`` that have waited longest; returns how many were made."""
    restart_lost(at=at)
    waiting = Export.objects.filter(state=ExportState.APPROVED).select_related("area__parent", "requester__person")
    return sum(build(export=export, at=at) for export in waiting.order_by("state_since")[:most])


def restart_lost(*, at: dt.datetime) -> int:
    """Queue again what nobody has been at for a while; what failed too often has failed. Returns how many."""
    lost = Export.objects.filter(state=ExportState.BUILDING, beat_at__lte=at - BEAT_LOST)
    lost = lost.select_related("requester__person").order_by("pk")[:A_TICK]
    # The beat is asked again in the same breath: whoever beats now is at work after all.
    return sum(_put_back(export, at, guard=models.Q(beat_at=export.beat_at)) for export in lost)


def _put_back(export: Export, at: dt.datetime, *, guard: models.Q | None = None) -> bool:
    if export.attempts >= TRIES:
        return _fail(export, _("试了几次都没有生成出来，请稍后再申请，或联系系统管理员。"), at)
    try:
        changes = {"beat_at": None, "rows_done": 0}
        moves.move(export, "restart", actor_id=None, actor_part=SYSTEM, at=at, changes=changes, guard=guard)
    except MoveRefused:
        return False
    return True


def build(*, export: Export, at: dt.datetime) -> bool:
    """Make the file of one approved export. Whether it was made, by this process.

    1. take it: one of several workers can;
    2. ask again whether its requester may still have it, and which rows they see now;
    3. write the rows, beat at each chunk; who lost the export meanwhile stops and leaves nothing;
    4. name the file and say so, in one transaction.
    """
    try:
        changes = {"beat_at": clock.now(), "rows_done": 0, "attempts": export.attempts + 1}
        moves.move(export, "build", actor_id=None, actor_part=SYSTEM, at=at, changes=changes)
    except MoveRefused:
        return False
    try:
        return _make(export)
    except _NotOurs:
        return False
    except _Impossible as reason:
        _fail(export, str(reason), clock.now())
        return False
    except Exception as error:  # noqa: BLE001 — by its type alone: its words may hold what stands in a row
        log.error("export failed", export=export.pk, error=type(error).__name__)
        _put_back(export, clock.now())
        return False


def _make(export: Export) -> bool:
    source, requester = _entitled(export)
    rows = _rows(export, source, requester)
    columns = source.chosen(export.columns)
    whole = set() if export.masked else set(export.whole_columns)

    def fill(out: BinaryIO) -> None:
        workbook.write(out, _sheet(export, columns), _values(export, source, rows, columns, whole, requester))

    try:
        # No owner: nobody sent it, and no copy of anybody's own data takes it along.
        stored = files.prepare(fill=fill, kind=KIND, content_type=CONTENT_TYPE, owner_id=None, most=terms.MOST_BYTES)
    except TooLong:
        raise _Impossible(_("文件太大了，请少选几列，或筛选以后分几次导出。")) from None
    try:
        with transaction.atomic():
            _entitled(export)
            stored.save(force_insert=True)
            _finish(export, stored, clock.now())
    except BaseException as error:
        files.discard(stored)
        if isinstance(error, MoveRefused):
            raise _NotOurs from None
        raise
    return True


def _finish(export: Export, stored: Any, at: dt.datetime) -> None:
    hours = options.value(terms.READY_HOURS, export.area)
    changes = {"file": stored, "expires_at": at + dt.timedelta(hours=hours), "beat_at": None}
    moves.move(export, "finish", actor_id=None, actor_part=SYSTEM, at=at, changes=changes)
    details = {"rows": export.rows_done, "masked": export.masked}
    audit.record("export.built", actor_id=None, subject=export, at=at, details=details)
    news.ready(export, at)


def _entitled(export: Export) -> tuple[ExportSource, User]:
    """The source and the requester as they are now. ``_Impossible`` when the offices or the list are gone."""
    requester = User.objects.select_related("person").get(pk=export.requester_id)
    if not access.still_entitled(export, requester):
        raise _Impossible(_("申请人已经不担任申请时的角色，这份名单不再生成。"))
    return sources[export.source], requester


def _rows(export: Export, source: ExportSource, requester: User) -> models.QuerySet[Any]:
    """The rows that the requester sees now, bounded; never more areas than were approved."""
    try:
        rows = listing.rows_of(source, Listing.kept(export.listing), requester)
        total = rows.order_by()[: terms.MOST_ROWS + 1].count()
        if total > terms.MOST_ROWS:
            raise _Impossible(_("现在超过 %d 条了，请筛选以后分几次导出。") % terms.MOST_ROWS)
        if total and not listing.area_of(source, rows, requester).path.startswith(export.area.path):
            raise _Impossible(_("名单里现在有别的区域的记录，和批准的不一样了，请重新申请。"))
    except ValidationError as refusal:
        raise _Impossible("；".join(refusal.messages)) from None
    if not _beat(export, rows_total=total):
        raise _NotOurs
    return rows


def _values(
    export: Export,
    source: ExportSource,
    rows: models.QuerySet[Any],
    columns: list[Column],
    whole: set[str],
    requester: User,
) -> Iterator[list[Any]]:
    """The rows of the sheet, a chunk of records at a time."""
    rows = rows.select_related(*source.select_related).prefetch_related(*source.prefetch)
    on_record = source.noted if any(column.contact and column.id in whole for column in columns) else None
    last, done = 0, 0
    while chunk := list(rows.filter(pk__gt=last)[: min(CHUNK, terms.MOST_ROWS - done)]):
        if source.enrich is not None:
            source.enrich(chunk)
        if on_record is not None:
            on_record(chunk, requester, clock.now())
        for obj in chunk:
            yield [column.shown(obj, whole=column.id in whole) for column in columns]
        last, done = chunk[-1].pk, done + len(chunk)
        if not _beat(export, rows_done=done):
            raise _NotOurs
        export.rows_done = done


def _beat(export: Export, **progress: int) -> bool:
    """Say that somebody is at it; False when the export is not in our hands any more."""
    ours = Export.objects.filter(pk=export.pk, state=ExportState.BUILDING, state_since=export.state_since)
    return ours.update(beat_at=clock.now(), **progress) == 1


def _sheet(export: Export, columns: list[Column]) -> workbook.Sheet:
    mark = f"{export.number} {export.area} {export.requester} {date_cn(clock.today())}"
    widths = [max(column.width, 2 * len(str(column.label)) + 2) for column in columns]
    return workbook.Sheet(
        title=label_of(export.source),
        number=export.number,
        mark=mark,
        head=[str(column.label) for column in columns],
        widths=[*widths, 2 * len(mark)],
    )


def _fail(export: Export, reason: str, at: dt.datetime) -> bool:
    """Whether it failed here: somebody may have withdrawn it."""
    try:
        with transaction.atomic():
            moves.move(
                export, "fail", actor_id=None, actor_part=SYSTEM, at=at, reason=reason, changes={"beat_at": None}
            )
            news.failed(export, at)
    except MoveRefused:
        return False
    return True
