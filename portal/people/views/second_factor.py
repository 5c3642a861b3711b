"""Setting the second factor up, using it, its recovery codes."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url, passthrough_next_redirect_url
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as totp_views
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from portal.core import audit

from ..mfa import METHOD
from .proof import prove_first


@method_decorator(never_cache, name="dispatch")
class ActivateView(totp_views.ActivateTOTPView):
    """The code that proves the app is set up right counts as its first use in this session.

    Whose account opens by code alone proves it first: who has only the session must not lock the holder out.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        unproven = prove_first(request) if request.user.is_authenticated else None
        return unproven or super().dispatch(request, *args, **kwargs)

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        user: Any = self.request.user
        record_authentication(self.request, user, METHOD, type="totp")
        audit.record("account.second_factor_set_up", actor_id=user.pk, subject=user)
        return response

    def get_success_url(self) -> str:
        """The recovery codes come next, and then where the person was going."""
        return passthrough_next_redirect_url(self.request, reverse("mfa_view_recovery_codes"), REDIRECT_FIELD_NAME)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {"next_url": get_next_redirect_url(self.request) or "", **super().get_context_data(**kwargs)}


class DeactivateView(totp_views.DeactivateTOTPView):
    """Taken off after proving oneself anew; staff must set another up before the back office opens again."""

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        user: Any = self.request.user
        audit.record("account.second_factor_removed", actor_id=user.pk, subject=user)
        return super().form_valid(form)


class NewRecoveryCodesView(recovery_views.GenerateRecoveryCodesView):
    """A new set of codes; the old ones are good for nothing any more."""

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        user: Any = self.request.user
        audit.record("account.recovery_codes_renewed", actor_id=user.pk, subject=user)
        return super().form_valid(form)


@method_decorator(never_cache, name="dispatch")
class RecoveryCodesView(recovery_views.ViewRecoveryCodesView):
    """The codes that are left, and the way on."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        next_url = get_next_redirect_url(self.request) or reverse("account_overview")
        return {"next_url": next_url, **super().get_context_data(**kwargs)}
