"""是 and 否 where Django's admin shows a picture whose only words are “True” and “False”."""

from typing import Any

from django.contrib.admin.templatetags import admin_list
from django.utils.translation import gettext as _

from .pieces import EMPTY, badge


def yes_no(value: Any) -> str:
    """A yes, a no or a dash, as a badge."""
    if value is None:
        return EMPTY
    return badge(_("是"), "done") if value else badge(_("否"))


def install() -> None:
    """Put ``yes_no`` in the place of the picture: lists and read-only fields look it up there by name each time, and
    Django offers no other way to word it."""
    admin_list._boolean_icon = yes_no  # type: ignore[attr-defined]
