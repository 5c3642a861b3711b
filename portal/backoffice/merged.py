"""A record that was merged into another: how it is told from a namesake's, and the way on to the one that stands."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from portal.core.templating import date_cn
from portal.people.models import Person

from . import access, finding


def told_apart(person: Person) -> str:
    """A record's name with what tells it from a namesake's."""
    born = date_cn(person.birth_date) if person.birth_date else _("出生日期没有登记")
    return f"{person.name}（{born}，{person.phone_masked or _('没有电话')}，{date_cn(person.created_at)}登记）"


def led_on(request: HttpRequest, person_id: Any, page: str = "admin:people_person_change") -> HttpResponseBase | None:
    """The way from a merged record to ``page`` of the one that stands for it, with a word that names both; None for a
    record that stands itself, or whose standing one the user does not see."""
    if not finding.is_id(str(person_id)):
        return None
    record = Person.objects.filter(pk=person_id, merged_into__isnull=False).first()
    if record is None or not access.people_in(request.user).filter(pk=record.resolved.pk).exists():
        return None
    names = {"gone": told_apart(record), "stands": record.resolved.name}
    messages.info(request, _("%(gone)s已经和“%(stands)s”合在一起。下面是合并后的登记，经过见时间线。") % names)
    return redirect(page, record.resolved.pk)
