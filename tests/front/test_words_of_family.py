"""What the two of a relation are to each other stands on the right one of them, on every page."""

import pytest
from django.urls import reverse

from portal.core import clock
from portal.people.models import Authorisation, Guardianship
from portal.people.own_families import families
from tests import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return worlds.community()


def said_of(user) -> set[tuple[str, str, str]]:
    """What the page of one's own data says of it: under which heading, in which column, which word."""
    tables = families([user.person_id], 9)
    return {(str(table.title), str(table.head[1]), row[1]) for table in tables for row in table.rows}


@pytest.mark.parametrize(("sex", "whose"), [("male", "他的"), ("female", "她的"), ("", "对方的")])
def test_an_agent_reads_what_she_is_and_the_elder_whom_he_has(here, sex, whose):
    elder = worlds.account(here, person=worlds.person(here, name="周大寒", sex=sex))
    niece = worlds.account(here, name="周小雪")
    Authorisation.objects.create(
        principal=elder.person,
        agent=niece.person,
        relation="外甥女",
        since=clock.today(),
        recorded_by=worlds.worker(here),
    )
    hers = worlds.client_for(niece).get(reverse("front:family")).content.decode()
    assert f"您是{whose}外甥女" in hers and "您的外甥女" not in hers
    his = worlds.client_for(elder).get(reverse("front:family")).content.decode()
    assert "您的外甥女" in his and "您是" not in his.split("外甥女")[0][-4:]
    assert said_of(niece) == {("可以替谁代办", "本人是对方的", "外甥女")}
    assert said_of(elder) == {("谁可以替本人代办", "对方是本人的", "外甥女")}


def test_so_do_a_guardian_and_the_child(here):
    mother = worlds.account(here, name="林小荷")
    child = worlds.account(here, person=worlds.person(here, name="林满", sex="male", birth_date=clock.today()))
    Guardianship.objects.create(child=child.person, guardian=mother.person, relation="母亲", since=clock.today())
    assert "您是他的母亲" in worlds.client_for(mother).get(reverse("front:family")).content.decode()
    assert "您的母亲" in worlds.client_for(child).get(reverse("front:family")).content.decode()
    assert said_of(mother) == {("是谁的监护人", "本人是对方的", "母亲")}
    assert said_of(child) == {("监护人", "对方是本人的", "母亲")}


def test_the_desk_reads_who_is_whose(here):
    elder, niece = worlds.person(here, name="周大寒"), worlds.person(here, name="周小雪")
    worker = worlds.worker(here)
    Authorisation.objects.create(
        principal=elder, agent=niece, relation="外甥女", since=clock.today(), recorded_by=worker
    )
    desk = worlds.client_for(worker)
    of_niece = desk.get(reverse("admin:people_person_change", args=[niece.pk])).content.decode()
    assert "替这位代办 · 本人是对方的外甥女" in of_niece
    of_elder = desk.get(reverse("admin:people_person_change", args=[elder.pk])).content.decode()
    assert "代办人 · 外甥女" in of_elder
