"""Kinds and texts of these tests, and no others; a provider that answers as told; what needs a real Redis server."""

import pytest

from portal.core import sms
from portal.notices import outbox, wording
from portal.notices.wording import Channel, Kind, Text, declare, declare_kind
from tests.databases import REQUIRE_ALL
from tests.notices.redis_server import MISSING, REDIS_SERVER

SMS_ALONE = frozenset({Channel.SMS})


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if REDIS_SERVER is None and item.get_closest_marker("redis"):
        if REQUIRE_ALL:
            pytest.fail(MISSING, pytrace=False)
        pytest.skip(MISSING)


@pytest.fixture
def words(monkeypatch):
    """An ordinary kind, one for danger, one that goes nowhere, one that may be switched off, and a text of each."""
    monkeypatch.setattr(wording, "_KINDS", {})
    monkeypatch.setattr(wording, "_TEXTS", {})
    declare_kind(Kind("tests", "测试"))
    declare_kind(Kind("alarm", "险情", urgent=True))
    declare_kind(Kind("inside", "只在网站里", channels=frozenset(), on=frozenset()))
    declare_kind(Kind("short", "只发短信", channels=SMS_ALONE, on=frozenset(), optional=True))
    declare(
        Text("tests.news", "tests", "您的心愿有新进展", "%(what)s"),
        Text("alarm.news", "alarm", "请马上离开"),
        Text("inside.news", "inside", "有一条消息"),
        Text("short.news", "short", "有一条短消息"),
    )


@pytest.fixture
def no_time_passes(monkeypatch):
    """Within a batch, unless a test says so."""
    monkeypatch.setattr(outbox, "monotonic", lambda: 0.0)


@pytest.fixture
def provider(monkeypatch):
    """A provider that answers as the test says: None takes the message, an exception is raised."""
    calls: list[sms.Message] = []
    answers: list[Exception | None] = []

    def send(self, message):
        calls.append(message)
        answer = answers.pop(0) if answers else None
        if answer is not None:
            raise answer

    monkeypatch.setattr(sms.RecordingBackend, "send", send)
    return calls, answers


@pytest.fixture
def drops_repeats(monkeypatch):
    """A provider whose contract says that a repeat of a key is dropped."""
    monkeypatch.setattr(sms.RecordingBackend, "takes_key", True)
