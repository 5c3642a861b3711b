"""When the demonstration's database is built anew, and that only its own is ever touched."""

import json
import sqlite3

import pytest

from portal.core import clock, demo_environment
from portal.front import demonstration


@pytest.fixture
def var(tmp_path, monkeypatch):
    """A folder with a database, its accounts and a stamp of today."""
    for name, file in (("DATABASE", "demo.sqlite3"), ("STAMP", "demo-stamp.json"), ("ACCOUNTS", "demo-accounts.json")):
        monkeypatch.setattr(demo_environment, name, tmp_path / file)
    monkeypatch.setattr(demonstration, "LOCK", tmp_path / "demo.lock")
    with sqlite3.connect(demo_environment.DATABASE) as database:
        database.execute("CREATE TABLE something (id integer)")
    demo_environment.ACCOUNTS.write_text("[]")
    _stamp()
    return tmp_path


def _stamp(**changes) -> None:
    stamp = demonstration.stamp_for(clock.today(), 1) | changes
    demo_environment.STAMP.write_text(json.dumps(stamp))


def _why(*, keep: bool = False, reset: bool = False, scale: int = 1) -> str:
    return demonstration.why_build(scale=scale, keep=keep, reset=reset)


def test_what_is_whole_and_of_today_is_not_built_again(var):
    assert _why() == ""
    assert _why(keep=True) == ""


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"anchor": "2020-01-01"}, "its anchor day is not today"),
        ({"schema": "older"}, "tables or samples have changed"),
        ({"scale": 3}, "the scale is another"),
    ],
)
def test_another_day_schema_or_scale_is_a_reason_that_keep_forgives(var, changes, why):
    _stamp(**changes)
    assert _why() == why
    assert _why(keep=True) == ""


def test_reset_is_a_reason_by_itself(var):
    assert _why(reset=True) == "--reset"


@pytest.mark.parametrize("keep", [False, True])
def test_what_is_not_whole_is_built_whatever_was_asked(var, keep):
    _stamp(keys="others")
    assert _why(keep=keep) == "its keys are gone"
    demo_environment.STAMP.write_text('{"anchor": "20')
    assert _why(keep=keep) == "the last build was not finished"
    demo_environment.STAMP.unlink()
    assert _why(keep=keep) == "the last build was not finished"
    _stamp()
    demo_environment.ACCOUNTS.unlink()
    assert _why(keep=keep) == "the last build was not finished"
    demo_environment.ACCOUNTS.write_text("[]")
    demo_environment.DATABASE.write_bytes(b"torn" * 1000)
    assert _why(keep=keep) == "it cannot be read"
    demo_environment.DATABASE.unlink()
    assert _why(keep=keep) == "there is none yet"


@pytest.mark.django_db
def test_a_database_that_is_not_its_own_is_refused_before_anything_is_removed(var):
    """The tests' own database stands in for somebody else's."""
    with pytest.raises(demonstration.Refused, match="not the demonstration's own"):
        demonstration.build(scale=1, show=lambda _text, _fraction: None)
    assert demo_environment.STAMP.exists()
    assert demo_environment.DATABASE.exists()
    with pytest.raises(demonstration.Refused):
        demonstration.bring_up_to_date()


def test_who_builds_is_alone_and_who_serves_is_not(var):
    with demonstration.held(alone=False):
        with demonstration.held(alone=False):
            pass
        with pytest.raises(demonstration.Refused), demonstration.held(alone=True):
            pytest.fail("held twice")
    with demonstration.held(alone=True), pytest.raises(demonstration.Refused), demonstration.held(alone=False):
        pytest.fail("held twice")
