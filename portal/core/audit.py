"""The audit trail: one call, one append-only row, an erasable remark beside it."""

import datetime as dt
from typing import Any

from django.db import models

from .models import AuditEntry, Remark


def label_of(subject: models.Model | type[models.Model]) -> str:
    """How rows of the ground floor name a kind of record."""
    return subject._meta.label_lower


def record(
    verb: str,
    *,
    actor_id: int | None,
    subject: models.Model | None = None,
    at: dt.datetime | None = None,
    details: dict[str, Any] | None = None,
    reason: str = "",
) -> AuditEntry:
    """Write that ``actor_id`` (None: the system) did ``verb`` to ``subject``.

    ``details`` holds ids, field names and counts only; words that a person typed go into ``reason``, which is sealed
    in a row that can be erased.
    """
    entry = AuditEntry(
        verb=verb,
        actor_id=actor_id,
        subject_type=label_of(subject) if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
        details=details or {},
    )
    if at is not None:
        entry.at = at
    entry.save(force_insert=True)
    if reason:
        Remark.objects.create(audit_entry=entry, text=reason)
    return entry
