"""The base of every page of the back office: nothing is seen, chosen or changed unless the room says so.

Usage, in a room's ``admin.py``::

    @admin.register(Thing)
    class ThingAdmin(ScopedAdmin):
        scope = "in_scope"                     # Thing.objects.in_scope(user); the default is "visible_to"
        fields = ("name", "grid")

        def may_view(self, user, obj=None):    # obj is None: may the user open the list at all?
            return access.may_see_things(user, obj)

        def may_add(self, user): ...
        def may_change(self, user, obj=None): ...

        def store(self, request, obj, form, change):   # where saving is an act
            things.rename(thing=obj, actor=request.user, ...)

What it holds, without a line in the room:

- the list, the page, its history and every act go through ``rows(user)``; what is outside does not exist (404);
- choices of foreign keys, filters and autocomplete are the related admin's own rows: an id from elsewhere is refused;
- nothing is deleted, no “delete selected”; ``django_admin_log`` stays empty (it would keep names in clear): the
  audit trail gets who, what and which fields;
- a form that creates is safe to send twice; a ValidationError or MoveRefused from ``store`` is shown in the form
  with what was typed kept;
- sealed fields are left out unless listed in ``sealed_shown``; a system check refuses one named elsewhere;
- what is typed into a list's search box stands in no address; a phone or an ID number is not searched there at all;
- lists are counted up to a bound, 50 a page, without date hierarchies.
"""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.checks import ModelAdminChecks
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.checks import CheckMessage, Error
from django.core.exceptions import BadRequest, FieldDoesNotExist, PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import audit, once, saved
from portal.core.changes import changed
from portal.core.moves import MoveRefused
from portal.core.sealed import BlindIndexField, SealedField
from portal.people.models import Person

from . import finding, indexed, saving, trail
from .exports import offering
from .paging import BoundedPaginator
from .pathways import steps
from .pieces import EMPTY, ScopedChoices, ScopedFields, ScopedForm, badge


class ScopedChecks(ModelAdminChecks):
    """Sealed columns are named in a page only on purpose."""

    def check(self, admin_obj: Any, **kwargs: Any) -> list[CheckMessage]:
        problems = list(super().check(admin_obj, **kwargs))
        named = [*admin_obj.list_display, *admin_obj.readonly_fields, *(admin_obj.fields or ())]
        named += flatten_fieldsets(admin_obj.fieldsets or ())
        for name in named:
            if isinstance(name, str) and admin_obj.is_sealed(name) and name not in admin_obj.sealed_shown:
                text = f"“{name}” is sealed: show it masked through a method, or name it in sealed_shown."
                problems.append(Error(text, obj=admin_obj.__class__, id="backoffice.E001"))
        for name in admin_obj.ordering or ():
            if isinstance(name, str) and admin_obj.is_sealed(name.lstrip("-")):
                text = f"“{name}” is sealed: ordering by it orders ciphertext."
                problems.append(Error(text, obj=admin_obj.__class__, id="backoffice.E002"))
        return problems


class ScopedAdmin(ScopedFields, admin.ModelAdmin):
    """See the head of this file."""

    number_typed: Any = gettext_lazy("这里按名称查，不查号码。要按手机号找人，请到“人员”里查。")

    checks_class = ScopedChecks
    form = ScopedForm
    scope = "visible_to"
    sealed_shown: tuple[str, ...] = ()
    fixed_after_creation: tuple[str, ...] = ()
    searched_through: tuple[str, ...] = ()  # paths whose own index is asked too (``indexed.ways``)
    reads_beyond = False  # whether the list holds records of places that are not the user's
    order_words: Any = ""  # how the list is ordered, where its columns do not show it
    state_tones: dict[str, str] = {}

    actions = None
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 200
    paginator = BoundedPaginator
    view_on_site = False
    empty_value_display = EMPTY
    save_on_top = False

    # -- what a room says -------------------------------------------------------------------------------------------

    def rows(self, user: Any) -> models.QuerySet[Any]:
        """The rows that exist for ``user``. A model whose QuerySet does not answer ``scope`` has none."""
        rows = self.model._default_manager.all()
        return getattr(rows, self.scope)(user) if hasattr(rows, self.scope) else rows.none()

    def may_view(self, user: Any, obj: Any = None) -> bool:
        """Whether the user may open this row; with ``None`` the list."""
        return False

    def may_add(self, user: Any) -> bool:
        """Whether the user may enter a new row at all."""
        return False

    def may_change(self, user: Any, obj: Any = None) -> bool:
        """Whether the user may edit this row; with ``None`` any."""
        return False

    def may_keep(self, user: Any, obj: Any) -> bool:
        """Whether a row may become what the form makes of it, asked just before saving."""
        return self.may_change(user, obj)

    def store(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save; a room for which that is an act calls it here. A creating act's row is taken over by ``adopt``."""
        obj.save()

    def choice_label(self, obj: Any) -> str:
        """How a row is named where it is chosen; must tell namesakes apart."""
        return str(obj)

    # -- scope ------------------------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows = self.rows(request.user)
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def choosable(self, request: HttpRequest) -> models.QuerySet[Any]:
        """The rows that other pages may point to; the same ones that this admin lists."""
        return self.get_queryset(request)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row, if it exists for this user; for everyone else it does not."""
        obj = super().get_object(request, object_id, from_field)
        if obj is None:
            raise Http404
        return obj

    def get_list_filter(self, request: HttpRequest) -> Any:
        """Filters over relations offer the user's own rows."""
        return [
            (name, ScopedChoices) if isinstance(name, str) and self._is_relation(name) else name
            for name in super().get_list_filter(request)
        ]

    def _is_relation(self, path: str) -> bool:
        model: Any = self.model
        for part in path.split("__"):
            field = model._meta.get_field(part)
            model = field.related_model
        return bool(field.is_relation)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Never what leads to a sealed column, filter or not."""
        return not finding.leads_to_sealed(self.model, lookup) and super().lookup_allowed(lookup, value, request)

    # -- finding ----------------------------------------------------------------------------------------------------

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return finding.KeptChangeList

    def searches_people(self) -> bool:
        """Whether the search box reaches into names of people."""
        return any(model is Person for name in self.search_fields for _path, model in steps(self.model, name))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list. Its search box is sent here by POST; what somebody wrote into an address themselves leaves it at
        once, a number is dropped; a key of another session leads to the whole list and says so."""
        typed = finding.typed(request)
        if typed is not None:
            if not self.has_view_permission(request):
                raise PermissionDenied
            if finding.holds_number(typed, among_people=self.searches_people()):
                messages.warning(request, str(self.number_typed))
                return redirect(request.path + finding.address(request))
            return redirect(request.path + finding.address(request, typed[: finding.LONGEST]))
        if ERROR_FLAG in request.GET:  # Django leads here from filters that are none
            messages.warning(request, _("网址里的筛选条件不能用，已显示整张列表。请用列表上的筛选。"))
            return redirect(request.path)
        if finding.kept(request) is None:
            messages.warning(request, _("这次查找已经过期，请再查一次。"))
            return redirect(request.path + finding.address(request))
        context = {"saved": saving.chips(request, self), "saved_most": saved.LONGEST_NAME, **(extra_context or {})}
        context["order_words"] = self.order_words
        context["export_url"] = offering.url_for(request, self.model)
        return super().changelist_view(request, context)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """Nothing for a number; through the index where it holds what the search fields lead to. This is also what a
        choice that completes by itself asks."""
        if finding.holds_number(search_term, among_people=self.searches_people()):
            return queryset.none(), False
        by = indexed.ways(self.model, self.search_fields, self.searched_through) if search_term.strip() else None
        if by is None:
            return super().get_search_results(request, queryset, search_term)
        beyond = self.reads_beyond
        found, cut = indexed.narrowed(queryset, by=by, text=search_term, user=request.user, beyond=beyond)
        request.search_cut = cut  # type: ignore[attr-defined]  # an export is all of it or none (``exports.listing``)
        if cut and request.resolver_match and str(request.resolver_match.url_name).endswith("_changelist"):
            messages.info(request, _("符合的太多，只列出其中一部分，请多写几个字。"))
        return found, False

    # -- permission -------------------------------------------------------------------------------------------------

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_view(request.user, obj) or self.has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may_add(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_change(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) or self.has_add_permission(request)

    # -- fields -----------------------------------------------------------------------------------------------------

    @classmethod
    def _field(cls, model: type[models.Model], name: str) -> Any:
        try:
            return model._meta.get_field(name)
        except FieldDoesNotExist:
            return None

    def is_sealed(self, name: str) -> bool:
        """Whether ``name`` is a sealed column or the blind index of one."""
        return isinstance(self._field(self.model, name), SealedField | BlindIndexField)

    def get_sortable_by(self, request: HttpRequest) -> Any:
        """Columns that one may click on to sort: never a sealed one."""
        return [
            name for name in super().get_sortable_by(request) if not isinstance(name, str) or not self.is_sealed(name)
        ]

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> Any:
        sealed = [f.name for f in self.opts.fields if self.is_sealed(f.name) and f.name not in self.sealed_shown]
        return [*(super().get_exclude(request, obj) or ()), *sealed]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fixed = self.fixed_after_creation if obj is not None else ()
        return [*super().get_readonly_fields(request, obj), *fixed]

    @admin.display(description=gettext_lazy("状态"), ordering="state")
    def state_badge(self, obj: Any) -> SafeString:
        """The state as a badge, in the tone that ``state_tones`` gives it."""
        return badge(obj.get_state_display(), self.state_tones.get(obj.state, "plain"))

    # -- saving -----------------------------------------------------------------------------------------------------

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        base = kwargs.get("form", self.form)
        if not issubclass(base, ScopedForm):
            kwargs["form"] = type(base.__name__, (ScopedForm, base), {})
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        """What the address of an empty form proposes; for a relation only what can be a key."""
        return finding.proposed(self.model, super().get_changeform_initial_data(request))

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The page; a creating form carries a token, and what an act refuses comes back with the form."""
        context = {
            "once": request.POST.get("once") or once.token(),
            "show_save_and_continue": False,
            "show_save_and_add_another": object_id is None,
            **(extra_context or {}),
        }
        sent = request.POST.get("once", "") if object_id is None else ""
        if sent and (made := once.spent(owner=self._once_owner(request), token=sent)) is not None:
            return self._made_before(request, made)  # before anything is judged anew: it may be its own likeness
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except _DoneBefore as done:
            return self._made_before(request, done.pk)
        except (ValidationError, MoveRefused) as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, context)

    def _once_owner(self, request: HttpRequest) -> str:
        """Whose tokens a creating form of this list spends."""
        return f"{self.opts.label_lower}:{request.user.pk}"

    def _made_before(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """The answer to a form that was sent before: what it made."""
        self.message_user(request, _("这张表已经提交过，没有重复录入。"))
        return redirect(self.url_of(pk) if self.has_view_permission(request) else "admin:index")

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        obj = super().save_form(request, form, change)
        if not self.may_keep(request.user, obj):
            raise PermissionDenied
        return obj

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            self.store(request, obj, form, change)
            changed(obj)
            return

        def create() -> str:
            self.store(request, obj, form, change)
            changed(obj)
            return str(obj.pk)

        token = request.POST.get("once", "")
        if not token or len(token) > 64:
            raise BadRequest("a creating form needs its once token")
        pk, fresh = once.carry_out(owner=self._once_owner(request), token=token, act=create)
        if not fresh:
            raise _DoneBefore(pk)

    @staticmethod
    def adopt(obj: models.Model, created: models.Model) -> None:
        """Make the form's ``obj`` be the row that an act has ``created``."""
        obj.__dict__.update(created.__dict__)

    def url_of(self, pk: Any, *, filters: str = "") -> str:
        """The address of a row's page; ``filters`` are those of the list it was opened from."""
        url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[pk])
        return f"{url}?{filters}" if filters else url

    # -- the record -------------------------------------------------------------------------------------------------

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """Names of the fields that changed; of an inline, its model's name. Never a value."""
        touched = {changed for formset in formsets or () if formset.has_changed() for changed in [formset.prefix]}
        return [*form.changed_data, *sorted(touched)]

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        audit.record("record.added", actor_id=request.user.pk, subject=obj, details={"fields": message})

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        if message:
            audit.record("record.changed", actor_id=request.user.pk, subject=obj, details={"fields": message})

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:  # type: ignore[override]
        raise PermissionDenied

    def history(self, request: HttpRequest, obj: Any) -> list[trail.Step]:
        """What the history page tells, the newest first."""
        return trail.steps_of(obj, newest_first=True)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Audit entries and state changes of the row instead of Django's own log."""
        obj = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("操作记录"),
            "subtitle": str(obj),
            "object": obj,
            "opts": self.opts,
            "module_name": str(self.opts.verbose_name_plural),
            "steps": self.history(request, obj),
            "preserved_filters": self.get_preserved_filters(request),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/object_history.html", context)

    def get_urls(self) -> list[URLPattern]:
        """Without the page that deletes."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_delete"
        return [pattern for pattern in super().get_urls() if pattern.name != name]


class _DoneBefore(Exception):
    """The form's token was spent; ``pk`` is the row it made then."""

    def __init__(self, pk: str) -> None:
        super().__init__(pk)
        self.pk = pk
