"""The last net: no phone and no ID number comes through to a log line."""

import io
import json
import logging

import pytest
import structlog
from django.conf import settings as django_settings
from hypothesis import given
from hypothesis import strategies as st

from portal.core.scrub import scrub, scrub_event

PHONE = "15400001234"
ID_NUMBER = "430202194903071235"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (f"call {PHONE} now", "call 154****1234 now"),
        (f"tel:{PHONE}", "tel:154****1234"),
        (f"手机{PHONE}李", "手机154****1234李"),
        (f"+86{PHONE}", "+86154****1234"),
        (f"0086{PHONE}", "0086154****1234"),
        (f"?q=%20{PHONE}&p=%2B86{PHONE}", "?q=%20154****1234&p=%2B86154****1234"),
        (f"ID{ID_NUMBER}", "ID4302**********1235"),
        ("?q=154%200000+1234", "?q=154****1234"),
        ("154 0000 1234", "154****1234"),
        ("154-0000-1234", "154****1234"),
        (f"phone={PHONE}&code=1", "phone=154****1234&code=1"),
        (ID_NUMBER, "4302**********1235"),
        ("43020219490307123X", "4302**********123X"),
        (f"身份证{ID_NUMBER}，", "身份证4302**********1235，"),
        ("１５４００００１２３４", "１５４****１２３４"),
        ("打0731-28812345问", "打0731-****2345问"),
        ("tel:073128812345", "tel:0731****2345"),
        ("?q=010%202881234", "?q=010%20****234"),
        ("6222020200001234562", "6222***********4562"),
        ("卡6222 0202 0000 1234 562，", "卡6222***********4562，"),
    ],
)
def test_what_looks_like_a_phone_or_an_id_is_masked(text, clean):
    assert scrub(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "",
        "483177020",
        "2026-03-02T09:12:00",
        "1700000000000",
        "6222020200001234565",
        "1790000000.1234567890",
        "¥1,540.00",
    ],
)
def test_what_is_neither_stays(text):
    assert scrub(text) == text


@given(before=st.text(alphabet="abc =:'\"{}，：李", max_size=8), after=st.text(alphabet="abc ,&;}'\"。李", max_size=8))
def test_it_is_found_wherever_it_stands(before, after):
    assert PHONE not in scrub(before + PHONE + after)


def test_every_value_of_an_event_is_cleaned_nested_ones_and_names_too():
    class Odd:
        def __str__(self) -> str:
            return f"<Odd {PHONE}>"

    event = {
        "event": f"for {PHONE}",
        "number": int(PHONE),
        "deep": {"list": [PHONE, {"x": ID_NUMBER}], "tuple": (PHONE,), PHONE: 1},
        "odd": Odd(),
        "kept": [None, True, 3, 1.5],
    }
    clean = scrub_event(None, "info", event)
    assert PHONE not in repr(clean)
    assert ID_NUMBER not in repr(clean)
    assert clean["kept"] == [None, True, 3, 1.5]


@pytest.fixture
def written():
    """What the configured handler writes, as its lines."""
    handler = next(
        h for h in logging.getLogger().handlers if isinstance(h.formatter, structlog.stdlib.ProcessorFormatter)
    )
    stream = io.StringIO()
    before = handler.setStream(stream)
    yield lambda: stream.getvalue()
    handler.setStream(before)


def _fail_with(value: str) -> None:
    raise ValueError(f"no account for {value}")


def test_an_exception_is_logged_whole_and_masked(written):
    log = structlog.get_logger("tests")
    try:
        _fail_with(PHONE)
    except ValueError:
        log.exception("failed", phone=PHONE, number=ID_NUMBER)
        logging.getLogger("django.request").exception("failed for %s", PHONE)
    lines = [json.loads(line) for line in written().splitlines()]
    assert len(lines) == 2
    assert all("ValueError" in line["exception"] and "_fail_with" in line["exception"] for line in lines)
    assert PHONE not in written()
    assert ID_NUMBER not in written()
    assert written().count("154****1234") >= 4


@pytest.mark.django_db
def test_a_request_that_breaks_tells_no_phone(client, written, monkeypatch):
    """The address, the form and the local variables of the failing view hold a phone; the log must not."""
    from portal.core import views

    def breaks(*_args: object, **_kwargs: object) -> None:
        _fail_with(PHONE)

    monkeypatch.setattr(views, "get_object_or_404", breaks)
    client.raise_request_exception = False
    answer = client.get(f"/files/00000000-0000-4000-8000-000000000000/?phone={PHONE}&tel=%2B86{PHONE}")
    assert answer.status_code == 500
    assert "ValueError" in written()
    assert PHONE not in written()


def test_the_processor_stands_last_before_the_line_is_written():
    processors = django_settings.LOGGING["formatters"]["json"]["processors"]
    assert processors[-2] is scrub_event
    assert isinstance(processors[-1], structlog.processors.JSONRenderer)
