"""Volunteers and teams for the desk."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.people.models import Person
from portal.search.keeping import scoped
from portal.search.sources import Document, Line, Source

from .models import Team, Volunteer

TONES = {"applied": "amber", "active": "green", "suspended": "red"}


def _volunteers(ids: list[int]) -> list[Document]:
    rows = Volunteer.objects.filter(pk__in=ids, person__erased_on__isnull=True)
    return [
        Document(object_id=volunteer.pk, title=volunteer.person.name, paths=(_path(volunteer),))
        for volunteer in rows.select_related("person", "community", "grid")
    ]


def _path(row: Volunteer | Team) -> str:
    return row.grid.path if row.grid is not None else row.community.path


def _volunteer_line(volunteer: Volunteer) -> Line:
    return Line(
        title=volunteer.person.name,
        sub=volunteer.community.name,
        url=reverse("admin:volunteers_volunteer_change", args=[volunteer.pk]),
        badge_text=volunteer.get_state_display(),
        badge_tone=TONES.get(volunteer.state, "plain"),
    )


def _of_people(ids: list[int]) -> list[int]:
    return list(Volunteer.objects.filter(person__in=ids).values_list("pk", flat=True))


scoped.add(
    Source(
        id="volunteer",
        label=_("志愿者"),
        icon="hand-heart",
        model=Volunteer,
        documents=_volunteers,
        line=_volunteer_line,
        watches={Person._meta.label_lower: _of_people},
        related=("person", "community"),
        order=50,
    )
)


def _teams(ids: list[int]) -> list[Document]:
    rows = Team.objects.filter(pk__in=ids).select_related("community", "grid")
    return [Document(object_id=team.pk, title=team.name, paths=(_path(team),)) for team in rows]


def _team_line(team: Team) -> Line:
    return Line(
        title=team.name,
        sub=team.community.name,
        url=reverse("admin:volunteers_team_change", args=[team.pk]),
        badge_text="" if team.active else str(_("停用")),
        badge_tone="plain",
    )


scoped.add(
    Source(
        id="team",
        label=_("志愿者队伍"),
        icon="users",
        model=Team,
        documents=_teams,
        line=_team_line,
        related=("community",),
        order=55,
    )
)
