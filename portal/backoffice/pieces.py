"""What pages of the back office are made of: badges, values as lists write them, forms that show a refusal, choices
that hold to the scope."""

from collections.abc import Callable
from typing import Any, ClassVar, cast

from django import forms
from django.contrib.admin.exceptions import NotRegistered
from django.contrib.admin.filters import RelatedFieldListFilter
from django.contrib.admin.utils import display_for_value
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.core.moves import MoveRefused
from portal.people.models import User
from portal.places.models import Area, Level

EMPTY = "—"
CHOICES_SHOWN = 200  # of one filter
_AREA_LEVELS = {"community": Level.COMMUNITY, "grid": Level.GRID}
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


def badge(text: Any, tone: str = "plain") -> SafeString:
    """A word in a coloured field. Tones: wait (amber), go (blue), done (green), stop (red), plain."""
    return format_html('<span class="badge badge--{}">{}</span>', tone, text)


def shown(value: Any) -> Any:
    """``value`` as lists write it — days and moments in Chinese, a dash for nothing — for methods that stand on a page,
    where Django prints what they return as it is."""
    return display_for_value(value, EMPTY)


def person_link(person: Any) -> SafeString:
    """A person's name that leads to the page of the record that stands for them."""
    return format_html('<a href="{}">{}</a>', reverse("admin:people_person_change", args=[person.resolved.pk]), person)


def scoped_rows(site: Any, request: HttpRequest, model: type[models.Model]) -> models.QuerySet[Any]:
    """What of ``model`` the user may choose from: the rows of its own admin; nothing where it has none."""
    try:
        return site.get_model_admin(model).choosable(request)
    except NotRegistered:
        return model._default_manager.none()


def namer(site: Any, model: type[models.Model]) -> Callable[[Any], str]:
    """How rows of ``model`` are named where one chooses among them: as its own admin names them."""
    return getattr(site.get_model_admin(model), "choice_label", str) if site.is_registered(model) else str


class ScopedForm(forms.ModelForm):
    """The form of a scoped page; a room's own form derives from it. ``refusal`` is what an act answered."""

    refusal: Any = None

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.refusal is not None:
            add_refusal(self, self.refusal)
        return cleaned


def add_refusal(form: forms.BaseForm, refusal: ValidationError | MoveRefused) -> None:
    """Put an act's refusal beside the fields it names, or on top of the form."""
    if isinstance(refusal, MoveRefused):
        form.add_error(None, str(refusal))
    elif hasattr(refusal, "error_dict") and not set(refusal.error_dict) <= set(form.fields):
        form.add_error(None, ValidationError(refusal.messages))
    else:
        form.add_error(None, refusal)


class ScopedChoices(RelatedFieldListFilter):
    """A list filter over a foreign key whose choices are the user's own rows; of areas those of the field's level."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.empty_value_display = format_html("{}", _("没有"))

    def has_output(self) -> bool:
        """Shown where there is a choice, and always where it is in force: Django applies only filters that it shows."""
        return super().has_output() or bool(self.used_parameters)

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        rows = scoped_rows(model_admin.admin_site, request, field.remote_field.model)
        if field.remote_field.model is Area and field.name in _AREA_LEVELS:
            rows = rows.filter(level=_AREA_LEVELS[field.name])
        name = namer(model_admin.admin_site, field.remote_field.model)
        return [(row.pk, name(row)) for row in rows[:CHOICES_SHOWN]]


class ScopedFields:
    """Choices of foreign keys and many-to-many fields: the related admin's rows and no others. Days and moments are
    typed with the browser's own control."""

    admin_site: Any
    formfield_overrides: ClassVar[Any] = {
        models.DateField: {"widget": DAY},
        models.DateTimeField: {"form_class": forms.DateTimeField, "widget": MOMENT},
    }

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", self.choices_of(db_field, request))
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]
        return self._labelled(field, db_field)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", self.choices_of(db_field, request))
        return self._labelled(super().formfield_for_manytomany(db_field, request, **kwargs), db_field)  # type: ignore[misc]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Beside a choice stands at most “add”: a look at another row goes through its list."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None and hasattr(field.widget, "can_view_related"):
            field.widget.can_view_related = field.widget.can_change_related = False
        return field

    def choices_of(self, db_field: Any, request: HttpRequest) -> models.QuerySet[Any]:
        """The rows that ``db_field`` may be set to; a room narrows them here, never widens."""
        return scoped_rows(self.admin_site, request, db_field.remote_field.model)

    def _labelled(self, field: Any, db_field: Any) -> Any:
        """Name the chosen row as the related admin names it."""
        if field is not None:
            field.label_from_instance = namer(self.admin_site, db_field.remote_field.model)
        if getattr(field, "empty_label", None):
            field.empty_label = _("请选择")
        return field

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_choice_field(db_field, request, **kwargs)  # type: ignore[misc]
        field.choices = [
            (value, label) if value not in ("", None) else ("", _("请选择")) for value, label in field.choices
        ]
        return field


def who(request: HttpRequest) -> User:
    """The account that works at the desk; nobody else gets as far."""
    return cast(User, request.user)
