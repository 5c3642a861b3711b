"""Lists of records that are somebody's, searched by whose: by name through the index, by a whole phone on the record,
by the number that people quote.

Usage, in a room's ``admin.py``::

    class ThingAdmin(FoundByPerson, ActsAdmin):
        person_path = "subject"
        list_filter = (OfPerson, ...)
        search_fields = ("code", "title", "subject__name")
"""

from typing import Any

from django.contrib import messages
from django.contrib.admin.views.main import ERROR_FLAG, PAGE_VAR, SEARCH_VAR
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import clock
from portal.core.numbers import is_public_code
from portal.people import contacting, phones
from portal.people.models import Person
from portal.search.terms import flat

from . import access, finding
from .pieces import who


class OfPerson(finding.Among):
    """The records of the people that a search by phone has found, by their keys; offered only where some are."""

    title = gettext_lazy("指定的人")
    parameter_name = "of"

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        self.path = model_admin.person_path
        super().__init__(request, params, model, model_admin)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        value = self.value()
        return [(value, _("%d 个人") % len(self.keys()))] if value else []

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if not self.value():
            return queryset
        records = list(Person.objects.records_of([int(key) for key in self.keys()]))
        return queryset.filter(**{f"{self.path}__in": records})


class FoundByPerson:
    """For a ScopedAdmin: see the head of this file. ``person_path`` leads from a row to the person."""

    person_path = "person"
    code_field = ""  # the column of the number that people quote, where the records have one
    number_typed: Any = gettext_lazy("这里不查身份证号，号码也没有留下。请按姓名查；按手机号查要写全 11 位，会留记录。")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list; a number that people quote and a whole phone are looked up, any other number is refused."""
        page: Any = self
        typed = finding.typed(request)
        if typed is not None and not page.has_view_permission(request):
            raise PermissionDenied
        if typed is not None and not self._code_in(typed) and finding.holds_number(typed):
            return redirect(request.path + self._of_phone(request, typed))
        if typed is not None and self._code_in(typed):
            return redirect(request.path + finding.address(request, self._code_in(typed)))
        answer: HttpResponse = super().changelist_view(request, extra_context)  # type: ignore[misc]
        return answer

    def _code_in(self, text: str) -> str:
        """The number of a record, without its blanks; empty where ``text`` is none."""
        code = flat(text)
        return code if self.code_field and is_public_code(code) else ""

    def _of_phone(self, request: HttpRequest, typed: str) -> str:
        """The query string of the list of those who have the phone ``typed``; of the list as it is, with a word why."""
        page: Any = self
        try:
            phone = phones.clean_contact(typed)
        except ValidationError:
            messages.warning(request, str(self.number_typed))
            return finding.address(request)
        people, actor = access.people_in(request.user), who(request)
        found = contacting.find_by_phone(people=people, phone=phone, actor=actor, at=clock.now())
        if not found:
            messages.warning(request, _("您管的范围里没有人登记这个号码。"))
            return finding.address(request)
        query = request.GET.copy()
        for name in (SEARCH_VAR, finding.FOUND_VAR, PAGE_VAR, ERROR_FLAG):
            query.pop(name, None)
        query[OfPerson.parameter_name] = ",".join(str(person.pk) for person in found)
        messages.info(request, _("登记这个号码的 %(count)d 个人的%(what)s。") % {
            "count": len(found), "what": page.opts.verbose_name_plural,
        })  # fmt: skip
        return f"?{query.urlencode()}"

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """By the number that people quote, else as every list does."""
        if code := self._code_in(search_term):
            return queryset.filter(**{self.code_field: code}), False
        return super().get_search_results(request, queryset, search_term)  # type: ignore[misc]
