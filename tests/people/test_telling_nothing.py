"""No answer tells whether a number has an account: the same walk, before and after there is one, looks the same.

Only the phone itself learns it, by text message.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.people.models import User
from tests import worlds

from . import walks

pytestmark = pytest.mark.django_db
PHONE = "15400009876"


def fresh() -> Any:
    return worlds.account(phone=PHONE)


def stale() -> Any:
    return worlds.account(phone=PHONE, phone_confirmed_at="2020-01-01T00:00:00Z")


def unproven() -> Any:
    return worlds.account(phone=PHONE, phone_confirmed_at=None)


def closed() -> Any:
    return worlds.account(phone=PHONE, is_active=False)


def without_password() -> Any:
    return worlds.account(phone=PHONE, password=None)


def staff() -> Any:
    return worlds.worker(worlds.community(), phone=PHONE)


ACCOUNTS = [fresh, stale, unproven, closed, without_password, staff]


def code_walk(client: Any, begin: str, data: dict[str, Any], time_machine: Any) -> list[Any]:
    """Ask, look, guess, ask again too soon and in time, guess until it ends: what a stranger sees at each step."""
    seen = [walks.seen(client.post(reverse(begin), data)), walks.seen(client.get(reverse("account_code")))]
    seen.append(walks.seen(walks.type_code(client, walks.WRONG_CODE)))
    for wait in (10, 60):
        time_machine.shift(wait)
        seen.append(walks.seen(client.post(reverse("account_code"), {"action": "resend"})))
        seen.append(walks.seen(client.get(reverse("account_code"))))
    seen.extend(walks.seen(walks.type_code(client, walks.WRONG_CODE)) for _turn in range(3))
    seen.append(walks.seen(client.get(seen[-1][1])))
    seen.append(walks.seen(client.post(reverse(begin), data)))  # within the pause
    time_machine.shift(600)
    seen.append(walks.seen(client.post(reverse(begin), data)))
    time_machine.shift(301)
    seen.append(walks.seen(walks.type_code(client, walks.WRONG_CODE)))
    return seen


@pytest.fixture(autouse=True)
def _no_lucky_guess(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wrong code of these walks is never the right one."""
    monkeypatch.setattr("portal.people.codes.fresh_code", lambda: "918273")


def _with_each(walk: Callable[[], list[Any]]) -> Iterator[tuple[str, list[Any]]]:
    """What the walk shows where the number has an account of each kind, one after the other and each alone."""
    for account in ACCOUNTS:
        walks.reset_pauses()
        with transaction.atomic():
            account()
            yield account.__name__, walk()
            transaction.set_rollback(True)


@pytest.mark.parametrize("begin", ["account_request_login_code", "account_reset_password", "account_signup"])
def test_codes(begin: str, time_machine) -> None:
    home = worlds.community()
    data = walks.sign_up_data(PHONE, home) if begin == "account_signup" else {"phone": PHONE}
    before = code_walk(Client(), begin, data, time_machine)
    for kind, after in _with_each(lambda: code_walk(Client(), begin, data, time_machine)):
        assert after == before, kind


def test_changing_to_a_number(time_machine) -> None:
    mover = worlds.account(worlds.community(), password=None)

    def walk() -> list[Any]:
        return code_walk(walks.inside(mover), "account_change_phone", {"phone": PHONE}, time_machine)

    before = walk()
    for kind, after in _with_each(walk):
        assert after == before, kind


@pytest.mark.parametrize("password", ["not-the-password", worlds.PASSWORD])
def test_passwords_of_a_closed_account(password: str) -> None:
    worlds.community()
    before = [walks.seen(walks.sign_in_by_password(Client(), PHONE, password)) for _turn in range(7)]
    closed()
    after = [walks.seen(walks.sign_in_by_password(Client(), PHONE, password)) for _turn in range(7)]
    assert after == before


@pytest.mark.parametrize("account", ACCOUNTS)
def test_wrong_passwords_and_the_lock(account: Callable[[], User]) -> None:
    worlds.community()
    before = [walks.seen(walks.sign_in_by_password(Client(), PHONE, "not-the-password")) for _turn in range(7)]
    account()
    after = [walks.seen(walks.sign_in_by_password(Client(), PHONE, "not-the-password")) for _turn in range(7)]
    assert after == before
    assert "30 分钟后再试" in after[-1][2]
    assert "30 分钟后再试" not in after[4][2]


@pytest.mark.parametrize("account", ACCOUNTS)
def test_a_password_is_hashed_once_whoever_it_is(account: Callable[[], User], monkeypatch: pytest.MonkeyPatch) -> None:
    worlds.community()
    hashed = []
    encode = MD5PasswordHasher.encode

    def counting(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(salt)
        return encode(self, password, salt)

    account()
    monkeypatch.setattr(MD5PasswordHasher, "encode", counting)
    walks.sign_in_by_password(Client(), "15400009877", "not-the-password")
    unknown = len(hashed)
    walks.sign_in_by_password(Client(), PHONE, "not-the-password")
    assert len(hashed) - unknown == unknown == 1


@pytest.mark.parametrize("account", ACCOUNTS)
def test_asking_for_a_code_costs_the_same(account: Callable[[], User]) -> None:
    worlds.community()
    account()
    costs = []
    for phone in ["15400009877", PHONE]:
        with CaptureQueriesContext(connection) as queries:
            Client().post(reverse("account_request_login_code"), {"phone": phone})
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_every_phone_gets_exactly_one_message(sms_sent) -> None:
    home = worlds.community()
    closed()
    for number, begin in enumerate(["account_request_login_code", "account_reset_password", "account_signup"]):
        for phone in [PHONE, f"1540000988{number}"]:
            sms_sent.clear()
            walks.reset_pauses()
            data = walks.sign_up_data(phone, home) if begin == "account_signup" else {"phone": phone}
            Client().post(reverse(begin), data)
            assert [message.phone for message in sms_sent] == [phone]


@pytest.mark.parametrize(
    ("begin", "account", "said"),
    [
        ("account_request_login_code", None, "还没有账号"),
        ("account_request_login_code", stale, "请用密码登录，或到社区服务窗口"),
        ("account_request_login_code", unproven, "请用密码登录，或到社区服务窗口"),
        ("account_request_login_code", closed, "现在办不了"),
        ("account_request_login_code", fresh, "登录验证码 918273"),
        ("account_reset_password", None, "还没有账号"),
        ("account_reset_password", fresh, "设新密码验证码 918273"),
        ("account_signup", None, "注册验证码 918273"),
        ("account_signup", fresh, "已经有账号"),
        ("account_signup", stale, "已经有账号"),
        ("account_signup", closed, "现在办不了"),
    ],
)
def test_the_phone_itself_is_told(begin: str, account: Callable[[], User] | None, said: str) -> None:
    home = worlds.community()
    if account:
        account()
    data = walks.sign_up_data(PHONE, home) if begin == "account_signup" else {"phone": PHONE}
    Client().post(reverse(begin), data)
    assert said in walks.last_text(PHONE)
