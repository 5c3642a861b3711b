"""Two records of one human being: put together, read as one, taken apart, whatever came in between."""

import datetime as dt
import itertools
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from alliance.volunteers import joining
from alliance.volunteers.models import Volunteer
from portal.backoffice import access as desk_access
from portal.core import audit, clock
from portal.core.models import AuditEntry
from portal.notices.models import Delivery, Notice
from portal.notices.telling import tell
from portal.people import (
    access,
    contacting,
    correcting,
    entrusting,
    facts,
    merging,
    proposing,
    relations,
    tying,
    uniqueness,
)
from portal.people.homes import home_of
from portal.people.models import Guardianship, Person, PersonArea, Residency
from tests import worlds
from tests.wishes import scenes

db = pytest.mark.django_db
BORN = dt.date(1950, 3, 2)
LONG_AGO = dt.date(2020, 5, 1)


def merge(person: Person, into: Person, actor: Any = None) -> None:
    merging.merge(person=fresh(person), into=fresh(into), actor=actor, at=clock.now(), reason="核对了证件")


def undo(person: Person, actor: Any = None) -> None:
    merging.undo(person=fresh(person), actor=actor, at=clock.now(), reason="弄错了")


def fresh(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def claim(person: Person, household: Any, kind: str = "family") -> Residency:
    return tying.claim_residency(
        person=person,
        household=household,
        kind=kind,
        since=LONG_AGO,
        actor_id=None,
        actor_part="requester",
        at=clock.now(),
    )


@pytest.fixture(autouse=True)
def one_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody is called the same: what may be merged is not stopped by a name."""
    monkeypatch.setattr(worlds, "_names", itertools.repeat("李桂香"))


@pytest.fixture
def place(db: None) -> Any:
    return worlds.community()


@pytest.fixture
def pair(place: Any) -> tuple[Person, Person]:
    return worlds.person(place, name="李桂香"), worlds.person(place, name="李桂香")


# -- who may, what is told ---------------------------------------------------------------------------------------------


def test_the_desk_that_serves_both_merges_and_it_stands_in_both_records(place: Any) -> None:
    old, account = worlds.person(place, birth_date=BORN), worlds.account(person=worlds.person(place, birth_date=BORN))
    desk = worlds.worker(place)
    merge(old, account.person, desk)
    assert fresh(old).resolved == account.person
    for verb, subject, details in (
        ("person.merged", old, {"into": account.person.pk}),
        ("person.merged_here", account.person, {"record": old.pk}),
    ):
        entry = AuditEntry.objects.get(verb=verb, subject_type="people.person", subject_id=subject.pk)
        assert (entry.actor_id, entry.details, entry.remark.text) == (desk.pk, details, "核对了证件")
    assert [notice.title for notice in Notice.objects.filter(person=account.person)] == ["社区把您的两份登记合成了一份"]


def test_nobody_merges_whom_they_do_not_serve_nor_themselves(place: Any) -> None:
    elsewhere = worlds.community("向阳社区", parent=worlds.subdistrict("桂花街道"))
    here, there = worlds.person(place), worlds.person(elsewhere)
    desk = worlds.worker(place)
    for actor in (desk, worlds.supervisor(place), worlds.account(place)):
        with pytest.raises(PermissionDenied):
            merge(here, there, actor)
    with pytest.raises(ValidationError, match="请另一位工作人员来办"):
        merge(here, desk.person, desk)
    with pytest.raises(ValidationError, match="依据"):
        merging.merge(person=here, into=worlds.person(place), actor=desk, at=clock.now(), reason=" ")
    merge(here, there, worlds.administrator())
    with pytest.raises(PermissionDenied):  # one half is not theirs
        undo(here, desk)


def test_a_record_that_was_merged_is_merged_no_second_time(pair: Any) -> None:
    one, other = pair
    merge(one, other)
    for person, into in ((one, other), (other, one), (other, other)):
        with pytest.raises(ValidationError):
            merge(person, into)
    undo(one)
    with pytest.raises(ValidationError, match="已经撤销"):
        undo(one)


# -- when it takes two -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("known", [{}, {"birth_date": BORN}])
def test_with_an_account_and_not_known_to_agree_one_proposes_and_another_does_it(place: Any, known: Any) -> None:
    old, account = worlds.person(place, **known), worlds.account(place)
    desk, colleague = worlds.worker(place), worlds.worker(place)
    with pytest.raises(ValidationError, match="要两个人办"):
        merge(old, account.person, desk)
    merging.propose(person=old, into=account.person, actor=desk, at=clock.now(), reason="核对了证件")
    assert fresh(old).merged_into is None
    with pytest.raises(ValidationError, match="要两个人办"):
        merge(old, account.person, desk)
    with pytest.raises(ValidationError, match="已经提议过"):
        merging.propose(person=account.person, into=old, actor=desk, at=clock.now(), reason="核对了证件")
    later = clock.now() + proposing.LASTS + dt.timedelta(hours=1)
    with pytest.raises(ValidationError, match="要两个人办"):  # lapsed
        merging.merge(person=fresh(old), into=account.person, actor=colleague, at=later, reason="核对了证件")
    merge(account.person, old, colleague)  # whichever of the two is to stand
    undo(account.person)
    with pytest.raises(ValidationError, match="要两个人办"):  # taken apart, it is proposed anew
        merge(old, account.person, colleague)


def test_who_proposes_serves_both_and_says_why(place: Any) -> None:
    old, account = worlds.person(place), worlds.account(place)
    with pytest.raises(PermissionDenied):
        merging.propose(
            person=old, into=account.person, actor=worlds.supervisor(place), at=clock.now(), reason="核对了证件"
        )
    with pytest.raises(ValidationError, match="写清楚"):
        merging.propose(person=old, into=account.person, actor=worlds.worker(place), at=clock.now(), reason="x")


def test_who_corrected_one_of_the_two_lately_leaves_it_to_a_colleague(place: Any) -> None:
    one, other = worlds.person(place), worlds.person(place)
    desk = worlds.worker(place)
    at = clock.now()
    facts.correct(person=one, values={"sex": "female"}, actor=desk, at=at, reason="核对了身份证")
    merging.propose(person=one, into=other, actor=desk, at=at, reason="核对了证件")
    for days in (0, 89):
        with pytest.raises(ValidationError, match="请另一位同事来合并"):
            merging.merge(
                person=fresh(one), into=other, actor=desk, at=at + dt.timedelta(days=days), reason="核对了证件"
            )
    merging.merge(person=fresh(one), into=other, actor=desk, at=at + dt.timedelta(days=91), reason="核对了证件")


def test_who_entered_the_request_by_which_it_was_corrected_neither(place: Any) -> None:
    one, other = worlds.person(place), worlds.person(place)
    typist, colleague = worlds.worker(place), worlds.worker(place)
    asked = correcting.ask(
        person=one, field="sex", value="female", words="", actor=typist, at=clock.now(), typist=typist, channel="phone"
    )
    correcting.apply(request=asked, actor=colleague, at=clock.now())
    for actor in (typist, colleague):
        with pytest.raises(ValidationError, match="请另一位同事来合并"):
            merge(one, other, actor)
    merge(one, other, worlds.worker(place))


def test_who_entered_the_record_today_does_not_give_it_to_an_account(place: Any) -> None:
    made = worlds.person(place, birth_date=BORN)
    account = worlds.account(person=worlds.person(place, birth_date=BORN))
    desk = worlds.worker(place)
    audit.record("record.added", actor_id=desk.pk, subject=made, at=clock.now())
    with pytest.raises(ValidationError, match="今天录入"):
        merge(made, account.person, desk)
    merge(made, account.person, worlds.worker(place))


# -- what clashes ------------------------------------------------------------------------------------------------------


def two_accounts(one: Person, other: Person) -> None:
    worlds.account(person=one)
    worlds.account(person=other)


def one_household(one: Person, other: Person) -> None:
    household = worlds.household(worlds.building(one.community), number="777")
    claim(one, household)
    tying.confirm(tie=claim(other, household), actor=None, at=clock.now())


def guardians_of_one_child(one: Person, other: Person) -> None:
    child, twin = (worlds.person(one.community, name="李小满", birth_date=dt.date(2020, 5, 1)) for _ in "ab")
    merge(twin, child)
    for guardian, ward in ((one, child), (other, twin)):
        Guardianship.objects.create(child=ward, guardian=guardian, relation="奶奶", since=LONG_AGO)


def volunteers(one: Person, other: Person) -> None:
    for person in (one, other):
        worlds.volunteer(person.community, person=person)


def guardian_and_child(one: Person, other: Person) -> None:
    Guardianship.objects.create(child=one, guardian=other, relation="母亲", since=LONG_AGO)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (two_accounts, "两条记录都有“账号”"),
        (one_household, "两条记录都登记了“居住”：.*777"),
        (guardians_of_one_child, "两条记录都登记了“监护关系”：李小满"),
        (volunteers, "两条记录都有“志愿者”"),
        (guardian_and_child, "“监护关系”登记在这两条记录之间"),
    ],
)
def test_what_a_person_has_once_stops_it_in_words_that_say_which(pair: Any, made: Any, words: str) -> None:
    one, other = pair
    made(one, other)
    for person, into in ((one, other), (other, one)):
        with pytest.raises(ValidationError, match=words):
            merge(person, into)
    assert not Person.objects.filter(pk__in=[one.pk, other.pk], merged_into__isnull=False).exists()


def test_what_has_ended_stops_nothing(pair: Any) -> None:
    one, other = pair
    household = worlds.household(worlds.building(one.community))
    tie = claim(one, household)
    tying.confirm(tie=tie, actor=None, at=clock.now())
    tying.end(tie=tie, actor=None, at=clock.now(), until=clock.today())
    claim(other, household)
    Guardianship.objects.create(child=one, guardian=other, relation="母亲", since=LONG_AGO, until=LONG_AGO)
    merge(one, other)


def test_nobody_becomes_the_volunteer_of_their_own_wish(place: Any) -> None:
    here = scenes.scene()
    wish = scenes.claimed(here)
    with pytest.raises(ValidationError, match="正在服务另一位的心愿"):
        merge(wish.subject, here.volunteer.person)


def test_every_room_that_points_at_people_is_looked_at() -> None:
    """Whatever constrains a person is among the rules, but for what only says where one belongs."""
    seen = {(rule.model._meta.label, rule.part) for rule in uniqueness.rules()}
    assert {
        ("people.User", "person"),
        ("people.Residency", "person"),
        ("people.Ownership", "person"),
        ("people.Guardianship", "child"),
        ("people.Guardianship", "guardian"),
        ("people.Authorisation", "principal"),
        ("people.Authorisation", "agent"),
        ("volunteers.Volunteer", "person"),
    } <= seen
    assert "people.PersonArea" not in {model for model, _part in seen}
    assert {model._meta.label for model, _field in uniqueness.parts()} >= {"wishes.Wish", "notices.Notice"}


# -- read as one -------------------------------------------------------------------------------------------------------


def test_everybody_who_saw_one_of_them_sees_the_one_that_stands(place: Any) -> None:
    elsewhere = worlds.community("向阳社区", parent=worlds.subdistrict("桂花街道"))
    gone, middle, stands = worlds.person(elsewhere), worlds.person(), worlds.account(place).person
    merge(gone, middle)
    merge(middle, stands)
    for desk in (worlds.worker(place), worlds.worker(elsewhere)):
        assert stands in desk_access.people_in(desk)
        assert gone not in desk_access.people_in(desk)
        assert stands in Person.objects.visible_to(desk)
        assert stands.user in desk_access.accounts_in(desk)
        assert relations.serves(desk, stands)
    undo(gone)
    assert stands not in desk_access.people_in(desk)
    assert gone in desk_access.people_in(desk)
    assert stands.user not in desk_access.accounts_in(desk)


def test_the_account_on_a_merged_record_is_the_persons(place: Any) -> None:
    user, stands = worlds.account(place, sms_notices=True), worlds.person(place)
    merge(user.person, stands)
    assert merging.account_of(stands) == user
    user = type(user).objects.get(pk=user.pk)
    assert set(user.person_ids) == {stands.pk, user.person_id}
    assert set(access.parts_of(user)) == set(user.person_ids)


def test_families_hold_whichever_record_they_were_written_for(place: Any) -> None:
    born = dt.date(2020, 5, 1)
    guardian, child, twin = worlds.account(place), *(worlds.person(place, birth_date=born) for _ in "ab")
    entrusting.record_guardianship(
        child=child, guardian=guardian.person, bond="father", since=born, actor=None, at=clock.now()
    )
    merge(child, twin)
    assert access.acts_for(guardian, fresh(twin)) == access.acts_for(guardian, fresh(child)) == "guardian"
    with pytest.raises(ValidationError, match="已经登记"):
        entrusting.record_guardianship(
            child=twin, guardian=guardian.person, bond="father", since=born, actor=None, at=clock.now()
        )


def test_a_merged_home_is_the_persons_home_and_is_claimed_no_second_time(pair: Any) -> None:
    one, other = pair
    household = worlds.household(worlds.building(one.community))
    tying.confirm(tie=claim(one, household), actor=None, at=clock.now())
    merge(one, other)
    assert home_of(other, one.community) == household
    with pytest.raises(ValidationError, match="已经有登记"):
        claim(other, household)
    tying.set_representative(household=household, person=one, actor=None, at=clock.now())
    assert PersonArea.objects.filter(person=one).exists()


def test_a_volunteer_applies_once_and_serves_no_wish_of_their_own(place: Any) -> None:
    here = scenes.scene()
    twin = worlds.person(here.community)
    merge(here.volunteer.person, twin)
    with pytest.raises(Exception, match="现在办不了"):
        joining.apply(person=twin, community=here.community, actor=here.worker, at=clock.now())
    other = worlds.account(here.community)
    wish = scenes.dispatched(here, subject=twin, asker=other.person, actor=other)
    serving = Volunteer.objects.get(pk=here.volunteer.pk)
    assert not type(wish).objects.filter(pk=wish.pk).offered_to(serving).exists()


def test_candidates_share_a_name_and_a_birth_date_or_a_phone(place: Any) -> None:
    born = dt.date(1950, 5, 1)
    person = worlds.person(place, name="陈望江", birth_date=born)
    namesake = worlds.person(place, name="陈望江", birth_date=born)
    by_phone = worlds.person(place, name="陈老", contact_phone=person.contact_phone)
    signs_in = worlds.account(place, name="陈江", phone=person.contact_phone).person
    worlds.person(place, name="陈望江", birth_date=dt.date(1990, 5, 1))
    people = desk_access.people_in(worlds.worker(place))
    assert dict(merging.candidates(person, people=people)) == {
        namesake: "姓名和出生日期相同",
        by_phone: "电话相同",
        signs_in: "电话相同",
    }
    merge(namesake, person)
    assert namesake not in dict(merging.candidates(fresh(person), people=people))


def test_between_the_two_they_read_each_others_and_the_desk_reads_what_they_keep_themselves(place: Any) -> None:
    user, stands = worlds.account(place), worlds.person(place, address="旧住址")
    merge(user.person, stands)
    user = type(user).objects.get(pk=user.pk)
    for person in (user.person, stands):
        tell(person=person, text="offices.taken_over", values={"rooms": "一"}, at=clock.now())
    assert Notice.objects.visible_to(user).filter(person__in=[stands.pk, user.person_id]).count() == 3
    notice = Notice.objects.filter(person=user.person).get()
    Delivery.objects.create(notice=notice, channel="sms", next_attempt=clock.now(), stuck_at=clock.now())
    desk = worlds.worker(place)
    assert Delivery.objects.in_scope(desk).filter(notice=notice).exists()
    contacting.change_own_contact(actor=user, at=clock.now(), contact_phone="", address="新住址")
    seen = contacting.show_contact(person=fresh(stands), actor=desk, at=clock.now(), reason="送药")
    assert (seen["address"], seen["own_address"]) == ("旧住址", "新住址")
