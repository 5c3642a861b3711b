"""Cutting text into terms, and questions about them: by example, and for whatever anybody may type."""

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.search.marking import marked, snippet
from portal.search.terms import LONGEST_QUERY, Query, cut, flat, fts5, plain, postgres

HAN = st.sampled_from("王李秀英社区心愿修灯楼道袁家湾臺灣國〇㐂𠮷𬭁")
NAMES = st.text(HAN, min_size=1, max_size=12)
ANYTHING = st.text(max_size=200)
NASTY = st.text(st.sampled_from("'\"\\:*|&!()<>-@^~^%_; \0\n王1a😀\u202e\u200d"), max_size=60)


def found(typed: str, *texts: str) -> bool:
    return Query(typed).found_in(*texts)


class TestCutting:
    def test_a_run_gives_its_pairs_and_its_last_character(self):
        assert cut("王秀英") == {"王秀", "秀英", "英"}

    def test_a_word_is_whole_and_a_run_beside_it_is_its_own(self):
        assert cut("WiFi装好3栋") == {"wifi", "装好", "好", "3", "栋"}

    def test_full_width_signs_are_the_same_as_narrow_ones(self):
        assert cut("ＷＩＦＩ　１０１") == cut("wifi 101")

    def test_traditional_characters_stay_what_they_are(self):
        assert cut("臺灣") == {"臺灣", "灣"}
        assert not found("台湾", "臺灣")

    def test_a_variation_of_a_character_is_the_character(self):
        assert cut("葛\U000e0100城") == cut("葛城")

    def test_characters_newer_than_our_tables_are_ideographs(self):
        assert cut("\U000323af\U0002f00a") == {"\U000323af\U0002f00a", "\U0002f00a"}

    def test_digits_in_groups_are_one_number_too(self):
        assert {"123", "456", "789", "123456789"} <= cut("单号 123 456 789")

    @pytest.mark.parametrize(
        "number", ["15400001234", "154 0000 1234", "154-0000-1234", "430202195003051234", "43020219500305 1234"]
    )
    def test_a_phone_or_an_id_number_is_no_term(self, number):
        assert not any(char.isdigit() for term in cut(f"李奶奶 {number} 找人") for char in term)


class TestAsking:
    @pytest.mark.parametrize("typed", ["王秀", "秀英", "王秀英", "王", "秀", "英", "英 王秀", "王 英"])
    def test_two_characters_and_one_are_found(self, typed):
        assert found(typed, "王秀英")

    @pytest.mark.parametrize("typed", ["王英", "英秀", "李", "王秀英李", "秀英王"])
    def test_what_is_not_there_is_not_found(self, typed):
        assert not found(typed, "王秀英")

    @pytest.mark.parametrize(
        "typed", ["123456789", "123 456 789", "123-456-789", "１２３４５６７８９", "123456", "123 456"]
    )
    def test_a_code_is_found_with_and_without_gaps(self, typed):
        assert found(typed, "心愿 123456789")
        assert found(typed, "心愿 123 456 789")

    def test_words_are_found_by_their_beginning(self):
        assert found("wif", "装WiFi")
        assert not found("ifi", "装WiFi")

    def test_a_number_before_a_character_is_whole(self):
        assert found("15栋", "五公司小区15栋")
        assert not found("5栋", "五公司小区15栋")
        assert found("15", "五公司小区15栋") and found("1", "五公司小区15栋")

    def test_numbers_apart_need_not_be_one_code(self):
        assert found("15 101", "五公司小区15栋1单元101")

    def test_every_word_must_be_there(self):
        assert found("修灯 袁家湾", "修灯", "袁家湾社区")
        assert not found("修灯 向阳", "修灯", "袁家湾社区")

    @pytest.mark.parametrize("typed", ["", "   ", "。，！", "'\"\\:*|&!()", "😀", "\0", "\u200d\u202e"])
    def test_nothing_but_signs_asks_for_nothing(self, typed):
        assert not Query(typed)
        assert not found(typed, "王秀英")


class TestWhateverIsTyped:
    @given(NAMES, st.data())
    def test_every_part_of_a_name_finds_it(self, name, data):
        start = data.draw(st.integers(0, len(name) - 1))
        end = data.draw(st.integers(start + 1, len(name)))
        assert found(name[start:end], name)

    @given(ANYTHING | NASTY)
    @example("ﷺ" * 60)
    @example("a" * 10_000)
    @example("1 " * 5_000)
    def test_a_query_is_bounded_and_made_of_quoted_terms(self, typed):
        query = Query(typed)
        if query:
            assert len(postgres(query.node)) < 60 * LONGEST_QUERY * 18
            outside = postgres(query.node).split("'")[::2]
            assert set("".join(outside)) <= set(" &|():*")
            assert set(fts5(query.node)) <= set(string.hexdigits.lower() + '" ()*ANDOR')

    @given(ANYTHING | NASTY)
    def test_a_text_is_found_by_itself_when_it_has_something_to_find(self, text):
        # A query is shorter than a text may be, and a number is never found.
        short = text[:20]
        if Query(short) and len(plain(short)) <= 30 and not _has_long_number(short):
            assert found(short, short)

    @given(ANYTHING | NASTY)
    def test_terms_hold_nothing_that_parts_them(self, text):
        assert all(term and not set(term) & set(" '\"\\@^") for term in cut(text))

    @given(ANYTHING | NASTY, NASTY | NAMES)
    def test_marking_keeps_every_character(self, text, typed):
        import unicodedata

        parts = marked(text, Query(typed))
        assert "".join(part.text for part in parts) == unicodedata.normalize("NFC", text)


def _has_long_number(text: str) -> bool:
    return sum(char.isdigit() for char in text) > 10


def test_what_was_asked_for_is_marked_however_it_was_written():
    parts = marked("换一盏ＬＥＤ的楼道灯（123 456 789）", Query("楼道灯 led"))
    assert [part.text for part in parts if part.hit] == ["ＬＥＤ", "楼道灯"]


def test_a_word_is_marked_where_a_word_begins():
    parts = marked("2栋1单元202 第12网格", Query("1单元 2"))
    assert [(part.text, part.hit) for part in parts] == [
        ("2", True),
        ("栋", False),
        ("1单元2", True),
        ("02 第", False),
        ("1", True),
        ("2网格", False),
    ]


def test_a_long_text_is_cut_around_its_first_hit():
    long = "甲" * 100 + "楼道灯" + "乙" * 100
    parts = snippet(long, Query("楼道灯"), most=60)
    assert [part.text for part in parts if part.hit] == ["楼道灯"]
    assert parts[0].text == "…" and parts[-1].text == "…"
    assert sum(len(part.text) for part in parts) == 62


def test_flat_text_has_nothing_between():
    assert flat("123 456-789，王·秀英") == "123456789王秀英"
