"""Nobody alone makes anybody a guardian: papers, a second person, what a relation opens, and who hears of it."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet

from portal.core import clock, files
from portal.core.models import AuditEntry
from portal.notices.models import Notice
from portal.people import access, consenting, entrusting, forgetting, relations, tying
from portal.people.choices_by_area import SECOND_FOR_AGENTS, SECOND_FOR_GUARDIANS, SECOND_FOR_OWNERS
from portal.people.models import Authorisation, Guardianship, Person, RelationState, User
from portal.people.own_families import families
from portal.places.overrides import set_option
from services.wishes import speaking
from tests import worlds
from tests.entrusted import confirm, entrusted, guarding, scan
from tests.races import Outcome, race

pytestmark = pytest.mark.django_db
BORN = dt.date(2019, 3, 5)


class Desk:
    """A community with two people at its desk, a child, and a stranger who says they are its parent."""

    def __init__(self) -> None:
        self.community = worlds.community()
        self.typist, self.second = worlds.worker(self.community), worlds.worker(self.community)
        self.child = worlds.person(self.community, name="林小满", birth_date=BORN)
        self.stranger = worlds.account(self.community, name="石榴")

    def entered(self, guardian: Person | None = None, **more: Any) -> Guardianship:
        said = guarding(self.typist, **more)
        return entrusting.record_guardianship(child=self.child, guardian=guardian or self.stranger.person, **said)

    def opens(self) -> bool:
        """Whether the stranger may do or see anything of the child's."""
        user, day = User.objects.get(pk=self.stranger.pk), clock.today()
        return bool(
            access.acts_for(user, self.child)
            or access.decides_for(user, self.child)
            or Person.objects.visible_to(user).filter(pk=self.child.pk).exists()
            or relations.speaks_for(user.person, self.child, day)
            or consenting.guardians_of(self.child, day)
            or consenting.children_of(user.person, day)
            or speaking.relation(user.person, self.child, day)
        )


@pytest.fixture
def desk() -> Desk:
    return Desk()


def refused_at(**more: Any) -> Any:
    """The field beside which an entry is refused."""
    place = Desk()
    with pytest.raises(ValidationError) as refusal:
        place.entered(**more)
    assert not Guardianship.objects.exists() and not AuditEntry.objects.filter(verb__startswith="guardian").exists()
    return set(refusal.value.message_dict)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"bond": "cousin"}, "bond"),
        ({"bond": "other"}, "relation"),
        ({"bond": "other", "relation": "😀<b>"}, "relation"),
        ({"document": ""}, "document"),
        ({"bond": "appointed", "document": "hukou"}, "document"),
        ({"channel": "phone"}, "channel"),
        ({"scan": None}, "paper"),
        ({"since": dt.date(1800, 1, 1)}, "since"),
        ({"since": BORN - dt.timedelta(days=1)}, "since"),
        ({"since": clock.today() + dt.timedelta(days=1)}, "since"),
    ],
)
def test_a_guardian_needs_a_bond_a_document_its_picture_and_a_day_that_can_be(more: Any, field: str) -> None:
    assert refused_at(**more) == {field}


def test_a_child_is_nobodys_guardian(desk: Desk) -> None:
    young = worlds.person(desk.community, birth_date=clock.today() - dt.timedelta(days=17 * 365))
    with pytest.raises(ValidationError, match="还不满 18 岁"):
        desk.entered(young)


def test_until_a_second_person_has_looked_it_opens_nothing(desk: Desk) -> None:
    row = desk.entered()
    assert row.state == RelationState.ENTERED and row.waits
    assert not desk.opens()
    assert not files.may_read(desk.stranger, row.scan)
    stranger = known(desk.stranger)
    [table] = families([stranger.pk], 9)
    assert "林小满" not in str(table.rows) and "待核对" in str(table.rows)
    assert forgetting.binding([stranger.pk], clock.now())
    confirm(row, desk.second)
    assert desk.opens()
    row.refresh_from_db()
    assert (row.state, row.recorded_by, row.checked_by) == (RelationState.CONFIRMED, desk.typist, desk.second)
    assert files.may_read(desk.second, row.scan)


def test_the_second_person_is_not_the_typist_nor_of_the_family_nor_of_another_desk(desk: Desk) -> None:
    row = desk.entered()
    aunt = worlds.worker(desk.community)
    Guardianship.objects.create(child=desk.child, guardian=aunt.person, relation="姑姑", since=BORN)
    for one in (desk.typist, aunt):
        assert not entrusting.checks(one, row)
        with pytest.raises(ValidationError, match="请另一位工作人员来"):
            entrusting.confirm(row=row, actor=one, at=clock.now())
    with pytest.raises(PermissionDenied):
        entrusting.confirm(row=row, actor=worlds.worker(worlds.community("向阳社区")), at=clock.now())
    row.refresh_from_db()
    assert row.state == RelationState.ENTERED


def test_the_second_person_opens_the_paper_first(desk: Desk) -> None:
    row = desk.entered()
    with pytest.raises(ValidationError, match="请先打开附的证明"):
        entrusting.confirm(row=row, actor=desk.second, at=clock.now())
    assert not desk.opens()
    confirm(row, desk.second)
    assert desk.opens()


def test_a_bond_fits_the_words_the_sex_and_the_ages(desk: Desk) -> None:
    def by(field: str, guardian: Person, **more: Any) -> bool:
        with pytest.raises(ValidationError) as refusal:
            desk.entered(guardian, **more)
        return set(refusal.value.message_dict) == {field}

    born = clock.today().year
    young = worlds.person(desk.community, sex="female", birth_date=dt.date(born - 19, 1, 1))
    assert by("relation", young, bond="grandparent", relation="舅舅")
    assert by("bond", young, bond="grandparent", relation="奶奶")
    assert by("bond", young, bond="father")
    assert by("bond", young, bond="other", relation="外公")
    assert desk.entered(young, bond="other", relation="姐姐").waits
    elder, son = worlds.account(desk.community), worlds.person(desk.community, sex="female")
    with pytest.raises(ValidationError) as refusal:
        entrusting.record_authorisation(principal=known(elder), agent=son, **entrusted(desk.typist, relation="儿子"))
    assert set(refusal.value.message_dict) == {"relation"}


def _settle_twice() -> tuple[Guardianship, list[Outcome]]:
    desk = Desk()
    row, copy, third = desk.entered(), Guardianship.objects.get(), worlds.worker(desk.community)
    files.note_opened(desk.second, row.scan)
    outcomes = race(
        lambda: entrusting.confirm(row=row, actor=desk.second, at=clock.now()),
        lambda: entrusting.refuse(row=copy, actor=third, at=clock.now(), reason="户口本上没有这个人"),
    )
    return Guardianship.objects.get(), outcomes


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres(only=True)
def test_confirmed_and_refused_at_once_it_is_one_of_the_two() -> None:
    row, outcomes = _settle_twice()
    assert sum(outcome.won for outcome in outcomes) == 1
    assert {type(outcome.error) for outcome in outcomes if not outcome.won} == {ValidationError}
    confirmed = outcomes[0].won
    assert (row.state == RelationState.CONFIRMED, row.until is None) == (confirmed, confirmed)
    assert AuditEntry.objects.filter(verb__in=("guardianship.confirmed", "guardianship.refused")).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres(only=True)
def test_control_without_the_compare_and_swap_it_is_both(monkeypatch: pytest.MonkeyPatch) -> None:
    line, update = threading.Barrier(2), QuerySet.update

    def believed(self: Any, **values: Any) -> int:
        if self.model is Guardianship and "checked_by" in values:
            line.wait(30)  # both have read that it waits
            update(Guardianship._base_manager.all(), **values)
            return 1
        return update(self, **values)

    monkeypatch.setattr(QuerySet, "update", believed)
    _row, outcomes = _settle_twice()
    assert sum(outcome.won for outcome in outcomes) == 2


def test_it_is_settled_once_and_what_was_refused_never_was(desk: Desk) -> None:
    row, copy = desk.entered(), Guardianship.objects.get()
    with pytest.raises(ValidationError):
        entrusting.refuse(row=row, actor=desk.second, at=clock.now(), reason=" ")
    entrusting.refuse(row=row, actor=desk.second, at=clock.now(), reason="户口本上没有这个人")
    with pytest.raises(ValidationError, match="已经有人核对过"):
        confirm(copy, desk.second)
    assert not desk.opens() and row.until == clock.today()
    assert desk.entered().waits  # another try, with another paper


def test_alone_only_where_the_community_says_so_and_never_beside_another_guardian(desk: Desk) -> None:
    set_option(area=desk.community, key=SECOND_FOR_GUARDIANS.key, value=False, actor_id=None)
    assert desk.entered().state == RelationState.CONFIRMED
    assert desk.opens()
    other = worlds.person(desk.community)
    assert desk.entered(other, bond="father").state == RelationState.ENTERED


def test_nobody_enters_one_for_a_child_they_act_for_at_home(desk: Desk) -> None:
    Guardianship.objects.create(child=desk.child, guardian=desk.typist.person, relation="母亲", since=BORN)
    with pytest.raises(ValidationError, match="请另一位工作人员来办"):
        desk.entered()


def told(person: Person) -> list[tuple[str, str]]:
    return list(Notice.objects.filter(person=person).order_by("pk").values_list("title", "body"))


def test_the_guardian_and_those_already_there_hear_at_entry_and_at_confirmation(desk: Desk) -> None:
    mother = worlds.account(desk.community, name="任立秋")
    Guardianship.objects.create(child=desk.child, guardian=mother.person, relation="母亲", since=BORN)
    row = desk.entered(bond="father")
    [(title, body)] = told(desk.stranger.person)
    assert "小满" not in title and "林小满" not in body and "父亲" in body
    [(title, body)] = told(mother.person)
    assert "小满" not in title and "石榴" in body and "还没有生效" in body
    confirm(row, desk.second)
    assert "林小满" in told(desk.stranger.person)[1][1]
    assert "石榴" in told(mother.person)[1][1] and "小满" not in told(mother.person)[1][0]


# -- who acts for an elder ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"relation": "😀<b>"}, "relation"),
        ({"since": dt.date(2099, 1, 1)}, "since"),
        ({"since": clock.today() - dt.timedelta(days=800)}, "since"),
        ({"scan": None}, "paper"),
        ({"channel": "phone"}, "channel"),
        ({"channel": ""}, "channel"),
    ],
)
def test_an_agent_needs_a_signed_paper_words_and_a_day(desk: Desk, more: Any, field: str) -> None:
    elder = worlds.person(desk.community)
    with pytest.raises(ValidationError) as refusal:
        entrusting.record_authorisation(principal=elder, agent=desk.stranger.person, **entrusted(desk.typist, **more))
    assert set(refusal.value.message_dict) == {field} and not Authorisation.objects.exists()


def test_elder_and_agent_hear_at_once_and_the_elder_ends_it(desk: Desk) -> None:
    elder = worlds.account(desk.community)
    said = entrusted(desk.typist, relation="外甥女")
    row = entrusting.record_authorisation(principal=elder.person, agent=desk.stranger.person, **said)
    assert row.state == RelationState.CONFIRMED
    [(_title, body)] = told(elder.person)
    assert "石榴" in body and "外甥女" in body and "结束" in body
    assert len(told(desk.stranger.person)) == 1
    assert files.may_read(elder, row.scan) and not files.may_read(desk.stranger, row.scan)
    relations.revoke_authorisation(authorisation=row, actor=elder, at=clock.now())
    assert row.state == RelationState.ENDED


def test_for_who_has_no_account_and_hears_nothing_a_second_person_looks(desk: Desk) -> None:
    elder = worlds.person(desk.community)
    row = entrusting.record_authorisation(principal=elder, agent=desk.stranger.person, **entrusted(desk.typist))
    assert row.waits and not relations.speaks_for(known(desk.stranger), elder, clock.today())
    confirm(row, desk.second)
    assert relations.speaks_for(known(desk.stranger), elder, clock.today())


def test_where_the_community_wants_it_an_agent_waits_too_and_what_is_ended_before_never_was(desk: Desk) -> None:
    set_option(area=desk.community, key=SECOND_FOR_AGENTS.key, value=True, actor_id=None)
    elder = worlds.account(desk.community)
    row = entrusting.record_authorisation(principal=elder.person, agent=desk.stranger.person, **entrusted(desk.typist))
    day = clock.today()
    assert row.waits and not relations.speaks_for(desk.stranger.person, elder.person, day)
    relations.revoke_authorisation(authorisation=row, actor=elder, at=clock.now())
    assert row.state == RelationState.REFUSED and not Authorisation.objects.admitted().exists()


# -- ties to homes -----------------------------------------------------------------------------------------------------


def owned(desk: Desk, **more: Any) -> Any:
    home = worlds.household(worlds.building(desk.community))
    said = {"since": clock.today(), "channel": "counter", "actor_id": desk.typist.pk, "actor_part": "staff"}
    return tying.claim_ownership(person=desk.child, household=home, at=clock.now(), **{**said, **more})


@pytest.mark.parametrize("day", [dt.date(1800, 1, 1), BORN - dt.timedelta(days=1), clock.today() + dt.timedelta(91)])
def test_nobody_owned_before_they_were_born_nor_says_so_a_season_ahead(desk: Desk, day: dt.date) -> None:
    consenting.give(
        person=desk.child, guardian=guardian_of(desk), purpose=consenting.CHILD_PURPOSE, channel="phone", at=clock.now()
    )
    with pytest.raises(ValidationError) as refusal:
        owned(desk, since=day)
    assert set(refusal.value.message_dict) == {"since"}


def known(user: User) -> Person:
    """Whose account it is."""
    assert user.person is not None
    return user.person


def guardian_of(desk: Desk) -> Person:
    guardian = known(desk.stranger)
    Guardianship.objects.create(child=desk.child, guardian=guardian, relation="母亲", since=BORN)
    return guardian


def test_who_typed_an_ownership_without_a_paper_does_not_confirm_it_alone(desk: Desk) -> None:
    desk.child = worlds.person(desk.community)
    tie = owned(desk)
    assert not tying.confirms(desk.typist, tie) and tying.confirms(desk.second, tie)
    with pytest.raises(ValidationError, match="另一位工作人员来确认"):
        tying.confirm(tie=tie, actor=desk.typist, at=clock.now())
    tying.confirm(tie=tie, actor=desk.second, at=clock.now())
    with_paper = owned(desk, scan=scan(desk.typist))
    assert tying.confirms(desk.typist, with_paper)
    set_option(area=desk.community, key=SECOND_FOR_OWNERS.key, value=False, actor_id=None)
    assert tying.confirms(desk.typist, owned(desk))
