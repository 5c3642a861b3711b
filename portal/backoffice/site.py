"""The one AdminSite: Django's own, in Chinese and our colours, opened by role and second factor, on today's work."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from portal.core import clock
from portal.people.mfa import gate
from portal.people.offices import refuse_entry

from . import access, entering, message_texts
from .overview import oversees_only, overview
from .pieces import who
from .saving import SavedFilters
from .scoped import ScopedAdmin
from .searching_everything import SearchOfEverything
from .today import ALL_VAR, MOST_ITEMS, pressing, waiting_for
from .wings import WINGS, by_wing

# Django's pages that ours take the place of: the password is allauth's; “view on site” would answer for any record.
_NOT_SERVED = {"password_change", "password_change_done", "view_on_site"}


class ScopedAutocomplete(AutocompleteJsonView):
    """Answers with the related admin's own rows, named as that admin names them; never counted."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        label = getattr(self.model_admin, "choice_label", str)
        return {"id": str(getattr(obj, to_field_name)), "text": label(obj)}


class BackofficeSite(AdminSite):
    """Everything behind ``/admin/``. Who is nobody signs in; who is no staff gets 403; staff pass the second factor."""

    site_title = _("社区工作台")
    index_title = _("今天要办的事")
    site_url = "/"
    enable_nav_sidebar = True
    empty_value_display = "—"

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Pages without scope are not opened: what other people's apps would show here as it is stays away, and a
        page of ours that forgot its base is an error."""
        if admin_class is not None and issubclass(admin_class, ScopedAdmin):
            super().register(model_or_iterable, admin_class, **options)
            return
        models = model_or_iterable if isinstance(model_or_iterable, list | tuple) else [model_or_iterable]
        if ours := [model for model in models if model.__module__.split(".")[0] in WINGS]:
            raise ImproperlyConfigured(f"the back office page of {ours} must derive from ScopedAdmin")

    @property
    def site_header(self) -> str:  # type: ignore[override]
        """The name that this installation goes by."""
        return str(_("%s · 社区工作台") % settings.SITE_NAME)

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """Every page of the back office: sign-in first, then the role, then the second factor."""
        protected = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
            if not self.has_permission(request):
                refuse_entry(who(request))
            return gate(request) or protected(request, *args, **kwargs)

        return update_wrapper(guarded, protected)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseRedirect:
        """There is one door, the portal's own; who stands inside already goes on, or is told that it is not theirs."""
        if not request.user.is_authenticated:
            return redirect_to_login(
                request.GET.get("next") or resolve_url("admin:index"), resolve_url(settings.LOGIN_URL)
            )
        if not self.has_permission(request):
            refuse_entry(who(request))
        return redirect("admin:index")

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The portal's own way out."""
        return redirect("account_logout")

    def get_urls(self) -> list[Any]:
        served = [pattern for pattern in super().get_urls() if getattr(pattern, "name", "") not in _NOT_SERVED]
        own = [*SavedFilters(self).urls(self.admin_view), *SearchOfEverything(self).urls(self.admin_view)]
        own += [*message_texts.urls(self.admin_view), *entering.urls(self.admin_view)]
        return [*own, *served]

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return ScopedAutocomplete.as_view(admin_site=self)(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """The lists that the user may open: upper floors first, each app's models in order of registration."""
        floors = [config.label for config in apps.get_app_configs()]
        found = self._build_app_dict(request, app_label)
        return sorted(found.values(), key=lambda app: -floors.index(app["app_label"]))

    def get_log_entries(self, request: HttpRequest) -> Any:
        """Django's own log is not kept; see ``trail``."""
        return ()

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        offices = "、".join(str(role) for role in getattr(request.user, "current_roles", ()))
        enters = access.is_of_desk(request.user)
        first = _("超期的事") if oversees_only(request.user) else self.index_title
        wings = by_wing(context["available_apps"])
        return {**context, "wings": wings, "offices": offices, "enters": enters, "first_page": first}

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        """Today's to-do: counts that open their lists, what presses first; beneath them the lists of every wing."""
        at = clock.now()
        work, shared = waiting_for(request.user, at), self.each_context(request)
        context = {
            **shared,
            "title": shared["first_page"],
            "subtitle": None,
            "today": clock.local_day(at),
            "waiting": [entry for entry in work if entry.count],
            "pressing": pressing(work, request.user, at, most=None if ALL_VAR in request.GET else MOST_ITEMS),
            "quiet": [entry for entry in work if not entry.count],
            "overview": overview(request.user, at) if oversees_only(request.user) else None,
            **(extra_context or {}),
        }
        request.current_app = self.name
        return TemplateResponse(request, "admin/index.html", context)
