"""What the rooms' dossiers are told with: rows with a moment, entries of the record and state changes in words, each
with the way to what it is about."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.core.models import AuditEntry, Transition
from portal.core.registries import Event
from portal.core.templating import date_cn

from . import trail

Until = dt.datetime | None
TIES_READ = 500  # the latest ties of a kind that a page tells of


def upto(rows: QuerySet[Any], most: int, until: Until) -> list[Any]:
    """The latest ``most`` of rows that have a moment ``at``, none later than ``until``, with their remarks if any."""
    rows = rows if until is None else rows.filter(at__lte=until)
    if rows.model in (AuditEntry, Transition):
        rows = rows.select_related("remark")
    return list(rows.order_by("-at", "-id")[:most])


def audited(entries: Iterable[AuditEntry], url: Callable[[AuditEntry], str] = lambda _entry: "") -> list[Event]:
    """Entries of the record as moments, in words; one query for the names."""
    entries = list(entries)
    names = trail.names_for(entries)
    return [
        Event(
            at=entry.at,
            text="：".join(filter(None, (trail.verb_label(entry.verb), trail.details_text(entry, names)))),
            url=url(entry),
            who=names[entry.actor_id],
            note=trail.remark_of(entry),
        )
        for entry in entries
    ]


def moved(
    transitions: Iterable[Transition], text: Callable[[Transition], str], url: Callable[[Transition], str]
) -> list[Event]:
    """State changes as moments; one query for the names."""
    transitions = list(transitions)
    names = trail.names_of(move.actor_id for move in transitions)
    return [Event(at=move.at, text=text(move), url=url(move), who=names[move.actor_id]) for move in transitions]


def newest_of(events: Iterable[Event], most: int) -> list[Event]:
    """The latest ``most`` of moments from several tables."""
    return sorted(events, key=lambda event: event.at, reverse=True)[:most]


def subject_url(row: Any) -> str:
    """The desk's page of what an entry or a move is about."""
    app, model = row.subject_type.split(".")
    return reverse(f"admin:{app}_{model}_change", args=[row.subject_id])


def about_any(rows: Any, most: int, until: Until, subjects: dict[str, list[int]]) -> list[Any]:
    """The latest of ``rows`` (entries or moves) about ``subjects``, keys by kind of record; no query where there are
    none. Keys and no subqueries: an OR of those reads the whole table."""
    condition = Q(pk__in=[])
    for label, keys in subjects.items():
        condition |= Q(subject_type=label, subject_id__in=keys) if keys else Q(pk__in=[])
    return upto(rows.filter(condition), most, until) if any(subjects.values()) else []


def page_of(obj: Any) -> str:
    """The desk's page of ``obj``."""
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])


def span_of(row: Any) -> str:
    """“自2020年5月1日”, or from when to when."""
    if row.until is None:
        return _("自%(day)s") % {"day": date_cn(row.since)}
    return _("%(since)s至%(until)s") % {"since": date_cn(row.since), "until": date_cn(row.until)}
