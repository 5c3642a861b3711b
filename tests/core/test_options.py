"""What an area decides for itself: the nearest override holds, typed words are checked, each change is on record."""

import pytest
from django.core.exceptions import ValidationError

from portal.core import options
from portal.core.models import AuditEntry
from portal.core.options import Option
from portal.places import overrides
from portal.places.models import AreaOption
from tests import worlds


@pytest.fixture
def days(monkeypatch):
    monkeypatch.setattr(options, "_DECLARED", {})
    return options.declare(Option("test.days", "期限", 3, minimum=1, maximum=30))


@pytest.fixture
def tree(db):
    community = worlds.community("袁家湾社区")
    return {
        "grid": worlds.grid(community),
        "community": community,
        "neighbour": worlds.community("向阳社区"),
        "subdistrict": community.parent,
        "district": community.parent.parent,
        "city": community.parent.parent.parent,
    }


def _values(days, tree):
    return {name: options.value(days, area) for name, area in tree.items()}


def test_the_nearest_override_wins(days, tree, django_assert_num_queries):
    assert set(_values(days, tree).values()) == {3}
    overrides.set_option(area=tree["city"], key="test.days", value=5, actor_id=None)
    overrides.set_option(area=tree["community"], key="test.days", value=9, actor_id=None)
    assert _values(days, tree) == {
        "grid": 9,
        "community": 9,
        "neighbour": 5,
        "subdistrict": 5,
        "district": 5,
        "city": 5,
    }
    overrides.set_option(area=tree["grid"], key="test.days", value=1, actor_id=None)
    overrides.clear_option(area=tree["city"], key="test.days", actor_id=None)
    assert _values(days, tree) == {
        "grid": 1,
        "community": 9,
        "neighbour": 3,
        "subdistrict": 3,
        "district": 3,
        "city": 3,
    }
    with django_assert_num_queries(1):
        options.value(days, tree["grid"])


def test_an_override_of_no_is_an_override(days, tree):
    third = options.declare(Option("test.third", "第三人批准", True, kind=bool))
    overrides.set_option(area=tree["community"], key="test.third", value=False, actor_id=None)
    assert options.value(third, tree["community"]) is False
    assert options.value(third, tree["neighbour"]) is True


def test_without_an_area_the_default_holds(days):
    assert options.value(days, None) == 3


def test_every_change_is_on_record_and_set_twice_is_one_row(days, tree):
    for value in (4, 5):
        overrides.set_option(area=tree["community"], key="test.days", value=value, actor_id=7)
    overrides.clear_option(area=tree["community"], key="test.days", actor_id=7)
    overrides.clear_option(area=tree["community"], key="test.days", actor_id=7)
    assert not AreaOption.objects.exists()
    verbs = list(AuditEntry.objects.order_by("id").values_list("verb", "actor_id", "details__value"))
    assert verbs == [("option.set", 7, 4), ("option.set", 7, 5), ("option.cleared", 7, None)]


def test_an_unknown_key_and_a_wrong_type_are_refused(days, tree):
    with pytest.raises(KeyError):
        overrides.set_option(area=tree["city"], key="test.unknown", value=1, actor_id=None)
    with pytest.raises(TypeError):
        overrides.set_option(area=tree["city"], key="test.days", value="3", actor_id=None)
    with pytest.raises(TypeError):
        overrides.set_option(area=tree["city"], key="test.days", value=True, actor_id=None)
    with pytest.raises(ValidationError, match="1 到 30"):
        overrides.set_option(area=tree["city"], key="test.days", value=31, actor_id=None)
    assert not AreaOption.objects.exists()


def test_one_key_is_declared_once(days):
    with pytest.raises(ValueError, match="twice"):
        options.declare(Option("test.days", "又一个", 1))


@pytest.mark.parametrize(("text", "value"), [("7", 7), (" 30 ", 30), ("1", 1)])
def test_numbers_that_people_type(days, text, value):
    assert days.parse(text) == value


@pytest.mark.parametrize("text", ["0", "31", "-1", "3.5", "三", "", "３"])
def test_numbers_that_are_refused(days, text):
    with pytest.raises(ValidationError):
        days.parse(text)


def test_yes_and_no():
    option = Option("test.yes", "是否", True, kind=bool)
    assert (option.parse("是"), option.parse(" 否 ")) == (True, False)
    assert (option.show(True), option.show(False)) == ("是", "否")
    with pytest.raises(ValidationError):
        option.parse("yes")
