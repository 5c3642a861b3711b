"""“我的”: what the rooms bring, the account, what is stored about oneself."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.core import clock
from portal.core.registries import sections
from portal.people import contacting
from portal.people.models import Channel, ConsentRecord, Guardianship, Residency, TieState
from portal.people.preferences import TEXT_SIZES
from tests import worlds
from tests.wishes import scenes

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


def test_a_person_reads_who_looked_at_their_phone():
    home = worlds.community()
    user = worlds.account(home, name="林小荷")
    client = worlds.client_for(user)
    assert "谁看过完整的电话" not in client.get("/me/data/").content.decode()
    worker, admin = worlds.worker(home, name="罗秀英"), worlds.administrator()
    _look(user.person, worker)
    earlier = worlds.person(home, name="林晓荷")
    _look(earlier, worlds.head(home, name="何春生"))
    type(earlier).objects.filter(pk=earlier.pk).update(merged_into=user.person)
    _look(user.person, admin)
    _look(worlds.person(home), worlds.worker(home, name="吴晓岚"))
    role = worker.roles.get()
    role.until = clock.now()
    role.save()
    page = client.get("/me/data/").content.decode()
    assert "谁看过完整的电话和住址" in page
    assert f"{role.get_kind_display()} 罗**" in page, "the office held at that moment, the name masked"
    assert "社区负责人 何**" in page
    assert "系统管理员" in page
    assert "罗秀英" not in page and "何春生" not in page
    assert "吴**" not in page, "a look at somebody else"
    assert "送药" not in page, "the reason is the record's"
    cost = _cost(client)
    for _number in range(10):
        _look(user.person, worlds.worker(home))
    assert _cost(client) <= cost + 1, "one more query counts what a table leaves out, however much that is"


def test_a_merged_record_shows_the_one_that_stands_for_it():
    home = worlds.community()
    standing = worlds.person(home, name="吴晓岚")
    earlier = worlds.person(home, name="吴小岚", merged_into=standing)
    user = worlds.account(home, person=earlier)
    assert "吴晓岚" in worlds.client_for(user).get("/me/data/").content.decode()


def _cost(client) -> int:
    """How many queries the page of what is stored takes."""
    with CaptureQueriesContext(connection) as captured:
        client.get("/me/data/")
    return len(captured)


def test_what_is_stored_costs_the_same_with_many_ties():
    home = worlds.community()
    person = worlds.person(home)
    user = worlds.account(home, person=person)
    building = worlds.building(home)
    client = worlds.client_for(user)

    def lives() -> None:
        Residency.objects.create(
            person=person,
            household=worlds.household(building),
            kind=Residency.Kind.FAMILY,
            state_since=clock.now(),
            since=clock.today(),
        )

    lives()
    cost = _cost(client)
    for _number in range(19):
        lives()
    assert _cost(client) <= cost + 1, "one more query counts what a table leaves out, however much that is"


# The page itself -----------------------------------------------------------------------------------------------------


def test_every_way_to_ones_own_things_stands_on_it():
    page = worlds.client_for(worlds.account(worlds.community())).get("/me/").content.decode()
    for name in (
        "profile",
        "homes",
        "family",
        "my_data",
        "consents",
        "privacy",
        "notice_choices",
        "elder",
    ):
        assert f'href="{reverse(f"front:{name}")}"' in page, name


def test_an_account_that_is_nobodys_finds_what_it_has():
    page = worlds.client_for(worlds.administrator()).get("/me/").content.decode()
    assert f'href="{reverse("front:profile")}"' not in page
    assert 'href="/admin/"' in page


def test_offices_stand_beside_the_door_to_the_desk():
    home = worlds.community()
    page = worlds.client_for(worlds.head(home)).get("/me/").content.decode()
    assert "进入工作台" in page and f"{home.name} 社区负责人" in page


def test_what_waits_says_by_when():
    here = scenes.scene()
    scenes.ordered(here)
    page = worlds.client_for(here.asker).get("/me/").content.decode()
    assert "社区会在" in page and "前给您回话" in page


def test_me_costs_the_same_however_much_there_is():
    here = scenes.scene()
    client = worlds.client_for(here.asker)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/me/")
        return len(captured)

    scenes.ordered(here)
    one = cost()
    for _number in range(12):
        scenes.ordered(here)
    assert cost() == one <= 20


# 关怀版 ---------------------------------------------------------------------------------------------------------------


def test_the_size_of_the_letters_is_chosen_where_the_big_ones_are_on():
    user = worlds.account(worlds.community())
    client = worlds.client_for(user)
    address = reverse("front:elder")
    off = client.get(address).content.decode()
    assert "现在关着" in off and "打开关怀版" in off and 'class="sizes"' not in off
    assert client.post("/mode/", {"mode": "elder", "next": address})["Location"] == address
    on = client.get(address).content.decode()
    assert "现在开着" in on and on.split('class="sizes"')[1].count('name="text"') == len(TEXT_SIZES)
    client.post("/mode/", {"text": "30", "next": address})
    assert 'value="30" aria-current="true"' in client.get(address).content.decode()
    user.refresh_from_db()
    assert user.elder_text == 30
