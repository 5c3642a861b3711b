"""Every page of accounts is ours and in Chinese; none by e-mail is reachable; the demonstration shows its messages."""

from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from portal.people import urls as people_urls
from tests import worlds

from . import walks
from .test_second_factor import set_up

pytestmark = pytest.mark.django_db
ENGLISH = ["Sign In", "Sign Up", "Password", "Phone", "Menu", "Authenticator App", "Recovery Codes", "Confirm Access"]
ANONYMOUS = ["account_login", "account_signup", "account_reset_password"]
SIGNED_IN = ["account_overview", "account_change_phone", "account_change_password", "account_logout", "mfa_index"]
WITH_SECOND_FACTOR = [
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_reauthenticate",
]


def look(client: Any, name: str) -> str:
    answer = client.get(reverse(name))
    assert answer.status_code == 200, (name, answer.status_code)
    page = answer.content.decode()
    assert "<h1>" in page, name
    assert not [word for word in ENGLISH if word in page], name
    assert "style=" not in page and "onclick=" not in page
    return page


@pytest.fixture
def worker() -> Any:
    return worlds.worker(worlds.community())


@pytest.mark.parametrize("elder", [False, True])
def test_pages_for_everybody(client: Any, elder: bool) -> None:
    worlds.community(phone="0731-0000000")
    if elder:
        client.cookies["mode"] = "elder"
    for name in ANONYMOUS:
        look(client, name)
    client.post(reverse("account_request_login_code"), {"phone": worlds.phone()})
    assert "填验证码" in look(client, "account_code")


def test_pages_of_a_person_who_is_signed_in() -> None:
    user = worlds.account(worlds.community(), password=None)
    for name in SIGNED_IN:
        look(walks.inside(user), name)
    assert "设密码" in look(walks.inside(user), "account_overview")


def test_pages_of_the_administrator_without_a_phone() -> None:
    client = walks.inside(worlds.administrator())
    assert "添加手机号" in look(client, "account_overview")
    look(client, "account_reauthenticate")


def test_pages_of_the_second_factor(worker: Any) -> None:
    client = walks.inside(worker, second_factor=False)
    assert "去开通" in look(client, "account_overview")
    client.post(reverse("account_reauthenticate"), {"password": worlds.PASSWORD})
    look(client, "mfa_activate_totp")
    set_up(client)
    for name in ["account_overview", "mfa_index", "account_reauthenticate", *WITH_SECOND_FACTOR]:
        look(client, name)
    other = Client()
    walks.sign_in_by_password(other, worker.phone)
    look(other, "mfa_authenticate")


def test_a_refused_form_says_so_in_the_title(client: Any) -> None:
    page = client.post(reverse("account_request_login_code"), {"phone": "1"}).content.decode()
    assert "<title>请修改 · 登录" in page


def test_fields_bring_the_right_keyboard(client: Any) -> None:
    worlds.community()
    login = client.get(reverse("account_login")).content.decode()
    assert 'name="phone" inputmode="numeric" autocomplete="tel"' in login
    assert 'autocomplete="username"' in login
    assert 'autocomplete="current-password"' in login
    client.post(reverse("account_request_login_code"), {"phone": worlds.phone()})
    assert (
        'name="code" inputmode="numeric" autocomplete="one-time-code"'
        in client.get(reverse("account_code")).content.decode()
    )
    assert 'autocomplete="new-password"' in client.get(reverse("account_signup")).content.decode()


def test_nothing_by_e_mail_and_nothing_of_allauth_that_we_do_not_use(client: Any) -> None:
    names = {pattern.name for pattern in people_urls.urlpatterns}
    assert not [name for name in names if "email" in name]
    for name in ["account_email", "account_email_verification_sent", "account_confirm_email", "account_inactive"]:
        with pytest.raises(NoReverseMatch):
            reverse(name)
    paths = [
        "email/",
        "confirm-email/",
        "confirm-email/abc/",
        "password/reset/key/1-2/",
        "inactive/",
        "login/code/confirm/",
    ]
    for path in paths:
        assert client.get(f"/accounts/{path}").status_code == 404
    assert get_resolver().reverse_dict


def test_leaving(worker: Any) -> None:
    client = walks.inside(worker)
    assert walks.is_signed_in(client)
    client.get(reverse("account_logout"))
    assert walks.is_signed_in(client)
    answer = client.post(reverse("account_logout"), follow=True)
    assert "已经退出登录" in answer.content.decode()
    assert not walks.is_signed_in(client)


# The demonstration ---------------------------------------------------------------------------------------------------


def test_the_demonstration_shows_the_last_message_of_this_session(client: Any, settings, time_machine) -> None:
    settings.DEMO = True
    user, stranger = worlds.account(worlds.community()), worlds.account()
    Client().post(reverse("account_request_login_code"), {"phone": stranger.phone})
    client.post(reverse("account_request_login_code"), {"phone": user.phone})
    page = client.get(reverse("account_code")).content.decode()
    assert "演示：这台手机会收到的短信" in page
    assert walks.last_code(user.phone) in page
    assert walks.last_code(stranger.phone) not in page
    first = walks.last_code(user.phone)
    time_machine.shift(60)
    client.post(reverse("account_code"), {"action": "resend"})
    page = client.get(reverse("account_code")).content.decode()
    assert walks.last_code(user.phone) in page
    assert first == walks.last_code(user.phone) or first not in page


def test_a_portal_in_use_shows_none(client: Any) -> None:
    user = worlds.account(worlds.community())
    client.post(reverse("account_request_login_code"), {"phone": user.phone})
    page = client.get(reverse("account_code")).content.decode()
    assert "演示" not in page
    assert walks.last_code(user.phone) not in page
