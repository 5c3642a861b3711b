"""Walking through the pages of accounts as a person does, and looking at answers as a stranger who compares them."""

import re
import time
from typing import Any

from allauth.mfa.totp.internal import auth as totp
from django.urls import reverse
from django.utils.html import strip_tags

from portal.core import sms
from portal.people.models import SmsCode
from portal.places.models import Area
from tests import worlds

WRONG_CODE = "000000"


def sign_up_data(phone: str | None, home: Area, /, **fields: Any) -> dict[str, Any]:
    """A filled sign-up form."""
    return {"name": "林小荷", "community": home.pk, "phone": phone, "password": "", "agree": "on"} | fields


def words_of(answer: Any) -> str:
    """What a page says, without its marks."""
    return strip_tags(answer.content.decode())


def last_text(phone: str | None) -> str:
    """The last message that ``phone`` got."""
    return next(message.text for message in reversed(sms.RecordingBackend.sent) if message.phone == phone)


def last_code(phone: str | None) -> str:
    """The code in the last message that ``phone`` got; empty where it held none."""
    found = re.search(r"验证码 (\d{6})", last_text(phone))
    return found[1] if found else ""


def code_of(secret: str) -> str:
    """What an authenticator app that knows ``secret`` shows now."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def type_code(client: Any, code: str) -> Any:
    return client.post(reverse("account_code"), {"code": code})


def sign_in_by_code(client: Any, phone: str | None) -> Any:
    """Ask for a code and type it; the last answer."""
    client.post(reverse("account_request_login_code"), {"phone": phone})
    return type_code(client, last_code(phone))


def sign_in_by_password(client: Any, login: str | None, password: str = worlds.PASSWORD) -> Any:
    return client.post(reverse("account_login"), {"login": login, "password": password})


def inside(user: Any, **options: Any) -> Any:
    """A client that is signed in as ``user``."""
    return worlds.client_for(user, **options)


def is_signed_in(client: Any) -> bool:
    return client.get(reverse("account_overview")).status_code == 200


def reset_pauses() -> None:
    """As if no number had ever got a message."""
    SmsCode.objects.all().delete()


def seen(response: Any) -> tuple[int, str, str, frozenset[str]]:
    """What a stranger sees of an answer: status, where it leads, the page without form tokens, which headers."""
    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    return response.status_code, response.headers.get("Location", ""), body, frozenset(response.headers)
