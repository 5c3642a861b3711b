"""What the lists of volunteers and of their hours are narrowed by."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.backoffice.pieces import CHOICES_SHOWN
from portal.people.access import scope_q
from portal.people.roles import READERS

from .models import Skill, Team, TeamMember


class _Chosen(admin.SimpleListFilter):
    """One of rows that may be none: what the address asks for is refused then, not passed over."""

    def has_output(self) -> bool:
        """Where there is a choice, and where one is asked for."""
        return super().has_output() or bool(self.used_parameters)


class SkillFilter(_Chosen):
    """Who can do something."""

    title = _("特长")
    parameter_name = "skill"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(pk), name) for pk, name in Skill.objects.values_list("pk", "name")[:CHOICES_SHOWN]]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if not self.value():
            return queryset
        able = queryset.model.skills.through.objects.filter(volunteer=OuterRef("pk"), skill=self.value())
        return queryset.filter(Exists(able))


class TeamFilter(_Chosen):
    """Who is in a team of the reader's now; ``path`` leads from a row to its volunteer."""

    title = _("队伍")
    parameter_name = "team"
    path = "pk"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = Team.objects.filter(scope_q(request.user, READERS)).order_by("name", "pk")
        return [(str(pk), name) for pk, name in rows.values_list("pk", "name")[:CHOICES_SHOWN]]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if not self.value():
            return queryset
        team = int(str(self.value()))  # one of ``lookups``: anything else is refused before
        members = TeamMember.objects.filter(team=team, until__isnull=True, volunteer=OuterRef(self.path))
        return queryset.filter(Exists(members))


class HoursOfTeam(TeamFilter):
    """The hours of those who are in a team now."""

    path = "volunteer"


class _Cleared(admin.SimpleListFilter):
    """Whether volunteers are cleared for what ``column`` says."""

    column = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("有许可")), ("no", _("没有许可"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(**{f"{self.column}__isnull": self.value() == "no"}) if self.value() else queryset


class HomesFilter(_Cleared):
    """Who may serve in homes."""

    title = _("可入户")
    parameter_name = "homes"
    column = "homes_cleared_on"


class MinorsFilter(_Cleared):
    """Who may serve minors."""

    title = _("可服务未成年人")
    parameter_name = "minors"
    column = "minors_cleared_on"
