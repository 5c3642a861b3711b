"""Volunteers at the desk: applications, clearance, teams, hours."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.backoffice.access import is_of_desk, is_one_of, only_community
from portal.backoffice.acts import Act, ActForm, ActsAdmin, ReasonForm, can
from portal.backoffice.entering import ChoosesByPage, EnteredForm, EnteredPage
from portal.backoffice.filters import DayRange, Held
from portal.backoffice.pieces import who
from portal.backoffice.scoped import ScopedAdmin
from portal.backoffice.shared import SharedListAdmin
from portal.backoffice.trail import name_part, name_verb
from portal.core import clock
from portal.core.plaintext import PlainTextField, offer
from portal.people.access import communities_of, holds, scope_q
from portal.people.roles import DESK, READERS

from . import access, joining, teams
from .desk_filters import HomesFilter, HoursOfTeam, MinorsFilter, SkillFilter, TeamFilter
from .hours import total_of
from .models import HourEntry, Skill, Team, TeamMember, Volunteer
from .readers import SCAN
from .views import hours_text

name_part("volunteer", _("志愿者"))
name_verb("volunteer.cleared", _("设定服务许可"))
name_verb("team.joined", _("入队"))
name_verb("team.left", _("离队"))
name_verb("volunteer.paper_opened", _("查看纸质单"))


class EntryForm(EnteredForm):
    """Somebody at the desk wants to become a volunteer; staff fill in what the resident's own form asks."""

    introduction = PlainTextField(
        label=_("自我介绍"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    begun_for = "person"

    class Meta:
        model = Volunteer
        fields = ("person", "community", "skills", "availability")
        widgets: ClassVar[Any] = {"skills": forms.CheckboxSelectMultiple}

    def clean(self) -> dict[str, Any] | None:
        """Of the desk of the community: who works for one grid enters nobody for the whole of it."""
        cleaned = super().clean() or {}
        community = cleaned.get("community")
        if community and not holds(self.typist, DESK, community=community):
            self.add_error("community", _("请选您任职的社区。"))
        return cleaned


class ClearForm(ActForm):
    homes = forms.BooleanField(label=_("可以入户服务"), required=False)
    minors = forms.BooleanField(label=_("可以服务未成年人"), required=False)
    reason = PlainTextField(
        label=_("核实情况"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("例如：面谈过，查看了证件。不要写证件号码。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.obj is not None:
            self.fields["homes"].initial = self.obj.homes_cleared_on is not None
            self.fields["minors"].initial = self.obj.minors_cleared_on is not None


class JoinTeamForm(ActForm):
    team = forms.ModelChoiceField(label=_("队伍"), queryset=Team.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.objs:
            communities = {volunteer.community_id for volunteer in self.objs}
            offer(self, "team", Team.objects.filter(community__in=communities, active=True))


def _accept(request: HttpRequest, volunteer: Volunteer, _cleaned: dict[str, Any]) -> None:
    joining.decide(volunteer=volunteer, accepted=True, actor=who(request), at=clock.now())


def _refuse(request: HttpRequest, volunteer: Volunteer, cleaned: dict[str, Any]) -> None:
    joining.decide(
        volunteer=volunteer,
        accepted=False,
        actor=who(request),
        at=clock.now(),
        reason=cleaned["reason"],
    )


def _clear(request: HttpRequest, volunteer: Volunteer, cleaned: dict[str, Any]) -> None:
    joining.clear(volunteer=volunteer, actor=who(request), at=clock.now(), **cleaned)


def _suspend(request: HttpRequest, volunteer: Volunteer, cleaned: dict[str, Any]) -> None:
    joining.pause(
        volunteer=volunteer,
        paused=True,
        actor=who(request),
        at=clock.now(),
        reason=cleaned["reason"],
    )


def _resume(request: HttpRequest, volunteer: Volunteer, _cleaned: dict[str, Any]) -> None:
    joining.pause(volunteer=volunteer, paused=False, actor=who(request), at=clock.now())


def _join(request: HttpRequest, volunteer: Volunteer, cleaned: dict[str, Any]) -> None:
    teams.join(team=cleaned["team"], volunteer=volunteer, actor=who(request), at=clock.now())


@admin.register(Volunteer)
class VolunteerAdmin(EnteredPage, ActsAdmin):
    form = EntryForm
    autocomplete_fields = ("person",)
    list_display = ("person", "community", "state_badge", "availability", "homes_cleared_on", "minors_cleared_on")
    list_filter = ("state", "community", SkillFilter, TeamFilter, HomesFilter, MinorsFilter, "availability")
    list_select_related = ("person", "community")
    search_fields = ("person__name",)
    reads_beyond = True  # a grid's desk reads who serves in its community
    ordering = ("-state_since", "-id")
    state_tones = {"applied": "wait", "active": "done", "suspended": "stop", "refused": "plain", "left": "plain"}
    acts = (
        Act(
            "accept",
            _("通过审核"),
            run=_accept,
            allowed=access.may_clear,
            possible=can("accept"),
            tone="primary",
            description=_("通过后，申请人会收到消息，可以接不用入户的单子。"),
            bulk=True,
            offered=is_of_desk,
        ),
        Act(
            "refuse",
            _("不通过"),
            run=_refuse,
            allowed=access.may_clear,
            possible=can("refuse"),
            needs_reason=True,
            bulk=True,
            offered=is_of_desk,
        ),
        Act(
            "clear",
            _("设定服务许可"),
            run=_clear,
            allowed=access.may_clear,
            possible=lambda volunteer: volunteer.state == Volunteer.State.ACTIVE,
            form_class=ClearForm,
            description=_("入户、服务未成年人的单子，只派给有许可的志愿者。"),
        ),
        Act(
            "join",
            _("编入队伍"),
            run=_join,
            allowed=access.may_clear,
            possible=lambda volunteer: volunteer.state == Volunteer.State.ACTIVE,
            form_class=JoinTeamForm,
            bulk=True,
            offered=is_of_desk,
            first=lambda _user, volunteer: "accept" if can("accept")(volunteer) else "",
        ),
        Act(
            "suspend",
            _("暂停服务"),
            run=_suspend,
            allowed=access.may_clear,
            possible=can("suspend"),
            form_class=ReasonForm,
            tone="danger",
            description=_("暂停以后不能接单；手上正在服务的单子，请到微心愿里代为退单。"),
        ),
        Act("resume", _("恢复服务"), run=_resume, allowed=access.may_clear, possible=can("resume"), tone="primary"),
    )

    def rows(self, user: Any) -> models.QuerySet[Any]:
        return access.read_at_desk(user).select_related("person")  # a filter names each of them

    def may_view(self, user: Any, obj: Any = None) -> bool:
        if obj is None:
            return is_one_of(user, READERS)
        return access.may_read_at_desk(user, obj)

    def may_add(self, user: Any) -> bool:
        return is_of_desk(user)

    def may_keep(self, user: Any, obj: Any) -> bool:
        return holds(user, DESK, community=obj.community, grid=obj.grid)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        typed = ("person", "community", "skills", "availability", "introduction")
        if obj is None:
            return (*typed, "channel", "paper")
        served = ("state", "homes_cleared_on", "minors_cleared_on", "total_hours")
        return (*typed[:2], "grid", *typed[2:], *served, "channel", "typist", "paper_link")

    def choices_of(self, db_field: Any, request: HttpRequest) -> models.QuerySet[Any]:
        if db_field.name == "community":
            return communities_of(request.user, DESK)
        return super().choices_of(db_field, request)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {**only_community(request.user), **super().get_changeform_initial_data(request)}

    def store(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The same act that residents use, with the typist, the channel and the paper on the record."""
        data = form.cleaned_data
        volunteer = joining.apply(
            person=data["person"],
            community=data["community"],
            actor=who(request),
            at=clock.now(),
            skills=data["skills"],
            availability=data["availability"],
            introduction=data["introduction"],
            typist=who(request),
            channel=data["channel"],
            scan=form.kept_scan(SCAN),
        )
        self.adopt(obj, volunteer)

    @admin.display(description=_("累计时长（小时）"))
    def total_hours(self, obj: Volunteer) -> str:
        return hours_text(total_of(obj))


class _AreaRows(ScopedAdmin):
    """Rows that carry community and grid and have no QuerySet of their own."""

    prefix = ""

    def rows(self, user: Any) -> models.QuerySet[Any]:
        return self.model._default_manager.filter(scope_q(user, prefix=self.prefix))

    def may_view(self, user: Any, obj: Any = None) -> bool:
        return is_one_of(user, READERS)


@admin.register(Team)
class TeamAdmin(ChoosesByPage, _AreaRows):
    change_form_template = "admin/entering_form.html"
    list_display = ("name", "community", "leader", "active")
    list_filter = ("community", "active")
    list_select_related = ("community", "leader__person")
    search_fields = ("name",)
    fields = ("community", "grid", "name", "leader", "active")
    autocomplete_fields = ("leader",)

    def may_add(self, user: Any) -> bool:
        return is_of_desk(user)

    def may_change(self, user: Any, obj: Any = None) -> bool:
        return is_of_desk(user) if obj is None else holds(user, DESK, community=obj.community, grid=obj.grid)


class InTeam(Held):
    """Those who are in the team now, or were before."""

    title = _("在队")
    now, past = _("在队"), _("已离队")


def _part(request: HttpRequest, member: TeamMember, cleaned: dict[str, Any]) -> None:
    teams.part(member=member, actor=who(request), at=clock.now(), reason=cleaned["reason"])


def _may_part(user: Any, member: TeamMember) -> bool:
    return holds(user, DESK, community=member.team.community, grid=member.team.grid)


@admin.register(TeamMember)
class TeamMemberAdmin(ActsAdmin, _AreaRows):
    prefix = "team__"
    list_display = ("volunteer", "team", "since", "until")
    list_filter = (InTeam, "team", ("since", DayRange))
    search_fields = ("volunteer__person__name", "team__name")
    search_help_text = _("按队员姓名、队名查")
    list_select_related = ("volunteer__person", "team__community", "team__grid")
    acts = (
        Act(
            "part",
            _("离队"),
            run=_part,
            allowed=_may_part,
            possible=lambda member: member.until is None,
            needs_reason=True,
            bulk=True,
            offered=is_of_desk,
            tone="danger",
        ),
    )


@admin.register(HourEntry)
class HourEntryAdmin(_AreaRows):
    """Read only: hours are credited by acts, never typed."""

    list_display = ("at", "volunteer", "hours", "minutes")
    list_filter = (HoursOfTeam, ("at", DayRange))
    search_fields = ("volunteer__person__name",)
    search_help_text = _("按志愿者姓名查")
    list_select_related = ("volunteer__person",)
    ordering = ("-at", "-id")
    fields = ("at", "volunteer", "hours", "minutes")
    readonly_fields = ("at", "volunteer", "hours", "minutes")

    def rows(self, user: Any) -> models.QuerySet[Any]:
        return HourEntry.objects.filter(volunteer__in=Volunteer.objects.filter(scope_q(user)))

    @admin.display(description=_("时长（小时）"))
    def hours(self, obj: HourEntry) -> str:
        return ("−" if obj.half_hours < 0 else "") + hours_text(abs(obj.half_hours))


@admin.register(Skill)
class SkillAdmin(SharedListAdmin):
    """What volunteers can do."""

    list_display = ("name",)
    fields = ("name",)
