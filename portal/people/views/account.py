"""Looking after one's account: what stands, another phone, the phone once more, the password."""

from typing import Any

from allauth.account.internal.flows import password_change
from allauth.account.utils import get_next_redirect_url
from allauth.decorators import rate_limit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe
from django.views.generic.edit import FormView

from portal.core import audit, clock

from .. import codes, lockout, mfa, signing_in
from ..forms import ChangePasswordForm, NewPasswordForm, PhoneForm
from .code import ask_for_code
from .proof import prove_first, proven_by_code


@require_safe
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """The account on one page, with the way to change each thing."""
    user: Any = request.user
    context = {
        "phone": user.phone_masked,
        "confirmed_at": user.phone_confirmed_at,
        "opens_by_code": signing_in.opens_by_code(user, at=clock.now()),
        "username": user.username,
        "has_password": user.has_usable_password(),
        "second_factor": mfa.is_set_up(user),
        "shows_second_factor": user.is_staff or mfa.is_set_up(user),
    }
    return render(request, "account/overview.html", context)


@method_decorator(login_required, name="dispatch")
class ChangePhoneView(FormView):
    """Another phone: it replaces the present one once a code has proven it. First one proves to be who one is."""

    template_name = "account/phone_change.html"
    form_class = PhoneForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return prove_first(request) or super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        user: Any = self.request.user
        phone = form.cleaned_data["phone"]
        if phone == user.phone:
            form.add_error("phone", _("这就是您现在的号码。"))
            return self.form_invalid(form)
        try:
            return ask_for_code(self.request, purpose=signing_in.CHANGE, phone=phone)
        except codes.CodeRefused as refused:
            form.add_error("phone", str(refused))
            return self.form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        return {"phone": user.phone_masked, **super().get_context_data(**kwargs)}


@require_POST
@login_required
def confirm_phone(request: HttpRequest) -> HttpResponse:
    """The present phone once more: a code alone opens the account again; or it is the proof before what ``next`` is."""
    user: Any = request.user
    if not user.phone:
        return redirect("account_change_phone")
    next_url = get_next_redirect_url(request) or ""
    try:
        return ask_for_code(request, purpose=signing_in.CONFIRM, phone=user.phone, next_url=next_url)
    except codes.CodeRefused as refused:
        messages.error(request, str(refused))
        return redirect("account_overview")


@method_decorator(login_required, name="dispatch")
@method_decorator(rate_limit(action="change_password"), name="dispatch")
@method_decorator(sensitive_post_parameters(), name="dispatch")
class PasswordView(FormView):
    """A new password. The old one is asked for unless a code has just proven the phone; where there is none, the phone
    or the second factor is proven first."""

    template_name = "account/password_change.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user: Any = request.user
        proven = user.has_usable_password() or proven_by_code(request)
        return (None if proven else prove_first(request)) or super().dispatch(request, *args, **kwargs)

    def _needs_old(self) -> bool:
        user: Any = self.request.user
        return user.has_usable_password() and not proven_by_code(self.request)

    def get_form_class(self) -> Any:
        return ChangePasswordForm if self._needs_old() else NewPasswordForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_valid(self, form: Any) -> HttpResponse:
        user: Any = self.request.user
        had = user.has_usable_password()
        form.save()
        finalize = password_change.finalize_password_change if had else password_change.finalize_password_set
        finalize(self.request, user)
        lockout.forgive(lockout.keys_of(user))
        audit.record("account.password_changed", actor_id=user.pk, subject=user)
        return redirect(get_next_redirect_url(self.request) or reverse("account_overview"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        return {"has_password": user.has_usable_password(), **super().get_context_data(**kwargs)}
