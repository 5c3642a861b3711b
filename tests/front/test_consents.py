"""Consents: given and withdrawn with the same ease, by version, by a guardian for a child, and acted on at once."""

import dataclasses
import datetime as dt
import re
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import QuerySet

from portal.core import clock
from portal.core.models import AuditEntry
from portal.core.registries import purposes
from portal.notices import asking_again, choosing
from portal.notices.models import Notice
from portal.notices.wording import Channel as Way
from portal.people import consenting
from portal.people.consenting import Standing
from portal.people.models import (
    Channel,
    ConsentRecord,
    DataRequest,
    Guardianship,
    Person,
    Residency,
    TieState,
    User,
)
from services.wishes import ordering
from tests import worlds
from tests.races import race
from tests.wishes import scenes

pytestmark = pytest.mark.django_db
SMS = "notices.sms"
CHILD = "people.children"


@pytest.fixture
def user():
    return worlds.account(worlds.community())


@pytest.fixture
def child(user):
    born = dt.date(clock.today().year - 7, 1, 1)
    made = worlds.person(user.person.community, name="小满", birth_date=born, sex="female", address="月塘巷8号")
    Guardianship.objects.create(child=made, guardian=user.person, relation="母亲", since=dt.date(2020, 1, 1))
    return made


def _give(person, purpose=SMS, **more):
    return consenting.give(person=person, purpose=purpose, channel=Channel.ONLINE, at=clock.now(), **more)


def _withdraw(person, purpose=SMS, **more):
    return consenting.withdraw(person=person, purpose=purpose, channel=Channel.ONLINE, at=clock.now(), **more)


def _standing(person, purpose=SMS):
    return next(one.standing for one in consenting.answers(person) if one.purpose.id == purpose)


def test_given_and_withdrawn_it_switches_and_leaves_one_row_each(user):
    assert _standing(user.person) == Standing.NEVER
    _give(user.person)
    user.refresh_from_db()
    assert user.sms_notices and _standing(user.person) == Standing.GIVEN
    _withdraw(user.person)
    user.refresh_from_db()
    assert not user.sms_notices and _standing(user.person) == Standing.WITHDRAWN
    assert list(ConsentRecord.objects.order_by("pk").values_list("act", "text_version")) == [
        ("given", "2026-11-a"),
        ("withdrawn", "2026-11-a"),
    ]
    assert AuditEntry.objects.filter(verb__startswith="consent.", actor_id=user.pk).count() == 2


def test_saying_it_again_changes_nothing(user):
    assert _withdraw(user.person) is None
    first = _give(user.person)
    assert _give(user.person) == first
    _withdraw(user.person)
    assert _withdraw(user.person) is None
    assert ConsentRecord.objects.count() == 2


def test_the_switch_of_the_messages_page_is_the_same_consent(user):
    choosing.switch(user=user, channel=Way.SMS, on=True, at=clock.now())
    assert _standing(user.person) == Standing.GIVEN
    choosing.switch(user=user, channel=Way.SMS, on=False, at=clock.now())
    assert _standing(user.person) == Standing.WITHDRAWN


def test_a_new_version_of_the_words_asks_again_and_closes_the_way(user, monkeypatch):
    _give(user.person)
    purpose = purposes[SMS]
    newer = dataclasses.replace(purpose, consent=dataclasses.replace(purpose.consent, version="2027-01-a"))
    monkeypatch.setitem(purposes._entries, SMS, newer)
    assert _standing(user.person) == Standing.OUTDATED
    assert not consenting.stands(person=user.person, purpose=SMS)
    assert asking_again.close_outdated(clock.now()) == 1
    user.refresh_from_db()
    assert not user.sms_notices
    assert Notice.objects.get(person=user.person).url == "/me/consents/"
    assert asking_again.close_outdated(clock.now()) == 0
    assert "文字更新了" in worlds.client_for(user).get("/me/consents/").content.decode()
    _give(user.person)
    user.refresh_from_db()
    assert user.sms_notices and _standing(user.person) == Standing.GIVEN


def test_what_rests_on_no_consent_takes_none(user):
    with pytest.raises(ValueError, match="does not rest on consent"):
        _give(user.person, "people.person")


def test_what_cannot_be_used_is_not_asked_for(user):
    assert "notices.email" not in [one.purpose.id for one in consenting.answers(user.person)]
    with pytest.raises(ValidationError):
        _give(user.person, "notices.email")


def test_if_what_rests_on_it_fails_nothing_is_written(user, monkeypatch):
    purpose = purposes[SMS]

    def fails(_person, _at):
        raise RuntimeError

    broken = dataclasses.replace(purpose, consent=dataclasses.replace(purpose.consent, given=fails))
    monkeypatch.setitem(purposes._entries, SMS, broken)
    with pytest.raises(RuntimeError):
        _give(user.person)
    assert not ConsentRecord.objects.exists()


def test_a_guardian_decides_for_a_child_under_fourteen(user, child):
    with pytest.raises(ValidationError):
        _give(child, CHILD)
    with pytest.raises(ValidationError):
        _give(child, CHILD, guardian=worlds.person(user.person.community))
    row = _give(child, CHILD, guardian=user.person)
    assert row.guardian == user.person
    with pytest.raises(ValidationError):
        _give(user.person, SMS, guardian=child)


def test_a_guardian_withdraws_and_the_childs_contact_goes_and_nothing_new_begins(user, child):
    _give(child, CHILD, guardian=user.person)
    here = scenes.scene()
    scenes.ordered(here, subject=child, asker=user.person, actor=user, actor_part="guardian")
    _withdraw(child, CHILD, guardian=user.person)
    child.refresh_from_db()
    assert (child.contact_phone, child.address, child.sex) == ("", "", "")
    assert child.name == "小满"
    with pytest.raises(ValidationError, match="撤回"):
        scenes.ordered(here, subject=child, asker=user.person, actor=user, actor_part="guardian")
    _give(child, CHILD, guardian=user.person)
    scenes.ordered(here, subject=child, asker=user.person, actor=user, actor_part="guardian")
    assert ordering.Wish.objects.filter(subject=child).count() == 2


def test_the_record_is_append_only(user):
    row = _give(user.person)
    row.act = "withdrawn"
    with pytest.raises(Exception, match="append-only"):
        row.save()


def said(act, purpose=SMS):
    return {"act": act, "version": purposes[purpose].consent.version}


# -- pages ------------------------------------------------------------------------------------------------------------


def test_giving_and_withdrawing_take_the_same_steps(user):
    client = worlds.client_for(user)
    steps = {}
    for act in ("give", "withdraw"):
        listed = client.get("/me/consents/").content.decode()
        assert f'href="/me/consents/{SMS}/"' in listed
        page = client.get(f"/me/consents/{SMS}/").content.decode()
        assert f'value="{act}"' in page
        assert "不再给您发短信" in page, "what stops is said beforehand"
        steps[act] = client.post(f"/me/consents/{SMS}/", said(act), follow=True).redirect_chain
    assert steps["give"] == steps["withdraw"]


def test_who_read_other_words_is_shown_the_new_ones_and_has_agreed_to_nothing(user):
    client = worlds.client_for(user)
    version = purposes[SMS].consent.version
    assert f'name="version" value="{version}"' in client.get(f"/me/consents/{SMS}/").content.decode()
    for old in ({"act": "give", "version": "2020-01-a"}, {"act": "give"}):
        answer = client.post(f"/me/consents/{SMS}/", old, follow=True)
        assert answer.redirect_chain[-1][0] == f"/me/consents/{SMS}/"
        assert "文字刚刚更新了" in answer.content.decode()
    assert _standing(user.person) == Standing.NEVER
    client.post(f"/me/consents/{SMS}/", said("give"))
    assert _standing(user.person) == Standing.GIVEN
    client.post(f"/me/consents/{SMS}/", {"act": "withdraw"})
    assert _standing(user.person) == Standing.WITHDRAWN


def test_what_a_child_has_without_consent_is_listed_before_and_what_stays_after_it_was_taken_back(user, child):
    """Of the child's record its name and birth date alone rest on another ground; a home stays, and why is said."""
    Residency.objects.create(
        person=child, household=worlds.household(worlds.building(child.community)), kind="family",
        state=TieState.CONFIRMED, state_since=clock.now(), since=dt.date(2022, 1, 1),
    )  # fmt: skip
    client = worlds.client_for(user)
    url = f"/me/consents/{CHILD}/?child={child.pk}"

    def besides() -> str:
        page = re.sub(r"<[^>]+>", "", client.get(url).content.decode())
        return page.split("不靠这次同意，也存着的")[1].split("找人帮忙")[0]

    before = besides()
    assert "本人（姓名、出生日期、所在社区、登记时间）" in before and "居住 1 条" in before
    assert "凭什么存：" in before and "才会另外登记性别、联系电话和住址" in before
    assert "先不同意，回去" in before
    client.post(url, said("give", CHILD))
    given = besides()
    assert "撤回以后，下面这些还留着" in given and "本人（姓名、出生日期、所在社区、登记时间）" in given
    page = client.post(url, {"act": "withdraw"}, follow=True).content.decode()
    assert "住址三栏已经清除；还留着什么、为什么" in page
    assert "居住 1 条" in besides()
    child.refresh_from_db()
    assert (child.address, child.sex) == ("", "")


def test_what_an_answered_request_said_of_the_child_goes_with_the_consent(user, child):
    _give(child, CHILD, guardian=user.person)
    request = DataRequest.objects.create(
        code="900000018", community=child.community, subject=child, asker=user.person, kind="correct",
        field="sex", value="male", state="done", state_since=clock.now(), due_on=None,
    )  # fmt: skip
    _withdraw(child, CHILD, guardian=user.person)
    request.refresh_from_db()
    assert request.value == "" and request.erased_on is not None


def test_the_guardian_sees_the_child_and_nobody_elses(user, child):
    client = worlds.client_for(user)
    assert "小满" in client.get("/me/consents/").content.decode()
    url = f"/me/consents/{CHILD}/?child={child.pk}"
    client.post(url, said("give", CHILD))
    assert _standing(child, CHILD) == Standing.GIVEN
    stranger = worlds.client_for(worlds.account(user.person.community))
    assert stranger.get(url).status_code == 404
    assert stranger.post(url, {"act": "withdraw"}).status_code == 404
    assert client.get("/me/consents/nothing/").status_code == 404
    assert client.get("/me/consents/people.person/").status_code == 404
    assert worlds.client_for(worlds.administrator()).get("/me/consents/").status_code == 200


# -- at once ----------------------------------------------------------------------------------------------------------


def _said_at_once():
    user = worlds.account(worlds.community())
    _give(user.person)
    person = Person.objects.get(pk=user.person.pk)
    race(*[lambda: _withdraw(person)] * 4)
    return User.objects.get(pk=user.pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres(only=True)
def test_withdrawn_four_times_at_once_it_is_one_row():
    user = _said_at_once()
    assert ConsentRecord.objects.filter(act="withdrawn").count() == 1
    assert not user.sms_notices


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres(only=True)
def test_control_without_the_lock_there_are_several(monkeypatch):
    line, latest = threading.Barrier(4), consenting._latest

    def all_have_looked(person):
        found = latest(person)
        if connection.in_atomic_block and SMS in found and threading.current_thread() is not threading.main_thread():
            line.wait(30)
        return found

    monkeypatch.setattr(consenting, "_latest", all_have_looked)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_how: self)
    _said_at_once()
    assert ConsentRecord.objects.filter(act="withdrawn").count() > 1
