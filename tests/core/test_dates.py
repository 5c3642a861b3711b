"""Days as people write them: one box or three, what was typed stays, what is wrong is said."""

import datetime as dt

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from portal.core.dates import DayField, PartsField, read_day

DAYS = st.dates(min_value=dt.date(1850, 1, 1), max_value=dt.date(2100, 12, 31))
WRITTEN = (
    "{0:%Y-%m-%d}",
    "{0.year}/{0.month}/{0.day}",
    "{0.year}年{0.month}月{0.day}日",
    "{0:%Y%m%d}",
    "{0.year}.{0.month}.{0.day}",
)


def _form(field: forms.Field, data: dict | None = None, **options) -> forms.Form:
    return type("OneField", (forms.Form,), {"f": field})(data, **options)


def _errors(field: forms.Field, data: dict) -> list[str]:
    return list(_form(field, data).errors.get("f", []))


def _boxes(year="", month="", day="") -> dict[str, str]:
    return {"f_year": year, "f_month": month, "f_day": day}


# Reading -------------------------------------------------------------------------------------------------------------


@given(DAYS, st.sampled_from(WRITTEN))
def test_a_day_is_read_however_it_is_written(day, pattern):
    assert read_day(pattern.format(day)) == day
    assert read_day(f" {pattern.format(day)} ") == day


def test_full_width_digits_are_digits():
    assert read_day("２０２６年３月９日") == dt.date(2026, 3, 9)


@given(st.text(max_size=20))
def test_anything_else_is_no_day_and_nothing_worse(text):
    try:
        day = read_day(text)
    except ValueError:
        return
    assert 1 <= day.year <= 9999


@pytest.mark.parametrize(
    "text", ["", "2026-13-01", "2026-02-30", "26-3-9", "上个月", "2026-03", "2026-03-09x", "20260399"]
)
def test_what_names_no_day_is_refused(text):
    with pytest.raises(ValueError):
        read_day(text)


# One box -------------------------------------------------------------------------------------------------------------


@given(DAYS, st.sampled_from(WRITTEN))
def test_one_box_takes_what_is_written(day, pattern):
    form = _form(DayField(), {"f": pattern.format(day)})
    assert form.is_valid()
    assert form.cleaned_data["f"] == day


def test_a_day_is_shown_in_the_calendar():
    assert 'type="date"' in str(_form(DayField())["f"])
    assert 'value="2026-03-09" ' in str(_form(DayField(), initial={"f": dt.date(2026, 3, 9)})["f"])
    assert 'value="2026-03-09" ' in str(_form(DayField(), {"f": "2026年3月9日"})["f"])


def test_what_is_no_day_stays_to_be_seen():
    form = _form(DayField(), {"f": "上个月"})
    assert not form.is_valid()
    shown = str(form["f"])
    assert 'value="上个月"' in shown
    assert 'type="text"' in shown


def test_the_bounds_are_asked_each_time_and_said():
    latest = [dt.date(2026, 3, 9)]
    field = DayField(earliest=dt.date(1949, 10, 1), latest=lambda: latest[0])
    assert _errors(field, {"f": "2026-03-10"}) == ["日期不能晚于2026年3月9日。"]
    assert _errors(field, {"f": "1949-09-30"}) == ["日期不能早于1949年10月1日。"]
    assert 'max="2026-03-09"' in str(_form(field)["f"])
    latest[0] = dt.date(2026, 3, 10)
    assert _errors(field, {"f": "2026-03-10"}) == []
    assert 'max="2026-03-10"' in str(_form(field)["f"])


def test_nothing_typed():
    assert _errors(DayField(), {"f": " "}) == ["请填写这一项。"]
    form = _form(DayField(required=False), {"f": ""})
    assert form.is_valid()
    assert form.cleaned_data["f"] is None


# Three boxes ---------------------------------------------------------------------------------------------------------


@given(DAYS)
def test_three_boxes_take_a_day_with_and_without_zeros(day):
    for boxes in ((f"{day.year}", f"{day.month}", f"{day.day}"), (f"{day:%Y}", f"{day:%m}", f"{day:%d}")):
        form = _form(PartsField(), _boxes(*boxes))
        assert form.is_valid(), form.errors
        assert form.cleaned_data["f"] == day


@given(st.tuples(*[st.text(max_size=6)] * 3))
def test_whatever_is_typed_is_a_day_or_one_plain_error(boxes):
    form = _form(PartsField(required=False), _boxes(*boxes))
    if form.is_valid():
        assert form.cleaned_data["f"] is None or form.cleaned_data["f"].year >= 1850
    else:
        (error,) = form.errors["f"]
        assert error.endswith("。")


@pytest.mark.parametrize(
    ("boxes", "words"),
    [
        (("1948", "", "9"), "还没有写月。"),
        (("1948", "", ""), "还没有写月、日。"),
        (("1948", "三", "9"), "“月”请只写数字。"),
        (("48", "3", "9"), "年份请写 4 位数字，例如 1948。"),
        (("1748", "3", "9"), "年份请写 4 位数字，例如 1948。"),
        (("1948", "13", "9"), "月份是 1 到 12。"),
        (("1948", "2", "30"), "1948年2月没有30日，请再看看。"),
        (("1947", "2", "29"), "1947年2月没有29日，请再看看。"),
        (("", "", ""), "请填写这一项。"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(boxes, words):
    form = _form(PartsField(), _boxes(*boxes))
    assert list(form.errors["f"]) == [words]
    shown = str(form["f"])
    for box in filter(None, boxes):
        assert f'value="{box}"' in shown


def test_three_boxes_show_a_day_that_is_known():
    shown = str(_form(PartsField(), initial={"f": dt.date(1948, 3, 9)})["f"])
    for value in ("1948", "3", "9"):
        assert f'value="{value}"' in shown


def test_a_birthday_lies_not_ahead():
    field = PartsField(latest=dt.date(2026, 3, 9))
    assert _errors(field, _boxes("2026", "3", "10")) == ["日期不能晚于2026年3月9日。"]


def test_whether_anything_changed():
    known = {"f": dt.date(1948, 3, 9)}
    assert not _form(PartsField(), _boxes("1948", "3", "9"), initial=known).has_changed()
    assert _form(PartsField(), _boxes("1948", "3", "8"), initial=known).has_changed()


def test_only_the_readers_own_birthday_is_filled_in_by_the_browser():
    assert 'autocomplete="bday-year"' in str(_form(PartsField(autofill=True))["f"])
    assert "bday" not in str(_form(PartsField())["f"])
