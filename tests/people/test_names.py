"""How a human being may be called."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from portal.people.fields import NameField
from portal.people.names import LONGEST, clean_name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("李雪", "李雪"),
        ("  李  小雪 ", "李 小雪"),
        ("欧阳\u3000娜娜", "欧阳 娜娜"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("阿依古丽 ． 买买提", "阿依古丽·买买提"),
        ("阿依古丽.买买提", "阿依古丽·买买提"),
        ("扎西・卓玛", "扎西·卓玛"),
        ("Anna-Maria O’Neil", "Anna-Maria O'Neil"),
        ("J. Smith", "J. Smith"),
        ("Ｌｉ Ｘｕｅ", "Li Xue"),
        ("Zoë", "Zoë"),
        ("李〇一", "李〇一"),
        ("王\U00020bb7", "王\U00020bb7"),
        ("王\U000313b0", "王\U000313b0"),
        ("郎\uf92c", "郎\uf92c"),
        ("李\u202e雪\x00", "李雪"),
        ("李\u200d雪", "李雪"),
    ],
)
def test_letters_of_any_script_and_what_stands_between_them(typed, kept):
    assert clean_name(typed) == kept
    assert NameField().clean(typed) == kept


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("张😀", "不写表情"),
        ("430202194903071235", "数字"),
        ("李４３", "数字"),
        ("李①", "数字"),
        ("李雪（女儿）", "别的符号"),
        ("<b>李</b>", "别的符号"),
        ("李", "至少两个字"),
        ("\u3164\u3164", "别的符号"),
        ("··", "别的符号"),
        ("李雪·", "写全"),
        ("-李雪", "别的符号"),
        ("李雪·-三", "别的符号"),
        ("李" * (LONGEST + 1), "最多 40"),
    ],
)
def test_what_is_no_name_is_said(typed, said):
    with pytest.raises(ValidationError) as refused:
        clean_name(typed)
    [words] = refused.value.messages
    assert said in words and not any(char in words for char in typed if char in "😀①")


@given(st.text(max_size=60))
def test_what_is_kept_is_a_name_and_stays_one(text):
    try:
        name = clean_name(text)
    except ValidationError:
        return
    assert clean_name(name) == name
    assert 2 <= len(name) <= LONGEST
    assert not any(char.isdigit() or (not char.isprintable() and ord(char) < 0x20000) for char in name)
