"""ID numbers and bank cards are seen in a text however they were typed; what only looks long is left alone."""

import datetime as dt

import pytest
from django import forms
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.core import private_numbers
from portal.core.luhn import check_digit
from portal.core.plaintext import PlainTextField

_FULL_WIDTH = str.maketrans("0123456789Xx", "０１２３４５６７８９Ｘｘ")
_CUTS = {
    "whole": lambda n: [n],
    "fours": lambda n: [n[i : i + 4] for i in range(0, len(n), 4)],
    "one by one": list,
    "six and the rest": lambda n: [n[:6], n[6:]],
}
_GAPS = st.sampled_from([" ", "-", "－", "—", "·", ".", "\u3000", " - ", "_", "/", "\u200b", "，"])
_AROUND = st.sampled_from(["", "我的号是", "（", "办卡用 ", "!", "a "])


@st.composite
def typed(draw, number):
    """``number`` as somebody may type it."""
    parts = _CUTS[draw(st.sampled_from(sorted(_CUTS)))](draw(number))
    text = draw(_GAPS).join(parts)
    if draw(st.booleans()):
        text = text.translate(_FULL_WIDTH)
    return f"{draw(_AROUND)}{text}{draw(st.sampled_from(['', '的', '，谢谢', ')']))}"


@st.composite
def id_numbers(draw):
    born = draw(st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2026, 1, 1)))
    area, order = draw(st.integers(110000, 659999)), draw(st.integers(0, 999))
    return f"{area}{born:%Y%m%d}{order:03d}{draw(st.sampled_from('0123456789Xx'))}"


@st.composite
def cards(draw):
    digits = f"62{draw(st.integers(10**12, 10**16 - 1))}"
    assume(not digits[6:].startswith(("0", "1")))  # twelve digits that look like a phone are taken for one
    return digits + check_digit(digits)


@given(typed(id_numbers()))
def test_an_id_number_is_seen_however_it_is_typed(text):
    assert private_numbers.holds_id_number(text), len(text)


@given(typed(cards()))
def test_a_bank_card_is_seen_however_it_is_typed(text):
    assert private_numbers.holds_card_number(text), len(text)


@pytest.mark.parametrize(
    "text",
    [
        "430202 1949 03 07 123X",
        "430202490307123",
        "身份证430202194903071235的",
        "4️⃣3️⃣0202194903071235",
        "ABC123456789012",
    ],
)
def test_groups_by_meaning_old_numbers_and_signs_between_are_seen(text):
    assert private_numbers.holds_id_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "打15400000001或者0731-28812345",
        "15400000001 28812345",
        "0731 28812345 15400000001",
        "2026-11-24 10:30 到 2026-11-25 12:00",
        "单号 483 177 020 和 483 177 038",
        "3栋2单元102，电话154 0000 0001",
        "电费1200 1300 1400 1500",
        "六个 500 毫升的，一共 24 元",
    ],
)
def test_phones_days_amounts_and_doors_are_left_alone(text):
    assert not private_numbers.problem(text)


@given(st.lists(st.integers(10**10, 10**10 + 9).map(lambda n: f"15{n:011d}"[:11]), min_size=1, max_size=4), _GAPS)
def test_phones_in_a_row_are_phones(phones, gap):
    assert not private_numbers.problem(gap.join(phones))


class _Form(forms.Form):
    line = PlainTextField()
    words = PlainTextField(widget=forms.Textarea)


def test_the_field_refuses_and_keeps_what_was_typed_but_does_not_repeat_it():
    form = _Form(
        {"line": "李雪 430202194903071235", "words": "卡号\n6222 0202 0000 1234 56" + check_digit("622202020000123456")}
    )
    assert set(form.errors) == {"line", "words"}
    assert "430202194903071235" in str(form["line"]) and "6222 0202" in str(form["words"])
    assert not any(char.isdigit() for words in form.errors.values() for message in words for char in message)
