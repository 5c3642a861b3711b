"""Two transactions that touch one entry at once, on PostgreSQL, with the control."""

import threading

import pytest
from django.db import transaction

from portal.people.models import Person, PersonArea
from portal.search import keeping
from portal.search.models import ScopedEntry
from portal.search.querysets import EntryQuerySet
from tests import worlds
from tests.races import race

from .scenes import differing

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres(only=True)]
WAIT = 1  # seconds that the first stays uncommitted when the second is held back, as it should be


def _belongs_to_two_at_once(person: Person, communities: list, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first has written and not committed while the second reads; it waits for that, unless the second is held."""
    first_wrote, second_read = threading.Event(), threading.Event()
    runner = threading.local()
    make_entry = keeping._entry

    def entry(*args):
        if getattr(runner, "is_second", False):
            second_read.set()
        return make_entry(*args)

    monkeypatch.setattr(keeping, "_entry", entry)

    def first():
        with transaction.atomic():
            PersonArea.note(person_id=person.pk, community_id=communities[0].pk)
            first_wrote.set()
            second_read.wait(WAIT)

    def second():
        runner.is_second = True
        first_wrote.wait(WAIT)
        with transaction.atomic():
            PersonArea.note(person_id=person.pk, community_id=communities[1].pk)

    assert all(outcome.won for outcome in race(first, second))


def _marks(person: Person) -> set[str]:
    return set(ScopedEntry.objects.get(kind="person", object_id=person.pk).terms)


def _two() -> list:
    return [worlds.community("向阳社区", parent=worlds.subdistrict("桂花街道")), worlds.community("南岭社区")]


def test_who_comes_to_belong_to_two_communities_at_once_is_found_in_both(monkeypatch):
    person, communities = worlds.person(worlds.community(), name="罗映雪"), _two()
    _belongs_to_two_at_once(person, communities, monkeypatch)
    assert {f"@a{community.pk}" for community in communities} <= _marks(person)
    assert differing() == []


def test_control_without_the_lock_one_is_lost(monkeypatch):
    """The same, with entries that are read and not held."""
    person, communities = worlds.person(worlds.community(), name="罗映雪"), _two()
    monkeypatch.setattr(EntryQuerySet, "select_for_update", lambda self: self)
    _belongs_to_two_at_once(person, communities, monkeypatch)
    assert not {f"@a{community.pk}" for community in communities} <= _marks(person)
    assert differing()


def test_two_that_write_the_same_entry_for_the_first_time_leave_one():
    person = worlds.person(worlds.community(), name="罗映雪")
    ScopedEntry.objects.all().delete()
    assert all(outcome.won for outcome in race(*[Person.objects.get(pk=person.pk).save for _ in range(8)]))
    assert ScopedEntry.objects.filter(kind="person", object_id=person.pk).count() == 1
    assert differing() == []
