"""Merging and undoing in whatever order, with writes in between, and by two desks at once."""

import datetime as dt
import threading
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from portal.core import clock
from portal.notices.telling import tell
from portal.people import access, contacting, entrusting, merging, tying, uniqueness
from portal.people.models import Authorisation, Person, Residency
from tests import worlds
from tests.entrusted import entrusted
from tests.races import race, winners

from .test_merging import claim, fresh, merge, one_name, undo

__all__ = ["one_name"]  # a fixture of this module too

db = pytest.mark.django_db
LONG_AGO = dt.date(2020, 5, 1)


@pytest.fixture
def place(db: None) -> Any:
    return worlds.community()


@pytest.fixture
def pair(place: Any) -> tuple[Person, Person]:
    return worlds.person(place, name="李桂香"), worlds.person(place, name="李桂香")


# -- whatever order ----------------------------------------------------------------------------------------------------

SIZE = 6
DONE = st.sampled_from(["merge", "merge", "undo", "tie", "notice", "authorisation", "contact"])
DAYS = st.sampled_from([None, None, dt.date(1960, 5, 1), dt.date(2015, 5, 1)])
FACTS = st.lists(
    st.tuples(st.sampled_from(["李桂香", "李 桂香", "陈望江"]), st.sampled_from(["", "", "female", "male"]), DAYS),
    min_size=SIZE,
    max_size=SIZE,
)
ALIKE = [("李桂香", "", None)] * SIZE
STEPS = st.lists(st.tuples(DONE, st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)), max_size=18)


@db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(
    steps=[("merge", 0, 1), *((kind, 0, 2) for kind in ("tie", "notice", "authorisation", "contact"))], facts=ALIKE
)
@example(steps=[("merge", 0, 1), ("merge", 1, 2)], facts=[("李桂香", sex, None) for sex in ("male", "", "female") * 2])
@given(steps=STEPS, facts=FACTS)
def test_any_sequence_of_merges_and_undos_keeps_everybody_once(
    place: Any, steps: list[tuple[str, int, int]], facts: list[tuple[str, str, dt.date | None]]
) -> None:
    """No circle; every record has one that stands; the records of those that stand are everybody, each once; whatever
    is written in between, nobody has of one kind two; taking everything apart gives every record itself again, with
    all that was written for it. Nothing that is known of one human being contradicts itself."""
    people = [Person.objects.create(name=name, sex=sex, birth_date=born) for name, sex, born in facts]
    ids = {person.pk for person in people}
    written = Written(place, people)
    for what, one, other in steps:
        with suppress(ValidationError):  # what is refused changes nothing, which the lines below hold against it
            if what == "merge":
                merge(people[one], people[other])
            elif what == "undo":
                undo(people[one])
            else:
                getattr(written, what)(one, other)
        written.stands_once()
        rows = {person.pk: person for person in Person.objects.filter(pk__in=ids)}
        standing = [row for row in rows.values() if row.merged_into_id is None]
        groups = [sorted(row.record_ids()) for row in standing]
        assert sorted(pk for group in groups for pk in group) == sorted(ids)
        assert {row.resolved.pk for row in rows.values()} == {row.pk for row in standing}
        for row, group in zip(standing, groups, strict=True):
            assert Person.objects.records_of([group[-1]]) == dict.fromkeys(group, row.pk)
            assert merging.depth(row) <= access.MERGED_LEVELS
            records = [rows[pk] for pk in group]
            assert len({record.name.replace(" ", "") for record in records}) == 1
            assert len({record.sex for record in records if record.sex}) <= 1
            assert len({record.birth_date for record in records if record.birth_date}) <= 1
    for person in people:
        if fresh(person).merged_into_id is not None:
            undo(person)
    assert all(fresh(person).record_ids() == [person.pk] for person in people)
    written.is_with_its_own()


class Written:
    """What is written for records of people, some of them merged at that moment; the first of them has the account."""

    def __init__(self, place: Any, people: list[Person]) -> None:
        self.people, self.rows = people, []
        self.household = worlds.household(worlds.building(place))
        self.user, self.boss = worlds.account(person=people[0]), worlds.administrator()
        self.contacts: dict[int, str] = {}

    def tie(self, one: int, _other: int) -> None:
        self.rows.append((claim(fresh(self.people[one]), self.household), "person", one))

    def notice(self, one: int, _other: int) -> None:
        rooms = {"rooms": "微心愿 1 件"}
        told = tell(person=fresh(self.people[one]), text="offices.taken_over", values=rooms, at=clock.now())
        self.rows.append((told, "person", one))

    def authorisation(self, one: int, other: int) -> None:
        principal, agent = fresh(self.people[one]), fresh(self.people[other])
        row = entrusting.record_authorisation(principal=principal, agent=agent, **entrusted(self.boss))
        self.rows += [(row, "principal", one), (row, "agent", other)]

    def contact(self, one: int, _other: int) -> None:
        address = f"月塘路 {one} 号"
        user = type(self.user).objects.get(pk=self.user.pk)
        contacting.change_own_contact(actor=user, at=clock.now(), contact_phone="", address=address)
        self.contacts[0] = address

    def stands_once(self) -> None:
        """Of what a person may have one, the records of one human being hold one."""
        ties = Residency.objects.filter(household=self.household).select_related("person")
        owners = [tie.person.resolved.pk for tie in ties]
        assert len(set(owners)) == len(owners)
        pairs = [
            (row.principal.resolved.pk, row.agent.resolved.pk)
            for row in Authorisation.objects.filter(principal__in=self.people)
        ]
        assert len(set(pairs)) == len(pairs)

    def is_with_its_own(self) -> None:
        for row, key, number in self.rows:
            row.refresh_from_db()
            assert getattr(row, f"{key}_id") == self.people[number].pk
        addresses = [fresh(person).address for person in self.people]
        assert addresses == [self.contacts.get(number, "") for number in range(SIZE)]


def test_what_was_written_stays_where_it_was(pair: Any) -> None:
    """Nothing is re-pointed: every key to a person is the same before, in between and afterwards."""
    one, other = pair
    household = worlds.household(worlds.building(one.community))
    tying.confirm(tie=claim(one, household), actor=None, at=clock.now())

    def keys() -> dict[str, list[Any]]:
        return {
            f"{model._meta.label}.{field.name}": sorted(
                model._base_manager.filter(**{f"{field.name}__in": [one.pk, other.pk]}).values_list("pk", field.name)
            )
            for model, field in uniqueness.parts()
            if model._meta.label != "notices.Notice"
        }

    before = keys()
    merge(one, other)
    assert keys() == before
    undo(one)
    assert keys() == before


# -- two desks at once -------------------------------------------------------------------------------------------------

racing = [pytest.mark.django_db(transaction=True), pytest.mark.postgres(only=True)]


def unlocked(monkeypatch: pytest.MonkeyPatch, module: Any, many: int = 2) -> None:
    """Take the row locks off, and let everybody look before anybody writes."""
    line = threading.Barrier(many)

    def read(*ids: int) -> dict[int, Person]:
        rows = {person.pk: person for person in Person.objects.filter(pk__in=ids)}
        line.wait(30)
        return rows

    monkeypatch.setattr(module, "locked", read)


class TestCrosswise:
    pytestmark = racing

    def outcomes(self) -> list[Any]:
        place = worlds.community()
        one, other = worlds.person(place), worlds.person(place)
        found = race(partial(merge, one, other), partial(merge, other, one))
        self.circle = fresh(one).merged_into_id is not None and fresh(other).merged_into_id is not None
        return found

    def test_one_of_the_two_stands(self) -> None:
        assert len(winners(self.outcomes())) == 1
        assert not self.circle

    def test_control_without_the_lock_each_stands_for_the_other(self, monkeypatch: pytest.MonkeyPatch) -> None:
        unlocked(monkeypatch, merging)
        line, against = threading.Barrier(2), merging.against

        def looked(*people: Person) -> list[str]:
            answer = against(*people)
            line.wait(30)  # nobody writes while the other still looks
            return answer

        monkeypatch.setattr(merging, "against", looked)
        self.outcomes()
        assert self.circle


@pytest.mark.django_db
def test_a_circle_that_must_not_be_is_read_to_an_end() -> None:
    """Were one there all the same, no page and no task may spin on it."""
    place = worlds.community()
    one, other = worlds.person(place), worlds.person(place)
    Person.objects.filter(pk=one.pk).update(merged_into=other)
    Person.objects.filter(pk=other.pk).update(merged_into=one)
    one = fresh(one)
    assert one.resolved.pk == other.pk
    assert sorted(one.record_ids()) == sorted([one.pk, other.pk])
    assert set(Person.objects.records_of([one.pk])) == {one.pk, other.pk}
    assert merging.depth(one) == 1
    with pytest.raises(ValidationError):
        merge(one, other)


class TestAgainstAClaim:
    pytestmark = racing

    def doubled(self) -> bool:
        """One lives there; the other claims it in the moment in which they are merged: both cannot be."""
        place = worlds.community()
        household = worlds.household(worlds.building(place))
        one, other = worlds.person(place), worlds.person(place)
        claim(one, household)
        race(partial(merge, one, other), partial(claim, other, household))
        merged = fresh(one).merged_into_id is not None
        return merged and Residency.objects.filter(household=household).count() == 2

    def test_the_one_that_comes_second_is_refused(self) -> None:
        assert not self.doubled()

    def test_control_without_the_lock_a_person_lives_there_twice(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Both look, both find nothing, both write."""
        line = threading.Barrier(2)

        def nothing(check: Any) -> Any:
            def looked(*args: Any) -> Any:
                answer = check(*args)
                line.wait(30)
                return answer

            return looked

        place = worlds.community()
        household = worlds.household(worlds.building(place))
        one, other = worlds.person(place), worlds.person(place)
        claim(one, household)
        for module in (merging, uniqueness):
            monkeypatch.setattr(module, "locked", lambda *ids: {p.pk: p for p in Person.objects.filter(pk__in=ids)})
        monkeypatch.setattr(merging, "clashes", nothing(merging.clashes))
        monkeypatch.setattr(tying, "stands_already", nothing(tying.stands_already))
        race(partial(merge, one, other), partial(claim, other, household))
        assert fresh(one).merged_into_id is not None
        assert Residency.objects.filter(household=household).count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres(only=True)
def test_undoing_while_the_heir_is_merged_leaves_everybody_once() -> None:
    place = worlds.community()
    gone, heir, stands = worlds.person(place), worlds.person(place), worlds.person(place)
    merge(gone, heir)
    assert len(winners(race(partial(undo, gone), partial(merge, heir, stands)))) == 2
    assert fresh(gone).resolved == gone
    assert fresh(heir).resolved == stands
    assert connection.vendor == "postgresql"
