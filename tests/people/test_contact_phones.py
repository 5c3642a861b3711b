"""A number by which somebody is reached is a mobile one or a fixed line; one signs in by mobile alone."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import example, given
from hypothesis import strategies as st

from portal.core import clock, sms
from portal.core.masking import mask_phone
from portal.core.scrub import scrub
from portal.core.whole_numbers import holds_number
from portal.people import contacting, phones
from portal.people.models import Person
from tests import worlds

AREA_CODES = st.sampled_from(["010", "020", "021", "029", "0311", "0731", "0733", "0898", "0991"])
LOCAL = st.integers(2_000_000, 8_999_999) | st.integers(20_000_000, 89_999_999)
_FULL_WIDTH = str.maketrans("0123456789-()", "０１２３４５６７８９－（）")


@st.composite
def landlines(draw):
    """A fixed line as (as it is kept, as somebody typed it)."""
    code, local = draw(AREA_CODES), str(draw(LOCAL))
    shapes = ["{c}-{l}", "{c}{l}", "{c} {l}", "({c}){l}", "（{c}） {l}", "{c}—{l}", "+86 {n} {l}", "0086-{n}-{l}"]
    text = draw(st.sampled_from(shapes)).format(c=code, n=code[1:], l=f"{local[:4]} {local[4:]}")
    return f"{code}-{local}", text.translate(_FULL_WIDTH) if draw(st.booleans()) else text


@example(("020-2000000", "+86 20 2000 000"))
@example(("010-2000000", "0086-10-2000 000"))
@given(landlines())
def test_a_fixed_line_is_kept_in_one_way_and_masked_in_all_but_its_end(line):
    kept, typed = line
    assert phones.clean_contact(typed) == kept
    assert phones.clean_contact(kept) == kept
    code, local = kept.split("-")
    assert mask_phone(kept) == f"{code}-****{local[4:]}"
    assert mask_phone(phones.normalise(kept)) == f"{code}****{local[4:]}"
    assert local not in scrub(f"打 {kept} 或 {phones.normalise(kept)}")
    assert holds_number(typed)


@given(landlines())
def test_nobody_signs_in_with_one_and_no_text_message_goes_there(line):
    kept, typed = line
    with pytest.raises(ValidationError):
        phones.clean_mobile(typed)
    before = len(sms.RecordingBackend.sent)
    for number in (kept, phones.normalise(kept)):
        with pytest.raises(sms.SmsFailed) as refused:
            sms.send(phone=number, text="x", key="k")
        assert not refused.value.uncertain
    assert len(sms.RecordingBackend.sent) == before


@given(st.integers(13_000_000_000, 19_999_999_999))
def test_a_mobile_number_is_one_for_both(number):
    assert phones.clean_contact(f"+86 {number}") == phones.clean_mobile(str(number)) == str(number)
    assert mask_phone(str(number)) == f"{str(number)[:3]}****{str(number)[-4:]}"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("28812345", "区号"),
        ("0731-123", "再数一数"),
        ("0731-288123456", "再数一数"),
        ("0731-28812345转8", "只能是数字"),
        ("12345", "11 位"),
        ("25400000000", "13 到 19"),
    ],
)
def test_what_is_wrong_is_said(typed, said):
    with pytest.raises(ValidationError) as refused:
        phones.clean_contact(typed)
    assert said in refused.value.messages[0]


@pytest.mark.django_db
def test_ones_own_contact_phone_may_be_one_and_is_found_by_the_whole_number():
    home = worlds.community()
    user, worker = worlds.account(home), worlds.worker(home)
    client = worlds.client_for(user)
    typed = {"contact_phone": "（0731） 2881 2345", "address": ""}
    assert client.post(reverse("front:contact"), typed).status_code == 302
    person = Person.objects.get(pk=user.person_id)
    assert person.contact_phone == "0731-28812345"
    assert person.phone_masked == "0731-****2345"
    found = contacting.find_by_phone(
        people=Person.objects.live(), phone=phones.clean_contact("073128812345"), actor=worker, at=clock.now()
    )
    assert found == [person]
