"""The second factor of staff: an authenticator app, with recovery codes for the day the phone is lost."""

import datetime as dt
import io
from typing import Any
from urllib.parse import urlencode

import segno
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core import audit, sealed

from .models import User

METHOD = "mfa"
_CONTEXT = "mfa.authenticator.data"


class MfaAdapter(DefaultMFAAdapter):
    """Secrets are sealed in the database; words are ours; the picture to scan is black on white in the dark too."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _("现在不能关闭第二道验证。"),
        "cannot_generate_recovery_codes": _("先开通第二道验证，才有备用码。"),
        "incorrect_code": _("验证码不对，请看一下手机上现在的 6 位数字。"),
    }

    def encrypt(self, text: str) -> str:
        return sealed.seal(text, context=_CONTEXT)

    def decrypt(self, encrypted_text: str) -> str:
        return sealed.unseal(encrypted_text, context=_CONTEXT)

    def get_totp_label(self, user: Any) -> str:
        """What the app lists the account under: the masked phone, else the user name."""
        return user.phone_masked or user.username

    def build_totp_svg(self, url: str) -> str:
        out = io.BytesIO()
        segno.make(url, error="m").save(out, kind="svg", scale=5, border=4, dark="#000", light="#fff", xmldecl=False)
        return out.getvalue().decode()


def has_second_factor(request: HttpRequest) -> bool:
    """Whether the signed-in account has an authenticator and used it, or a recovery code, in this session."""
    user: Any = request.user
    if not user.is_authenticated:
        return False
    used = any(record.get("method") == METHOD for record in get_authentication_records(request, user))
    return used and is_set_up(user)


def is_set_up(user: User) -> bool:
    """Whether the account has an authenticator app."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def gate(request: HttpRequest) -> HttpResponseRedirect | None:
    """Where a member of staff must go before the back office opens; None for in.

    To set the second factor up where there is none, else to use it; from there back to where they wanted to go.
    """
    if not settings.STAFF_NEEDS_SECOND_FACTOR or has_second_factor(request):
        return None
    user: Any = request.user
    page = reverse("mfa_reauthenticate" if is_set_up(user) else "mfa_activate_totp")
    target = request.get_full_path() if request.method in {"GET", "HEAD"} else reverse("admin:index")
    return HttpResponseRedirect(f"{page}?{urlencode({'next': target})}")


@transaction.atomic
def remove_second_factor(*, user: User, actor: User, at: dt.datetime, reason: str) -> int:
    """For staff who lost phone and recovery codes: the administrator takes the old authenticator away.

    The gate asks for a new one at the next visit. Returns how many authenticators and code sets went. PermissionDenied
    for anyone but the administrator.
    """
    if not (actor.is_active and actor.is_superuser):
        raise PermissionDenied
    gone, _rows = Authenticator.objects.filter(user=user).delete()
    audit.record("account.second_factor_removed", actor_id=actor.pk, subject=user, at=at, reason=reason)
    return gone


@sealed.also_rotate("mfa.Authenticator")
def seal_anew() -> int:
    """Seal every authenticator's secrets with the current key; returns how many rows were rewritten."""
    adapter, changed = MfaAdapter(), 0
    for pk in Authenticator.objects.values_list("pk", flat=True):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=pk).first()
            if row is not None:
                for key in {"secret", "seed"} & row.data.keys():
                    row.data[key] = adapter.encrypt(adapter.decrypt(row.data[key]))
                row.save(update_fields=["data"])
                changed += 1
    return changed
