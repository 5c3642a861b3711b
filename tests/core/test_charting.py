"""Charts: exact numbers, even scales, pictures that say what the numbers say."""

from fractions import Fraction
from itertools import pairwise

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core.chart_views import text_width
from portal.core.charting import MARKERS, PATTERNS, SHAPES, draw
from portal.core.qr import QUIET, code_for, public_address
from portal.core.registries import ChartData, Series
from portal.core.scales import exact, percent, places_for, scale_for, written
from portal.core.wechat import inside_wechat

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
COUNTS = st.integers(-5_000_000, 5_000_000)
MAYBE = st.one_of(st.none(), COUNTS)
FLOATS = st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 2))


def share(text: str) -> Fraction:
    """``33.33%`` as a number; what is not written like that fails."""
    assert text.endswith("%")
    return Fraction(text[:-1]) / 100


def view(shape, *columns, labels=None, **fields):
    labels = labels or tuple(f"{n}月" for n in range(1, len(columns[0]) + 1))
    series = tuple(Series(f"第{n}组", tuple(column), "red") for n, column in enumerate(columns, 1))
    return draw(ChartData(labels, series, **fields), shape=shape, title="样图", dom_id="sample")


# Numbers -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Fraction(0), 0, "0"),
        (Fraction(1234567), 0, "1,234,567"),
        (Fraction(-5), 0, "−5"),
        (Fraction(1, 3), 2, "0.33"),
        (Fraction(2405, 10), 2, "240.50"),
        (Fraction(-1, 200), 1, "0.0"),
        (Fraction(999_999, 1000), 0, "1,000"),
    ],
)
def test_a_number_is_written_as_people_read_it(value, places, text):
    assert written(value, places) == text


def test_no_float_drifts_into_a_label():
    tenths = [exact(0.1), exact(0.2)]
    assert sum(tenths) == Fraction(3, 10)
    assert written(sum(tenths), places_for(tenths)) == "0.3"
    drawn = view("line", (0.1, 0.2, 0.3))
    assert [tick.text for tick in drawn.ticks] == ["0.3", "0.2", "0.1", "0"]
    assert [row[1] for row in drawn.body] == ["0.1", "0.2", "0.3"]


@UNHURRIED
@given(st.lists(FLOATS, min_size=1, max_size=12))
def test_every_label_has_few_digits_behind_the_point(values):
    drawn = view("line", values)
    for text in [tick.text for tick in drawn.ticks] + [row[1] for row in drawn.body]:
        assert len(text.rstrip("万亿").partition(".")[2]) <= 3, text


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(value):
    with pytest.raises((ValueError, OverflowError)):
        exact(value)


@UNHURRIED
@given(st.lists(st.one_of(COUNTS, FLOATS), max_size=30), st.booleans())
def test_a_scale_covers_its_values_in_few_even_nice_steps(values, whole):
    found = [exact(value) for value in values]
    scale = scale_for(found, whole=whole)
    marks = scale.marks
    assert marks[0] == scale.low <= min([Fraction(0), *found])
    assert marks[-1] == scale.high >= max([Fraction(0), *found])
    assert 0 in marks
    assert 2 <= len(marks) <= 7
    assert {later - earlier for earlier, later in pairwise(marks)} == {scale.step}
    digits = str(scale.step.numerator * scale.step.denominator).strip("0")
    assert digits in {"1", "2", "5"}
    assert not whole or scale.step >= 1
    assert len(set(scale.words())) == len(marks)


def test_an_axis_of_millions_counts_in_myriads():
    assert scale_for([Fraction(4_100_000)]).words() == ["0", "100万", "200万", "300万", "400万", "500万"]
    assert scale_for([Fraction(3 * 10**9)]).words()[-1] == "30亿"


@UNHURRIED
@given(st.fractions(0, 1))
def test_a_coordinate_is_within_half_a_hundredth(part):
    assert abs(share(percent(part)) - part) <= Fraction(1, 20_000)


# Rows ----------------------------------------------------------------------------------------------------------------


@UNHURRIED
@given(st.lists(COUNTS, min_size=1, max_size=24))
def test_a_longer_bar_is_a_larger_number_and_starts_at_nought(values):
    drawn = view("bar", values)
    nought = share(drawn.nought)
    lengths = []
    for value, row in zip(values, drawn.rows, strict=True):
        assert bool(row.lines[0].bars) == (value != 0)
        if not value:
            assert row.lines[0].text == "0"
            continue
        (bar,) = row.lines[0].bars
        left, right = share(bar.x), share(bar.x) + share(bar.width)
        assert -Fraction(1, 100) <= left < right <= Fraction(101, 100)
        assert abs((left if value > 0 else right) - nought) <= Fraction(1, 5000)
        lengths.append((abs(value), right - left))
    for (smaller, short), (larger, long) in pairwise(sorted(lengths)):
        assert smaller <= larger
        assert short <= long + Fraction(1, 5000)


@UNHURRIED
@given(st.lists(st.lists(st.integers(0, 10**7), min_size=5, max_size=5), min_size=1, max_size=6))
def test_the_parts_of_a_whole_stand_end_to_end(columns):
    drawn = view("stacked", *columns)
    for place, row in enumerate(drawn.rows):
        (line,) = row.lines
        total = sum(column[place] for column in columns)
        assert line.text == written(Fraction(total))
        for one, other in pairwise(line.bars):
            assert share(one.x) + share(one.width) == share(other.x)
        if line.bars:
            assert share(line.bars[0].x) == 0
            assert share(line.bars[-1].x) + share(line.bars[-1].width) <= 1
    assert [row[-1] for row in drawn.body] == [row.lines[0].text for row in drawn.rows] or len(columns) == 1


def test_losses_go_to_the_left_of_nought_in_a_stack_too():
    drawn = view("stacked", (30,), (-20,), (-10,), (10,))
    assert (drawn.nought, drawn.rows[0].lines[0].text) == ("50%", "10")
    assert [(bar.x, bar.width) for bar in drawn.rows[0].lines[0].bars] == [
        ("50%", "37.5%"),
        ("25%", "25%"),
        ("12.5%", "12.5%"),
        ("87.5%", "12.5%"),
    ]


def test_nought_and_not_known_are_told_apart_everywhere():
    for shape in ("bar", "stacked"):
        nought, unknown = (row.lines[0] for row in view(shape, (0, None, 3)).rows[:2])
        assert (nought.text, nought.missing, nought.bars) == ("0", False, ())
        assert (unknown.text, unknown.missing, unknown.bars) == ("无数据", True, ())
    assert [row[1] for row in view("bar", (0, None, 3)).body] == ["0", "无数据", "3"]
    assert "有 1 项没有数据" in view("bar", (0, None, 3)).says
    assert view("stacked", (1, 2), (None, 3)).rows[0].lines[0].text == "1（不全）"


def test_a_small_number_among_large_ones_is_still_seen():
    (bar,) = view("bar", (5_000_000, 1)).rows[1].lines[0].bars
    assert share(bar.width) >= Fraction(8, 1000)


# Lines ---------------------------------------------------------------------------------------------------------------


@UNHURRIED
@given(st.lists(MAYBE, min_size=1, max_size=24))
def test_a_line_has_a_mark_for_each_number_and_breaks_where_there_is_none(values):
    drawn = view("line", values)
    if all(value is None for value in values):
        assert drawn.empty
        return
    (course,) = drawn.courses
    known = [value for value in values if value is not None]
    assert len(course.marks) == len(known)
    assert len(course.strokes) == sum(one is not None and other is not None for one, other in pairwise(values))
    heights = [share(mark.y) for mark in course.marks]
    assert all(0 <= height <= 1 for height in heights)
    for (_smaller, low), (_larger, high) in pairwise(sorted(zip(known, heights, strict=True))):
        assert low >= high - Fraction(1, 5000)  # from above: the larger number stands higher
    assert any(mark.text for mark in course.marks)
    assert drawn.under[-1].text == f"{len(values)}月"
    assert drawn.under[-1].tier == 0


@UNHURRIED
@given(st.lists(st.text("月号第一二三季度星期日A1", min_size=1, max_size=20), min_size=1, max_size=31))
def test_labels_below_a_line_never_meet(labels):
    drawn = view("line", tuple(range(len(labels))), labels=tuple(labels))
    for tier, room in enumerate((7, 14, 25, 40)):
        shown = [label for label in drawn.under if label.tier <= tier]
        assert shown
        ends = Fraction(-100)
        for label in shown:
            width, middle = text_width(label.text), share(label.x) * room
            start = {"start": middle, "end": middle - width, "middle": middle - width / 2}[label.anchor]
            assert start >= ends - Fraction(1, 100), (tier, label)
            ends = start + width


def test_one_number_alone_stands_in_the_middle():
    drawn = view("line", (3,))
    assert (drawn.courses[0].marks[0].x, drawn.courses[0].strokes) == ("50%", ())
    assert drawn.says == "只有一个数：1月，3。"


def test_series_differ_by_more_than_colour():
    six = [(1, 2)] * len(PATTERNS)
    for shape in SHAPES:
        drawn = view(shape, *six)
        looks = {(key.pattern, key.marker) for key in drawn.keys}
        assert len({pattern for pattern, _marker in looks}) == len({marker for _pattern, marker in looks}) == 6
        assert len({key.label for key in drawn.keys}) == 6
    assert len(set(MARKERS)) == 6
    with pytest.raises(ValueError, match="more than 6"):
        view("bar", *six, (1, 2))


# Words ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "columns", "fields", "says"),
    [
        ("bar", [(6, 11, 0)], {"unit": "件"}, "一共 17 件。最多的是2月，11 件；最少的是3月，0 件。"),
        ("bar", [(4, 4, 1)], {}, "一共 9。最多的是1月和2月，都是 4；最少的是3月，1。"),
        ("bar", [(4, 1, 1, 1)], {}, "一共 7。最多的是1月，4；其余都是 1。"),
        ("bar", [(4, 2, 1, 1, 1)], {}, "一共 9。最多的是1月，4；最少的是3月、4月和5月，都是 1。"),
        ("bar", [(4, 2, 1, 1, 1, 1)], {}, "一共 10。最多的是1月，4；最少的是3月等 4 项，都是 1。"),
        ("bar", [(0, 0)], {"unit": "件"}, "2 项都是 0 件。"),
        (
            "line",
            [(2, 8, 5)],
            {"unit": "件"},
            "一共 15 件。1月是 2 件，3月是 5 件，多了 3 件。最高的是2月，8 件；最低的是1月，2 件。",
        ),
        ("line", [(9, 3)], {"adds_up": False}, "1月是 9，2月是 3，少了 6。最高的是1月，9；最低的是2月，3。"),
        ("line", [(9, 3, 9)], {"adds_up": False}, "最高的是1月和3月，都是 9；最低的是2月，3。"),
        (
            "stacked",
            [(2, 1), (0, 4)],
            {"unit": "件"},
            "一共 7 件，其中第1组 3 件，第2组 4 件。最多的是2月，5 件；最少的是1月，2 件。",
        ),
        (
            "bar",
            [(48050, 12000)],
            {"unit": "元", "per_unit": 100},
            "一共 600.50 元。最多的是1月，480.50 元；最少的是2月，120.00 元。",
        ),
        ("bar", [(-3, 5)], {}, "一共 2。最多的是2月，5；最少的是1月，−3。"),
    ],
)
def test_what_a_picture_says(shape, columns, fields, says):
    assert view(shape, *columns, **fields).says == says


def test_each_of_several_series_is_spoken_of():
    says = view("bar", (1, 2), (3, 4)).says
    assert says == "第1组：一共 3。最多的是2月，2；最少的是1月，1。第2组：一共 7。最多的是2月，4；最少的是1月，3。"


# What does not fit ---------------------------------------------------------------------------------------------------


def test_nothing_to_draw_is_an_empty_picture_that_says_so():
    for data in (None, ChartData((), ()), ChartData(("1月",), (Series("x", (None,)),))):
        drawn = draw(data, shape="bar", title="样图", dom_id="sample")
        assert drawn.empty
        assert drawn.says == "还没有数据。"


def test_data_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="3 values for 2 labels"):
        draw(ChartData(("a", "b"), (Series("x", (1, 2, 3)),)), shape="bar", title="", dom_id="x")
    with pytest.raises(ValueError, match="pink"):
        draw(ChartData(("a",), (Series("x", (1,), "pink"),)), shape="bar", title="", dom_id="x")
    with pytest.raises(ValueError, match="pie"):
        draw(None, shape="pie", title="", dom_id="x")


@pytest.mark.parametrize("shape", SHAPES)
def test_what_a_room_calls_things_is_never_markup(shape):
    data = ChartData(("<b>一</b>",), (Series("<i>甲</i>", (1,)), Series('"><script>', (2,))), unit="<u>")
    page = render_to_string(
        "front/styleguide/charts.html",
        {"chart_samples": [{"about": "<p>", "view": draw(data, shape=shape, title="<h1>", dom_id="x")}]},
    )
    for raw in ("<b>", "<i>", "<script>", "<u>", "<h1>"):
        assert raw not in page
    assert 'style="' not in page
    assert 'role="img"' in page


# QR and WeChat -------------------------------------------------------------------------------------------------------


def squares(path: str, size: int) -> set[tuple[int, int]]:
    """The black modules that the path of a code fills."""
    black = set()
    for run in path.removesuffix("z").split("z"):
        corner, length = run.removeprefix("M").split("h")[:2]
        x, y = map(int, corner.split())
        black |= {(x + step, y) for step in range(int(length.split("v")[0]))}
    assert all(QUIET <= x < size - QUIET and QUIET <= y < size - QUIET for x, y in black)
    return black


def test_a_code_is_drawn_module_by_module_with_white_around_it():
    import segno

    address = "https://example.com/wishes/483177020/"
    code = code_for(address, title="进度")
    wanted = segno.make_qr(address, error="m", boost_error=False)
    assert code.size == len(wanted.matrix) + 2 * QUIET
    black = squares(code.path, code.size)
    assert black == {
        (x + QUIET, y + QUIET) for y, row in enumerate(wanted.matrix) for x, module in enumerate(row) if module
    }


@pytest.mark.parametrize(("served", "scheme"), [(True, "https"), (False, "http")])
def test_an_address_on_paper_is_absolute_and_as_the_portal_is_served(settings, served, scheme):
    settings.HTTPS = served
    request = RequestFactory().get("/wishes/", headers={"host": "testserver"})
    assert public_address(request, "/wishes/483177020/") == f"{scheme}://testserver/wishes/483177020/"


@pytest.mark.parametrize(
    ("agent", "inside"),
    [
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Mobile Safari/537.36 MicroMessenger/8.0.50", True),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36", False),
        ("", False),
    ],
)
def test_wechat_is_known_by_what_it_calls_itself(agent, inside):
    assert inside_wechat(RequestFactory().get("/", headers={"user-agent": agent})) is inside
