"""A creating form that is sent twice creates once."""

import time

import pytest
from django.db import connection

from portal.core import once
from portal.core.models import OnceKey
from tests.races import race, winners

CROWD = 8


def _send(token: str, done: list[int]) -> tuple[str, bool]:
    def act() -> str:
        time.sleep(0.02)
        done.append(1)
        return f"/made/{len(done)}/"

    return once.carry_out(owner="user:1", token=token, act=act)


@pytest.mark.django_db
def test_the_second_sending_leads_where_the_first_did():
    done: list[int] = []
    assert _send("t", done) == ("/made/1/", True)
    assert _send("t", done) == ("/made/1/", False)
    assert len(done) == 1


@pytest.mark.django_db
def test_tokens_of_two_owners_do_not_meet():
    assert once.carry_out(owner="user:1", token="t", act=lambda: "a") == ("a", True)
    assert once.carry_out(owner="user:2", token="t", act=lambda: "b") == ("b", True)
    assert once.spent(owner="user:2", token="t") == "b"
    assert once.spent(owner="user:3", token="t") is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_an_act_that_fails_frees_the_token_and_leaves_nothing():
    def fails() -> str:
        OnceKey.objects.create(owner="beside", token="x")
        raise LookupError

    with pytest.raises(LookupError):
        once.carry_out(owner="user:1", token="t", act=fails)
    assert not OnceKey.objects.exists()
    assert once.carry_out(owner="user:1", token="t", act=lambda: "at last") == ("at last", True)


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["", "\0"])
def test_a_form_without_a_token_is_refused(token):
    with pytest.raises(ValueError, match="once token"):
        once.carry_out(owner="user:1", token=token, act=lambda: "")
    assert not OnceKey.objects.exists()


@pytest.mark.django_db
def test_a_token_that_is_not_ours_still_counts_once():
    """Longer than the column, or with a sign that no column holds: the same sending is the same token all the same."""
    done: list[int] = []
    for token in ("x" * 90, "x" * 90, "x" * 64, "x\0" * 64):
        assert _send(token, done)[0] == "/made/1/"
    assert once.spent(owner="user:1", token="x" * 90) == "/made/1/"
    assert len(done) == 1


def test_tokens_are_fresh_and_fit():
    tokens = {once.token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(0 < len(token) <= 64 for token in tokens)


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres(only=True)
def test_sent_eight_times_at_once_it_is_done_once():
    done: list[int] = []
    outcomes = race(*[lambda: _send("race", done)] * CROWD)
    assert len(done) == 1
    answers = winners(outcomes)
    assert len(answers) == CROWD, outcomes
    assert {where for where, _now in answers} == {"/made/1/"}
    assert sum(now for _where, now in answers) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres(only=True)
def test_control_without_the_constraint_it_is_done_again_and_again():
    constraint = OnceKey._meta.constraints[0]
    with connection.schema_editor() as editor:
        editor.remove_constraint(OnceKey, constraint)
    done: list[int] = []
    try:
        race(*[lambda: _send("race", done)] * CROWD)
    finally:
        OnceKey.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(OnceKey, constraint)
    assert len(done) > 1
