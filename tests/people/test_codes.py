"""Codes by text message: how many, how long, how often."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from portal.core import sms
from portal.people import codes
from portal.people.models import SmsCode
from portal.people.tasks import sweep_codes
from tests import worlds

from . import walks
from .conftest import NOON

pytestmark = pytest.mark.django_db


def send(phone: str, at: dt.datetime = NOON) -> tuple[codes.Pending, str]:
    """Send a code; what the session would keep, and the code."""
    sent = codes.send(phone=phone, words=lambda code: f"code {code}", at=at)
    waiting = codes.Pending("sign_in", phone)
    waiting.renew(sent, user_id=None, at=at)
    return waiting, walks.last_text(phone).removeprefix("code ")


def after(**time: int) -> dt.datetime:
    return NOON + dt.timedelta(**time)


def test_a_code_has_six_digits_and_is_new_each_time() -> None:
    seen = {send(worlds.phone())[1] for _turn in range(20)}
    assert all(re.fullmatch(r"\d{6}", code) for code in seen)
    assert len(seen) > 15


def test_a_code_holds_for_five_minutes_and_not_a_second_longer() -> None:
    waiting, code = send(worlds.phone())
    assert codes.check(waiting, code, at=after(seconds=300)).right
    waiting, code = send(worlds.phone())
    late = codes.check(waiting, code, at=after(seconds=301))
    assert late.expired
    assert not late.right


def test_an_expired_code_costs_no_try() -> None:
    waiting, code = send(worlds.phone())
    for _turn in range(5):
        codes.check(waiting, walks.WRONG_CODE, at=after(seconds=301))
    assert codes.check(waiting, code, at=after(seconds=10)).right


def test_three_tries() -> None:
    waiting, code = send(worlds.phone())
    wrong = "111111" if code != "111111" else "222222"
    assert [codes.check(waiting, wrong, at=NOON).left for _turn in range(3)] == [2, 1, 0]
    assert not codes.check(waiting, code, at=NOON).right


def test_the_third_try_may_be_the_right_one() -> None:
    waiting, code = send(worlds.phone())
    wrong = "111111" if code != "111111" else "222222"
    codes.check(waiting, wrong, at=NOON)
    codes.check(waiting, wrong, at=NOON)
    assert codes.check(waiting, code, at=NOON).right


def test_a_code_is_right_once() -> None:
    waiting, code = send(worlds.phone())
    assert codes.check(waiting, code, at=NOON).right
    assert not codes.check(waiting, code, at=NOON).right


def test_a_code_belongs_to_the_message_it_came_with() -> None:
    first, _code = send(worlds.phone())
    _second, other_code = send(worlds.phone())
    if _code != other_code:
        assert not codes.check(first, other_code, at=NOON).right


def test_a_message_without_a_code_matches_nothing() -> None:
    phone = worlds.phone()
    sent = codes.send(phone=phone, words="no account here", at=NOON)
    waiting = codes.Pending("sign_in", phone)
    waiting.renew(sent, user_id=None, at=NOON)
    assert sent.proof == ""
    assert not codes.check(waiting, "", at=NOON).right
    assert not codes.check(waiting, "-", at=NOON).right


@pytest.mark.parametrize("typed", ["１２３４５６", "123 456", " 123456 ", "123-456"])
def test_a_code_is_understood_as_people_type_it(typed: str) -> None:
    assert codes.normalise(typed) == "123456"


def test_sixty_seconds_between_messages_whoever_asks() -> None:
    phone = worlds.phone()
    send(phone)
    with pytest.raises(codes.CodeRefused, match="请等 1 秒"):
        send(phone, after(seconds=59))
    send(phone, after(seconds=60))


def test_the_pause_is_told_to_the_second() -> None:
    phone = worlds.phone()
    send(phone)
    with pytest.raises(codes.CodeRefused, match="请等 60 秒"):
        send(phone, NOON)


def test_the_number_is_the_same_however_it_is_written() -> None:
    phone = worlds.phone()
    send(phone)
    with pytest.raises(codes.CodeRefused):
        codes.send(phone=f"+86 {phone[:3]} {phone[3:]}", words="x", at=NOON)


def test_twenty_a_day_and_again_the_next_day() -> None:
    phone = worlds.phone()
    for turn in range(20):
        send(phone, after(minutes=turn))
    with pytest.raises(codes.CodeRefused, match="明天"):
        send(phone, after(minutes=20))
    late_evening = NOON.replace(hour=15, minute=59, second=59)
    with pytest.raises(codes.CodeRefused, match="明天"):
        send(phone, late_evening)
    send(phone, late_evening + dt.timedelta(seconds=1))


def test_another_number_is_not_held_back() -> None:
    send(worlds.phone())
    send(worlds.phone())


def test_a_refusal_by_the_provider_is_said_and_costs_no_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    phone = worlds.phone()

    def refuse(**_message: str) -> None:
        raise sms.SmsFailed("provider answered 400")

    with monkeypatch.context() as patch:
        patch.setattr(sms, "send", refuse)
        with pytest.raises(codes.CodeRefused, match="发不出去"):
            send(phone)
    send(phone)


def test_an_unclear_answer_counts_as_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    phone = worlds.phone()

    def time_out(**_message: str) -> None:
        raise sms.SmsFailed("TimeoutError", uncertain=True)

    with monkeypatch.context() as patch:
        patch.setattr(sms, "send", time_out)
        sent = codes.send(phone=phone, words=str, at=NOON)
    assert sent.uncertain
    assert sent.proof
    with pytest.raises(codes.CodeRefused):
        send(phone)


def test_what_was_kept_for_the_limits_goes_after_two_days() -> None:
    send(worlds.phone())
    assert sweep_codes(after(days=2)) == 0
    assert sweep_codes(after(days=2, seconds=1)) == 1
    assert not SmsCode.objects.exists()


def test_the_page_asks_for_six_digits_before_a_try_is_used(client) -> None:
    user = worlds.account()
    client.post(reverse("account_request_login_code"), {"phone": user.phone})
    for typed in ["", "12345", "1234567", "abcdef"]:
        assert "6 位数字" in client.post(reverse("account_code"), {"code": typed}).content.decode()
    walks.type_code(client, walks.last_code(user.phone))
    assert walks.is_signed_in(client)


def test_the_page_counts_down_and_then_starts_over(client) -> None:
    user = worlds.account()
    client.post(reverse("account_request_login_code"), {"phone": user.phone})
    code = walks.last_code(user.phone)
    wrong = "111111" if code != "111111" else "222222"
    assert "再试 2 次" in walks.type_code(client, wrong).content.decode()
    assert "再试 1 次" in walks.type_code(client, wrong).content.decode()
    answer = walks.type_code(client, wrong)
    assert answer.url == reverse("account_login")
    assert "作废" in client.get(answer.url).content.decode()
    assert walks.type_code(client, code).url == reverse("account_login")
    assert not walks.is_signed_in(client)


def test_winding_the_session_back_gives_no_tries_back(client) -> None:
    user = worlds.account()
    client.post(reverse("account_request_login_code"), {"phone": user.phone})
    code = walks.last_code(user.phone)
    wrong = "111111" if code != "111111" else "222222"
    kept = dict(client.session["people.code"])
    for _turn in range(3):
        walks.type_code(client, wrong)
    session = client.session
    session["people.code"] = kept
    session.save()
    walks.type_code(client, code)
    assert not walks.is_signed_in(client)


def test_sending_again_makes_the_older_code_useless(client, time_machine) -> None:
    user = worlds.account()
    client.post(reverse("account_request_login_code"), {"phone": user.phone})
    first = walks.last_code(user.phone)
    time_machine.shift(60)
    answer = client.post(reverse("account_code"), {"action": "resend"}, follow=True)
    assert "又发了一条" in answer.content.decode()
    second = walks.last_code(user.phone)
    if first != second:
        walks.type_code(client, first)
        assert not walks.is_signed_in(client)
    walks.type_code(client, second)
    assert walks.is_signed_in(client)


def test_sending_again_too_soon_is_said_and_the_code_still_holds(client, time_machine) -> None:
    user = worlds.account()
    client.post(reverse("account_request_login_code"), {"phone": user.phone})
    time_machine.shift(20)
    answer = client.post(reverse("account_code"), {"action": "resend"}, follow=True)
    assert "请等 40 秒" in walks.words_of(answer)
    walks.type_code(client, walks.last_code(user.phone))
    assert walks.is_signed_in(client)


def test_pressing_twice_leads_to_the_page_of_the_first(client, sms_sent) -> None:
    user = worlds.account()
    for _turn in range(2):
        answer = client.post(reverse("account_request_login_code"), {"phone": user.phone})
        assert answer.url == reverse("account_code")
    assert len(sms_sent) == 1
    walks.type_code(client, walks.last_code(user.phone))
    assert walks.is_signed_in(client)


def test_a_page_left_for_half_an_hour_starts_over(client, time_machine) -> None:
    client.post(reverse("account_request_login_code"), {"phone": worlds.phone()})
    time_machine.shift(30 * 60)
    assert client.get(reverse("account_code")).status_code == 200
    time_machine.shift(1)
    assert client.get(reverse("account_code")).url == reverse("account_login")


def test_an_expired_code_is_said_on_the_page(client, time_machine) -> None:
    user = worlds.account()
    client.post(reverse("account_request_login_code"), {"phone": user.phone})
    time_machine.shift(301)
    assert "5 分钟" in walks.type_code(client, walks.last_code(user.phone)).content.decode()
    assert not walks.is_signed_in(client)


def test_a_provider_that_fails_gives_a_clear_page(client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_message: str) -> None:
        raise sms.SmsFailed("provider answered 400")

    monkeypatch.setattr(sms, "send", refuse)
    answer = client.post(reverse("account_request_login_code"), {"phone": worlds.account().phone})
    assert answer.status_code == 200
    assert "发不出去" in answer.content.decode()


def test_an_unclear_answer_leads_on_with_a_word(client, monkeypatch: pytest.MonkeyPatch) -> None:
    def time_out(**_message: str) -> None:
        raise sms.SmsFailed("TimeoutError", uncertain=True)

    monkeypatch.setattr(sms, "send", time_out)
    answer = client.post(reverse("account_request_login_code"), {"phone": worlds.account().phone}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("account_code")
    assert "晚一点到" in answer.content.decode()


def test_one_address_cannot_ask_for_many_numbers(client) -> None:
    answers = [client.post(reverse("account_request_login_code"), {"phone": worlds.phone()}) for _turn in range(21)]
    assert {answer.status_code for answer in answers[:20]} == {302}
    assert answers[20].status_code == 429
    assert "点得太快" in answers[20].content.decode()
