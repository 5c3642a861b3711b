"""State changes as buttons: each opens a page that says what will happen, asks for what it needs, and does it once.

Usage, in a room's ``admin.py``::

    class RefuseForm(ReasonForm):                      # has self.user, self.obj (None in bulk), self.objs
        notice = forms.BooleanField(label=_("发短信告知"), required=False)

    @admin.register(Thing)
    class ThingAdmin(ActsAdmin):
        acts = (
            Act("accept", _("通过"), run=_accept, allowed=access.may_review, possible=can("accept"), tone="primary",
                description=_("通过后，申请人会收到消息。"), bulk=True),
            Act("refuse", _("不通过"), run=_refuse, allowed=access.may_review, possible=can("refuse"),
                form_class=RefuseForm, tone="danger"),
        )

    def _accept(request, thing, cleaned):
        reviewing.accept(thing=thing, actor=request.user, at=clock.now())

- ``allowed(user, obj)`` is the right: without it there is no button, and the page answers 403. ``possible(obj)`` is the
  state: without it there is no button, and a stale page leads back to the row. Both are asked again at POST.
- ``run(request, obj, cleaned)`` works in one transaction, under a once token: sent twice, it is done once. It returns
  nothing, or the message to show, or ``Shown`` for what is to be seen a single time (a whole phone number).
- ``MoveRefused`` and ``ValidationError`` are shown on the page with what was typed kept; nothing has changed then.
- ``bulk=True`` puts the act above the list, for the selected rows: one page, each row in a transaction of its own.
- A model with acts is read-only on its page, but for ``editable_fields``.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import once
from portal.core.models import OnceKey
from portal.core.moves import MoveRefused

from . import finding, trail
from .pieces import add_refusal
from .scoped import ScopedAdmin

Text = str | Promise
BULK_LIMIT = 200
QUEUE_LIMIT = 500
REASONS_SHOWN = 5


class ActForm(forms.Form):
    """What an act asks for. ``user`` acts; ``objs`` are the rows, ``obj`` is the one row outside of bulk."""

    def __init__(self, *args: Any, user: Any, objs: list[Any], **kwargs: Any) -> None:
        self.user, self.objs = user, objs
        self.obj = objs[0] if len(objs) == 1 else None
        super().__init__(*args, **kwargs)


class ReasonForm(ActForm):
    """A reason that the record keeps."""

    reason = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("会留在操作记录里，最多 200 字。不要写身份证号、手机号。"),
    )


@dataclass(frozen=True)
class Shown:
    """What an act lets one see a single time: lines of (label, value), and a word beneath."""

    title: str
    lines: list[tuple[str, str]]
    note: str = ""


Outcome = str | Shown | None


def _always(*_args: Any) -> bool:
    return True


@dataclass(frozen=True)
class Act:
    """One button. ``tone`` is primary, plain or danger; ``button`` is what the page's own button says where that is not
    the label; ``done`` is the message when ``run`` gives none.

    ``offered(user)`` says whether the bulk act stands above the list at all; each row is asked by ``allowed`` anyway.
    """

    name: str
    label: Text
    run: Callable[[HttpRequest, Any, dict[str, Any]], Outcome]
    allowed: Callable[[Any, Any], bool]
    possible: Callable[[Any], bool] = _always
    form_class: type[ActForm] | None = None
    needs_reason: bool = False
    tone: str = "plain"
    button: Text = ""
    description: Text = ""
    done: Text = ""
    bulk: bool = False
    offered: Callable[[Any], bool] = _always

    @property
    def form(self) -> type[ActForm]:
        """The form that the page shows: the act's own, else a reason where one is needed, else none."""
        return self.form_class or (ReasonForm if self.needs_reason else ActForm)

    def open_to(self, user: Any, obj: Any) -> bool:
        """Whether the button stands on the row's page for ``user`` now."""
        return self.possible(obj) and self.allowed(user, obj)


def can(move: str) -> Callable[[Any], bool]:
    """``possible`` for a Stateful row: the move starts from its present state."""
    return lambda obj: obj.state in type(obj).MOVES[move].sources


class ActsAdmin(ScopedAdmin):
    """A ScopedAdmin with ``acts``. See the head of this file."""

    acts: tuple[Act, ...] = ()
    editable_fields: tuple[str, ...] = ()
    actions: Any = ()
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
            context["steps"] = trail.steps_of(obj)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        base = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("bulk/<slug:name>/", wrap(self.bulk_view), name=f"{base}_bulk"),
            path("<path:object_id>/act/<slug:name>/", wrap(self.act_view), name=f"{base}_act"),
            *super().get_urls(),
        ]

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

    # -- several rows -----------------------------------------------------------------------------------------------

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
        objs = list(self.get_queryset(request).filter(pk__in=ids))
        if not objs:
            raise Http404
        ready = [obj for obj in objs if act.open_to(request.user, obj)]
        form = act.form(request.POST or None, user=request.user, objs=ready)
        if request.method == "POST" and form.is_valid():
            return self._carry_out_each(request, act, objs, form)
        skipped = [obj for obj in objs if obj not in ready]
        extra = {"objs": ready, "skipped": skipped, "ids": ",".join(str(obj.pk) for obj in objs)}
        return self._page(request, "admin/act.html", act, form, back=self._list_url(request), **extra)

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
        if not act.allowed(request.user, obj):
            return _("您没有这项权限")
        if not act.possible(obj):
            return _("现在的状态不能这样办")

        def run() -> str:
            act.run(request, obj, form.cleaned_data)
            return ""

        try:
            once.carry_out(owner=self._owner(request), token=token, act=run)
        except MoveRefused as refusal:
            return str(refusal)
        except ValidationError as refusal:
            return "；".join(refusal.messages)
        return ""

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
            **extra,
        }
        return TemplateResponse(request, template, context)

    def summary(self, obj: Any) -> list[tuple[str, Any]]:
        """Lines (label, value) that stand on an act's page so that the right row is acted upon; a room adds its own."""
        return [(str(self.opts.verbose_name), str(obj))]


def _to_bulk_page(act: Act, modeladmin: Any, request: HttpRequest, queryset: models.QuerySet[Any]) -> HttpResponseBase:
    """The list action: carry the selection to the act's page."""
    ids = list(queryset.values_list("pk", flat=True)[: BULK_LIMIT + 1])
    if len(ids) > BULK_LIMIT:
        messages.warning(request, _("一次最多办 %d 件，请分几次选。") % BULK_LIMIT)
        return redirect(request.get_full_path())
    url = reverse(f"admin:{modeladmin.opts.app_label}_{modeladmin.opts.model_name}_bulk", args=[act.name])
    query = {"ids": ",".join(map(str, ids))}
    if filters := request.GET.urlencode():
        query["_changelist_filters"] = filters
    return redirect(f"{url}?{urlencode(query)}")
