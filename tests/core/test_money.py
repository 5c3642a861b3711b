"""Integer fen: what is split sums to the whole, what is written can be read back."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.core import money

FEN = st.integers(min_value=-(10**12), max_value=10**12)
WEIGHTS = st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=60)


@given(total=FEN, parts=st.integers(min_value=1, max_value=500))
def test_even_parts_sum_to_the_whole_and_differ_by_one_fen(total, parts):
    shares = money.split(total, parts)
    assert len(shares) == parts
    assert sum(shares) == total
    assert max(shares) - min(shares) <= 1


@given(total=FEN, weights=WEIGHTS)
def test_weighted_shares_sum_to_the_whole_each_within_one_fen(total, weights):
    whole = sum(weights)
    assume(whole > 0)
    shares = money.share(total, weights)
    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share * whole - total * weight) < whole
        assert weight or share == 0, "who weighs nothing gets nothing"


@given(total=FEN, weights=WEIGHTS)
def test_equal_weights_get_equal_shares_up_to_one_fen(total, weights):
    assume(sum(weights) > 0)
    shares = money.share(total, weights)
    for weight in set(weights):
        same = [share for share, other in zip(shares, weights, strict=True) if other == weight]
        assert max(same) - min(same) <= 1


def test_the_building_of_thirty_households_sums_to_its_year():
    assert money.split(720_000, 30) == [24_000] * 30
    assert money.split(100, 3) == [34, 33, 33], "the earlier place gets the fen left over"


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1, 3]])
def test_weights_that_cannot_share_are_refused(weights):
    with pytest.raises(ValueError, match="weights"):
        money.share(100, weights)


def test_no_parts_are_refused():
    with pytest.raises(ValueError, match="at least 1"):
        money.split(100, 0)


@given(fen=st.integers(min_value=-(10**14) + 1, max_value=10**14 - 1))
def test_what_is_written_is_read_back(fen):
    assert money.parse_yuan(money.format_yuan(fen)) == fen


@given(fen=FEN)
def test_what_stands_in_a_form_is_read_back(fen):
    assert money.parse_yuan(money.plain_yuan(fen)) == fen


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("240", 24_000),
        ("240.5", 24_050),
        ("¥1,200.05", 120_005),
        ("￥1，200元", 120_000),
        (" 0.01 ", 1),
        ("¥ 240 元", 24_000),
        ("-3", -300),
        ("¥-3", -300),
        ("２４０", 24_000),
    ],
)
def test_what_people_type(text, fen):
    assert money.parse_yuan(text) == fen


@pytest.mark.parametrize(
    "text",
    ["", "  ", "一百", "1.234", "1e5", "12..3", "1 2", "¥", "12,5", "1,20,000", "--1", "-¥-1", "0x10", "NaN", "1" * 13],
)
def test_what_is_no_amount(text):
    with pytest.raises(ValidationError, match="请填写金额"):
        money.parse_yuan(text)


def test_how_amounts_are_written():
    assert money.format_yuan(24_000) == "¥240.00"
    assert money.format_yuan(-5) == "−¥0.05"
    assert money.format_yuan(123_456_789) == "¥1,234,567.89"
