"""Who did what to a person's record, as the person, a child's guardian, or a relative reads it."""

import datetime as dt
from typing import Any

import pytest

from portal.backoffice import own_record
from portal.core import audit, clock
from portal.core.models import Transition
from portal.core.reading_out import read_by, words
from portal.people import consenting
from portal.people.models import Authorisation, Channel, Guardianship, Person, User
from tests import worlds

pytestmark = pytest.mark.django_db
DONE = "本人以外，谁对这份登记做过什么"


@pytest.fixture
def home():
    return worlds.community()


@pytest.fixture
def mother(home):
    return worlds.account(home, name="李小雪")


@pytest.fixture
def child(home, mother):
    born = dt.date(clock.today().year - 7, 1, 1)
    made = worlds.person(home, name="小满", birth_date=born)
    Guardianship.objects.create(child=made, guardian=mother.person, relation="母亲", since=dt.date(2020, 1, 1))
    return made


def _done(person: Person, reader: User | None, title: str = DONE) -> list[tuple[str, ...]]:
    with read_by(reader.pk if reader is not None else None):
        tables = {one.title: one for one in own_record.record(person.record_ids(), 8)}
    return list(tables[title].rows) if title in tables else []


def _did(actor: User | None, person: Person, at: dt.datetime | None = None) -> None:
    audit.record("person.corrected", actor_id=actor.pk if actor else None, subject=person, at=at or clock.now())


def test_what_the_mother_agreed_to_was_the_guardian_who_reads_it_and_no_member_of_staff(mother, child):
    said: Any = {"person": child, "purpose": "people.children", "channel": Channel.ONLINE, "guardian": mother.person}
    consenting.give(**said, at=clock.now(), actor_id=mother.pk)
    [(_at, who, what)] = _done(child, mother)
    assert who == "监护人 李小雪（您）"
    assert what.startswith("同意一项处理：登记不满 14 周岁的孩子")
    father = worlds.account(child.community, name="王大海")
    [(_at, who, _what)] = _done(child, father)
    assert who == "监护人 李小雪"
    page = worlds.client_for(mother).get(f"/me/data/?child={child.pk}").content.decode()
    assert "监护人 李小雪（您）" in page and "工作人员 李" not in page
    assert "您的登记" not in page and "您的母亲" not in page and "对方是本人的" in page


def test_a_relative_is_one_while_entrusted_and_masked_when_that_is_over(home):
    elder, niece = worlds.account(home, name="周大寒"), worlds.account(home, name="周小雨")
    tie = Authorisation.objects.create(
        principal=elder.person, agent=niece.person, relation="外甥女", since=dt.date(2022, 1, 1), recorded_by=elder
    )
    _did(niece, elder.person)
    assert [row[1] for row in _done(elder.person, elder)] == ["家属（可代办） 周小雨"]
    merged = worlds.person(home, name="周小雨")
    Person.objects.filter(pk=merged.pk).update(merged_into=niece.person)
    Authorisation.objects.filter(pk=tie.pk).update(agent=merged)
    assert [row[1] for row in _done(elder.person, elder)] == ["家属（可代办） 周小雨"], "by a record merged into hers"
    Authorisation.objects.filter(pk=tie.pk).update(until=clock.today())
    assert [row[1] for row in _done(elder.person, elder)] == ["家属（当时可代办） 周**"]
    Authorisation.objects.filter(pk=tie.pk).update(until=dt.date(2022, 2, 2))
    assert [row[1] for row in _done(elder.person, elder)] == ["其他人 周**"], "no office, no standing: no staff"


def test_staff_is_who_held_an_office_at_that_moment_and_the_system_is_nobody(home):
    user, worker = worlds.account(home), worlds.worker(home, name="罗秀英")
    role = worker.roles.get()
    _did(worker, user.person)
    _did(None, user.person)
    role.until = clock.now()
    role.save()
    _did(worker, user.person, at=clock.now() + dt.timedelta(minutes=1))
    who = [row[1] for row in _done(user.person, user)]
    assert who == ["其他人 罗**", "系统", f"{role.get_kind_display()} 罗**"]


def test_the_newest_by_their_moments_come_first(home):
    user, now = worlds.account(home), clock.now()
    for days in (3, 9, 1, 5):
        at = now - dt.timedelta(days=days)
        Transition.objects.create(
            subject_type="wishes.wish", subject_id=1, name="approve", source="a", target="b", actor_id=user.pk, at=at
        )
        _did(worlds.worker(home), user.person, at=at)
    for title in (DONE, "本人把事情办到了哪一步"):
        days = [row[0] for row in _done(user.person, user, title)]
        moments = [now - dt.timedelta(days=ago) for ago in (1, 3, 5, 9)]
        assert days == [words(at) for at in moments], title
