"""What can be found: each room says in its ``searching.py`` what stands in the index of its records, and for whom.

Usage::

    scoped.add(
        Source(
            id="team",
            label=_("志愿者队伍"),
            icon="users",
            model=Team,
            documents=lambda ids: [Document(...) for team in Team.objects.filter(pk__in=ids)],
            line=lambda team: Line(team.name, team.community.name),
            watches={"places.area": lambda ids: ...},
        )
    )

- ``documents(ids)`` gives what the index holds of those records, in a query or two; a record that it leaves out is not
  in the index. It reads open columns alone: a test looks for everything that is sealed.
- ``line(record)`` writes a hit. It is asked only for records that the page has got through the room's own rule, with
  ``related`` read along and ``deferred`` left out.
- ``watches`` names other models whose change reaches these records, with how their ids lead to these; also the model
  itself, where more records than the changed one are reached.
- ``tiers`` is for records that are often found by the words beside the title (a wish by its community): the title then
  has terms of its own, so that hits in it come first however many the others are.
- ``order_by`` is the order of the records among equally good hits, as a QuerySet takes it.
- ``numbered`` is for records that go by a number (a building): they are asked only for what holds one.
- ``named_first`` puts a public group before the others when its best hit begins with what was typed (a community).
- ``roles`` are the offices that may find these records at and below their areas; the administrator finds all.

The index says which records may be meant and never who may see them: whoever shows a hit asks the room (``rows`` of its
desk page, ``public()`` of its QuerySet) once more.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from portal.core.changes import on_change
from portal.core.registries import Registry, Text
from portal.people.roles import READERS, RoleKind

from .terms import Query

Lead = Callable[[list[int]], Iterable[int]]
TITLE = 200  # characters of a title that are kept
REST = 400


@dataclass(frozen=True)
class Document:
    """What the index holds of one record. ``paths`` are those of the areas it belongs to (``/1/4/9/``)."""

    object_id: int
    title: str
    rest: str = ""
    paths: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """A hit as a page shows it; tones as in ``core.registries.Row``."""

    title: str
    sub: str = ""
    url: str = ""
    badge_text: str = ""
    badge_tone: str = ""


@dataclass(frozen=True)
class Source:
    """See the head of this file. ``rows()`` gives a public source's records as anybody may see them; of a scoped one
    the desk's own page is asked. ``code`` names the column of the number that people quote."""

    id: str
    label: Text
    icon: str
    model: type[models.Model]
    documents: Callable[[list[int]], Iterable[Document]]
    line: Callable[[Any], Line]
    rows: Callable[[], models.QuerySet[Any]] | None = None
    watches: Mapping[str, Lead] = field(default_factory=dict)
    related: tuple[str, ...] = ()
    deferred: tuple[str, ...] = ()
    tiers: bool = False
    named_first: bool = False
    numbered: bool = False
    order_by: tuple[Any, ...] = ()
    roles: frozenset[RoleKind] = READERS
    code: str = ""
    order: int = 100

    def asked_by(self, query: Query) -> bool:
        """Whether ``query`` can mean one of these records at all."""
        return not self.numbered or any(char.isdigit() for char in query.plain_text)

    def visible(self) -> models.QuerySet[Any]:
        """What anybody may see of these records: nothing, unless the room says so."""
        return self.rows() if self.rows is not None else self.model._default_manager.none()


@dataclass(frozen=True)
class Offer:
    """A page that can be found by name without an entry in any table: something that one can do or read. ``words`` are
    what else people call it."""

    id: str
    label: Text
    url: Callable[[], str]
    sub: Text = ""
    icon: str = "arrow-right"
    tone: str = "red"
    words: Text = ""
    order: int = 100


@dataclass(frozen=True)
class Offers:
    """A group of such pages, gathered when somebody looks for them."""

    id: str
    label: Text
    gather: Callable[[], Iterable[Offer]]
    order: int = 100


class Sources(Registry[Source]):
    """Sources of one table. Adding one makes the index follow its model and what it watches."""

    def __init__(self, keep: Callable[[Source, list[int]], None]) -> None:
        super().__init__()
        self._keep = keep

    def add(self, source: Source) -> Source:
        super().add(source)
        own: dict[str, Lead] = {source.model._meta.label_lower: lambda ids: ids}
        for label, lead in {**own, **source.watches}.items():
            self._follow(source, label, lead)
        return source

    def _follow(self, source: Source, label: str, lead: Lead) -> None:
        @on_change(label)
        def follow(ids: list[int]) -> None:
            self._keep(source, sorted(set(lead(ids))))

    def of(self, model: type[models.Model]) -> Source | None:
        """The source of a model's records."""
        return next((source for source in self if source.model is model), None)


offers: Registry[Offers] = Registry()
