"""Signing in: code, password, user name; the 90 days; closed accounts; five failures."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.core import clock
from portal.core.models import AuditEntry
from portal.people import lockout
from portal.people.models import User
from tests import worlds

from . import walks

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> Any:
    return worlds.account(worlds.community())


@pytest.mark.parametrize("written", ["{0}", " {0} ", "+86{0}", "+86 {0}", "{1}"])
def test_phone_and_code(client: Any, user: Any, written: str) -> None:
    full_width = "".join(chr(ord(digit) + 0xFEE0) for digit in user.phone)
    client.post(reverse("account_request_login_code"), {"phone": written.format(user.phone, full_width)})
    answer = walks.type_code(client, walks.last_code(user.phone))
    assert answer.url == reverse("front:home")
    assert walks.is_signed_in(client)


@pytest.mark.parametrize("written", ["{0}", "{1}", "{2}"])
def test_phone_and_password(client: Any, user: Any, written: str) -> None:
    full_width = "".join(chr(ord(digit) + 0xFEE0) for digit in user.phone)
    spaced = f"{user.phone[:3]} {user.phone[3:7]} {user.phone[7:]}"
    walks.sign_in_by_password(client, written.format(user.phone, full_width, spaced))
    assert walks.is_signed_in(client)


def test_user_name_and_password(client: Any) -> None:
    administrator = worlds.administrator()
    walks.sign_in_by_password(client, administrator.username.upper())
    assert walks.is_signed_in(client)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "请填手机号"),
        ("1234", "11 位"),
        ("154000000000", "11 位"),
        ("25400000000", "13 到 19"),
        ("一五四", "只能是数字"),
    ],
)
def test_what_is_no_phone_is_said(client: Any, typed: str, said: str, sms_sent) -> None:
    page = client.post(reverse("account_request_login_code"), {"phone": typed})
    assert said in page.content.decode()
    assert not sms_sent


def test_a_right_code_proves_the_phone_anew(client: Any, user: Any, time_machine) -> None:
    time_machine.shift(dt.timedelta(days=30))
    walks.sign_in_by_code(client, user.phone)
    user.refresh_from_db()
    assert abs(user.phone_confirmed_at - clock.now()) < dt.timedelta(minutes=1)
    assert AuditEntry.objects.filter(verb="account.phone_confirmed", subject_id=user.pk).exists()


def test_a_password_proves_no_phone(client: Any, user: Any, time_machine) -> None:
    before = user.phone_confirmed_at
    time_machine.shift(dt.timedelta(days=30))
    walks.sign_in_by_password(client, user.phone)
    user.refresh_from_db()
    assert user.phone_confirmed_at == before


def test_nothing_is_said_that_is_not_ours(client: Any, user: Any) -> None:
    walks.sign_in_by_password(client, user.phone)
    assert 'class="messages"' not in client.get(reverse("account_overview")).content.decode()


def test_signing_in_is_written_down(client: Any, user: Any) -> None:
    walks.sign_in_by_code(client, user.phone)
    entry = AuditEntry.objects.get(verb="account.signed_in")
    assert (entry.actor_id, entry.subject_id, entry.details) == (user.pk, user.pk, {"methods": ["code"]})


@pytest.mark.parametrize("way", ["code", "password"])
def test_one_gets_where_one_was_going(client: Any, user: Any, way: str) -> None:
    target = reverse("front:messages")
    page = client.get(f"{reverse('account_login')}?next={target}")
    assert f"/accounts/login/code/?next={target.replace('/', '%2F')}" in page.content.decode()
    if way == "code":
        client.post(f"{reverse('account_request_login_code')}?next={target}", {"phone": user.phone})
        answer = walks.type_code(client, walks.last_code(user.phone))
    else:
        data = {"login": user.phone, "password": worlds.PASSWORD}
        answer = client.post(f"{reverse('account_login')}?next={target}", data)
    assert answer.url == target


@pytest.mark.parametrize("target", ["https://example.com/", "//example.com/", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere(client: Any, user: Any, target: str) -> None:
    client.post(f"{reverse('account_request_login_code')}?next={target}", {"phone": user.phone})
    assert walks.type_code(client, walks.last_code(user.phone)).url == reverse("front:home")


def test_who_is_signed_in_needs_no_entrance(user: Any) -> None:
    client = walks.inside(user)
    for name in ["account_login", "account_signup", "account_reset_password", "account_request_login_code"]:
        assert client.get(reverse(name)).url == reverse("front:home")


# The 90 days ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "opens"), [(0, True), (89, True), (90, True), (91, False), (400, False)])
def test_a_code_alone_opens_within_ninety_days(client: Any, user: Any, time_machine, days: int, opens: bool) -> None:
    time_machine.shift(dt.timedelta(days=days))
    client.post(reverse("account_request_login_code"), {"phone": user.phone})
    assert bool(walks.last_code(user.phone)) is opens
    if opens:
        walks.type_code(client, walks.last_code(user.phone))
    assert walks.is_signed_in(client) is opens


def test_the_ninetieth_day_counts_whole(client: Any, time_machine) -> None:
    confirmed = dt.datetime(2026, 3, 1, 1, 0, tzinfo=dt.UTC)
    last_second = dt.datetime(2026, 5, 30, 15, 59, 59, tzinfo=dt.UTC)  # the end of the 90th day in Shanghai
    user = worlds.account(phone_confirmed_at=confirmed)
    time_machine.move_to(last_second, tick=False)
    client.post(reverse("account_request_login_code"), {"phone": user.phone})
    assert walks.last_code(user.phone)
    time_machine.move_to(last_second + dt.timedelta(seconds=61), tick=False)
    client.post(reverse("account_request_login_code"), {"phone": user.phone})
    assert not walks.last_code(user.phone)


def test_the_term_is_the_site_s(client: Any, user: Any, time_machine, settings) -> None:
    settings.PHONE_TRUST_DAYS = 10
    time_machine.shift(dt.timedelta(days=11))
    client.post(reverse("account_request_login_code"), {"phone": user.phone})
    assert "超过 10 天" in walks.last_text(user.phone)


def test_a_number_nobody_ever_proved_opens_by_password_only(client: Any) -> None:
    user = worlds.account(phone_confirmed_at=None)
    client.post(reverse("account_request_login_code"), {"phone": user.phone})
    assert "请用密码登录" in walks.last_text(user.phone)
    walks.sign_in_by_password(client, user.phone)
    assert walks.is_signed_in(client)


def test_a_stale_phone_can_be_proven_again_once_inside(client: Any, user: Any, time_machine) -> None:
    time_machine.shift(dt.timedelta(days=91))
    walks.sign_in_by_password(client, user.phone)
    assert "很久没有确认" in client.get(reverse("account_overview")).content.decode()
    client.post(reverse("account_confirm_phone"))
    walks.type_code(client, walks.last_code(user.phone))
    client.logout()
    time_machine.shift(61)
    walks.sign_in_by_code(client, user.phone)
    assert walks.is_signed_in(client)


# Closed accounts -----------------------------------------------------------------------------------------------------


def test_a_closed_account_opens_by_nothing(client: Any) -> None:
    user = worlds.account(is_active=False)
    assert walks.sign_in_by_password(client, user.phone).status_code == 200
    client.post(reverse("account_request_login_code"), {"phone": user.phone})
    assert not walks.last_code(user.phone)
    assert not walks.is_signed_in(client)


def test_closing_an_account_ends_its_sessions_and_its_codes(client: Any, user: Any) -> None:
    inside = walks.inside(user)
    client.post(reverse("account_request_login_code"), {"phone": user.phone})
    User.objects.filter(pk=user.pk).update(is_active=False)
    answer = walks.type_code(client, walks.last_code(user.phone))
    assert answer.url == reverse("account_login")
    assert not walks.is_signed_in(client)
    assert not walks.is_signed_in(inside)


# Five failures -------------------------------------------------------------------------------------------------------


def fail(client: Any, login: str, times: int = 1) -> str:
    for _turn in range(times):
        page = walks.sign_in_by_password(client, login, "not-the-password")
    return page.content.decode()


def test_five_failures_lock_for_thirty_minutes(client: Any, user: Any, time_machine) -> None:
    assert "密码不对" in fail(client, user.phone, 5)
    assert "30 分钟后再试" in walks.sign_in_by_password(client, user.phone).content.decode()
    time_machine.shift(30 * 60 - 1)
    walks.sign_in_by_password(client, user.phone)
    assert not walks.is_signed_in(client)
    time_machine.shift(1)
    walks.sign_in_by_password(client, user.phone)
    assert walks.is_signed_in(client)


def test_four_failures_do_not_lock(client: Any, user: Any) -> None:
    fail(client, user.phone, 4)
    walks.sign_in_by_password(client, user.phone)
    assert walks.is_signed_in(client)


def test_the_thirty_minutes_run_from_the_fifth_failure(client: Any, user: Any, time_machine) -> None:
    for _turn in range(5):
        fail(client, user.phone)
        time_machine.shift(10 * 60)
    time_machine.shift(20 * 60 - 1)  # 29:59 after the fifth, 69:59 after the first
    walks.sign_in_by_password(client, user.phone)
    assert not walks.is_signed_in(client)
    time_machine.shift(1)
    walks.sign_in_by_password(client, user.phone)
    assert walks.is_signed_in(client)


def test_the_lock_is_the_account_s_however_it_is_called(client: Any, user: Any) -> None:
    full_width = "".join(chr(ord(digit) + 0xFEE0) for digit in user.phone)
    for login in [user.phone, user.username, full_width, f"+86 {user.phone}", user.username.upper()]:
        fail(client, login)
    for login in [user.phone, user.username]:
        assert "30 分钟后再试" in walks.sign_in_by_password(client, login).content.decode()


def test_another_session_meets_the_same_lock(client: Any, user: Any) -> None:
    fail(client, user.phone, 5)
    other = Client()
    walks.sign_in_by_password(other, user.phone)
    assert not walks.is_signed_in(other)


def test_a_success_forgives(client: Any, user: Any) -> None:
    fail(client, user.phone, 4)
    walks.sign_in_by_password(Client(), user.phone)
    fail(client, user.phone, 4)
    walks.sign_in_by_password(client, user.phone)
    assert walks.is_signed_in(client)


def test_a_locked_account_still_opens_by_code(client: Any, user: Any) -> None:
    fail(client, user.phone, 6)
    walks.sign_in_by_code(client, user.phone)
    assert walks.is_signed_in(client)


def test_guessing_the_password_from_inside_locks_too(user: Any) -> None:
    client = walks.inside(user)
    for _turn in range(5):
        client.post(reverse("account_reauthenticate"), {"password": "not-the-password"})
    page = client.post(reverse("account_reauthenticate"), {"password": worlds.PASSWORD})
    assert "30 分钟后再试" in page.content.decode()


def test_the_keys_of_the_lock_hold_no_phone(user: Any) -> None:
    for login in [user.phone, worlds.phone()]:
        assert not any(login in key for key in lockout.keys_for(login))


# A forgotten password ------------------------------------------------------------------------------------------------


def test_a_forgotten_password_is_replaced_after_a_code(client: Any, user: Any) -> None:
    fail(client, user.phone, 5)
    client.post(reverse("account_reset_password"), {"phone": user.phone})
    answer = walks.type_code(client, walks.last_code(user.phone))
    assert answer.url == reverse("account_change_password")
    page = client.get(answer.url).content.decode()
    assert "现在的密码" not in page
    new = "magnolia-bridge-77"
    assert client.post(answer.url, {"password1": new, "password2": new}).url == reverse("account_overview")
    other = Client()
    walks.sign_in_by_password(other, user.phone, new)  # the lock is forgiven with the old password
    assert walks.is_signed_in(other)


def test_the_old_password_is_asked_for_again_after_a_while(client: Any, user: Any, time_machine) -> None:
    walks.sign_in_by_code(client, user.phone)
    assert "现在的密码" not in client.get(reverse("account_change_password")).content.decode()
    time_machine.shift(15 * 60 + 5)
    assert "现在的密码" in client.get(reverse("account_change_password")).content.decode()


def test_changing_the_password_ends_other_sessions(user: Any) -> None:
    here, elsewhere = walks.inside(user), walks.inside(user)
    new = "magnolia-bridge-77"
    data = {"oldpassword": worlds.PASSWORD, "password1": new, "password2": new}
    assert here.post(reverse("account_change_password"), data).status_code == 302
    assert walks.is_signed_in(here)
    assert not walks.is_signed_in(elsewhere)
    assert AuditEntry.objects.filter(verb="account.password_changed", actor_id=user.pk).exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            {"oldpassword": "wrong", "password1": "magnolia-bridge-77", "password2": "magnolia-bridge-77"},
            "现在的密码不对",
        ),
        ({"oldpassword": worlds.PASSWORD, "password1": "short", "password2": "short"}, "8"),
        ({"oldpassword": worlds.PASSWORD, "password1": "a{phone}", "password2": "a{phone}"}, "不要用手机号"),
    ],
)
def test_a_password_that_will_not_do(user: Any, data: dict[str, str], said: str) -> None:
    filled = {key: value.format(phone=user.phone) for key, value in data.items()}
    page = walks.inside(user).post(reverse("account_change_password"), filled)
    assert said in page.content.decode()


def test_who_has_no_password_sets_one(client: Any) -> None:
    user = worlds.account(password=None)
    walks.sign_in_by_code(client, user.phone)
    new = "magnolia-bridge-77"
    client.post(reverse("account_change_password"), {"password1": new, "password2": new})
    other = Client()
    walks.sign_in_by_password(other, user.phone, new)
    assert walks.is_signed_in(other)
