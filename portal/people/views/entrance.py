"""Pages for people who are not signed in: a password or a code, signing up, a forgotten password."""

from typing import Any

from allauth.account import views as account_views
from allauth.account.internal.stagekit import clear_login
from allauth.account.utils import get_login_redirect_url, get_next_redirect_url, passthrough_next_redirect_url
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic.edit import FormView

from portal.core import clock
from portal.core.kept_answers import belongs_at

from .. import codes, consenting, signing_in
from ..choosing import chosen_community
from ..forms import PasswordLoginForm, PhoneForm, SignUpForm
from ..middleware import signed_out_for_idling
from ..sessions import refilled
from .code import ask_for_code


class _Entrance:
    """Who is signed in goes on; a sign-in that was left at the second factor begins anew."""

    request: HttpRequest

    @method_decorator(never_cache)
    @method_decorator(sensitive_post_parameters())
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            return HttpResponseRedirect(get_login_redirect_url(request))
        clear_login(request)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Links among these pages keep where the person wanted to go."""
        context = super().get_context_data(**kwargs)  # type: ignore[misc]
        context.update(
            login_url=self.onward("account_login"),
            code_url=self.onward("account_request_login_code"),
            signup_url=self.onward("account_signup"),
            reset_url=self.onward("account_reset_password"),
        )
        return context

    def onward(self, name: str) -> str:
        """The address of the page ``name`` with the present ``next``."""
        return passthrough_next_redirect_url(self.request, reverse(name), REDIRECT_FIELD_NAME)


class SignInView(_Entrance, account_views.LoginView):
    """One page, two ways in: a code to the phone, or a password."""

    template_name = "account/login.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context.update(code_form=PhoneForm(), password_form=context["form"], idle=signed_out_for_idling(self.request))
        return context


class _PhoneStep(_Entrance, FormView):
    """A page that asks for a phone to send a code to, for one ``purpose``."""

    form_class: Any = PhoneForm
    purpose = ""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return ask_for_code(
                self.request,
                purpose=self.purpose,
                phone=form.cleaned_data["phone"],
                next_url=self.next_url(),
                form=self.to_keep(form),
            )
        except codes.CodeRefused as refused:
            form.add_error("phone", str(refused))
            return self.form_invalid(form)

    def next_url(self) -> str:
        """Where the person goes once signed in; only addresses of ours."""
        return get_next_redirect_url(self.request) or ""

    def to_keep(self, form: Any) -> dict[str, Any]:
        """What else was typed and is needed once the code is right."""
        return {}


class RequestCodeView(_PhoneStep):
    """The code half of the sign-in page."""

    template_name = "account/login.html"
    purpose = signing_in.SIGN_IN

    def get(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return redirect(self.onward("account_login"))

    def form_invalid(self, form: Any) -> HttpResponse:
        return belongs_at(self.onward("account_login"), super().form_invalid(form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        password_form = PasswordLoginForm(request=self.request)
        context.update(code_form=context["form"], password_form=password_form, idle=False)
        return context


class SignUpView(_PhoneStep):
    """Who one is, and a code to the phone; the account is made once the code is right."""

    template_name = "account/signup.html"
    form_class = SignUpForm
    purpose = signing_in.SIGN_UP

    def get_initial(self) -> dict[str, Any]:
        """The community that was looked at, and what was typed before the code went wrong."""
        here = chosen_community(self.request)
        waiting = codes.pending(self.request.session, at=clock.now())
        typed = waiting.form if waiting else {}
        return {
            "name": typed.get("name", ""),
            "community": typed.get("community_id") or (here.pk if here else ""),
            "phone": waiting.phone if waiting else "",
        }

    def get_form(self, form_class: Any = None) -> Any:
        """What was typed when 关怀版 was switched stands there again."""
        return refilled(self.request, super().get_form(form_class))

    def to_keep(self, form: SignUpForm) -> dict[str, Any]:
        return {**form.to_keep(), "notice_version": consenting.ACCOUNT_NOTICE_VERSION}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {"notice": consenting.ACCOUNT_NOTICE, "keeps_typed": True, **super().get_context_data(**kwargs)}


class ResetView(_PhoneStep):
    """Forgot the password: sign in by code, then set a new one. The same rules hold as for any code."""

    template_name = "account/password_reset.html"
    purpose = signing_in.RESET

    def next_url(self) -> str:
        return reverse("account_change_password")
