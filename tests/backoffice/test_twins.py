"""Whoever is entered and looks like somebody registered already: said before anything is stored, within the scope."""

import datetime as dt

import pytest
from django.urls import reverse

from portal.core.models import AuditEntry
from portal.people.models import Person
from tests import worlds

from .desks import page, token_of

pytestmark = pytest.mark.django_db
BORN = dt.date(1950, 3, 2)
URL = page("people.person", "add")


def typed(here, **fields) -> dict:
    return {"name": "林小荷", "birth_date": "", "community": here.community.pk, "contact_phone": "", **fields}


def send(here, url: str = URL, **fields):
    return here.desk.post(url, {"once": token_of(here.desk, url), **typed(here, **fields)})


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"contact_phone": True, "name": "别的名字"}, "电话相同"),
        ({"birth_date": BORN.isoformat()}, "姓名和出生日期相同"),
        ({"birth_date": BORN.isoformat(), "contact_phone": True}, "姓名和出生日期相同、电话相同"),
    ],
)
def test_it_is_said_before_anything_is_stored_and_one_button_goes_on(here, fields, why: str) -> None:
    Person.objects.filter(pk=here.resident.pk).update(birth_date=BORN)
    if "contact_phone" in fields:
        fields = {**fields, "contact_phone": here.resident.contact_phone}
    before = Person.objects.count()
    asked = send(here, **fields)
    body = asked.content.decode()
    assert asked.status_code == 200 and Person.objects.count() == before
    assert [(found[1], found[2]) for found in asked.context["alike"]] == [
        (why, page("people.person", "change", here.resident.pk))
    ]
    assert "像是登记过的人" in body and "不是同一个人，照样登记" in body
    assert f'value="{fields.get("name", "林小荷")}"' in body  # what was typed is kept
    on = here.desk.post(
        URL, {"once": asked.context["once"], **typed(here, **fields), "different": asked.context["alike_keys"]}
    )
    assert on.status_code == 302 and Person.objects.count() == before + 1


def test_that_it_is_another_one_holds_for_those_who_were_shown_alone(here) -> None:
    worlds.person(here.community, name="周长庚", contact_phone=here.resident.contact_phone)
    asked = send(here, contact_phone=here.resident.contact_phone, different=str(here.resident.pk))
    assert len(asked.context["alike"]) == 2
    assert Person.objects.filter(name="林小荷").count() == 1


def test_nobody_outside_of_the_desks_places_is_told_of(here, there) -> None:
    Person.objects.filter(pk=there.resident.pk).update(birth_date=BORN)
    sent = send(here, name=there.resident.name, birth_date=BORN.isoformat(), contact_phone=there.resident.contact_phone)
    assert sent.status_code == 302
    assert Person.objects.filter(name=there.resident.name).count() == 2


def test_a_sign_in_phone_leads_to_the_person_and_the_look_up_is_on_record(here) -> None:
    user = worlds.account(here.community)
    asked = send(here, name="新来的", contact_phone=user.phone)
    assert [url for _label, _why, url in asked.context["alike"]] == [page("people.person", "change", user.person.pk)]
    assert str(user.phone) not in " ".join(label for label, _why, _url in asked.context["alike"])
    assert AuditEntry.objects.get(verb="person.phone_searched").details == {"found": 1}


def test_from_entering_on_behalf_one_goes_on_with_the_person_who_was_found(here) -> None:
    asked = send(here, URL + "?then=enter", contact_phone=here.resident.contact_phone)
    assert asked.context["alike"][0][2] == reverse("admin:enter_for", args=[here.resident.pk])


def test_other_mistakes_are_put_right_first(here) -> None:
    wrong = send(here, contact_phone="123")
    assert "alike" not in wrong.context
    assert "contact_phone" in wrong.context["adminform"].form.errors
