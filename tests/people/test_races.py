"""Requests sent side by side: messages to a number, tries at a code, its one use, one number for one account.

Each race has a control: the same race with the protection taken off is lost.
"""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection, models

from portal.core import clock
from portal.core.models import OnceKey
from portal.people import codes, lockout, signing_in
from portal.people.models import Person, SmsCode, User
from portal.places.models import Area
from tests import worlds
from tests.races import Outcome, race, winners

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres(only=True)]
MANY = 20


def ask_many_times(phone: str) -> list[Outcome]:
    at = clock.now()
    return race(*[lambda: codes.send(phone=phone, words=str, at=at)] * MANY)


def test_a_number_asked_for_many_times_at_once_gets_one_message(sms_sent) -> None:
    phone = worlds.phone()
    outcomes = ask_many_times(phone)
    assert len(winners(outcomes)) == len(sms_sent) == SmsCode.objects.count() == 1
    assert {type(outcome.error) for outcome in outcomes if not outcome.won} == {codes.CodeRefused}


def test_control_without_the_lock_it_gets_several(sms_sent, monkeypatch: pytest.MonkeyPatch) -> None:
    line = threading.Barrier(MANY)
    midnight = codes.day_begins

    def wait_for_all(at: Any) -> Any:
        line.wait(60)  # everybody has looked for an earlier message and found none
        return midnight(at)

    monkeypatch.setattr(codes, "one_at_a_time", lambda _index: None)
    monkeypatch.setattr(codes, "day_begins", wait_for_all)
    ask_many_times(worlds.phone())
    assert len(sms_sent) > 1


def awaited() -> tuple[codes.Pending, list[str]]:
    """A code that is awaited, and many wrong guesses."""
    phone, found = worlds.phone(), []

    def note(code: str) -> str:
        found.append(code)
        return code

    sent = codes.send(phone=phone, words=note, at=clock.now())
    waiting = codes.Pending("sign_in", phone)
    waiting.renew(sent, user_id=None, at=clock.now())
    return waiting, [*found, *[f"{n:06d}" for n in range(100000, 100000 + MANY) if f"{n:06d}" not in found]]


def guess(waiting: codes.Pending, guesses: list[str]) -> list[Outcome]:
    def act(typed: str) -> Callable[[], codes.Checked]:
        return lambda: codes.check(waiting, typed, at=clock.now())

    return race(*map(act, guesses))


def test_many_guesses_at_once_are_three_tries() -> None:
    waiting, (_right, *wrong) = awaited()
    outcomes = guess(waiting, wrong)
    assert all(outcome.won for outcome in outcomes)
    assert OnceKey.objects.filter(owner=codes.message_key(waiting.sms_id)).count() == codes.TRIES
    assert sorted(outcome.value.left for outcome in outcomes)[-2:] == [1, 2]


def test_control_counted_in_the_session_they_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    session, compared = {"tries": 0}, []

    def as_a_session_counts(_sms_id: int, what: str) -> bool:
        seen = session["tries"]
        time.sleep(0.2)
        if what != f"try-{seen + 1}":
            return False
        session["tries"] = seen + 1
        compared.append(what)
        return True

    monkeypatch.setattr(codes, "_claim", as_a_session_counts)
    waiting, (_right, *wrong) = awaited()
    guess(waiting, wrong)
    assert len(compared) > codes.TRIES


def test_the_right_code_sent_many_times_at_once_is_right_once() -> None:
    waiting, (right, *_wrong) = awaited()
    outcomes = guess(waiting, [right] * MANY)
    assert sum(outcome.value.right for outcome in outcomes) == 1


def test_control_without_spending_it_is_right_several_times(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = codes._claim
    monkeypatch.setattr(codes, "_claim", lambda sms_id, what: True if what == "used" else claim(sms_id, what))
    waiting, (right, *_wrong) = awaited()
    assert sum(outcome.value.right for outcome in guess(waiting, [right] * MANY)) > 1


def open_at_once(phone: str, home: Area) -> list[Outcome]:
    def act() -> User:
        return signing_in.open_account(
            phone=phone,
            name="林小荷",
            community_id=home.pk,
            password_hash=make_password(None),
            notice_version="1",
            at=clock.now(),
        )

    return race(*[act] * 8)


def test_one_number_opens_one_account() -> None:
    phone, home = worlds.phone(), worlds.community()
    outcomes = open_at_once(phone, home)
    assert len(winners(outcomes)) == User.objects.count() == Person.objects.count() == 1
    assert {type(outcome.error) for outcome in outcomes if not outcome.won} == {signing_in.PhoneTaken}


def test_control_without_the_unique_index_it_opens_several() -> None:
    phone, home = worlds.phone(), worlds.community()
    with _without_unique_phones():
        assert len(winners(open_at_once(phone, home))) > 1


def change_at_once(phone: str) -> list[Outcome]:
    def act(user: Any) -> Callable[[], Any]:
        return lambda: signing_in.change_phone(user_id=user.pk, phone=phone, at=clock.now())

    return race(*map(act, [worlds.account() for _turn in range(8)]))


def test_one_number_goes_to_one_account() -> None:
    phone = worlds.phone()
    outcomes = change_at_once(phone)
    assert len(winners(outcomes)) == 1
    assert {type(outcome.error) for outcome in outcomes if not outcome.won} == {signing_in.PhoneTaken}
    assert Person.objects.filter(user__phone_index=User.objects.with_phone(phone).phone_index).count() == 1


def test_control_without_the_unique_index_it_goes_to_several() -> None:
    with _without_unique_phones():
        assert len(winners(change_at_once(worlds.phone()))) > 1


def test_many_passwords_at_once_are_five_attempts() -> None:
    keys = lockout.keys_for(worlds.phone())
    assert sum(winners(race(*[lambda: lockout.enter(keys)] * MANY))) == lockout.FAILURES


class _without_unique_phones:
    """The table without the index that keeps sign-in phones apart, and with it again afterwards."""

    def __enter__(self) -> None:
        self._alter(User._meta.get_field("phone_index"), _plain_column())

    def __exit__(self, *_error: object) -> None:
        User.objects.update(phone_index=None)
        self._alter(_plain_column(), User._meta.get_field("phone_index"))

    def _alter(self, old: Any, new: Any) -> None:
        with connection.schema_editor() as editor:
            editor.alter_field(User, old, new)


def _plain_column() -> models.Field:
    plain = models.CharField(max_length=64, null=True)
    plain.set_attributes_from_name("phone_index")
    plain.model = User
    return plain
