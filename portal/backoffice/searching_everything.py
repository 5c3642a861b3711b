"""The desk's search of everything: one box on every page, what is found by kind, each opened by its own page.

What is typed is sent by POST and kept in the session (``finding``). A number that people quote leads to its record, a
whole phone to whom it belongs, on the record; any other number is dropped. The index names candidates; what is shown is
what each list would show to this member of staff.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from portal.core.numbers import is_public_code
from portal.core.plaintext import clean_text
from portal.people import phones
from portal.people.models import Person
from portal.search.keeping import scoped
from portal.search.looking import Candidates, look_scoped
from portal.search.marking import marked
from portal.search.showing import shown
from portal.search.terms import Query, flat

from . import finding
from .besides import FEW, LOOKS, Group, Hit, hit, no_phone
from .models import Export

NAME = "search"
LONGEST = 60


class SearchOfEverything:
    """The page, for one AdminSite."""

    def __init__(self, site: Any) -> None:
        self.site = site

    def urls(self, wrap: Any) -> list[URLPattern]:
        return [path("search/", wrap(self.view), name=NAME)]

    def view(self, request: HttpRequest) -> HttpResponseBase:
        """What was typed last, found; a POST keeps what is typed and leads here, or straight to the record it names."""
        if request.method == "POST":
            return self._sent(request)
        text = finding.kept(request)
        if text is None:
            messages.warning(request, _("这次查找已经过期，请再查一次。"))
            return redirect(self._url())
        query = Query(text)
        context = {
            **self.site.each_context(request),
            "title": _("查找"),
            "subtitle": None,
            "found_text": text,
            "asked": bool(query),
            "unreadable": bool(text) and not query,
            "lists": self._lists(request, query) if query else [],
            "groups": self._groups(request, query) if query else [],
            "may_search": self._may_search(request),
            "searches_people": self._opens_people(request),
        }
        people = [record for group in context["groups"] for record in group.records if isinstance(record, Person)]
        looked = [look(request, query, people) for look in LOOKS] if query else []
        context["groups"] += [found for found in looked if found and found.hits]
        context["cut"] = any(group.cut for group in context["groups"])
        request.current_app = self.site.name
        return TemplateResponse(request, "admin/search.html", context)

    @staticmethod
    def _url() -> str:
        return reverse(f"admin:{NAME}")

    # -- what was sent ----------------------------------------------------------------------------------------------

    def _sent(self, request: HttpRequest) -> HttpResponseBase:
        text = " ".join(clean_text(request.POST.get("text", "")[: 10 * LONGEST]).split())[:LONGEST]
        if not text:
            return redirect(self._url())
        if named := self._named_by_code(request, text):
            return redirect(named)
        if finding.holds_number(text, among_people=True):
            return self._number(request, text)
        return redirect(self._url() + finding.address(request, text))

    def _may_search(self, request: HttpRequest) -> bool:
        """Whether there is anything here that the user may look for."""
        return any(self._opens(request, source) for source in scoped) or self._opens_exports(request)

    def _opens_exports(self, request: HttpRequest) -> bool:
        return bool(self.site.get_model_admin(Export).has_view_permission(request))

    def _named_by_code(self, request: HttpRequest, text: str) -> str:
        """The page of the record whose number this is, spaced or not, where this user may see it; of several exports
        that bear it the list."""
        if self._opens_exports(request):
            exports = list(self.site.get_model_admin(Export).rows(request.user).numbered(text)[: FEW + 1])
            if len(exports) == 1:
                return reverse("admin:backoffice_export_change", args=[exports[0].pk])
            if exports:
                return reverse("admin:backoffice_export_changelist") + finding.address(request, exports[0].number)
        code = flat(text)
        if not is_public_code(code):
            return ""
        for source in scoped:
            if source.code and self._opens(request, source):
                rows = self._page_of(source).rows(request.user)
                if record := rows.filter(**{source.code: code}).first():
                    return source.line(record).url
        return ""

    def _number(self, request: HttpRequest, text: str) -> HttpResponseBase:
        """A whole phone is looked up among people; a code that nobody has here says so; the rest is dropped."""
        if is_public_code(flat(text)):
            messages.warning(request, _("您管的范围里没有这个单号。"))
            return redirect(self._url())
        if not self._opens_people(request):
            messages.warning(request, _("这里不查号码。"))
            return redirect(self._url())
        try:
            phones.clean_contact(text)
        except ValidationError as problem:
            messages.warning(request, no_phone(text, problem))
            return redirect(self._url())
        return self.site.get_model_admin(Person).find_view(request)

    def _opens_people(self, request: HttpRequest) -> bool:
        return self.site.get_model_admin(Person).has_view_permission(request)

    # -- what was found ---------------------------------------------------------------------------------------------

    def _page_of(self, source: Any) -> Any:
        return self.site.get_model_admin(source.model)

    def _opens(self, request: HttpRequest, source: Any) -> bool:
        """Whether the user may open the list of these records at all."""
        return self.site.is_registered(source.model) and self._page_of(source).has_view_permission(request)

    def _lists(self, request: HttpRequest, query: Query) -> list[Hit]:
        """Lists of the desk that are called so."""
        return [
            Hit(marked(str(entry["name"]), query), [], entry["admin_url"], "", "")
            for app in self.site.get_app_list(request)
            for entry in app["models"]
            if entry["admin_url"] and query.found_in(str(entry["name"]))
        ]

    def _groups(self, request: HttpRequest, query: Query) -> list[Group]:
        """Every kind with hits, a kind with a hit by its whole name first."""
        groups = [
            self._group(request, query, candidates)
            for candidates in look_scoped(query, request.user)
            if self._opens(request, candidates.source)
        ]
        return [group for group in groups if group.hits]

    def _group(self, request: HttpRequest, query: Query, candidates: Candidates) -> Group:
        source, page = candidates.source, self._page_of(candidates.source)
        found = shown(candidates, page.rows(request.user), size=FEW)
        opts = source.model._meta
        listing = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
        return Group(
            id=source.id,
            label=str(source.label),
            hits=[hit(source.line(record), query) for record in found.records],
            count_text=found.count_text,
            more_url=listing + finding.address(request, query.typed) if found.count > FEW else "",
            cut=found.cut,
            records=found.records,
        )
