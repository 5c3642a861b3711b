"""One act on several rows: chosen above the list, told on one page, carried out row by row."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from portal.core import once
from portal.core.models import OnceKey
from portal.core.moves import MoveRefused

from .. import finding
from .declared import Act, ActForm
from .pages import ActPages

BULK_LIMIT = 200
REASONS_SHOWN = 5


class ActsAdmin(ActPages):
    """A ScopedAdmin with ``acts``, on one row and on several. See the head of the package."""

    actions: Any = ()

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.bulk_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_bulk"
        return [path("bulk/<slug:name>/", view, name=name), *super().get_urls()]

    def get_actions(self, request: HttpRequest) -> Any:
        """Bulk acts as list actions; each leads to its one page."""
        actions: Any = super().get_actions(request)
        if "_popup" not in request.GET:
            for act in self.get_acts(request):
                if act.bulk and act.offered(request.user):
                    label = str(act.label).replace("%", "%%")
                    actions[act.name] = (partial(_to_bulk_page, act), act.name, label)
        return actions

    def response_action(self, request: HttpRequest, queryset: Any, *args: Any, **kwargs: Any) -> Any:
        """What was sent as selected and can be no key selects nothing: the list again, with a word."""
        if not all(finding.is_id(key) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            messages.warning(request, _("选中的记录对不上，请回到列表再选一次。"))
            return redirect(request.get_full_path())
        return super().response_action(request, queryset, *args, **kwargs)

    def get_action_choices(self, request: HttpRequest, default_choices: Any = None) -> Any:
        return super().get_action_choices(request, [("", _("选择要办的事"))])

    def bulk_view(self, request: HttpRequest, name: str) -> HttpResponseBase:
        """The page of one act on the selected rows; each is asked and carried out by itself."""
        act = self._named(request, name)
        if not act.bulk or not act.offered(request.user) or not self.has_view_permission(request):
            raise PermissionDenied
        sent = (request.POST or request.GET).get("ids", "").split(",")
        ids = [part for part in sent if finding.is_id(part)][:BULK_LIMIT]
        related: Any = self.list_select_related or ()
        objs = list(self.get_queryset(request).filter(pk__in=ids).select_related(*related))
        if not objs:
            raise Http404
        ready = [obj for obj in objs if act.open_to(request.user, obj)]
        form = (act.bulk_form or act.form)(request.POST or None, user=request.user, objs=ready)
        if request.method == "POST" and form.is_valid():
            return self._carry_out_each(request, act, objs, form)
        why = {obj.pk: act.stands_against(request.user, obj) for obj in objs}
        extra = {
            "objs": ready,
            "skipped": [(obj, self.url_of(obj.pk), why[obj.pk]) for obj in objs if why[obj.pk]],
            "firsts": self._firsts(request, act, [obj for obj in objs if why[obj.pk]]),
            "lacking": form.lacks() if ready else "",  # without rows there is nothing to lack
            "in_rows": act.bulk_form is not None,
            "ids": ",".join(str(obj.pk) for obj in objs),
        }
        return self._page(request, "admin/act.html", act, form, back=self._list_url(request), **extra)

    def _firsts(self, request: HttpRequest, act: Act, rows: list[Any]) -> list[tuple[Act, int, str]]:
        """The acts that have to come first on ``rows``: each with how many it can be done on now, and its page."""
        found = []
        for name in dict.fromkeys(filter(None, (act.first(request.user, obj) for obj in rows))):
            other = self._named(request, name)
            ids = [obj.pk for obj in rows if other.open_to(request.user, obj)]
            if ids and other.bulk and other.offered(request.user):
                found.append((other, len(ids), _bulk_url(self, other, ids, request.GET.get("_changelist_filters", ""))))
        return found

    def _carry_out_each(self, request: HttpRequest, act: Act, objs: list[Any], form: ActForm) -> HttpResponseBase:
        """Run the act on each row in a transaction of its own; tell how many went through, and why others did not."""
        done, refused = 0, []
        for obj in objs:
            reason = self._one_of_many(request, act, obj, form)
            done += not reason
            if reason:
                refused.append(_("%(row)s：%(reason)s") % {"row": obj, "reason": reason})
        if done:
            messages.success(request, _("“%(act)s”办成 %(count)d 件。") % {"act": act.label, "count": done})
        if refused:
            shown = "；".join(refused[:REASONS_SHOWN])
            more = _("；等") if len(refused) > REASONS_SHOWN else ""
            text = _("%(count)d 件没办成：%(reasons)s") % {"count": len(refused), "reasons": shown + more}
            messages.warning(request, text)
        return redirect(self._list_url(request))

    def _one_of_many(self, request: HttpRequest, act: Act, obj: Any, form: ActForm) -> str:
        """Why the act did not go through on ``obj``; empty when it did, now or at an earlier sending of this page."""
        token = f"{self._token(request)}:{obj.pk}"
        if OnceKey.objects.filter(owner=self._owner(request), token=token).exists():
            return ""
        if against := act.stands_against(request.user, obj):
            return against

        def run() -> str:
            act.run(request, obj, form.for_row(obj))
            return ""

        try:
            once.carry_out(owner=self._owner(request), token=token, act=run)
        except MoveRefused as refusal:
            return str(refusal)
        except ValidationError as refusal:
            return "；".join(refusal.messages)
        return ""


def _to_bulk_page(act: Act, modeladmin: Any, request: HttpRequest, queryset: models.QuerySet[Any]) -> HttpResponseBase:
    """The list action: carry the selection to the act's page."""
    ids = list(queryset.values_list("pk", flat=True)[: BULK_LIMIT + 1])
    if len(ids) > BULK_LIMIT:
        messages.warning(request, _("一次最多办 %d 件，请分几次选。") % BULK_LIMIT)
        return redirect(request.get_full_path())
    return redirect(_bulk_url(modeladmin, act, ids, request.GET.urlencode()))


def _bulk_url(page: Any, act: Act, ids: list[Any], filters: str) -> str:
    """The page of one act on the rows ``ids``; ``filters`` are those of the list that one came from."""
    url = reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_bulk", args=[act.name])
    query = {"ids": ",".join(map(str, ids))} | ({"_changelist_filters": filters} if filters else {})
    return f"{url}?{urlencode(query)}"
