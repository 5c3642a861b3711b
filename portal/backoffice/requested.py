"""Requests (``people.models.Request``) at the desk: what the page and the list of every room of requests show alike."""

from typing import Any

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.core import clock
from portal.core.numbers import spaced
from portal.core.promises import term_words

from .entering import EnteredPage
from .pieces import EMPTY, badge, person_link


class RequestPage(EnteredPage):
    """For the admin of a request: its number, its term, whom it is for, who asked and who has it in hand. A room that
    has a plainer word for one of them says it anew."""

    @admin.display(description=_("单号"), ordering="code")
    def number(self, obj: Any) -> str:
        """In groups of three, as it is read out."""
        return spaced(obj.code)

    @admin.display(description=_("期限"), ordering="due_on")
    def due(self, obj: Any) -> SafeString | str:
        """Until when, and red once that day is over."""
        if obj.due_on is None:
            return EMPTY
        return badge(term_words(obj.due_on), "stop" if obj.due_on < clock.today() else "plain")

    @admin.display(description=_("经办人"))
    def handled_by(self, obj: Any) -> str:
        """Who took it in hand."""
        return str(obj.handler) if obj.handler is not None else EMPTY

    @admin.display(description=_("为谁办"))
    def subject_name(self, obj: Any) -> SafeString:
        """Whom it is for, with the way to their page."""
        return person_link(obj.subject)

    @admin.display(description=_("谁提出"))
    def asker_name(self, obj: Any) -> SafeString:
        """Who asked, with the way to their page."""
        return person_link(obj.asker)
