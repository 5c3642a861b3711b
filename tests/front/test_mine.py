"""“我的”: what the rooms bring, the account, what is stored about oneself."""

import datetime as dt

import pytest
from django.urls import reverse

from portal.core import clock
from portal.core.models import AuditEntry
from portal.core.registries import sections
from portal.people import contacting
from portal.people.models import Channel, ConsentRecord, Guardianship, Residency, TieState
from tests import worlds

pytestmark = pytest.mark.django_db


def test_every_section_stands_on_the_page_and_each_link_opens():
    user = worlds.account(worlds.community())
    client = worlds.client_for(user)
    page = client.get("/me/").content.decode()
    for section in sections:
        if section.shown(user):
            assert str(section.title) in page
            for row in section.rows(user):
                assert client.get(row.url, follow=True).status_code == 200


def test_name_and_masked_phone_and_the_ways_to_change_the_account():
    user = worlds.account(worlds.community(), name="林小荷")
    page = worlds.client_for(user).get("/me/").content.decode()
    assert "林小荷" in page
    assert user.phone_masked in page
    assert str(user.phone) not in page
    for name in ("front:my_data", "account_overview", "account_logout", "front:privacy"):
        assert f'href="{reverse(name)}"' in page
    assert "工作台" not in page


def test_staff_find_the_way_to_the_back_office():
    page = worlds.client_for(worlds.worker(worlds.community())).get("/me/").content.decode()
    assert 'href="/admin/"' in page


def test_text_messages_are_switched_on_and_off_on_the_record():
    user = worlds.account(worlds.community())
    client = worlds.client_for(user)
    for on in (True, True, False):
        client.post("/me/sms/", {"sms": "on" if on else "off"})
        user.refresh_from_db()
        assert user.sms_notices is on
    entries = AuditEntry.objects.filter(verb="account.sms_notices", actor_id=user.pk).order_by("id")
    assert [entry.details for entry in entries] == [{"on": True}, {"on": False}]


def test_a_person_reads_what_is_stored_about_them_whole_and_nobody_elses():
    home = worlds.community()
    person = worlds.person(
        home,
        name="陈望江",
        sex="male",
        birth_date=dt.date(1950, 3, 5),
        address="月塘巷8号",
        contact_phone=worlds.phone(),
    )
    user = worlds.account(home, person=person)
    child = worlds.person(home, name="陈小满", contact_phone="")
    Guardianship.objects.create(child=child, guardian=person, relation="父亲", since=dt.date(2020, 1, 1))
    household = worlds.household(worlds.building(home))
    Residency.objects.create(
        person=person,
        household=household,
        kind=Residency.Kind.OWNER,
        state=TieState.CONFIRMED,
        state_since=clock.now(),
        since=dt.date(2010, 1, 1),
    )
    ConsentRecord.objects.create(
        person=person, purpose="people.account", act="given", text_version="1", channel=Channel.ONLINE
    )
    page = worlds.client_for(user).get("/me/data/").content.decode()
    for word in (
        "陈望江",
        "男",
        "1950年3月5日",
        home.name,
        person.contact_phone,
        "月塘巷8号",
        "陈小满",
        str(household),
    ):
        assert word in page
    assert "开立和使用账号" in page
    stranger = worlds.client_for(worlds.account(home, name="黄立秋")).get("/me/data/").content.decode()
    assert "陈望江" not in stranger
    assert person.contact_phone not in stranger


def _look(person, actor, at=None):
    contacting.show_contact(person=person, actor=actor, at=at or clock.now(), reason="送药上门前核对")


def test_a_person_reads_who_looked_at_their_phone(django_assert_max_num_queries):
    home = worlds.community()
    user = worlds.account(home, name="林小荷")
    client = worlds.client_for(user)
    assert "谁看过您完整的电话" not in client.get("/me/data/").content.decode()
    worker, admin = worlds.worker(home, name="罗秀英"), worlds.administrator()
    _look(user.person, worker)
    earlier = worlds.person(home)
    _look(earlier, worlds.head(home, name="何春生"))
    type(earlier).objects.filter(pk=earlier.pk).update(merged_into=user.person)
    _look(user.person, admin)
    _look(worlds.person(home), worlds.worker(home, name="吴晓岚"))
    role = worker.roles.get()
    role.until = clock.now()
    role.save()
    page = client.get("/me/data/").content.decode()
    assert "谁看过您完整的电话和住址" in page
    assert f"{role.get_kind_display()} 罗**" in page, "the office held at that moment, the name masked"
    assert "社区负责人 何**" in page
    assert "系统管理员" in page
    assert "罗秀英" not in page and "何春生" not in page
    assert "吴**" not in page, "a look at somebody else"
    assert "送药" not in page, "the reason is the record's"
    for _number in range(10):
        _look(user.person, worlds.worker(home))
    with django_assert_max_num_queries(20):
        client.get("/me/data/")


def test_a_merged_record_shows_the_one_that_stands_for_it():
    home = worlds.community()
    standing = worlds.person(home, name="吴晓岚")
    earlier = worlds.person(home, name="吴小岚", merged_into=standing)
    user = worlds.account(home, person=earlier)
    assert "吴晓岚" in worlds.client_for(user).get("/me/data/").content.decode()


def test_what_is_stored_costs_the_same_with_many_ties(django_assert_max_num_queries):
    home = worlds.community()
    person = worlds.person(home)
    user = worlds.account(home, person=person)
    building = worlds.building(home)
    for _number in range(20):
        Residency.objects.create(
            person=person,
            household=worlds.household(building),
            kind=Residency.Kind.FAMILY,
            state_since=clock.now(),
            since=clock.today(),
        )
    client = worlds.client_for(user)
    with django_assert_max_num_queries(16):
        client.get("/me/data/")
