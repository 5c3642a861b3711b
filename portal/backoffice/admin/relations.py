"""Guardians of children and relatives who act for an elder: recorded by the desk, ended with a reason."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.core import clock
from portal.people import relations
from portal.people.models import Authorisation, Guardianship
from portal.people.roles import DESK

from .. import access
from ..acts import Act, ActsAdmin
from ..entering import ChoosesByPage
from ..pieces import badge, who
from .ties import StandingFilter


def _end_guardianship(request: HttpRequest, row: Guardianship, cleaned: dict[str, Any]) -> None:
    relations.end_guardianship(guardianship=row, actor=who(request), at=clock.now(), reason=cleaned["reason"])


def _end_authorisation(request: HttpRequest, row: Authorisation, cleaned: dict[str, Any]) -> None:
    relations.end_authorisation(authorisation=row, actor=who(request), at=clock.now(), reason=cleaned["reason"])


class _Relation(ChoosesByPage, ActsAdmin):
    """What both share. ``served`` names the person whose desk decides: the child, the elder."""

    served = ""
    list_filter = (StandingFilter,)
    ordering = ("-since", "-id")

    def rows(self, user: Any) -> Any:
        rows = self.model._default_manager.filter(access.of_people_in(user, self.served))
        return rows.select_related(*self.autocomplete_fields)

    def may_view(self, user: Any, obj: Any = None) -> bool:
        return access.is_one_of(user, access.READERS)

    def may_add(self, user: Any) -> bool:
        return access.is_one_of(user, DESK)

    def may_keep(self, user: Any, obj: Any) -> bool:
        return relations.serves(user, getattr(obj, self.served))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        typed = (*self.autocomplete_fields, "relation", "since")
        return typed if obj is None else (*typed, "until", "standing")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj) if obj is not None else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        return {"since": clock.today(), **super().get_changeform_initial_data(request)}

    def summary(self, obj: Any) -> list[tuple[str, Any]]:
        names = [(str(obj._meta.get_field(n).verbose_name), str(getattr(obj, n))) for n in self.autocomplete_fields]
        return [*names, (str(_("关系")), obj.relation)]

    @admin.display(description=_("状态"))
    def standing(self, obj: Any) -> Any:
        in_force = obj.until is None or obj.until > clock.today()
        return badge(_("有效"), "done") if in_force else badge(_("已结束"), "plain")


@admin.register(Guardianship)
class GuardianshipAdmin(_Relation):
    served = "child"
    list_display = ("child", "guardian", "relation", "since", "until", "standing")
    search_fields = ("child__name", "guardian__name")
    autocomplete_fields = ("child", "guardian")
    acts = (
        Act(
            "end",
            _("结束"),
            run=_end_guardianship,
            allowed=lambda user, row: relations.serves(user, row.child),
            possible=lambda row: row.until is None,
            needs_reason=True,
            tone="danger",
            description=_("从今天起，这位监护人不再替孩子办事、看记录。"),
        ),
    )

    def store(self, request: HttpRequest, obj: Guardianship, form: Any, change: bool) -> None:
        actor: Any = request.user
        row = relations.record_guardianship(
            child=obj.child, guardian=obj.guardian, relation=obj.relation, since=obj.since, actor=actor, at=clock.now()
        )
        self.adopt(obj, row)


@admin.register(Authorisation)
class AuthorisationAdmin(_Relation):
    served = "principal"
    list_display = ("principal", "agent", "relation", "since", "until", "standing")
    search_fields = ("principal__name", "agent__name")
    autocomplete_fields = ("principal", "agent")
    acts = (
        Act(
            "end",
            _("结束"),
            run=_end_authorisation,
            allowed=lambda user, row: relations.serves(user, row.principal),
            possible=lambda row: row.until is None,
            needs_reason=True,
            tone="danger",
            description=_("从今天起，代办人不再替本人办事、看记录。"),
        ),
    )

    def store(self, request: HttpRequest, obj: Authorisation, form: Any, change: bool) -> None:
        actor: Any = request.user
        row = relations.record_authorisation(
            principal=obj.principal,
            agent=obj.agent,
            relation=obj.relation,
            since=obj.since,
            actor=actor,
            at=clock.now(),
        )
        self.adopt(obj, row)
