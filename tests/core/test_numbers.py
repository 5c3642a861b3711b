"""Numbers that people quote: a series without a gap, codes that reveal no count."""

import time

import pytest
from django.db import transaction
from django.db.models import QuerySet
from hypothesis import given
from hypothesis import strategies as st

from portal.core import numbers
from portal.core.luhn import check_digit
from portal.core.models import NumberSeries
from tests.races import race, winners

CROWD = 20


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_a_rollback_gives_the_number_back():
    taken = []
    for attempt in range(6):
        try:
            with transaction.atomic():
                number = numbers.next_number("receipts")
                if attempt % 2:
                    raise RuntimeError
                taken.append(number)
        except RuntimeError:
            continue
    assert taken == [1, 2, 3]


@pytest.mark.django_db
def test_series_do_not_share_their_numbers():
    assert [numbers.next_number(series) for series in ("a", "b", "a", "b", "a")] == [1, 1, 2, 2, 3]


@pytest.mark.django_db(transaction=True)
def test_a_number_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="inside the transaction"):
        numbers.next_number("receipts")
    assert not NumberSeries.objects.exists()


def _take() -> int:
    with transaction.atomic():
        return numbers.next_number("race")


def _slowly(monkeypatch) -> None:
    """Leave time between reading the last number and writing the next one, in the race and in its control alike."""
    save = NumberSeries.save

    def slow_save(self, *args, **kwargs):
        time.sleep(0.02)
        save(self, *args, **kwargs)

    monkeypatch.setattr(NumberSeries, "save", slow_save)


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres(only=True)
def test_twenty_at_once_get_twenty_numbers_without_a_gap(monkeypatch):
    _slowly(monkeypatch)
    outcomes = race(*[_take] * CROWD)
    assert sorted(winners(outcomes)) == list(range(1, CROWD + 1)), outcomes


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres(only=True)
def test_control_without_the_lock_numbers_are_given_out_twice(monkeypatch):
    _slowly(monkeypatch)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, *args, **kwargs: self)
    taken = winners(race(*[_take] * CROWD))
    assert len(set(taken)) < len(taken)
    assert max(taken) < CROWD


@given(digits=st.integers(min_value=10**7, max_value=10**8 - 1), place=st.integers(0, 8), other=st.integers(1, 9))
def test_one_wrong_digit_is_noticed(digits, place, other):
    code = f"{digits}{check_digit(str(digits))}"
    assert numbers.is_public_code(code)
    wrong = code[:place] + str((int(code[place]) + other) % 10) + code[place + 1 :]
    assert not numbers.is_public_code(wrong)


def test_codes_are_nine_digits_and_look_random():
    codes = {numbers.public_code() for _ in range(500)}
    assert len(codes) > 495
    assert all(numbers.is_public_code(code) and code[0] != "0" for code in codes)


@pytest.mark.parametrize("text", ["", "12345678", "1234567890", "１２３４５６７８２", "12345678a", "123 45678"])
def test_what_is_no_code(text):
    assert not numbers.is_public_code(text)


def test_a_code_is_read_out_in_threes():
    assert numbers.spaced("483177020") == "483 177 020"
