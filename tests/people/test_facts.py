"""Name, sex, birth date: put right at the desk by an act with its reason, under one rule for every door."""

import datetime as dt
import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from portal.core import clock
from portal.core.models import AuditEntry
from portal.notices.models import Notice
from portal.people import contacting, correcting, facts, weighing
from portal.people.models import Guardianship, Person, User
from tests import worlds
from tests.backoffice.desks import carry_out, enter, page

pytestmark = pytest.mark.django_db
TOMORROW = clock.today() + dt.timedelta(days=1)
IMPOSSIBLE = [dt.date(1800, 1, 1), dt.date(1899, 12, 31), TOMORROW, dt.date(2130, 1, 1)]


@pytest.fixture
def home() -> Any:
    return worlds.community()


@pytest.fixture
def user(home: Any) -> Any:
    return worlds.account(home, name="林小荷")


def correct(person: Person, actor: Any, reason: str = "核对了身份证", **values: Any) -> list[str]:
    return facts.correct(person=person, values=values, actor=actor, at=clock.now(), reason=reason)


def test_it_says_what_changed_who_and_why_and_no_value(user: Any, home: Any) -> None:
    desk = worlds.worker(home)
    born = dt.date(1950, 3, 2)
    assert correct(user.person, desk, name="林小荷", sex="", birth_date=born) == ["birth_date"]
    user.person.refresh_from_db()
    assert user.person.birth_date == born
    entry = AuditEntry.objects.get(verb="person.corrected")
    assert (entry.actor_id, entry.details) == (desk.pk, {"fields": ["birth_date"]})
    assert entry.remark.text == "核对了身份证"
    notice = Notice.objects.get(person=user.person)
    assert "出生日期。依据：核对了身份证。" in notice.body


def test_not_without_a_reason_nor_for_oneself_nor_by_strangers_nor_for_nothing(user: Any, home: Any) -> None:
    desk, boss = worlds.worker(home), worlds.administrator(person=worlds.person(home))
    for actor in (user, worlds.supervisor(home), worlds.worker(worlds.community("向阳社区"))):
        other = worlds.person(home)
        with pytest.raises(PermissionDenied):
            correct(other, actor, name="别的名字")
        assert not facts.may_correct(actor, other)
    for own in (desk, boss):
        with pytest.raises(ValidationError, match="关系到您本人"):
            correct(own.person, own, name="别的名字")
        assert not facts.may_correct(own, own.person)
    with pytest.raises(ValidationError, match="依据"):
        correct(user.person, desk, reason=" ", name="林晓荷")
    with pytest.raises(ValidationError, match="没有要更正的"):
        correct(user.person, desk, name="林小荷")
    assert not AuditEntry.objects.filter(verb="person.corrected").exists()


def test_what_was_asked_by_a_request_is_decided_there(user: Any, home: Any) -> None:
    desk = worlds.worker(home)
    asked = correcting.ask(person=user.person, field="name", value="林晓荷", words="", actor=user, at=clock.now())
    with pytest.raises(ValidationError, match="个人信息请求"):
        correct(user.person, desk, name="林晓荷")
    correct(user.person, desk, sex="female")
    correcting.withdraw(request=asked, actor=user, at=clock.now())
    correct(Person.objects.get(pk=user.person.pk), worlds.worker(home), name="林晓荷")


@pytest.mark.parametrize("day", IMPOSSIBLE)
def test_one_rule_of_birth_dates_for_every_door(user: Any, home: Any, day: dt.date) -> None:
    desk, words = worlds.worker(home), "不能早于 1900 年"
    with pytest.raises(ValidationError, match=words):
        correct(user.person, desk, birth_date=day)
    with pytest.raises(ValidationError, match=words):
        contacting.enter_person(person=Person(name="罗秀英", community=home, birth_date=day), at=clock.now())
    with pytest.raises(ValidationError, match=words):
        value = day.isoformat()
        correcting.ask(person=user.person, field="birth_date", value=value, words="", actor=user, at=clock.now())
    client = worlds.client_for(desk)
    sent = enter(client, "people.person", name="罗秀英", community=home.pk, birth_date=day.isoformat())
    assert words in str(sent.context["adminform"].form.errors["birth_date"])
    sent = carry_out(client, user.person, "correct", name="林小荷", birth_date=day.isoformat(), reason="核对")
    assert words in str(sent.context["form"].errors["birth_date"])
    assert not Person.objects.filter(birth_date__isnull=False).exists()


@pytest.mark.parametrize("name", ["<b>x</b>12345", "=HYPERLINK(1)", "李1", "李"])
def test_what_is_no_name_is_none_at_the_desk_either(user: Any, home: Any, name: str) -> None:
    client = worlds.client_for(worlds.worker(home))
    assert enter(client, "people.person", name=name, community=home.pk).context["adminform"].form.errors.keys() == {
        "name"
    }
    sent = carry_out(client, user.person, "correct", name=name, reason="核对")
    assert sent.context["form"].errors.keys() == {"name"}


def test_the_persons_page_saves_nothing_and_offers_the_act(user: Any, home: Any) -> None:
    client = worlds.client_for(worlds.worker(home))
    url = page("people.person", "change", user.person.pk)
    assert "更正登记" in client.get(url).content.decode()
    assert client.post(url, {"name": "改了", "sex": "", "birth_date": ""}).status_code == 403
    sent = carry_out(client, user.person, "correct", name="林晓荷", sex="", birth_date="", reason="写错了一个字")
    assert sent.status_code == 302
    history = client.get(page("people.person", "history", user.person.pk)).content.decode()
    assert "更正登记" in history and "姓名" in history and "写错了一个字" in history and "林晓荷" in history


def test_for_a_child_the_guardian_is_told(home: Any) -> None:
    guardian = worlds.account(home)
    child = worlds.person(home, name="李豆豆", birth_date=clock.today() - dt.timedelta(days=3000))
    Guardianship.objects.create(child=child, guardian=guardian.person, relation="母亲", since=dt.date(2020, 1, 1))
    desk, colleague = worlds.worker(home), worlds.worker(home)
    with pytest.raises(weighing.NeedsAnother, match="有监护"):
        correct(child, desk, name="李逗逗")
    asked = correcting.ask(
        person=child,
        field="name",
        value="李逗逗",
        words="",
        actor=desk,
        at=clock.now(),
        asker=guardian.person,
        typist=desk,
        channel="counter",
    )
    with pytest.raises(ValidationError, match="另一位工作人员"):
        correcting.apply(request=asked, actor=desk, at=clock.now())
    correcting.apply(request=asked, actor=colleague, at=clock.now())
    child.refresh_from_db()
    assert child.name == "李逗逗"
    assert Notice.objects.filter(person=guardian.person).exists()


def aged(home: Any, years: int, **fields: Any) -> Person:
    today = clock.today()
    return worlds.person(home, name="李小荷", birth_date=dt.date(today.year - years, 1, 1), **fields)


@pytest.mark.parametrize(
    ("years", "values", "words"),
    [
        (40, {"name": "罗秀英"}, "大半的字不同"),
        (40, {"name": "李天明"}, "大半的字不同"),
        (40, {"birth_date": dt.date(clock.today().year - 62, 1, 1)}, "差了十年以上"),
        (40, {"birth_date": dt.date(clock.today().year - 41, 2, 1)}, "不止年、月、日里的一个"),
        (40, {"sex": "female", "birth_date": dt.date(1980, 5, 1)}, "不止一项"),
        (40, {"birth_date": dt.date(clock.today().year - 10, 1, 1)}, "14 岁或 18 岁"),
        (10, {"birth_date": dt.date(clock.today().year - 16, 1, 1)}, "14 岁或 18 岁"),
        (10, {"birth_date": None}, "14 岁或 18 岁"),
    ],
)
def test_more_than_a_slip_of_the_pen_takes_two(home: Any, years: int, values: Any, words: str) -> None:
    person = aged(home, years)
    with pytest.raises(weighing.NeedsAnother, match=words) as refusal:
        correct(person, worlds.worker(home), **values)
    assert refusal.value.fields == list(values)
    person.refresh_from_db()
    assert (person.name, person.sex) == ("李小荷", "")


def test_a_slip_is_put_right_by_one_until_the_person_signs_in(home: Any) -> None:
    desk, person = worlds.worker(home), aged(home, 40)
    assert correct(person, desk, name="李晓荷") == ["name"]
    nearly = person.birth_date.replace(month=5)
    assert correct(person, worlds.worker(home), birth_date=nearly) == ["birth_date"]
    user = worlds.account(person=person)
    assert correct(person, worlds.worker(home), sex="female") == ["sex"]
    worlds.client_for(user)
    User.objects.filter(pk=user.pk).update(last_login=clock.now())
    with pytest.raises(weighing.NeedsAnother, match="登录过"):
        correct(person, desk, sex="male")


def test_slip_after_slip_by_one_takes_two(home: Any) -> None:
    person, worker, colleague = aged(home, 40), worlds.worker(home), worlds.worker(home)
    correct(person, worker, name="李晓荷")
    with pytest.raises(weighing.NeedsAnother, match="最近已经更正过"):
        correct(person, worker, name="李晓禾")
    correct(person, colleague, name="李晓禾")


def test_a_childhood_with_guardians_is_not_corrected_away_by_any_door(home: Any) -> None:
    child, guardian, desk = aged(home, 9), worlds.account(home), worlds.worker(home)
    row = Guardianship.objects.create(child=child, guardian=guardian.person, relation="母亲", since=dt.date(2020, 1, 1))
    with pytest.raises(ValidationError, match="把监护关系结束"):
        correct(child, desk, birth_date=dt.date(1990, 9, 7))
    asked = correcting.ask(
        person=child, field="birth_date", value="1990-09-07", words="", actor=guardian, at=clock.now()
    )
    with pytest.raises(ValidationError, match="把监护关系结束"):
        correcting.apply(request=asked, actor=desk, at=clock.now())
    Guardianship.objects.filter(pk=row.pk).update(until=clock.today())
    asked.refresh_from_db()
    correcting.apply(request=asked, actor=desk, at=clock.now())
    child.refresh_from_db()
    assert child.birth_date == dt.date(1990, 9, 7)


def test_the_page_leads_to_the_request_with_what_was_typed(home: Any) -> None:
    person = aged(home, 40)
    client = worlds.client_for(worlds.worker(home))
    sent = carry_out(client, person, "correct", name="罗秀英", birth_date="1990-09-07", reason="核对了身份证")
    body = sent.content.decode()
    links = re.findall(r'href="([^"]+kept=[^"]+)"[^>]*>录入更正(姓名|出生日期)的请求', body)
    assert [what for _url, what in links] == ["姓名", "出生日期"]
    for (url, _what), value in zip(links, ("罗秀英", "1990-09-07"), strict=True):
        assert value not in url
        initial = client.get(url).context["adminform"].form.initial
        assert (initial["subject"], initial["kind"], initial["value"]) == (str(person.pk), "correct", value)
        assert initial["words"] == "核对了身份证"


@pytest.mark.parametrize(
    "reason", ["x", "。。。", "😀", "啊啊啊", "电话15400005087", "15400005087", "154 0000 5087 核对"]
)
def test_what_says_nothing_or_holds_a_phone_is_no_reason(home: Any, reason: str) -> None:
    person, desk = aged(home, 40), worlds.worker(home)
    with pytest.raises(ValidationError) as refusal:
        correct(person, desk, reason=reason, sex="female")
    assert refusal.value.message_dict.keys() == {"reason"} and "1540000" not in str(refusal.value)
    sent = carry_out(worlds.client_for(desk), person, "correct", name=person.name, sex="female", reason=reason)
    assert sent.context["form"].errors.keys() >= {"reason"}
    assert correct(person, desk, reason="核对", sex="female") == ["sex"]
