"""Texts: declared in one place, a title the same for everybody, a body whose places fit what the acts give."""

import ast
from pathlib import Path

import pytest

from portal.notices import wording
from portal.notices.telling import tell
from portal.notices.wording import Channel, Kind, Text, declare, declare_kind, kind_of, kinds, texts
from tests import worlds

ROOT = Path(__file__).resolve().parents[2]
WINGS = ("portal", "alliance", "landlords", "services")


@pytest.mark.parametrize(
    ("title", "body", "why"),
    [
        ("%(name)s，您好", "", "no placeholder"),
        ("办好了 100%", "", "no placeholder"),
        ("{name}，您好", "", "no placeholder"),
        ("您的 3 号单办好了", "", "no number"),
        ("您的３号单办好了", "", "no number"),
        ("", "", "one line"),
        ("一\n二", "", "one line"),
        ("长" * 41, "", "one line"),
        ("办好了", "%s", "written"),
        ("办好了", "%(name)d", "written"),
        ("办好了", "{name}", "written"),
    ],
)
def test_words_that_may_not_be_are_refused_when_they_are_declared(words, title, body, why):
    with pytest.raises(ValueError, match=why):
        declare(Text("tests.bad", "tests", title, body))


def test_a_kind_that_nobody_declared_and_an_id_twice_are_refused(words):
    with pytest.raises(ValueError, match="not declared"):
        declare(Text("tests.other", "unknown", "办好了"))
    with pytest.raises(ValueError, match="declared twice"):
        declare(Text("tests.news", "tests", "办好了"))
    with pytest.raises(ValueError, match="declared twice"):
        declare_kind(Kind("tests", "测试"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "values", "why"),
    [
        ("tests.none", {}, "not declared"),
        ("tests.news", {}, "no value for what"),
        ("tests.news", {"what": "x", "who": "y"}, "no place for who"),
        ("alarm.news", {"what": "x"}, "no place for what"),
    ],
)
def test_values_must_fit_the_body(words, text, values, why):
    with pytest.raises(ValueError, match=why):
        tell(person=worlds.person(), text=text, values=values, at=worlds.clock.now())


def test_what_a_person_typed_is_no_placeholder(words):
    assert wording.text_of("tests.news").filled({"what": "100%(what)s {x}"}) == "100%(what)s {x}"


def test_every_text_of_the_rooms_can_be_filled_and_names_its_kind():
    assert len(list(texts())) > 30
    for text in texts():
        assert bool(text.filled(dict.fromkeys(text.placeholders, "甲"))) == bool(str(text.body)), text.id
        assert str(kind_of(text.kind).label) != text.kind


def test_kinds_say_what_they_are_about_and_only_possible_ways_are_on():
    for kind in kinds():
        assert str(kind.note), kind.id
        assert kind.on <= kind.channels <= {Channel.SMS, Channel.EMAIL}
        assert not kind.urgent, f"{kind.id}: say in a test of its own why people are woken for it"


def _calls_of_tell() -> list[tuple[Path, ast.Call]]:
    found = []
    for wing in WINGS:
        for path in (ROOT / wing).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "tell":
                    found.append((path, node))
    return found


def test_no_act_brings_words_of_its_own():
    calls = _calls_of_tell()
    assert len(calls) > 5
    for path, call in calls:
        given = {keyword.arg for keyword in call.keywords}
        assert given <= {"person", "text", "values", "url", "at"}, f"{path}:{call.lineno}"
        for keyword in call.keywords:
            if keyword.arg == "text" and isinstance(keyword.value, ast.Constant):
                assert wording.text_of(keyword.value.value), f"{path}:{call.lineno}"
