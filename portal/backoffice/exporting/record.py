"""The record of who did what: for the 个人信息保护员 and the administrator alone."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.core.models import AuditEntry, Transition

from .. import access, trail
from ..exports.columns import name_column
from ..exports.sources import Column, ExportSource, sources


def _name_actors(rows: list[Any]) -> None:
    names = trail.names_of(row.actor_id for row in rows)
    for row in rows:
        row.actor_name = names[row.actor_id]


def _record_columns(*more: Column) -> tuple[Column, ...]:
    return (
        Column("at", _("时间"), lambda row: row.at, width=22),
        name_column("who", _("谁"), lambda row: row.actor_name),
        Column("subject", _("对象"), lambda row: trail.subject_label(row.subject_type)),
        Column("subject_id", _("对象编号"), lambda row: row.subject_id, width=10),
        *more,
    )


def _record(model: Any, *more: Column, order: int) -> ExportSource:
    return ExportSource(
        id=model._meta.label_lower,
        label=model._meta.verbose_name,
        model=model,
        kinds=access.AUDITORS,
        narrow=lambda rows, user: rows,  # the list itself is the auditors' alone
        enrich=_name_actors,
        columns=_record_columns(*more),
        order=order,
    )


sources.add(
    _record(
        AuditEntry,
        Column("act", _("操作"), lambda row: trail.verb_label(row.verb), width=20),
        Column("details", _("内容"), trail.details_text, width=30),
        order=70,
    )
)
sources.add(
    _record(
        Transition,
        Column("part", _("身份"), lambda row: trail.part_label(row.actor_part), width=10),
        Column("change", _("变更"), trail.move_label, width=20),
        order=71,
    )
)
