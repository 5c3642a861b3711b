"""What the record of who did what is narrowed by, and how it is searched: by whom, whose, which, what kind of act."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.numbers import is_public_code
from portal.people.models import Person, Request, User
from portal.search.keeping import scoped
from portal.search.looking import ids_of
from portal.search.terms import Query, flat

from . import access, trail
from .finding import is_id
from .models import Export
from .pieces import CHOICES_SHOWN

SYSTEM = "system"
MOST_RECORDS = 500  # of one kind that a search by name follows
_LOOKS = ("contact_shown", "contact_revealed", "paper_opened", "phone_searched", "downloaded")
_GROUPS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "looks": (gettext_lazy("看个人信息"), ()),
    "people": (gettext_lazy("登记与同意"), ("person", "people", "consent", "data")),
    "ties": (gettext_lazy("居住、产权、代办"), ("tie", "representative", "guardianship", "authorisation")),
    "accounts": (gettext_lazy("账号与登录"), ("account", "administrator")),
    "offices": (gettext_lazy("任免与交接"), ("role", "office")),
    "exports": (gettext_lazy("导出"), ("export",)),
    "keeping": (gettext_lazy("录入、修改与设置"), ("record", "option", "building", "delivery", "sealed", "appendonly")),
    "work": (gettext_lazy("办事"), ()),
}


def group_of(verb: str) -> str:
    """The group of a verb: a look at personal data before all, else by how it begins; what rooms bring is work."""
    begins, _dot, ends = verb.partition(".")
    if ends in _LOOKS:
        return "looks"
    return next((name for name, (_label, starts) in _GROUPS.items() if begins in starts), "work")


class GroupFilter(admin.SimpleListFilter):
    """By the kind of act."""

    title = gettext_lazy("哪一类")
    parameter_name = "group"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, label) for name, (label, _starts) in _GROUPS.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() is None:
            return queryset
        return queryset.filter(verb__in=[verb for verb in trail.verbs() if group_of(verb) == self.value()])


class VerbFilter(admin.SimpleListFilter):
    """By what was done, in words."""

    title = gettext_lazy("操作")
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(trail.verbs().items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(verb=self.value()) if self.value() else queryset


class ActorFilter(admin.SimpleListFilter):
    """By who did it: those who hold or held an office, the system, and whomever a line led to."""

    title = gettext_lazy("谁")
    parameter_name = "by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        offices = access.roles_in(request.user).order_by()
        ids = list(offices.values_list("user", flat=True).distinct()[:CHOICES_SHOWN])
        if is_id(asked := str(self.used_parameters.get(self.parameter_name) or "")):
            ids.append(int(asked))
        names = trail.names_of(ids)
        people = sorted((name, str(pk)) for pk, name in names.items() if pk is not None)
        return [(SYSTEM, _("系统")), *((pk, name) for name, pk in people)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == SYSTEM:
            return queryset.filter(actor_id__isnull=True)
        return queryset.filter(actor_id=self.value()) if is_id(self.value() or "") else queryset


class KindFilter(admin.SimpleListFilter):
    """By the kind of record."""

    title = gettext_lazy("哪种记录")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        kept = [model for model in model_admin.admin_site._registry if model_admin.keeps(model)]
        return [(model._meta.label_lower, model._meta.verbose_name) for model in kept]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(subject_type=self.value()) if self.value() else queryset


BEGUN = "begun"


class ChangeFilter(admin.SimpleListFilter):
    """By what changed, as it is called; what several kinds of records call alike goes together."""

    title = gettext_lazy("变更")
    parameter_name = "change"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(BEGUN, _("提出")), *((label, label) for label in trail.moves_by_label())]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() is None:
            return queryset
        if self.value() == BEGUN:
            return queryset.filter(source="")
        condition = Q(pk__in=[])
        for label, name in trail.moves_by_label().get(str(self.value()), ()):
            condition |= Q(subject_type=label, name=name)
        return queryset.exclude(source="").filter(condition)


class AboutFilter(admin.SimpleListFilter):
    """Everything about one record, which a line led to; offered only where one is in the address."""

    title = gettext_lazy("对象")
    parameter_name = "about"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        label, pk = parted(self.used_parameters.get(self.parameter_name))
        kind = trail.subject_label(label) if pk else ""
        return [(f"{label}-{pk}", f"{kind} {pk}")] if kind else []

    def has_output(self) -> bool:
        """Where a record is asked for, be it none: that is refused, and not passed over."""
        return bool(self.used_parameters)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        label, pk = parted(self.value())
        return queryset.filter(subject_type=label, subject_id=pk) if pk else queryset


def parted(value: Any) -> tuple[str, str]:
    """``people.person-9`` as its two parts; two empty ones for anything else."""
    label, _dash, pk = str(value or "").rpartition("-")
    return (label, pk) if is_id(pk) and label.count(".") == 1 else ("", "")


def searched(rows: Any, text: str, user: Any) -> tuple[Any, bool]:
    """Those of ``rows`` that are about what ``text`` names, or done by whom: the number of a request or an export, or a
    name through the index. And whether there were more people than were looked at."""
    code = flat(text)
    if is_public_code(code):
        return rows.filter(_about({source.model: _with_code(source, code) for source in scoped if source.code})), False
    if exports := list(Export.objects.numbered(text).values_list("pk", flat=True)[:MOST_RECORDS]):
        return rows.filter(_about({Export: exports})), False
    query, source = Query(text), scoped.of(Person)
    if not query or source is None:
        return rows.none(), False
    found = ids_of(source, query, user, everywhere=True)
    records = list(Person.objects.records_of(found.ids))
    accounts = list(User.objects.filter(person__in=records).values_list("pk", flat=True)[:MOST_RECORDS])
    kept: dict[Any, list[int]] = {Person: records, User: accounts}
    for model in apps.get_models():
        if issubclass(model, Request):
            theirs = model._default_manager.filter(subject__in=records).order_by("-pk")
            kept[model] = list(theirs.values_list("pk", flat=True)[:MOST_RECORDS])
    return rows.filter(_about(kept) | Q(actor_id__in=accounts)), found.cut


def _with_code(source: Any, code: str) -> list[int]:
    return list(source.model._default_manager.filter(**{source.code: code}).values_list("pk", flat=True))


def _about(kept: dict[Any, list[int]]) -> Q:
    condition = Q(pk__in=[])
    for model, ids in kept.items():
        if ids:
            condition |= Q(subject_type=model._meta.label_lower, subject_id__in=ids)
    return condition
