"""Signing up: an account is made once the number is proven, and it is always a new person's."""

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from portal.core import clock
from portal.core.models import AuditEntry
from portal.people import consenting, signing_in
from portal.people.models import Channel, ConsentRecord, Person, PersonArea, User
from portal.places.models import Area, Level
from tests import worlds

from . import walks

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> Area:
    return worlds.community()


def sign_up(client: Any, phone: str, home: Area, **fields: Any) -> Any:
    client.post(reverse("account_signup"), walks.sign_up_data(phone, home, **fields))
    return walks.type_code(client, walks.last_code(phone))


def test_a_code_alone_is_enough(client: Any, home: Area) -> None:
    phone = worlds.phone()
    answer = sign_up(client, phone, home)
    assert answer.url == reverse("front:home")
    assert walks.is_signed_in(client)
    user = User.objects.with_phone(phone)
    assert user is not None
    assert not user.has_usable_password()
    assert user.phone_confirmed_at == clock.now()


def test_a_password_can_be_chosen(client: Any, home: Area) -> None:
    phone = worlds.phone()
    sign_up(client, phone, home, password="magnolia-bridge-77")
    other = Client()
    walks.sign_in_by_password(other, phone, "magnolia-bridge-77")
    assert walks.is_signed_in(other)


def test_what_is_written(client: Any, home: Area) -> None:
    phone = worlds.phone()
    sign_up(client, phone, home, name="  李  小雪 ")
    user = User.objects.with_phone(phone)
    assert user is not None and user.person is not None
    person = user.person
    assert (person.name, person.community, person.contact_phone) == ("李 小雪", home, phone)
    assert PersonArea.objects.filter(person=person, community=home).exists()
    consent = ConsentRecord.objects.get(person=person)
    assert (consent.purpose, consent.act) == ("people.account", ConsentRecord.Act.GIVEN)
    assert (consent.text_version, consent.channel) == (consenting.ACCOUNT_NOTICE_VERSION, Channel.ONLINE)
    entry = AuditEntry.objects.get(verb="account.opened")
    assert (entry.actor_id, entry.subject_id) == (user.pk, user.pk)


def test_nothing_is_made_before_the_number_is_proven(client: Any, home: Area) -> None:
    phone = worlds.phone()
    before = User.objects.count(), Person.objects.count()
    client.post(reverse("account_signup"), walks.sign_up_data(phone, home))
    assert (User.objects.count(), Person.objects.count()) == before
    another = Client()
    walks.reset_pauses()
    sign_up(another, phone, home)  # somebody who only typed the number does not stand in its owner's way
    assert walks.is_signed_in(another)


def test_it_is_always_a_new_person(client: Any, home: Area) -> None:
    phone = worlds.phone()
    known = worlds.person(home, name="林小荷", contact_phone=phone)
    sign_up(client, phone, home, name="林小荷")
    user = User.objects.with_phone(phone)
    assert user is not None
    assert user.person != known
    assert Person.objects.filter(name="林小荷").count() == 2


def test_sending_the_code_twice_makes_one_account(client: Any, home: Area) -> None:
    phone = worlds.phone()
    client.post(reverse("account_signup"), walks.sign_up_data(phone, home))
    kept = dict(client.session["people.code"])
    code = walks.last_code(phone)
    walks.type_code(client, code)
    client.logout()
    session = client.session
    session["people.code"] = kept
    session.save()
    walks.type_code(client, code)
    assert Person.objects.filter(name="林小荷").count() == 1


def test_a_number_that_got_an_account_meanwhile(client: Any, home: Area) -> None:
    phone = worlds.phone()
    client.post(reverse("account_signup"), walks.sign_up_data(phone, home))
    worlds.account(phone=phone)
    people = Person.objects.count()
    answer = client.post(reverse("account_code"), {"code": walks.last_code(phone)}, follow=True)
    assert "刚刚有了账号" in answer.content.decode()
    assert not walks.is_signed_in(client)
    assert Person.objects.count() == people


def test_the_act_refuses_a_taken_number(home: Area) -> None:
    user: Any = worlds.account()
    with pytest.raises(signing_in.PhoneTaken):
        signing_in.open_account(
            phone=user.phone,
            name="林小荷",
            community_id=home.pk,
            password_hash="!",
            notice_version="1",
            at=clock.now(),
        )
    assert not Person.objects.filter(name="林小荷").exclude(user=user).exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": " "}, "姓名"),
        ({"community": ""}, "社区"),
        ({"phone": "123"}, "11 位"),
        ({"name": "张😀"}, "不写表情"),
        ({"name": "430202194903071235"}, "不要写身份证号"),
        ({"name": "李雪4302"}, "不能有数字"),
        ({"agree": ""}, "看过了在这里打勾"),
        ({"password": "12345678"}, "用的人太多"),
        ({"password": "abc"}, "密码太短了，至少要 8 位"),
        ({"password": "x15400009999"}, "不要用手机号"),
    ],
)
def test_what_is_missing_is_said_and_no_message_is_sent(
    client: Any, home: Area, fields: dict[str, str], said: str, sms_sent
) -> None:
    page = client.post(reverse("account_signup"), walks.sign_up_data("15400009999", home, **fields))
    assert page.status_code == 200
    assert said in page.content.decode()
    assert "还有地方要改一改" in page.content.decode()
    assert not sms_sent


def test_a_refused_number_stays_in_the_field_and_comes_into_no_log(
    client: Any, home: Area, caplog: Any, capsys: Any
) -> None:
    number = "430202194903071235"
    page = client.post(reverse("account_signup"), walks.sign_up_data("15400009999", home, name=f"李雪 {number}"))
    assert number in page.content.decode()
    assert number not in caplog.text and number not in "".join(capsys.readouterr())


def test_one_thing_at_a_time_is_said_of_a_password_in_our_own_words(client: Any, home: Area) -> None:
    page = client.post(reverse("account_signup"), walks.sign_up_data("15400009999", home, password="abc"))
    said = page.content.decode()
    assert "密码太短了，至少要 8 位。" in said and "用的人太多" not in said and "This password" not in said
    for password in ("abc", "password", "15400009999", "x" * 7, "12345678"):
        with pytest.raises(ValidationError) as refused:
            validate_password(password, User(phone="15400009999"))
        [words] = refused.value.messages
        assert not re.search("[A-Za-z]{3}", words)


def test_what_was_typed_last_counts_while_no_new_message_may_go_out(client: Any, home: Area) -> None:
    phone, other = worlds.phone(), worlds.community("向阳社区")
    first = walks.sign_up_data(phone, home, name="打错的名字")
    client.post(reverse("account_signup"), first)
    code = walks.last_code(phone)
    again = walks.sign_up_data(phone, other, name="何春生", password="magnolia-bridge-77")
    page = client.post(reverse("account_signup"), again, follow=True).content.decode()
    assert "验证码还能用" in page and "秒再发" not in page
    walks.type_code(client, code)
    user = User.objects.with_phone(phone)
    assert user is not None and user.person is not None
    assert (user.person.name, user.person.community) == ("何春生", other)
    assert user.check_password("magnolia-bridge-77")
    assert not Person.objects.filter(name="打错的名字").exists()


def test_of_two_tabs_the_one_that_was_sent_last_counts(client: Any, home: Area) -> None:
    """Both of one browser, for two numbers and back: the code of a number makes the account of that number."""
    one, two = worlds.phone(), worlds.phone()
    client.post(reverse("account_signup"), walks.sign_up_data(one, home, name="第一页"))
    code_one = walks.last_code(one)
    client.post(reverse("account_signup"), walks.sign_up_data(two, home, name="第二页"))
    page = walks.type_code(client, code_one)
    assert "验证码不对" in page.content.decode()
    assert not Person.objects.filter(name__in=["第一页", "第二页"]).exists()
    client.post(reverse("account_signup"), walks.sign_up_data(two, home, name="又是第二页"))
    walks.type_code(client, walks.last_code(two))
    [person] = Person.objects.filter(name__in=["第一页", "第二页", "又是第二页"])
    assert (person.name, person.contact_phone) == ("又是第二页", two)


def test_an_old_code_is_not_called_usable(client: Any, home: Area) -> None:
    """Whatever keeps a new message from going out: a code whose five minutes are over is not said to work."""
    phone = worlds.phone()
    client.post(reverse("account_signup"), walks.sign_up_data(phone, home))
    session = client.session
    session["people.code"] = {**session["people.code"], "sent_at": (clock.now() - dt.timedelta(minutes=6)).timestamp()}
    session.save()
    page = walks.words_of(client.post(reverse("account_signup"), walks.sign_up_data(phone, home), follow=True))
    assert "验证码还能用" not in page and "秒再发" in page


def test_the_tick_says_that_one_has_read_and_asks_for_no_consent(client: Any, home: Area) -> None:
    """The account rests on what was agreed to be done, not on consent: nothing to take back later."""
    page = client.get(reverse("account_signup")).content.decode()
    assert "我看过了，知道怎么用" in page and "收回同意" not in page
    phone = worlds.phone()
    sign_up(client, phone, home)
    assert "开立和使用账号" not in client.get(reverse("front:consents")).content.decode()
    data = client.get(reverse("front:my_data")).content.decode()
    assert "看过" in data


def test_only_open_communities_by_district(client: Any, home: Area) -> None:
    worlds.community("未开放社区", in_service=False)
    far = worlds.community("北岭社区", parent=worlds.subdistrict("田心街道", parent=worlds.district("石峰区")))
    page = client.get(reverse("account_signup")).content.decode()
    assert '<optgroup label="荷塘区">' in page
    assert '<optgroup label="石峰区">' in page
    assert "北岭社区（田心街道）" in page
    assert "未开放社区" not in page
    closed = client.post(reverse("account_signup"), walks.sign_up_data(worlds.phone(), home, community="999999"))
    assert closed.status_code == 200
    assert far.level == Level.COMMUNITY


def test_the_community_one_looked_at_is_chosen_already(client: Any, home: Area) -> None:
    worlds.community("另一个社区")
    client.cookies["community"] = str(home.pk)
    assert f'<option value="{home.pk}" selected>' in client.get(reverse("account_signup")).content.decode()


def test_what_was_typed_stands_when_one_comes_back(client: Any, home: Area) -> None:
    phone = worlds.phone()
    client.post(reverse("account_signup"), walks.sign_up_data(phone, home, name="何春生"))
    page = client.get(reverse("account_signup")).content.decode()
    assert 'value="何春生"' in page
    assert f'value="{phone}"' in page


def test_the_notice_stands_above_the_button(client: Any, home: Area) -> None:
    page = client.get(reverse("account_signup")).content.decode()
    assert all(str(line) in page for line in consenting.ACCOUNT_NOTICE)
    assert reverse("front:privacy") in page
