"""What a room says of an act: its button, its right, its state, what it asks for and what it lets one see."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext

from portal.core.reasons import ReasonField

Text = str | Promise


class ActForm(forms.Form):
    """What an act asks for. ``user`` acts; ``objs`` are the rows, ``obj`` is the one row outside of bulk. What stands
    in ``foreword`` is said above the fields."""

    foreword: Text = ""

    def __init__(self, *args: Any, user: Any, objs: list[Any], **kwargs: Any) -> None:
        self.user, self.objs = user, objs
        self.obj = objs[0] if len(objs) == 1 else None
        super().__init__(*args, **kwargs)

    def for_row(self, obj: Any) -> dict[str, Any]:
        """What ``run`` is given for one of the rows; ValidationError where the form leaves that row out."""
        return self.cleaned_data

    def lacks(self) -> str:
        """Why nothing that the form offers fits these rows; empty where something does."""
        return ""


def say_when(form: forms.Form, name: str, words: Text, *, only: str = "") -> None:
    """Say beside the field ``name`` when it is filled in, instead of that it may be left empty. ``only``, as
    ``field=value``, is the choice it belongs to: with a script it is shown for that one alone."""
    field: Any = form.fields[name]
    field.needed, field.only = words, only


class ReasonForm(ActForm):
    """A reason that the record keeps: ``core.reasons`` says what is one."""

    reason = ReasonField()


@dataclass(frozen=True)
class Shown:
    """What an act lets one see a single time: lines of (label, value), and a word beneath."""

    title: str
    lines: list[tuple[str, str]]
    note: str = ""


Outcome = str | Shown | None


def _always(*_args: Any) -> bool:
    return True


def _nothing(*_args: Any) -> str:
    return ""


@dataclass(frozen=True)
class Act:
    """One button. ``tone`` is primary, plain or danger; ``button`` is what the page's own button says where that is not
    the label; ``done`` is the message when ``run`` gives none.

    ``offered(user)`` says whether the bulk act stands above the list at all; each row is asked by ``allowed`` anyway.
    ``bulk_form`` is asked instead of the act's own form where it is done on several rows. ``first(user, obj)`` names
    the act that has to come first on a row that this one cannot be done on yet; empty for none. ``why(user, obj)`` says
    why the right is missing, where the room knows it better.
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
    bulk_form: type[ActForm] | None = None
    first: Callable[[Any, Any], str] = _nothing
    why: Callable[[Any, Any], str] = _nothing

    @property
    def form(self) -> type[ActForm]:
        """The form that the page shows: the act's own, else a reason where one is needed, else none."""
        return self.form_class or (ReasonForm if self.needs_reason else ActForm)

    def open_to(self, user: Any, obj: Any) -> bool:
        """Whether the button stands on the row's page for ``user`` now."""
        return self.possible(obj) and self.allowed(user, obj)

    def stands_against(self, user: Any, obj: Any) -> str:
        """Why the act cannot be done on the row by ``user`` now, in words; empty where it can."""
        if not self.possible(obj):
            if not hasattr(obj, "get_state_display"):
                return gettext("现在的状态不能这样办")
            return gettext("现在是“%s”，不能这样办") % obj.get_state_display()
        if self.allowed(user, obj):
            return ""
        return self.why(user, obj) or gettext("不归您办，或者是您自己的事")


def can(move: str) -> Callable[[Any], bool]:
    """``possible`` for a Stateful row: the move starts from its present state."""
    return lambda obj: obj.state in type(obj).MOVES[move].sources
