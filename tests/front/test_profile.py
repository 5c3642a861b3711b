"""One's own record: seen whole by oneself, phone and address changed on the spot, the rest on request."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from portal.core import clock
from portal.core.models import AuditEntry
from portal.people import consenting, contacting
from portal.people.models import Channel, Guardianship, Person
from tests import worlds

pytestmark = pytest.mark.django_db
CONTACT = "front:contact"


@pytest.fixture
def reader():
    return worlds.account(worlds.community(), name="林小荷")


def test_one_reads_oneself_whole_and_finds_the_way_to_change_each_line(reader):
    Person.objects.filter(pk=reader.person.pk).update(sex="female")
    page = worlds.client_for(reader).get(reverse("front:profile")).content.decode()
    for word in ("林小荷", "女", reader.person.community.name, reader.person.contact_phone, reader.phone_masked):
        assert word in page
    asks = [reverse("front:correct_ask", args=[field]) for field in ("name", "sex", "birth_date")]
    for address in (*asks, reverse(CONTACT), reverse("account_change_phone")):
        assert f'href="{address}"' in page
    assert "我的工作角色" not in page
    assert "None" not in page


def test_who_works_at_the_desk_reads_their_offices():
    home = worlds.community()
    page = worlds.client_for(worlds.worker(home)).get(reverse("front:profile")).content.decode()
    assert "我的工作角色" in page and "社区工作者" in page


def test_phone_and_address_change_at_once_and_what_they_hold_is_not_on_the_record(reader):
    phone = worlds.phone()
    client = worlds.client_for(reader)
    typed = {"contact_phone": f"{phone[:3]} {phone[3:7]} {phone[7:]}", "address": "月塘巷8号 201"}
    for _time in range(2):
        assert client.post(reverse(CONTACT), typed)["Location"] == reverse("front:profile")
    person = Person.objects.get(pk=reader.person.pk)
    assert (person.contact_phone, person.address) == (phone, "月塘巷8号 201")
    found = contacting.find_by_phone(
        people=Person.objects.all(), phone=phone, actor=worlds.administrator(), at=person.created_at
    )
    assert [one.pk for one in found] == [person.pk], "the blind index follows"
    entry = AuditEntry.objects.get(verb="person.own_contact_changed")
    assert (entry.actor_id, entry.details) == (reader.pk, {"fields": ["contact_phone", "address"]})
    reader.refresh_from_db()
    assert reader.phone != phone, "the sign-in phone is another matter"


def test_what_is_emptied_is_taken_out(reader):
    worlds.client_for(reader).post(reverse(CONTACT), {"contact_phone": "", "address": ""})
    person = Person.objects.get(pk=reader.person.pk)
    assert (person.contact_phone, person.contact_phone_index, person.address) == ("", None, "")


@pytest.mark.parametrize(
    ("typed", "words"), [("1234", "11 位"), ("abcdefghijk", "只能是数字"), ("25400000000", "不是手机号")]
)
def test_what_is_no_phone_is_said_kept_in_the_field_and_stores_nothing(reader, typed, words):
    before = reader.person.contact_phone
    answer = worlds.client_for(reader).post(reverse(CONTACT), {"contact_phone": typed, "address": "月塘巷9号"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page and f'value="{typed}"' in page and "月塘巷9号" in page
    person = Person.objects.get(pk=reader.person.pk)
    assert (person.contact_phone, person.address) == (before, "")


def test_the_account_of_a_merged_record_keeps_its_contact_with_that_record():
    """So that it is with the person when the merging is undone; the page shows what they saved."""
    home = worlds.community()
    standing = worlds.person(home)
    user = worlds.account(home, person=worlds.person(home, merged_into=standing))
    client = worlds.client_for(user)
    client.post(reverse(CONTACT), {"contact_phone": "", "address": "桂花巷1号"})
    standing.refresh_from_db()
    assert standing.address == ""
    assert Person.objects.get(pk=user.person_id).address == "桂花巷1号"
    assert "桂花巷1号" in client.get(reverse("front:profile")).content.decode()


def test_nothing_of_it_reaches_anybody_else(reader):
    Person.objects.filter(pk=reader.person.pk).update(address="")
    contacting.change_own_contact(
        actor=reader, at=reader.date_joined, contact_phone=reader.person.contact_phone, address="只有自己知道的地方"
    )
    for other in (worlds.account(reader.person.community), worlds.worker(reader.person.community)):
        client = worlds.client_for(other)
        for name in ("front:profile", CONTACT, "front:me", "front:family", "front:homes"):
            page = client.get(reverse(name)).content.decode()
            assert "只有自己知道的地方" not in page and reader.person.contact_phone not in page


def test_an_account_that_is_nobodys_has_no_record():
    client = worlds.client_for(worlds.administrator())
    assert client.get(reverse("front:profile")).status_code == 404
    assert client.post(reverse(CONTACT), {}).status_code == 404


def _child_of(reader, **facts):
    child = worlds.person(reader.person.community, name="李豆豆", birth_date=clock.today(), **facts)
    Guardianship.objects.create(child=child, guardian=reader.person, relation="母亲", since=clock.today())
    return child


def test_a_guardian_changes_the_childs_contact_where_the_page_promises_it(reader):
    child = _child_of(reader)
    said = {"purpose": consenting.CHILD_PURPOSE, "channel": Channel.ONLINE, "at": clock.now()}
    consenting.give(person=child, guardian=reader.person, **said)
    client = worlds.client_for(reader)
    address = f"{reverse(CONTACT)}?child={child.pk}"
    page = client.get(f"{reverse('front:correct')}?child={child.pk}").content.decode()
    assert "电话和住址自己当场改" in page and f'href="{address}"' in page and "登录手机" not in page
    assert "李豆豆" in client.get(address).content.decode()
    answer = client.post(address, {"contact_phone": "15400001234", "address": "月塘巷8号"})
    assert answer["Location"] == f"{reverse('front:correct')}?child={child.pk}"
    child.refresh_from_db()
    reader.person.refresh_from_db()
    assert (child.contact_phone, child.address) == ("15400001234", "月塘巷8号")
    assert reader.person.address == ""
    entry = AuditEntry.objects.get(verb="person.child_contact_changed")
    assert (entry.subject_id, entry.actor_id) == (child.pk, reader.pk)


def test_without_the_guardians_consent_nothing_of_the_child_is_kept(reader):
    child = _child_of(reader)
    before = child.contact_phone
    answer = worlds.client_for(reader).post(
        f"{reverse(CONTACT)}?child={child.pk}", {"contact_phone": "15400001234", "address": ""}
    )
    assert answer.status_code == 422
    child.refresh_from_db()
    assert child.contact_phone == before != "15400001234"


def test_nobody_changes_the_contact_of_a_child_that_is_not_theirs(reader):
    child = _child_of(reader)
    other = worlds.account(reader.person.community)
    answer = worlds.client_for(other).post(
        f"{reverse(CONTACT)}?child={child.pk}", {"contact_phone": "", "address": "x"}
    )
    assert answer.status_code == 404
    with pytest.raises(PermissionDenied):
        contacting.change_own_contact(actor=other, at=clock.now(), contact_phone="", address="x", child=child)
