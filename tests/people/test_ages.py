"""How old a person is decides who acts for them: by whichever record says it, and for good once age has ended it."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from portal.core import clock
from portal.core.models import AuditEntry
from portal.people import access, consenting, contacting, correcting, facts, forgetting, relations
from portal.people.consenting import CHILD_PURPOSE
from portal.people.models import Channel, Guardianship, Person
from portal.people.tasks import end_outgrown
from tests import worlds
from tests.backoffice.desks import carry_out

pytestmark = pytest.mark.django_db


@pytest.fixture
def guardian():
    return worlds.account(worlds.community())


def aged(years, **more):
    born = None if years is None else clock.today().replace(year=clock.today().year - years, day=1)
    return worlds.person(worlds.community(), birth_date=born, **more)


def guarded(child, guardian, **more):
    given = {"relation": "母亲", "since": dt.date(2010, 1, 1), **more}
    return Guardianship.objects.create(child=child, guardian=guardian.person, **given)


def merge(record, into):
    Person.objects.filter(pk=record.pk).update(merged_into=into)
    return Person.objects.get(pk=record.pk)


@pytest.mark.parametrize("with_account", [True, False])
def test_who_erases_the_birth_date_does_not_get_the_guardian_back(guardian, with_account):
    grown = aged(30)
    row = guarded(grown, guardian)
    later = guarded(grown, worlds.account(worlds.community()), until=clock.today() + dt.timedelta(days=9))
    if with_account:
        worlds.account(person=grown)
    forgetting.forget(person=grown, at=clock.now(), actor_id=None)
    grown.refresh_from_db()
    assert grown.birth_date is None
    assert access.acts_for(guardian, grown) == "" and grown.pk not in access.parts_of(guardian)
    for one in (row, later):
        one.refresh_from_db()
        assert one.until == clock.today().replace(year=clock.today().year - 12, day=1)


def test_in_time_age_ends_what_the_desk_did_not(guardian):
    row, young, unknown = (guarded(aged(years), guardian) for years in (19, 17, None))
    assert end_outgrown(clock.now()) == 1
    assert end_outgrown(clock.now()) == 0
    assert [one.until for one in Guardianship.objects.filter(pk__in=[young.pk, unknown.pk])] == [None, None]
    entry = AuditEntry.objects.get(verb="guardianship.ended")
    assert (entry.subject_id, entry.actor_id) == (row.pk, None)


def test_born_on_a_leap_day_it_ends_on_the_first_of_march(guardian):
    row = guarded(worlds.person(worlds.community(), birth_date=dt.date(2004, 2, 29)), guardian)
    relations.end_outgrown(at=clock.now())
    row.refresh_from_db()
    assert row.until == dt.date(2022, 3, 1)


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_a_guardianship_on_an_old_record_does_not_reach_the_adult(guardian, depth):
    adult, old = aged(40), aged(None)
    guarded(old, guardian)
    into = adult
    for _level in range(depth - 1):
        into = merge(aged(None), into)
    old = merge(old, into)
    assert access.parts_of(guardian).keys() == set(guardian.person_ids)
    assert consenting.children_of(guardian.person, clock.today()) == []
    assert not consenting.is_child(old, clock.today()) and not consenting.is_child(adult, clock.today())
    assert worlds.client_for(guardian).get(f"/me/data/?child={old.pk}").status_code == 404


def test_any_record_may_say_the_birth_date(guardian):
    """The record that stands says none, another one that was merged into it does."""
    standing = aged(None)
    ward = aged(None)
    guarded(ward, guardian)
    merge(ward, standing)
    assert consenting.children_of(guardian.person, clock.today()) == [standing]
    assert consenting.is_child(standing, clock.today())
    merge(aged(16), standing)
    assert access.acts_for(guardian, standing) == "guardian"
    assert access.decides_for(guardian, standing) == ""
    assert consenting.children_of(guardian.person, clock.today()) == []
    assert not consenting.is_child(standing, clock.today())


def test_the_desk_does_not_undo_what_the_guardian_took_back(guardian):
    child, worker = aged(8, sex="female"), worlds.worker(worlds.community())
    guarded(child, guardian)
    said = {"person": child, "purpose": CHILD_PURPOSE, "channel": Channel.ONLINE, "guardian": guardian.person}
    consenting.give(**said, at=clock.now())
    request = correcting.ask(person=child, field="sex", value="male", words="", actor=guardian, at=clock.now())
    consenting.withdraw(**said, at=clock.now())
    with pytest.raises(ValidationError, match="撤回"):
        contacting.change_contact(person=child, actor=worker, at=clock.now(), address="月塘巷8号")
    with pytest.raises(ValidationError, match="撤回"):
        correcting.apply(request=request, actor=worker, at=clock.now())
    child.refresh_from_db()
    assert (child.address, child.sex) == ("", "")
    consenting.give(**said, at=clock.now())
    contacting.change_contact(person=child, actor=worker, at=clock.now(), address="月塘巷8号")


def test_the_desk_that_empties_a_birth_date_gives_nobody_a_guardian_back(guardian):
    grown = aged(30)
    row = guarded(grown, guardian)
    worker = worlds.worker(grown.community)
    facts.correct(person=grown, values={"birth_date": None}, actor=worker, at=clock.now(), reason="证件上没有")
    grown.refresh_from_db()
    row.refresh_from_db()
    assert grown.birth_date is None
    assert row.until is not None and row.until < clock.today()
    assert grown.pk not in access.parts_of(guardian)


def test_the_desk_sets_no_sex_past_a_withdrawal(guardian):
    child = aged(9)
    guarded(child, guardian)
    now = clock.now()
    for say in (consenting.give, consenting.withdraw):
        say(person=child, purpose=CHILD_PURPOSE, guardian=guardian.person, channel=Channel.ONLINE, at=now)
    worker = worlds.worker(child.community)
    sent = {"name": child.name, "sex": "female", "birth_date": f"{child.birth_date:%Y-%m-%d}", "reason": "核对"}
    answer = carry_out(worlds.client_for(worker), child, "correct", **sent)
    assert answer.status_code == 200
    assert "撤回了同意" in answer.content.decode()
    child.refresh_from_db()
    assert child.sex == ""
