"""Addresses of accounts. Of allauth only what we use: passwords and the second factor; nothing by e-mail."""

from allauth.account import views as account_views
from allauth.mfa.base import views as mfa_views
from django.urls import path
from django.views.decorators.cache import never_cache

from .views import account, code, entrance, second_factor

urlpatterns = [
    path("", account.overview, name="account_overview"),
    path("login/", entrance.SignInView.as_view(), name="account_login"),
    path("login/code/", entrance.RequestCodeView.as_view(), name="account_request_login_code"),
    path("signup/", entrance.SignUpView.as_view(), name="account_signup"),
    path("code/", code.CodeView.as_view(), name="account_code"),
    path("logout/", account_views.logout, name="account_logout"),
    path("phone/change/", account.ChangePhoneView.as_view(), name="account_change_phone"),
    path("phone/confirm/", account.confirm_phone, name="account_confirm_phone"),
    path("password/", account.PasswordView.as_view(), name="account_change_password"),
    path("password/reset/", entrance.ResetView.as_view(), name="account_reset_password"),
    path("reauthenticate/", never_cache(account_views.reauthenticate), name="account_reauthenticate"),
    path("2fa/", mfa_views.index, name="mfa_index"),
    path("2fa/authenticate/", mfa_views.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", never_cache(mfa_views.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", second_factor.ActivateView.as_view(), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", second_factor.DeactivateView.as_view(), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", second_factor.RecoveryCodesView.as_view(), name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/generate/",
        second_factor.NewRecoveryCodesView.as_view(),
        name="mfa_generate_recovery_codes",
    ),
]
