"""People for the desk: found by name, and by a name under which they were entered another time. Nothing else of a
person stands in the index: no phone, no address, no number."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.core import clock
from portal.core.changes import changed
from portal.people import merging
from portal.people.models import Person, PersonArea
from portal.people.relations import age_on

from .keeping import scoped
from .sources import Document, Line, Source


def _records(ids: Iterable[int]) -> list[int]:
    """Every record of the persons that ``ids`` are records of: one of them stands for all, and may be another now."""
    return list(Person.objects.records_of(ids))


def documents(ids: list[int]) -> list[Document]:
    """Those of ``ids`` that stand, with every area that one of their records belongs to. Who was erased is nobody."""
    living = Person.objects.live().filter(pk__in=ids, erased_on__isnull=True)
    names = dict(living.values_list("pk", "name"))
    standing = Person.objects.records_of(names)
    others = defaultdict(set)
    for pk, name in Person.objects.filter(pk__in=standing.keys() - names.keys()).values_list("pk", "name"):
        others[standing[pk]].add(name)
    paths = defaultdict(set)
    belonging = PersonArea.objects.filter(person__in=standing.keys())
    for pk, community, grid in belonging.values_list("person", "community__path", "grid__path"):
        paths[standing[pk]].add(grid or community)
    return [
        Document(
            object_id=pk,
            title=name,
            rest=" ".join(sorted(others[pk] - {name})),
            paths=tuple(sorted(paths[pk])),
        )
        for pk, name in names.items()
    ]


def line(person: Person) -> Line:
    """Namesakes are told apart by age, community and the masked phone."""
    age = _t("%d 岁") % age_on(clock.today(), person.birth_date) if person.birth_date else ""
    community = person.community.name if person.community is not None else ""
    return Line(
        title=person.name,
        sub=" · ".join(filter(None, (community, age, person.phone_masked))),
        url=reverse("admin:people_person_change", args=[person.pk]),
    )


scoped.add(
    Source(
        id="person",
        label=_("人员"),
        icon="user",
        model=Person,
        documents=documents,
        line=line,
        watches={"people.person": _records},
        related=("community",),
        order=10,
    )
)


@merging.on_merge
def follow_merging(record: Person, into: Person, _merged: bool, _at: dt.datetime) -> None:
    """Both halves of what was put together or taken apart."""
    changed(record, into)
