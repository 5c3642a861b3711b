"""How allauth, which checks passwords and runs the second factor, meets our accounts.

Codes by text message are not allauth's here (``codes``, ``signing_in``): it would make an account before the number is
proven, which blocks a stranger's number; it counts tries in the session, where requests side by side are not counted;
and it cannot say that a number was proven too long ago. So no page of its code and phone flows is routed.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.translation import gettext_lazy as _

from portal.core import audit

from . import lockout, phones
from .fields import PhoneField
from .models import User

WRONG = _("手机号（登录名）或密码不对，请再看一看。")
LOCKED = _("错了太多次。为了安全，请 30 分钟后再试；急用可以用短信验证码登录，或到社区服务窗口办理。")

# What is said after an act of allauth's, by the name of its own template; whatever is not here is not said.
_SAID = {
    "account/messages/logged_out.txt": _("已经退出登录。"),
    "account/messages/password_changed.txt": _("密码改好了。别的手机、电脑上已经退出登录。"),
    "account/messages/password_set.txt": _("密码设好了。下次可以用手机号和密码登录。"),
    "mfa/messages/totp_activated.txt": _("第二道验证开通了。"),
    "mfa/messages/totp_deactivated.txt": _("第二道验证已关闭。"),
    "mfa/messages/recovery_codes_generated.txt": _("备用码已经生成，请抄下来收好。"),
}


class AccountAdapter(DefaultAccountAdapter):
    """Phones by blind index, locks by account, words in Chinese, nothing by e-mail."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "phone_password_mismatch": WRONG,
        "username_password_mismatch": WRONG,
        "invalid_login": WRONG,
        "account_inactive": WRONG,
        "too_many_login_attempts": LOCKED,
        "rate_limited": _("点得太快了，请等几分钟再试。"),
        "enter_current_password": _("现在的密码不对。"),
        "incorrect_password": _("密码不对。"),
    }

    def clean_phone(self, phone: str) -> str:
        return phones.clean_mobile(phone)

    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        return PhoneField(**kwargs)

    def get_user_by_phone(self, phone: str) -> User | None:
        return User.objects.with_phone(phone)

    def get_phone(self, user: Any) -> tuple[str, bool] | None:
        """A stored number counts as verified here; whether a code alone may open is ``signing_in``'s to say."""
        return (user.phone, True) if user.phone else None

    def get_login_stages(self) -> list[str]:
        """After the password or the code only the second factor is left to ask for."""
        return ["allauth.mfa.stages.AuthenticateStage"]

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The account whose password this is. A locked name is refused unchecked; a closed account is like none."""
        keys = self._enter(request, credentials)
        user: Any = authenticate(request, **credentials)
        AuthenticationBackend.unstash_authenticated_user()
        if user is not None:
            lockout.forgive(keys)
            self._here.rollback()
        return user

    def _enter(self, request: HttpRequest, credentials: dict[str, Any]) -> list[str]:
        login = str(credentials.get("username") or credentials.get("phone") or "")
        keys = lockout.keys_for(login)
        self._here = ratelimit.consume(request, app="allauth.account", action="password_here")
        if not self._here or not lockout.enter(keys):
            raise self.validation_error("too_many_login_attempts")
        return keys

    def set_password(self, user: Any, password: str) -> None:
        """Only this column is written, so that a number changed meanwhile stays changed."""
        user.set_password(password)
        user.save(update_fields=["password"])

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """An account that was closed while its holder was signing in: as if the password had been wrong."""
        messages.error(request, WRONG)
        return HttpResponseRedirect(resolve_url(settings.LOGIN_URL))

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Write who signed in and by what; allauth then leads on."""
        methods = [record["method"] for record in get_authentication_records(request, user)]
        audit.record("account.signed_in", actor_id=user.pk, subject=user, details={"methods": methods})
        return super().post_login(request, user, **kwargs)

    def is_ajax(self, request: HttpRequest) -> bool:
        """Pages answer with pages."""
        return False

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *_more: Any, **more: Any
    ) -> None:
        """Say what ``_SAID`` has for the template, or the text that came as ``message``."""
        if text := more.get("message") or _SAID.get(message_template or ""):
            messages.add_message(request, level, text)
