"""代办录入: what is known of the person is brought along, and after saving one stands on the new record's own page."""

import pytest
from django.urls import reverse

from portal.core.numbers import spaced
from portal.people.models import Person, Residency
from services.wishes.models import Wish, WishKind
from tests import worlds

from .desks import YESTERDAY, act_url, enter, page

pytestmark = pytest.mark.django_db


def add_url(person: Person) -> str:
    return page("wishes.wish", "add") + f"?subject={person.pk}&asker={person.pk}"


def typed(here, person: Person, **fields) -> dict:
    return {
        "community": here.community.pk,
        "subject": person.pk,
        "asker": person.pk,
        "channel": "counter",
        "kind": WishKind.objects.get(slug="repair").pk,
        "details": "家里的灯坏了",
        "when": "any",
        "contact_name": person.name,
        "contact_address": "2栋201",
        **fields,
    }


def send(here, person: Person, **fields):
    return enter(here.desk, "wishes.wish", **typed(here, person, **fields))


def test_the_registered_phone_is_brought_along_masked_and_kept_unless_changed(here) -> None:
    phone = here.resident.contact_phone
    opened = here.desk.get(add_url(here.resident))
    assert opened.context["adminform"].form["contact_phone"].value() == here.resident.phone_masked
    assert phone not in opened.content.decode()
    for written, kept in ((here.resident.phone_masked, phone), ("", phone), ("154 0000 7777", "15400007777")):
        assert send(here, here.resident, contact_phone=written).status_code == 302
        assert Wish.objects.latest("pk").contact_phone == kept
    here.resident.refresh_from_db()
    assert here.resident.contact_phone == phone


def test_who_signs_in_is_reached_by_that_number_where_none_else_is_kept(here) -> None:
    user = worlds.account(here.community)
    Person.objects.filter(pk=user.person.pk).update(contact_phone="", contact_phone_index=None)
    assert send(here, user.person, contact_phone="").status_code == 302
    assert Wish.objects.get().contact_phone == user.phone


def test_a_mask_of_somebody_else_and_nothing_at_all_are_refused(here) -> None:
    other = worlds.person(here.community, contact_phone="15400004321")
    refused = send(here, here.resident, contact_phone=other.phone_masked)
    assert "写完整的" in str(refused.context["adminform"].form.errors["contact_phone"])
    unreached = worlds.person(here.community, contact_phone="")
    refused = send(here, unreached, contact_phone="")
    assert "没有登记过电话" in str(refused.context["adminform"].form.errors["contact_phone"])
    assert not Wish.objects.exists()


def test_one_lands_on_the_record_with_its_number_the_next_act_and_another_one(here) -> None:
    sent = send(here, here.resident, contact_phone="")
    wish = Wish.objects.get()
    assert sent.url == page("wishes.wish", "change", wish.pk) + "?entered=1"
    body = here.desk.get(sent.url).content.decode()
    for part in (
        f'单号 <strong class="entered__number">{spaced(wish.code)}</strong>',
        act_url(wish, "approve"),
        "下一步：受理",
        reverse("admin:enter_for", args=[here.resident.pk]),
        f"替{here.resident.name}再录一件",
        "替别人录入",
    ):
        assert part in body, part
    assert "entered__number" not in here.desk.get(page("wishes.wish", "change", wish.pk)).content.decode()
    reader = worlds.client_for(worlds.supervisor(here.community))
    assert "entered__what" not in reader.get(sent.url).content.decode()


def test_so_does_every_other_room(here) -> None:
    fields = {"person": here.resident.pk, "household": here.household.pk, "since": YESTERDAY, "channel": "phone"}
    sent = enter(here.desk, "people.residency", kind="owner", **fields)
    made = Residency.objects.get()
    assert sent.url == page("people.residency", "change", made.pk) + "?entered=1"
    body = here.desk.get(sent.url).content.decode()
    assert "居住录好了" in body and "下一步：确认" in body


def test_who_wants_to_add_another_at_once_stays_on_the_form(here) -> None:
    sent = send(here, here.resident, contact_phone="", _addanother="1")
    assert sent.url.startswith(page("wishes.wish", "add"))
