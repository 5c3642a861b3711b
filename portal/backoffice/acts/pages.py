"""The buttons on a row's page, and the page of one act on one row."""

from copy import copy
from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from portal.core import once
from portal.core.models import OnceKey
from portal.core.moves import MoveRefused

from .. import trail
from ..pieces import add_refusal
from ..scoped import ScopedAdmin
from .declared import Act, ActForm, Outcome, Shown

QUEUE_LIMIT = 500


class ActPages(ScopedAdmin):
    """A ScopedAdmin whose rows have acts, one row at a time."""

    acts: tuple[Act, ...] = ()
    editable_fields: tuple[str, ...] = ()
    change_form_template = "admin/acts_change_form.html"

    # -- the row's page ---------------------------------------------------------------------------------------------

    def get_acts(self, request: HttpRequest) -> tuple[Act, ...]:
        """Every act of the model; a room may leave some out for a user."""
        return self.acts

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Everything but ``editable_fields``, once the row exists: a state is moved by an act, never selected."""
        fixed = super().get_readonly_fields(request, obj)
        if obj is None:
            return fixed
        own = [f.name for f in (*self.opts.fields, *self.opts.many_to_many) if not f.auto_created]
        hidden = set(self.get_exclude(request, obj) or ())
        locked = [name for name in own if name not in (*self.editable_fields, *fixed) and name not in hidden]
        return [*fixed, *locked]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Editing is what ``editable_fields`` are for; without any, there is no form to save."""
        return bool(self.editable_fields) and super().has_change_permission(request, obj)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        obj = kwargs.get("obj")
        if obj is not None:
            context["acts"] = [
                (act, self._act_url(request, obj.pk, act))
                for act in self.get_acts(request)
                if act.open_to(request.user, obj)
            ]
            context["steps"] = self.steps(obj)
        return super().render_change_form(request, context, *args, **kwargs)

    def steps(self, obj: Any) -> list[trail.Step]:
        """What the page tells of the row's history; a page that tells it otherwise gives none."""
        return trail.steps_of(obj)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.act_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_act"
        return [path("<path:object_id>/act/<slug:name>/", view, name=name), *super().get_urls()]

    def _act_url(self, request: HttpRequest, pk: Any, act: Act) -> str:
        url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_act", args=[pk, act.name])
        filters = self.get_preserved_filters(request)
        return f"{url}?{filters}" if filters else url

    def _named(self, request: HttpRequest, name: str) -> Act:
        for act in self.get_acts(request):
            if act.name == name:
                return act
        raise Http404

    # -- one row ----------------------------------------------------------------------------------------------------

    def act_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponseBase:
        """The page of one act on one row.

        1. what does not exist for the user is 404; a spent token leads where it led;
        2. without the right 403; in the wrong state back to the row with a word;
        3. GET shows what will happen; POST does it in one transaction, or shows why not with what was typed kept.
        """
        act = self._named(request, name)
        obj = self.get_object(request, unquote(object_id))
        if request.method == "POST" and (led := self._spent(request)):
            messages.info(request, _("这一步已经办过，没有重复办理。"))
            return redirect(led)
        if not self.has_view_permission(request, obj) or not act.allowed(request.user, obj):
            raise PermissionDenied
        if not act.possible(obj):
            messages.warning(request, _("这条记录现在的状态不能“%s”，可能刚刚有人先办了。") % act.label)
            return redirect(self._back(request, obj.pk))
        form = act.form(request.POST or None, request.FILES or None, user=request.user, objs=[obj])
        if request.method == "POST" and form.is_valid():
            answer = self._carry_out(request, act, obj, form)
            if answer is not None:
                return answer
        return self._page(request, "admin/act.html", act, form, obj=obj, back=self._back(request, obj.pk))

    def _carry_out(self, request: HttpRequest, act: Act, obj: Any, form: ActForm) -> HttpResponseBase | None:
        """The answer to a POST that was carried out; None after a refusal, which is in the form then."""
        following = self._following(request, obj) if "next" in request.POST else None
        where = following or self._back(request, obj.pk)
        shown: list[Outcome] = []

        def run() -> str:
            shown.append(act.run(request, obj, form.cleaned_data))
            return where if len(where) <= 200 else where.split("?")[0]

        try:
            led, fresh = once.carry_out(owner=self._owner(request), token=self._token(request), act=run)
        except (ValidationError, MoveRefused) as refusal:
            add_refusal(form, refusal)
            return None
        if not fresh:
            messages.info(request, _("这一步已经办过，没有重复办理。"))
            return redirect(led)
        outcome = shown[0]
        if isinstance(outcome, Shown):
            return self._page(request, "admin/act_shown.html", act, form, obj=obj, back=where, shown=outcome)
        messages.success(request, outcome or str(act.done) or _("“%s”已办好。") % act.label)
        if "next" in request.POST and following is None:
            messages.info(request, _("这一列办完了。"))
            return redirect(self._list_url(request))
        return redirect(where)

    # -- where things are -------------------------------------------------------------------------------------------

    def _owner(self, request: HttpRequest) -> str:
        return f"act:{request.user.pk}"

    def _token(self, request: HttpRequest) -> str:
        token = request.POST.get("once", "")
        if not 16 <= len(token) <= 40:
            raise BadRequest("an act needs the once token of its page")
        return token

    def _spent(self, request: HttpRequest) -> str:
        """Where an earlier sending of this very form led; empty if there was none."""
        row = OnceKey.objects.filter(owner=self._owner(request), token=self._token(request)).first()
        return row.result if row else ""

    def _back(self, request: HttpRequest, pk: Any) -> str:
        return self.url_of(pk, filters=self.get_preserved_filters(request))

    def _list_url(self, request: HttpRequest) -> str:
        url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        filters = request.GET.get("_changelist_filters", "")
        return f"{url}?{filters}" if filters else url

    def _following(self, request: HttpRequest, obj: Any) -> str | None:
        """The page of the row after ``obj`` in the list it was opened from, the first one after the last; else None."""
        filters = request.GET.get("_changelist_filters", "")
        listing = copy(request)
        listing.GET = QueryDict(filters)
        try:
            rows = self.get_changelist_instance(listing).queryset
        except IncorrectLookupParameters:
            return None
        pks = list(rows.values_list("pk", flat=True)[:QUEUE_LIMIT])
        place = pks.index(obj.pk) if obj.pk in pks else -1
        others = [*pks[place + 1 :], *pks[: max(place, 0)]]
        return self.url_of(others[0], filters=urlencode({"_changelist_filters": filters})) if others else None

    def _page(self, request: HttpRequest, template: str, act: Act, form: ActForm, **extra: Any) -> HttpResponse:
        obj = extra.get("obj")
        context = {
            **self.admin_site.each_context(request),
            "title": act.label,
            "subtitle": str(obj) if obj is not None else None,
            "opts": self.opts,
            "act": act,
            "form": form,
            "once": request.POST.get("once") or once.token(),
            "list_url": self._list_url(request),
            "from_list": bool(request.GET.get("_changelist_filters")),
            "media": self.media + form.media,
            "summary": self.summary(obj) if obj is not None else [],
            "lacking": form.lacks(),
            **extra,
        }
        return TemplateResponse(request, template, context)

    def summary(self, obj: Any) -> list[tuple[str, Any]]:
        """Lines (label, value) that stand on an act's page so that the right row is acted upon; a room adds its own."""
        return [(str(self.opts.verbose_name), str(obj))]
