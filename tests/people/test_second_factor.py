"""Staff and their second factor: set up, used in this session, replaced when lost."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.urls import reverse

from portal.core import clock, sealed
from portal.core.models import AuditEntry
from portal.people import mfa
from portal.people.models import User
from tests import worlds

from . import walks
from .walks import code_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> Any:
    return worlds.worker(worlds.community())


def set_up(client: Any, target: str = "") -> str:
    """Activate the authenticator of a client that has just shown its password; the secret."""
    client.post(reverse("account_reauthenticate"), {"password": worlds.PASSWORD})
    page = reverse("mfa_activate_totp") + (f"?next={target}" if target else "")
    client.get(page)
    secret = client.session["mfa.totp.secret"]
    answer = client.post(page, {"code": code_of(secret), **({"next": target} if target else {})})
    assert answer.status_code == 302, answer.content.decode()
    return secret


def stands_before_the_gate(client: Any, user: Any, path: str = "/admin/") -> str:
    """Where the gate sends this client; empty for in."""
    request: Any = RequestFactory().get(path)
    request.user, request.session = User.objects.get(pk=user.pk), client.session
    answer = mfa.gate(request)
    return "" if answer is None else answer.url


def test_who_has_none_must_set_it_up(worker: Any) -> None:
    client = walks.inside(worker, second_factor=False)
    assert (
        stands_before_the_gate(client, worker, "/admin/?a=1") == "/accounts/2fa/totp/activate/?next=%2Fadmin%2F%3Fa%3D1"
    )


def test_setting_it_up_opens_the_gate(worker: Any) -> None:
    client = walks.inside(worker, second_factor=False)
    set_up(client, "/admin/")
    assert stands_before_the_gate(client, worker) == ""
    codes_page = client.get(f"{reverse('mfa_view_recovery_codes')}?next=/admin/").content.decode()
    assert codes_page.count("<li><strong") == 10
    assert 'href="/admin/"' in codes_page
    assert AuditEntry.objects.filter(verb="account.second_factor_set_up", actor_id=worker.pk).exists()


def test_setting_it_up_asks_for_the_password_first(worker: Any) -> None:
    client = walks.inside(worker, second_factor=False)
    assert client.get(reverse("mfa_activate_totp")).url.startswith(reverse("account_reauthenticate"))


def test_a_wrong_code_does_not_set_it_up(worker: Any) -> None:
    client = walks.inside(worker, second_factor=False)
    client.post(reverse("account_reauthenticate"), {"password": worlds.PASSWORD})
    client.get(reverse("mfa_activate_totp"))
    page = client.post(reverse("mfa_activate_totp"), {"code": "000000"}).content.decode()
    assert "验证码不对" in page
    assert not mfa.is_set_up(worker)


@pytest.mark.parametrize("way", ["password", "code"])
def test_it_is_asked_for_at_every_sign_in(worker: Any, way: str, time_machine) -> None:
    secret = set_up(walks.inside(worker, second_factor=False))
    time_machine.shift(90)
    client = Client()
    sign_in = walks.sign_in_by_password if way == "password" else walks.sign_in_by_code
    answer = sign_in(client, worker.phone)
    assert answer.url == reverse("mfa_authenticate")
    assert not walks.is_signed_in(client)
    assert "验证码不对" in client.post(answer.url, {"code": "000000"}).content.decode()
    client.post(answer.url, {"code": code_of(secret)})
    assert walks.is_signed_in(client)
    assert stands_before_the_gate(client, worker) == ""


def test_one_can_turn_back_at_the_second_factor(worker: Any, time_machine) -> None:
    set_up(walks.inside(worker, second_factor=False))
    client: Any = Client()
    walks.sign_in_by_password(client, worker.phone)
    assert client.get(reverse("account_login")).status_code == 200
    assert client.get(reverse("mfa_authenticate")).url == reverse("account_login")


def test_a_session_that_did_not_use_it_must_use_it(worker: Any, time_machine) -> None:
    secret = set_up(walks.inside(worker, second_factor=False))
    client = walks.inside(worker, second_factor=False)
    gate = stands_before_the_gate(client, worker)
    assert gate == "/accounts/2fa/reauthenticate/?next=%2Fadmin%2F"
    time_machine.shift(60)
    assert client.post(gate, {"code": code_of(secret)}).url == "/admin/"
    assert stands_before_the_gate(client, worker) == ""


def test_a_recovery_code_counts_once(worker: Any) -> None:
    client = walks.inside(worker, second_factor=False)
    set_up(client)
    recovery = Authenticator.objects.get(user=worker, type="recovery_codes").wrap().get_unused_codes()[0]
    for turn, works in enumerate([True, False]):
        client = Client()
        walks.sign_in_by_password(client, worker.phone)
        client.post(reverse("mfa_authenticate"), {"code": recovery})
        assert walks.is_signed_in(client) is works, turn


def test_five_wrong_codes_lock_it_for_thirty_minutes(worker: Any, time_machine) -> None:
    secret = set_up(walks.inside(worker, second_factor=False))
    time_machine.shift(60)
    client = Client()
    walks.sign_in_by_password(client, worker.phone)
    for _turn in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "30 分钟后再试" in client.post(reverse("mfa_authenticate"), {"code": code_of(secret)}).content.decode()
    time_machine.shift(30 * 60)
    client = Client()
    walks.sign_in_by_password(client, worker.phone)
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert walks.is_signed_in(client)


def test_the_thirty_minutes_run_from_the_fifth_wrong_code(worker: Any, time_machine) -> None:
    secret = set_up(walks.inside(worker, second_factor=False))
    for _turn in range(5):
        client = Client()
        walks.sign_in_by_password(client, worker.phone)
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
        time_machine.shift(10 * 60)
    for wait, opens in [(20 * 60 - 30, False), (30, True)]:
        time_machine.shift(wait)
        client = Client()
        walks.sign_in_by_password(client, worker.phone)
        client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
        assert walks.is_signed_in(client) is opens


def test_new_recovery_codes_end_the_old_ones(worker: Any) -> None:
    client = walks.inside(worker, second_factor=False)
    set_up(client)
    old = Authenticator.objects.get(user=worker, type="recovery_codes").wrap().get_unused_codes()
    assert client.post(reverse("mfa_generate_recovery_codes")).url == reverse("mfa_view_recovery_codes")
    new = Authenticator.objects.get(user=worker, type="recovery_codes").wrap().get_unused_codes()
    assert not set(old) & set(new)
    assert AuditEntry.objects.filter(verb="account.recovery_codes_renewed", actor_id=worker.pk).exists()


def test_the_same_code_does_not_work_twice(worker: Any) -> None:
    secret = set_up(walks.inside(worker, second_factor=False))
    first, second = Client(), Client()
    for client in (first, second):
        walks.sign_in_by_password(client, worker.phone)
        client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert [walks.is_signed_in(first), walks.is_signed_in(second)] == [True, False]


def test_taking_it_off_asks_for_proof_and_closes_the_gate(worker: Any, time_machine) -> None:
    client = walks.inside(worker, second_factor=False)
    set_up(client)
    time_machine.shift(301)
    answer = client.post(reverse("mfa_deactivate_totp"))
    assert answer.url.startswith(reverse("account_reauthenticate"))
    assert mfa.is_set_up(worker)
    client.post(reverse("account_reauthenticate"), {"password": worlds.PASSWORD})
    client.post(reverse("mfa_deactivate_totp"))
    assert not mfa.is_set_up(worker)
    assert "activate" in stands_before_the_gate(client, worker)
    assert AuditEntry.objects.filter(verb="account.second_factor_removed", actor_id=worker.pk).exists()


def test_another_person_s_proof_is_no_proof(worker: Any) -> None:
    client = walks.inside(worker, second_factor=False)
    set_up(client)
    other = worlds.worker(worlds.community())
    assert stands_before_the_gate(client, other) != ""


def test_the_administrator_helps_who_lost_everything(worker: Any) -> None:
    client = walks.inside(worker, second_factor=False)
    set_up(client)
    gone = mfa.remove_second_factor(
        user=worker, actor=worlds.administrator(), at=clock.now(), reason="手机丢失，当面核对身份"
    )
    assert gone == 2
    assert "activate" in stands_before_the_gate(client, worker)


def test_nobody_else_takes_a_second_factor_away(worker: Any) -> None:
    client = walks.inside(worker, second_factor=False)
    set_up(client)
    home = worlds.community()
    for actor in (worlds.head(home), worlds.account(home), worlds.administrator(is_active=False), worker):
        with pytest.raises(PermissionDenied):
            mfa.remove_second_factor(user=worker, actor=actor, at=clock.now(), reason="x")
    assert mfa.is_set_up(worker)


def test_the_gate_stands_open_where_the_site_says_so(worker: Any, settings) -> None:
    settings.STAFF_NEEDS_SECOND_FACTOR = False
    assert stands_before_the_gate(walks.inside(worker, second_factor=False), worker) == ""


def test_a_sent_form_comes_back_to_the_first_page(worker: Any) -> None:
    request: Any = RequestFactory().post("/admin/wishes/wish/1/approve/")
    request.user, request.session = worker, walks.inside(worker, second_factor=False).session
    answer = mfa.gate(request)
    assert answer is not None
    assert answer.url.endswith("?next=%2Fadmin%2F")


def test_secrets_are_sealed_and_follow_a_new_key(worker: Any, settings, time_machine) -> None:
    secret = set_up(walks.inside(worker, second_factor=False))
    rows = list(Authenticator.objects.filter(user=worker))
    assert secret not in str([row.data for row in rows])
    assert all(
        value.startswith("s1.test1.") for row in rows for key, value in row.data.items() if key in {"secret", "seed"}
    )
    old = settings.SEALED_KEYS
    settings.SEALED_KEYS = f"test2:{'QQ' * 21}E=,{old}"
    call_command("rotate_sealed", verbosity=0)
    settings.SEALED_KEYS = f"test2:{'QQ' * 21}E="
    row = Authenticator.objects.get(user=worker, type="totp")
    assert sealed.key_id_of(row.data["secret"]) == "test2"
    time_machine.shift(60)
    assert row.wrap().validate_code(code_of(secret))


def test_a_picture_to_scan_without_the_name_or_the_phone(worker: Any) -> None:
    client = walks.inside(worker, second_factor=False)
    client.post(reverse("account_reauthenticate"), {"password": worlds.PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    assert "data:image/svg+xml;base64," in page.content.decode()
    assert worker.phone not in page.context_data["totp_url"]
    assert "no-store" in page.headers["Cache-Control"]
