"""代办录入: the desk enters something for a person who came, phoned or was visited, in whichever room.

1. ``EnteredForm``: the channel and the scan of the paper, for a room's form that enters on behalf;
2. ``ChoosesByPage``: a field that completes by itself also has a button that leads to a page with hits to choose from,
   so that it works without JavaScript; what was typed comes back with the choice;
3. ``EnteredPage``: the page of a record that was entered by such a form;
4. the pages: find the person, choose what to enter (``registries.on_behalf``).

What was typed waits in the session, sealed; the address holds a random key.
"""

import secrets
from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import clock, files
from portal.people import consenting, contacting, phones
from portal.people.models import Channel, Person
from portal.people.relations import serves
from portal.people.roles import DESK

from . import access, finding, lifelines, papers
from .merged import led_on
from .papers import PaperField, PaperForm
from .pieces import EMPTY, ScopedForm, who
from .scoped import ScopedAdmin

MOST_HITS = 20
LASTS = 60 * 60  # seconds that what was typed waits for a choice
KEPT = 5  # forms of one session that wait for a choice; the oldest is forgotten first
LONGEST = 2000  # characters of one field
_KEY = "backoffice.entries"
_KEPT_VAR = "kept"
ENTERED_VAR = "entered"  # in the address of a page that was just entered
_FIND = "_find."  # and the name of the field
_NOT_TYPED = {"csrfmiddlewaretoken", "once"}


# -- the form ----------------------------------------------------------------------------------------------------------


def channels() -> list[tuple[str, Any]]:
    """The ways by which somebody reaches the desk: all but 网上. None is chosen beforehand: a wrong one is not seen."""
    return [("", _("请选择")), *(choice for choice in Channel.choices if choice[0] != Channel.ONLINE)]


class SaidForm(PaperForm):
    """By which way it was said, and the paper. ``typist`` is who fills the form in."""

    channel = forms.ChoiceField(
        label=gettext_lazy("渠道"),
        choices=channels,
        error_messages={"required": gettext_lazy("请选本人是怎么来说的：窗口、电话还是上门。")},
    )
    paper = PaperField(
        label=gettext_lazy("纸质单照片或扫描件"),
        required=False,
        help_text=gettext_lazy("图片或 PDF，不超过 10 MB。"),
    )


class EnteredForm(SaidForm, ScopedForm):
    """A form that the desk fills in for somebody; the page that shows it sets ``typist``. Where something new begins
    with it, ``begun_for`` names the field that says for whom: a child's guardian agrees first."""

    begun_for: ClassVar[str] = ""

    def clean(self) -> dict[str, Any] | None:
        """Said in the form, with where to record it; the act holds it anyway."""
        cleaned = super().clean() or {}
        person = cleaned.get(self.begun_for) if self.begun_for else None
        if person is not None and consenting.missing(person, clock.today()) is not None:
            where = reverse("admin:people_person_act", args=[person.resolved.pk, "consent"])
            words = _("不满 14 周岁的孩子，要监护人先同意。请先{link}，再来录入。")
            link = format_html('<a href="{}">{}</a>', where, _("记下监护人的同意"))
            self.add_error(self.begun_for, format_html(words, link=link))
        return cleaned


# -- choosing without JavaScript ---------------------------------------------------------------------------------------


class FindSelect(AutocompleteSelect):
    """The field that completes by itself, and beside it the button that leads to a page of hits."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        button = format_html(
            '<button type="submit" class="btn btn--plain find" name="{}{}" value="1" formnovalidate>{}'
            '<span class="visually-hidden">{}</span></button>',
            _FIND,
            name,
            _("查找"),
            self.field.verbose_name,
        )
        return format_html("{}{}", super().render(name, value, attrs, renderer), button)


class ChoosesByPage(ScopedAdmin):
    """A page whose form has fields that complete by themselves; stands before the room's other base. Where such a field
    can be edited later too, the room sets ``change_form_template`` to the same template."""

    add_form_template = "admin/entering_form.html"

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.autocomplete_fields:
            kwargs.setdefault("widget", FindSelect(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any) -> Any:
        """Where a button 查找 was pressed: what was typed is kept, and the page of hits is next."""
        field = next((name.removeprefix(_FIND) for name in request.POST if name.startswith(_FIND)), "")
        if field in self.autocomplete_fields:
            obj = self.get_object(request, unquote(object_id)) if object_id is not None else None
            if not (self.has_add_permission(request) if obj is None else self.has_change_permission(request, obj)):
                raise PermissionDenied
            model: Any = self.model._meta.get_field(field).related_model
            key = _keep(request, field, model._meta.label_lower)
            return redirect("admin:choose", key)
        return super().changeform_view(request, object_id, *args, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What had been typed, with what was chosen; else what the address says."""
        return _typed(request) or super().get_changeform_initial_data(request)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """For a row that exists: what had been typed, shown before what is stored."""
        form = super().get_form(request, obj, change=change, **kwargs)
        typed = _typed(request) if obj is not None and request.method == "GET" else {}
        return type(form)(form.__name__, (_Typed, form), {"typed": typed}) if typed else form

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        """Saved: what was typed is nobody's to keep any longer, and the new record's own page says what comes next."""
        _forget(request)
        elsewhere = IS_POPUP_VAR in request.POST or "_addanother" in request.POST
        if elsewhere or not self.has_view_permission(request, obj):
            return super().response_add(request, obj, post_url_continue)
        return redirect(f"{self.url_of(obj.pk)}?{ENTERED_VAR}=1")

    def entered_for(self, obj: Any) -> Person | None:
        """Whom a new record is about, for whoever goes on entering for the same person."""
        return getattr(obj, "subject", None) or getattr(obj, "person", None)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """On the page of what was just entered: its number, the next act, and the way to enter another."""
        answer: Any = super().render_change_form(request, context, *args, **kwargs)
        obj = kwargs.get("obj")
        if obj is not None and ENTERED_VAR in request.GET and self.has_add_permission(request):
            acts = answer.context_data.get("acts", ())
            person = self.entered_for(obj)
            answer.context_data["entered"] = {
                "number": self.number(obj) if hasattr(self, "number") else "",
                "next": next((pair for pair in acts if pair[0].tone == "primary"), None),
                "person": person.resolved if person is not None and serves(request.user, person) else None,
                "anybody": access.is_of_desk(request.user),
            }
        return answer

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        _forget(request)
        return super().response_change(request, obj)


class EnteredPage(ChoosesByPage):
    """The page of records that the desk enters by an ``EnteredForm``: a new one's form knows its typist; one that
    exists is read, and its paper is opened on the record. The room gives its fields by ``get_fields``."""

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Nothing of the entry form belongs on the page of a record that exists."""
        if obj is not None:
            kwargs["form"] = forms.ModelForm
        form = super().get_form(request, obj, change=change, **kwargs)
        form.typist = request.user
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """All that it shows."""
        return () if obj is None else flatten_fieldsets(self.get_fieldsets(request, obj))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """With who looks at it, by whom it is decided whether the paper can be opened."""
        obj = super().get_object(request, object_id, from_field)
        obj.looked_at_by = request.user
        return obj

    @admin.display(description=gettext_lazy("纸质单"))
    def paper_link(self, obj: Any) -> SafeString | str:
        """The way to the paper, and that a look leaves a mark; that there is one, for who oversees and opens none."""
        if obj.scan_id is None:
            return EMPTY
        if not files.may_read(obj.looked_at_by, obj.scan):
            return _("有，由经办的社区打开")
        address = reverse("core:file", args=[obj.scan_id])
        return format_html('<a href="{}">{}</a>（{}）', address, _("查看"), _("会留记录"))


class _Typed:
    """Before a form of a row: begins with what was ``typed``."""

    typed: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": {**(kwargs.get("initial") or {}), **self.typed}})


def _typed(request: HttpRequest) -> dict[str, Any]:
    """What waits for this very page, by field; empty for none."""
    entry = _entries(request).get(request.GET.get(_KEPT_VAR, ""))
    if entry is None or entry["path"] != request.path:
        return {}
    return {name: values if len(values) > 1 else values[0] for name, values in entry["typed"].items()}


def _entries(request: HttpRequest) -> dict[str, Any]:
    """What waits in this session; what waited too long is gone from it."""
    kept = request.session.get(_KEY, {})
    since = clock.now().timestamp() - LASTS
    living = {key: entry for key, entry in kept.items() if entry.get("at", 0) > since}
    if len(living) < len(kept):
        request.session[_KEY] = living
    return living


def _store(request: HttpRequest, key: str, entry: dict[str, Any]) -> None:
    others = {other: kept for other, kept in _entries(request).items() if other != key}
    entry["at"] = int(clock.now().timestamp())
    request.session[_KEY] = dict([*others.items(), (key, entry)][-KEPT:])


def _forget(request: HttpRequest) -> None:
    """Drop what waited for the page that was saved."""
    key = request.GET.get(_KEPT_VAR, "")
    if key in (entries := _entries(request)):
        request.session[_KEY] = {other: entry for other, entry in entries.items() if other != key}


def _keep(request: HttpRequest, field: str, model: str) -> str:
    """Keep the form as it stands, with its paper; returns the key for the address. A paper that cannot be opened is not
    kept, and that is said."""
    typed = {
        name: [value[:LONGEST] for value in values]
        for name, values in request.POST.lists()
        if name not in _NOT_TYPED and not name.startswith(_FIND) and any(values)
    }
    try:
        paper = papers.carried(request)
    except ValidationError as refusal:
        messages.warning(request, "；".join(refusal.messages))
        paper = None
    if paper is not None:
        typed["paper"] = [str(paper.pk)]
    entry = {"path": request.path, "typed": typed, "field": field, "model": model}
    key = secrets.token_urlsafe(8)
    _store(request, key, entry)
    return key


def begun(request: HttpRequest, path: str, typed: dict[str, str]) -> str:
    """The address of the form at ``path``, begun with what was ``typed`` elsewhere; it waits as what is left for a
    choice does."""
    key = secrets.token_urlsafe(8)
    _store(request, key, {"path": path, "typed": {name: [value[:LONGEST]] for name, value in typed.items()}})
    return f"{path}?{urlencode({_KEPT_VAR: key})}"


def hits_of(request: HttpRequest, model: Any, text: str) -> list[tuple[Any, str]]:
    """Rows of ``model`` that hold ``text``, at most twenty, as (row, name): the user's own rows, as its list finds
    them; among people a whole phone too, on the record."""
    page: Any = admin.site.get_model_admin(model)
    rows = page.choosable(request)
    if model is Person and finding.holds_number(text):
        try:
            phone = phones.clean_contact(text)
        except ValidationError as error:
            messages.warning(request, "；".join(error.messages))
            return []
        rows = contacting.find_by_phone(people=rows, phone=phone, actor=who(request), at=clock.now())
    else:
        rows = page.get_search_results(request, rows, text)[0][:MOST_HITS]
    return [(row, page.choice_label(row)) for row in rows]


def choose_view(request: HttpRequest, key: str) -> HttpResponseBase:
    """Search, choose one of the hits, and go back to the form with it."""
    entry = _entries(request).get(key)
    if entry is None or "model" not in entry:  # begun elsewhere: there is nothing to choose
        messages.warning(request, _("这次填写已经过期，请重新开始。"))
        return redirect("admin:index")
    app, name = entry["model"].split(".")
    model = next((m for m in admin.site._registry if m._meta.label_lower == f"{app}.{name}"), None)
    if model is None or not admin.site.get_model_admin(model).has_view_permission(request):
        raise PermissionDenied
    back = f"{entry['path']}?{urlencode({_KEPT_VAR: key})}"
    if (chosen := request.POST.get("chosen", "")).isdecimal():
        if not admin.site.get_model_admin(model).choosable(request).filter(pk=int(chosen)).exists():  # type: ignore[attr-defined]
            raise Http404
        entry["typed"][entry["field"]] = [chosen]
        _store(request, key, entry)
        return redirect(back)
    text = request.POST.get("text", "").strip()[: finding.LONGEST]
    context = {
        **admin.site.each_context(request),
        "title": _("选择%(what)s") % {"what": model._meta.verbose_name},
        "subtitle": None,
        "text": text,
        "asked": bool(text),
        "hits": hits_of(request, model, text) if text else [],
        "most": MOST_HITS,
        "back": back,
        "label": _("姓名，或完整手机号") if model is Person else _("名称或门牌"),
    }
    return TemplateResponse(request, "admin/entering_choose.html", context)


# -- the pages ---------------------------------------------------------------------------------------------------------


def enter_view(request: HttpRequest) -> HttpResponse:
    """Whom it is for: found by name or whole phone, or entered anew."""
    if not access.is_of_desk(request.user):
        raise PermissionDenied
    text = request.POST.get("text", "").strip()[: finding.LONGEST]
    context = {
        **admin.site.each_context(request),
        "title": _("代办录入"),
        "subtitle": None,
        "lead": _("居民来窗口、打电话或上门时说的事，由工作人员替他录入。"),
        "text": text,
        "asked": bool(text),
        "hits": hits_of(request, Person, text) if text else [],
        "most": MOST_HITS,
    }
    return TemplateResponse(request, "admin/entering.html", context)


def enter_for_view(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """What to enter for this person."""
    if not access.is_of_desk(request.user):
        raise PermissionDenied
    if way := led_on(request, person_id, "admin:enter_for"):
        return way
    person = get_object_or_404(access.people_in(request.user, DESK).select_related("community"), pk=person_id)
    if not serves(request.user, person):
        raise PermissionDenied
    page: Any = admin.site.get_model_admin(Person)
    context = {
        **admin.site.each_context(request),
        "title": _("替%(name)s录入") % {"name": person.name},
        "subtitle": None,
        "person": person,
        "summary": page.summary(person),
        "entries": lifelines.to_enter(request.user, person),
    }
    return TemplateResponse(request, "admin/entering_for.html", context)


def urls(wrap: Callable[..., Any]) -> list[URLPattern]:
    """The pages' addresses below the site's own."""
    return [
        path("enter/", wrap(enter_view), name="enter"),
        path("enter/<int:person_id>/", wrap(enter_for_view), name="enter_for"),
        path("choose/<str:key>/", wrap(choose_view), name="choose"),
    ]
