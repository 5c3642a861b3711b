"""Two who cannot be one human being are not merged: put right first what is wrong, then they agree."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from portal.core import clock
from portal.notices.models import Notice
from portal.people import facts, merging
from portal.people.models import Guardianship, Person
from tests import worlds

pytestmark = pytest.mark.django_db
GROWN, OTHER_DAY, CHILD = dt.date(1960, 5, 1), dt.date(1961, 5, 1), dt.date(2015, 5, 1)


def pair(first: dict[str, Any], second: dict[str, Any]) -> tuple[Person, Person]:
    home = worlds.community()
    one, other = (worlds.person(home, **{"name": "李桂香", **given}) for given in (first, second))
    return one, other


def merge(one: Person, other: Person) -> None:
    merging.merge(person=one, into=other, actor=worlds.worker(one.community), at=clock.now(), reason="核对了证件")


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ({"name": "李桂香"}, {"name": "李桂花"}, "姓名不一样"),
        ({"sex": "female"}, {"sex": "male"}, "性别不一样"),
        ({"birth_date": GROWN}, {"birth_date": OTHER_DAY}, "出生日期不一样"),
        ({"name": "李小雪", "birth_date": GROWN}, {"birth_date": CHILD}, "姓名、出生日期不一样"),
        ({"birth_date": CHILD}, {}, "未成年人"),
    ],
)
def test_what_contradicts_stops_it_both_ways_and_for_the_system_too(first: Any, second: Any, words: str) -> None:
    one, other = pair(first, second)
    for person, into in ((one, other), (other, one)):
        with pytest.raises(ValidationError, match=words):
            merge(person, into)
        with pytest.raises(ValidationError, match=words):
            merging.merge(person=person, into=into, actor=None, at=clock.now(), reason="核对了证件")
    assert not Person.objects.filter(merged_into__isnull=False).exists()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"name": "阿依古丽·买买提"}, {"name": "阿依古丽买买提"}),
        ({"sex": "female", "birth_date": GROWN}, {}),
        ({"birth_date": CHILD}, {"birth_date": CHILD}),
        ({"contact_phone": "15400000101"}, {"contact_phone": "15400000102"}),  # one changes one's number
    ],
)
def test_what_is_unknown_or_written_differently_does_not(first: Any, second: Any) -> None:
    one, other = pair(first, second)
    merge(one, other)
    assert Person.objects.get(pk=one.pk).merged_into == other


def test_a_ward_of_unknown_age_counts_as_a_minor() -> None:
    one, other = pair({}, {"birth_date": GROWN})
    guardian = worlds.person(one.community)
    row = Guardianship.objects.create(child=one, guardian=guardian, relation="母亲", since=dt.date(2020, 1, 1))
    with pytest.raises(ValidationError, match="未成年人"):
        merge(one, other)
    Guardianship.objects.filter(pk=row.pk).update(until=clock.today())
    merge(one, other)


def test_what_a_merged_record_says_counts_for_the_one_that_stands() -> None:
    one, other = pair({"sex": "male"}, {})
    third = worlds.person(one.community, name="李桂香", sex="female")
    merge(one, other)
    with pytest.raises(ValidationError, match="性别不一样"):
        merge(third, Person.objects.get(pk=other.pk))


def test_put_right_first_it_goes_and_the_account_is_told_of_both() -> None:
    one, other = pair({"name": "李桂花"}, {})
    user = worlds.account(person=one)
    desk = worlds.worker(one.community)
    facts.correct(person=one, values={"name": "李桂香"}, actor=desk, at=clock.now(), reason="核对了身份证")
    with pytest.raises(ValidationError, match="请另一位同事来合并"):
        merging.merge(person=one, into=other, actor=desk, at=clock.now(), reason="核对了证件")
    merging.propose(person=one, into=other, actor=desk, at=clock.now(), reason="核对了证件")
    merge(Person.objects.get(pk=one.pk), other)
    titles = set(Notice.objects.visible_to(type(user).objects.get(pk=user.pk)).values_list("title", flat=True))
    assert {"社区更正了登记的资料", "社区把您的两份登记合成了一份"} <= titles
