"""A list's filters kept under a name: chips above the list, a small form that keeps what it is narrowed to now.

Whatever was searched for is kept sealed and put back into the session when the filter is opened (``finding``): it
stands in no address here either.
"""

from typing import Any
from urllib.parse import parse_qsl

from django.contrib import messages
from django.contrib.admin.views.main import ERROR_FLAG, PAGE_VAR, SEARCH_VAR
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.core import clock, saved

from . import finding

_NOT_KEPT = {SEARCH_VAR, PAGE_VAR, ERROR_FLAG, finding.FOUND_VAR, "all"}
LONGEST_ADDRESS = 1000


def chips(request: HttpRequest, model_admin: Any) -> list[dict[str, Any]]:
    """The reader's own filters of this list, each with its address and whether it is what one looks at now."""
    now = (_pairs(request.GET.urlencode()), finding.kept(request) or "")
    listing = model_admin.opts.label_lower
    return [
        {
            "pk": kept.pk,
            "name": kept.name,
            "url": reverse("admin:saved_open", args=[kept.pk]),
            "selected": ([tuple(pair) for pair in kept.query["pairs"]], kept.query["searched"]) == now,
        }
        for kept in saved.of(owner_id=request.user.pk or 0, listing=listing)
    ]


def _pairs(query: str) -> saved.Pairs:
    """What of an address makes a filter, in one order."""
    return sorted((name, value) for name, value in parse_qsl(query[:LONGEST_ADDRESS]) if name not in _NOT_KEPT)


class SavedFilters:
    """The addresses below ``/admin/saved/``; ``site`` is asked which lists its reader may open."""

    def __init__(self, site: Any) -> None:
        self.site = site

    def _admin_of(self, request: HttpRequest, label: str) -> Any:
        for model, model_admin in self.site._registry.items():
            if model._meta.label_lower == label:
                if not model_admin.has_view_permission(request):
                    raise PermissionDenied
                return model_admin
        raise Http404

    @staticmethod
    def _address(model_admin: Any) -> str:
        return reverse(f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_changelist")

    def keep(self, request: HttpRequest) -> HttpResponse:
        """Keep what the list is narrowed to; back to that list, with a word."""
        model_admin = self._admin_of(request, request.POST.get("list", ""))
        query = request.POST.get("query", "")
        key = dict(parse_qsl(query[:LONGEST_ADDRESS])).get(finding.FOUND_VAR, "")
        searched = finding.recalled(request, key)
        try:
            saved.keep(
                owner_id=request.user.pk or 0,
                listing=model_admin.opts.label_lower,
                name=request.POST.get("name", ""),
                pairs=_pairs(query),
                searched=searched,
                at=clock.now(),
            )
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
        else:
            messages.success(request, _("筛选已存下，以后点名字就能打开。"))
        pairs = _pairs(query) + ([(finding.FOUND_VAR, key)] if searched else [])
        return redirect(f"{self._address(model_admin)}?{urlencode(pairs)}")

    def open(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The list as the filter narrows it; somebody else's filter does not exist."""
        found = saved.own(owner_id=request.user.pk or 0, pk=pk)
        if found is None:
            raise Http404
        model_admin = self._admin_of(request, found.listing)
        pairs = [tuple(pair) for pair in found.query["pairs"]]
        if searched := found.query["searched"]:
            pairs.append((finding.FOUND_VAR, finding.keep(request, searched)))
        return redirect(f"{self._address(model_admin)}?{urlencode(pairs)}")

    def drop(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Forget one; sent a second time there is nothing left to do, and it says the same."""
        found = saved.own(owner_id=request.user.pk or 0, pk=pk)
        saved.drop(owner_id=request.user.pk or 0, pk=pk)
        messages.success(request, _("这组筛选已删除。"))
        return redirect(self._address(self._admin_of(request, found.listing)) if found is not None else "admin:index")

    def urls(self, wrap: Any) -> list[URLPattern]:
        """The addresses, each behind the desk's own door."""
        return [
            path("saved/", wrap(require_POST(self.keep)), name="saved_keep"),
            path("saved/<int:pk>/", wrap(self.open), name="saved_open"),
            path("saved/<int:pk>/drop/", wrap(require_POST(self.drop)), name="saved_drop"),
        ]
