"""The phone of an account: changing it, confirming it, and what the desk may do about it."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from portal.core import clock, sms
from portal.core.models import AuditEntry, Remark
from portal.people import signing_in
from portal.people.adapter import AccountAdapter
from portal.people.models import User
from tests import worlds

from . import walks

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> Any:
    return worlds.account(worlds.community())


def change(client: Any, phone: str) -> str:
    """Change to ``phone`` as far as it goes; the page that follows."""
    client.post(reverse("account_reauthenticate"), {"password": worlds.PASSWORD})
    client.post(reverse("account_change_phone"), {"phone": phone})
    return client.post(reverse("account_code"), {"code": walks.last_code(phone)}, follow=True).content.decode()


def test_the_new_number_opens_and_the_old_one_does_not(user: Any) -> None:
    old, new = user.phone, worlds.phone()
    assert "手机号换好了" in change(walks.inside(user), new)
    user.refresh_from_db()
    assert user.phone == new
    assert user.phone_confirmed_at == clock.now()
    walks.reset_pauses()
    client = Client()
    walks.sign_in_by_code(client, new)
    assert walks.is_signed_in(client)
    client = Client()
    client.post(reverse("account_request_login_code"), {"phone": old})
    assert "还没有账号" in walks.last_text(old)
    walks.sign_in_by_password(client, old)
    assert not walks.is_signed_in(client)


def test_nothing_changes_before_the_code(user: Any) -> None:
    old, client = user.phone, walks.inside(user)
    client.post(reverse("account_reauthenticate"), {"password": worlds.PASSWORD})
    client.post(reverse("account_change_phone"), {"phone": worlds.phone()})
    walks.type_code(client, walks.WRONG_CODE)
    user.refresh_from_db()
    assert user.phone == old


def test_sessions_elsewhere_end_and_this_one_goes_on(user: Any) -> None:
    here, elsewhere = walks.inside(user), walks.inside(user)
    change(here, worlds.phone())
    assert walks.is_signed_in(here)
    assert not walks.is_signed_in(elsewhere)


def test_a_code_for_the_old_number_that_is_under_way_opens_nothing(user: Any) -> None:
    waiting, old = Client(), user.phone
    waiting.post(reverse("account_request_login_code"), {"phone": old})
    code = walks.last_code(old)
    change(walks.inside(user), worlds.phone())
    walks.type_code(waiting, code)
    assert not walks.is_signed_in(waiting)
    user.refresh_from_db()
    assert user.phone != old


def test_it_is_written_without_the_numbers(user: Any) -> None:
    old, new = user.phone, worlds.phone()
    change(walks.inside(user), new)
    entry = AuditEntry.objects.get(verb="account.phone_changed")
    assert (entry.actor_id, entry.subject_id) == (user.pk, user.pk)
    assert old not in str(entry.details) and new not in str(entry.details)


def test_the_old_number_is_told(user: Any, sms_sent) -> None:
    old = user.phone
    change(walks.inside(user), worlds.phone())
    assert "已换成别的手机号" in next(m.text for m in reversed(sms_sent) if m.phone == old)


def test_a_message_to_the_old_number_that_fails_undoes_nothing(user: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new, send = user.phone, worlds.phone(), sms.send

    def fail_for_the_old(*, phone: str, text: str, key: str) -> None:
        if phone == old:
            raise sms.SmsFailed("provider answered 500", uncertain=True)
        send(phone=phone, text=text, key=key)

    monkeypatch.setattr(sms, "send", fail_for_the_old)
    assert "手机号换好了" in change(walks.inside(user), new)


def test_the_contact_phone_follows_only_where_it_was_the_same(user: Any) -> None:
    new = worlds.phone()
    change(walks.inside(user), new)
    user.person.refresh_from_db()
    assert user.person.contact_phone == new
    other: Any = worlds.account()
    kept = worlds.phone()
    other.person.contact_phone = kept
    other.person.save()
    change(walks.inside(other), worlds.phone())
    other.person.refresh_from_db()
    assert other.person.contact_phone == kept


def test_a_number_of_another_account_is_told_by_message_alone(user: Any) -> None:
    taken, client, old = worlds.account(), walks.inside(user), user.phone
    client.post(reverse("account_reauthenticate"), {"password": worlds.PASSWORD})
    answer = client.post(reverse("account_change_phone"), {"phone": taken.phone})
    assert answer.url == reverse("account_code")
    assert "不能换成它" in walks.last_text(taken.phone)
    walks.type_code(client, walks.WRONG_CODE)
    user.refresh_from_db()
    assert user.phone == old


def test_a_number_that_another_account_got_meanwhile(user: Any) -> None:
    client, new = walks.inside(user), worlds.phone()
    client.post(reverse("account_reauthenticate"), {"password": worlds.PASSWORD})
    client.post(reverse("account_change_phone"), {"phone": new})
    worlds.account(phone=new)
    page = client.post(reverse("account_code"), {"code": walks.last_code(new)}, follow=True).content.decode()
    assert "刚刚有了账号" in page


def test_the_number_one_has_needs_no_change(user: Any, sms_sent) -> None:
    client = walks.inside(user)
    client.post(reverse("account_reauthenticate"), {"password": worlds.PASSWORD})
    page = client.post(reverse("account_change_phone"), {"phone": f"+86{user.phone}"}).content.decode()
    assert "这就是您现在的号码" in page
    assert not sms_sent


def test_who_has_a_password_shows_it_first(user: Any) -> None:
    answer = walks.inside(user).get(reverse("account_change_phone"))
    assert answer.url.startswith(reverse("account_reauthenticate"))


# Whose account opens by code alone ------------------------------------------------------------------------------------

MOVES = ["account_change_phone", "account_change_password", "mfa_activate_totp"]


@pytest.fixture
def by_code() -> Any:
    return worlds.account(worlds.community(), password=None)


@pytest.mark.parametrize("page", MOVES)
def test_an_open_session_alone_does_not_move_an_account(by_code: Any, page: str, sms_sent, time_machine) -> None:
    client = Client()
    walks.sign_in_by_code(client, by_code.phone)
    time_machine.shift(15 * 60 + 1)
    sms_sent.clear()
    shown = client.get(reverse(page))
    assert 'name="next"' in shown.content.decode()
    new = {"phone": worlds.phone(), "password1": "magnolia-bridge-77", "password2": "magnolia-bridge-77", "code": "1"}
    assert "确认是您本人" in client.post(reverse(page), new).content.decode()
    by_code.refresh_from_db()
    assert not by_code.has_usable_password()
    assert not sms_sent


@pytest.mark.parametrize("page", MOVES)
def test_a_code_just_typed_at_sign_in_is_proof(by_code: Any, page: str, time_machine) -> None:
    client = Client()
    walks.sign_in_by_code(client, by_code.phone)
    time_machine.shift(15 * 60)
    assert "确认是您本人" not in client.get(reverse(page)).content.decode()


def test_a_code_to_the_old_number_comes_first_and_leads_back(by_code: Any, sms_sent) -> None:
    client, old, new = walks.inside(by_code), by_code.phone, worlds.phone()
    page = reverse("account_change_phone")
    assert "确认是您本人" in client.get(page).content.decode()
    client.post(reverse("account_confirm_phone"), {"next": page})
    assert [message.phone for message in sms_sent] == [old]
    assert walks.type_code(client, walks.last_code(old)).url == page
    client.post(page, {"phone": new})
    walks.type_code(client, walks.last_code(new))
    by_code.refresh_from_db()
    assert by_code.phone == new


def test_a_wrong_code_proves_nothing(by_code: Any) -> None:
    client = walks.inside(by_code)
    client.post(reverse("account_confirm_phone"), {"next": reverse("account_change_phone")})
    walks.type_code(client, walks.WRONG_CODE)
    assert "确认是您本人" in client.get(reverse("account_change_phone")).content.decode()


def test_proof_leads_nowhere_outside(by_code: Any) -> None:
    client = walks.inside(by_code)
    client.post(reverse("account_confirm_phone"), {"next": "https://elsewhere.example.com/"})
    assert walks.type_code(client, walks.last_code(by_code.phone)).url == reverse("account_overview")


def test_who_has_neither_number_nor_password_is_sent_to_the_desk() -> None:
    user = worlds.account(worlds.community(), password=None, phone=None)
    page = walks.inside(user).get(reverse("account_change_phone")).content.decode()
    assert "社区服务窗口" in page
    assert "获取验证码" not in page


# ----------------------------------------------------------------------------------------------------------------------


def test_an_account_without_a_number_gets_one() -> None:
    administrator, new = worlds.administrator(), worlds.phone()
    change(walks.inside(administrator), new)
    administrator.refresh_from_db()
    assert administrator.phone == new


def test_a_code_for_changing_is_no_code_for_another_account(user: Any) -> None:
    client, new = walks.inside(user), worlds.phone()
    client.post(reverse("account_reauthenticate"), {"password": worlds.PASSWORD})
    client.post(reverse("account_change_phone"), {"phone": new})
    code, kept = walks.last_code(new), dict(client.session["people.code"])
    other = worlds.account()
    thief = walks.inside(other)
    session = thief.session
    session["people.code"] = kept
    session.save()
    assert walks.type_code(thief, code).url == reverse("account_overview")
    other.refresh_from_db()
    assert other.phone != new


def test_confirming_sends_one_code_to_the_own_number(user: Any, sms_sent, time_machine) -> None:
    client = walks.inside(user)
    time_machine.shift(60)
    assert client.post(reverse("account_confirm_phone")).url == reverse("account_code")
    assert [message.phone for message in sms_sent] == [user.phone]
    page = client.post(reverse("account_code"), {"code": walks.last_code(user.phone)}, follow=True).content.decode()
    assert "手机号确认好了" in page
    user.refresh_from_db()
    assert user.phone_confirmed_at == clock.now()


def test_confirming_too_often_is_said(user: Any) -> None:
    client = walks.inside(user)
    walks.sign_in_by_code(Client(), user.phone)
    assert "请等 60 秒" in walks.words_of(client.post(reverse("account_confirm_phone"), follow=True))


def test_a_new_password_does_not_bring_an_old_number_back(user: Any) -> None:
    read_before = User.objects.get(pk=user.pk)
    new = worlds.phone()
    change(walks.inside(user), new)
    AccountAdapter().set_password(read_before, "magnolia-bridge-77")
    user.refresh_from_db()
    assert user.phone == new


# The desk ------------------------------------------------------------------------------------------------------------


def test_the_desk_confirms_a_number(client: Any) -> None:
    home = worlds.community()
    user = worlds.account(home, phone_confirmed_at=clock.now() - dt.timedelta(days=200))
    worker = worlds.worker(home)
    signing_in.confirm_at_desk(user=user, actor=worker, at=clock.now(), reason="本人持身份证和手机到窗口")
    walks.sign_in_by_code(client, user.phone)
    assert walks.is_signed_in(client)
    entry = AuditEntry.objects.get(verb="account.phone_confirmed_at_desk")
    assert (entry.actor_id, entry.subject_id) == (worker.pk, user.pk)
    assert Remark.objects.get(audit_entry=entry).text == "本人持身份证和手机到窗口"


def test_the_desk_frees_a_number_for_its_present_owner(client: Any) -> None:
    home = worlds.community()
    former: Any = worlds.account(home)
    inside, phone = walks.inside(former), former.phone
    worker = worlds.worker(home)
    signing_in.release_phone(user=former, actor=worker, at=clock.now(), reason="号码已由他人使用")
    assert not walks.is_signed_in(inside)
    client.post(reverse("account_signup"), walks.sign_up_data(phone, home))
    walks.type_code(client, walks.last_code(phone))
    assert walks.is_signed_in(client)
    holder = User.objects.with_phone(phone)
    assert holder is not None
    assert holder.pk != former.pk


def _offices(home: Any) -> dict[str, Any]:
    other = worlds.community("向阳社区", parent=worlds.subdistrict("桂花街道"))
    return {
        "a resident": worlds.account(home),
        "the desk of another place": worlds.worker(other),
        "who reads only": worlds.supervisor(home),
        "a closed account": worlds.worker(home, is_active=False),
    }


@pytest.mark.parametrize("who", ["a resident", "the desk of another place", "who reads only", "a closed account"])
@pytest.mark.parametrize("act", [signing_in.confirm_at_desk, signing_in.release_phone])
def test_who_is_not_of_the_desk_decides_nothing_about_a_number(who: str, act: Any) -> None:
    home = worlds.community()
    user, actor = worlds.account(home, phone_confirmed_at=None), _offices(home)[who]
    with pytest.raises(PermissionDenied):
        act(user=user, actor=actor, at=clock.now(), reason="x")
    again = User.objects.get(pk=user.pk)
    assert (again.phone, again.phone_confirmed_at) == (user.phone, None)


@pytest.mark.parametrize("act", [signing_in.confirm_at_desk, signing_in.release_phone])
def test_the_number_of_a_colleague_is_the_administrators_to_decide_on(act: Any) -> None:
    home = worlds.community()
    colleague = worlds.worker(home)
    with pytest.raises(PermissionDenied):
        act(user=colleague, actor=worlds.head(home), at=clock.now(), reason="x")
    act(user=colleague, actor=worlds.administrator(), at=clock.now(), reason="x")
