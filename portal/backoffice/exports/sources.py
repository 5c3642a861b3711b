"""What may leave as Excel: each room declares its lists in ``exporting.py``, column by column.

Usage::

    sources.add(ExportSource(
        id="rooms.thing", label=_("东西"), model=Thing, place="community",
        narrow=lambda rows, user: rows.filter(scope_q(user, DESK)),
        select_related=("owner",),
        columns=(
            Column("code", _("编号"), lambda thing: thing.code),
            Column("owner", _("主人"), lambda thing: thing.owner.name, personal=True, masked=mask_name),
        ),
    ))

The list's own admin page says which rows there are (``ScopedAdmin.get_queryset`` with filters and search); ``narrow``
takes away those that the user only reads. Without a personal column chosen it leaves without approval, on
the record all the same. No value may ask the database: ``select_related``, ``prefetch`` and ``enrich`` fetch for a
chunk at a time.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.functional import Promise

from portal.core.registries import Registry
from portal.people.roles import DESK, RoleKind

Text = str | Promise
Value = str | int | Decimal | dt.date | dt.datetime | None


@dataclass(frozen=True)
class Column:
    """One column. ``masked`` turns the whole text of a personal value into what may be shown; a personal column has
    one. ``contact`` marks phones and addresses, whose whole leaving goes on the record of the person concerned.
    ``width`` is in characters of half width."""

    id: str
    label: Text
    value: Callable[[Any], Value]
    personal: bool = False
    masked: Callable[[str], str] | None = None
    contact: bool = False
    width: int = 14

    def __post_init__(self) -> None:
        if self.personal != (self.masked is not None):
            raise ValueError(f"column {self.id}: what is personal, and nothing else, has its mask")

    def shown(self, obj: Any, *, whole: bool) -> Value:
        """The value as it leaves: masked where it is personal, unless ``whole``. A mask that hides nothing of a value
        (a name of one character) hides all of it."""
        value = self.value(obj)
        if self.masked is None or whole or value in (None, ""):
            return value
        masked = self.masked(str(value))
        return masked if masked != str(value) else hidden(masked)


def hidden(_text: str) -> str:
    """The mask of free text and addresses: nothing of it."""
    return "***"


def year_only(text: str) -> str:
    """The mask of a day: its year."""
    return f"{text[:4]}年"


@dataclass(frozen=True)
class ExportSource:
    """A list of the desk that may leave. ``place`` is the look-up from a row to its community; a row without one counts
    as lying anywhere in the requester's areas. ``kinds`` are the offices that may ask. ``noted(objs, actor, at)`` puts
    on record whose contact leaves whole."""

    id: str
    label: Text
    model: type[models.Model]
    columns: tuple[Column, ...]
    narrow: Callable[[models.QuerySet[Any], Any], models.QuerySet[Any]]
    place: str = ""
    kinds: frozenset[RoleKind] = DESK
    select_related: tuple[str, ...] = ()
    prefetch: tuple[Any, ...] = ()
    enrich: Callable[[list[Any]], None] | None = None
    noted: Callable[[list[Any], Any, dt.datetime], None] | None = None
    order: int = 100

    def __post_init__(self) -> None:
        ids = [column.id for column in self.columns]
        if len(set(ids)) != len(ids):
            raise ValueError(f"{self.id}: two columns of one id")
        if any(column.contact for column in self.columns) and self.noted is None:
            raise ValueError(f"{self.id}: a contact that leaves whole goes on record")

    @property
    def is_personal(self) -> bool:
        """Whether some column is personal, so that an approval may be needed (``needs_approval``)."""
        return any(column.personal for column in self.columns)

    def needs_approval(self, ids: Iterable[str]) -> bool:
        """Whether the columns ``ids`` leave by a second person's word only: one of them is personal."""
        return not self.personal_ids.isdisjoint(ids)

    @property
    def personal_ids(self) -> set[str]:
        return {column.id for column in self.columns if column.personal}

    def chosen(self, ids: Iterable[str]) -> list[Column]:
        """The columns named in ``ids``, in the source's order; a name that is gone is left out."""
        wanted = set(ids)
        return [column for column in self.columns if column.id in wanted]


sources: Registry[ExportSource] = Registry()


def source_of(model: type[models.Model]) -> ExportSource | None:
    """The source whose list is the one of ``model``."""
    return next((source for source in sources if source.model is model), None)


def label_of(source_id: str) -> str:
    """The list's name; the id of one that is gone."""
    return str(sources[source_id].label) if source_id in sources else source_id
