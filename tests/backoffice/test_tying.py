"""Ownerships, residencies, representatives, guardians, authorisations: acts, limits, history."""

import datetime as dt
from fractions import Fraction

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from portal.core import clock
from portal.core.models import AuditEntry
from portal.core.moves import MoveRefused
from portal.people import entrusting, tying
from portal.people.models import Authorisation, Guardianship, Ownership, Person, Representative, Residency, TieState
from tests import entrusted as papers
from tests import worlds
from tests.entrusted import entrusted, guarding, upload

from .desks import YESTERDAY, act_url, carry_out, claim, enter, page


def own(person, household, share=Fraction(1)) -> Ownership:
    return tying.claim_ownership(
        person=person,
        household=household,
        since=YESTERDAY,
        share=share,
        actor_id=None,
        actor_part="requester",
        at=clock.now(),
    )


def confirm(tie, actor) -> None:
    tying.confirm(tie=tie, actor=actor, at=clock.now())


def test_a_claim_stands_once(here) -> None:
    tie = claim(here.resident, here.household)
    assert [move.name for move in tie.transitions()] == ["begin"]
    with pytest.raises(ValidationError):
        claim(here.resident, here.household)
    tying.refuse(tie=tie, actor=here.worker, at=clock.now(), reason="住址不对")
    assert claim(here.resident, here.household).state == TieState.CLAIMED


def test_shares_never_come_to_more_than_the_whole(here) -> None:
    halves = [own(worlds.person(here.community), here.household, Fraction(1, 2)) for _ in range(2)]
    third = own(worlds.person(here.community), here.household, Fraction(1, 3))
    for tie in halves:
        confirm(tie, here.worker)
    with pytest.raises(ValidationError):
        confirm(third, here.worker)
    tying.end(tie=halves[0], actor=here.worker, at=clock.now(), until=clock.today(), reason="卖掉了")
    confirm(third, here.worker)


def test_only_the_places_desk_or_a_registered_confirmer_decides(here, there, monkeypatch) -> None:
    tie = claim(here.resident, here.household)
    for stranger in (there.worker, worlds.supervisor(here.community), worlds.account(here.community)):
        with pytest.raises(PermissionDenied):
            confirm(tie, stranger)
    neighbour = worlds.account(here.community)
    monkeypatch.setattr(tying, "_CONFIRMERS", [])
    tying.confirmer(lambda user, household: user == neighbour and household == here.household)
    confirm(tie, neighbour)
    with pytest.raises(MoveRefused):
        confirm(tie, here.worker)


@pytest.mark.parametrize("who", ["worker", "head", "administrator", "merged"])
def test_nobody_decides_at_the_desk_on_a_home_of_their_own(here, who: str) -> None:
    if who == "administrator":
        actor = worlds.administrator(person=worlds.person(here.community))
    else:
        actor = here.worker if who == "merged" else getattr(here, who)
    person = actor.person
    if who == "merged":
        earlier = worlds.person(here.community)
        Person.objects.filter(pk=earlier.pk).update(merged_into=person)
        claimed = claim(person, here.household)
        Residency.objects.filter(pk=claimed.pk).update(person=earlier)
        claimed.refresh_from_db()
    else:
        claimed = claim(person, here.household)
    colleague = worlds.worker(here.community)
    at = clock.now()
    for act in (
        lambda: confirm(claimed, actor),
        lambda: tying.refuse(tie=claimed, actor=actor, at=at, reason="x"),
    ):
        with pytest.raises(ValidationError, match="请另一位工作人员来办"):
            act()
    confirm(claimed, colleague)
    for act in (
        lambda: tying.end(tie=claimed, actor=actor, at=at, until=clock.today(), reason="搬走了"),
        lambda: tying.set_representative(household=here.household, person=claimed.person, actor=actor, at=at),
    ):
        with pytest.raises(ValidationError, match="请另一位工作人员来办"):
            act()
    if who == "merged":
        return
    speaks = tying.set_representative(household=here.household, person=person, actor=colleague, at=at)
    with pytest.raises(ValidationError, match="请另一位工作人员来办"):
        tying.end_representative(representative=speaks, actor=actor, at=at, reason="x")


def test_the_buttons_are_absent_on_ones_own(here) -> None:
    own_tie, others = claim(here.worker.person, here.household), claim(here.resident, here.household)
    shown = here.desk.get(page("people.residency", "change", others.pk))
    assert [act.name for act, _url in shown.context["acts"]] == ["confirm", "refuse"]
    shown = here.desk.get(page("people.residency", "change", own_tie.pk))
    assert shown.context["acts"] == []
    assert here.desk.get(act_url(own_tie, "confirm")).status_code == 403
    own_tie.refresh_from_db()
    assert own_tie.state == TieState.CLAIMED


def test_nobody_enters_themselves_as_guardian_or_agent(here) -> None:
    child = worlds.person(here.community, birth_date=clock.today() - dt.timedelta(days=3000))
    me = here.worker.person
    with pytest.raises(ValidationError, match="请另一位工作人员来办"):
        entrusting.record_guardianship(child=child, guardian=me, **guarding(here.worker))
    with pytest.raises(ValidationError, match="请另一位工作人员来办"):
        entrusting.record_authorisation(principal=here.resident, agent=me, **entrusted(here.worker))
    assert not Guardianship.objects.exists()
    assert not Authorisation.objects.exists()
    typed = {"kind": "other", "relation": "侄女", "since": YESTERDAY, "channel": "counter", "paper": upload()}
    response = enter(here.desk, "people.authorisation", principal=here.resident.pk, agent=me.pk, **typed)
    assert "请另一位工作人员来办" in response.content.decode()
    entrusting.record_authorisation(principal=here.resident, agent=me, **entrusted(here.head))


def test_one_representative_at_a_time_with_its_history(here) -> None:
    second = worlds.person(here.community)
    with pytest.raises(ValidationError):
        tying.set_representative(household=here.household, person=second, actor=here.worker, at=clock.now())
    for person in (here.resident, second):
        confirm(claim(person, here.household), here.worker)
        tying.set_representative(household=here.household, person=person, actor=here.worker, at=clock.now())
    with pytest.raises(ValidationError):
        tying.set_representative(household=here.household, person=second, actor=here.worker, at=clock.now())
    old, new = Representative.objects.order_by("id")
    assert (old.person, old.until, new.person, new.until) == (here.resident, clock.today(), second, None)
    verbs = list(
        AuditEntry.objects.filter(verb__startswith="representative").order_by("id").values_list("verb", flat=True)
    )
    assert verbs == ["representative.set", "representative.ended", "representative.set"]


def test_who_moves_out_speaks_for_the_household_no_more(here) -> None:
    tie = claim(here.resident, here.household)
    confirm(tie, here.worker)
    tying.set_representative(household=here.household, person=here.resident, actor=here.worker, at=clock.now())
    tying.end(tie=tie, actor=here.worker, at=clock.now(), until=clock.today(), reason="搬走了")
    assert not Representative.objects.filter(until__isnull=True).exists()


def test_who_keeps_another_tie_goes_on_speaking(here) -> None:
    living, owning = claim(here.resident, here.household), own(here.resident, here.household)
    for tie in (living, owning):
        confirm(tie, here.worker)
    tying.set_representative(household=here.household, person=here.resident, actor=here.worker, at=clock.now())
    tying.end(tie=living, actor=here.worker, at=clock.now(), until=clock.today(), reason="搬走了")
    assert Representative.objects.filter(until__isnull=True).exists()


def test_the_desk_enters_ties_and_representatives(here) -> None:
    typed = {"person": here.resident.pk, "household": here.household.pk, "since": YESTERDAY}
    assert enter(here.desk, "people.residency", channel="counter", kind="family", **typed).status_code == 302
    assert (
        enter(
            here.desk, "people.ownership", channel="counter", share_numerator=1, share_denominator=2, **typed
        ).status_code
        == 302
    )
    twice = enter(here.desk, "people.residency", channel="counter", kind="family", **typed)
    assert twice.status_code == 200
    assert twice.context["adminform"].form.errors
    refused = enter(here.desk, "people.representative", person=here.resident.pk, household=here.household.pk)
    assert refused.context["adminform"].form.errors["person"] == ["户代表要是这一户已确认的业主或住户。"]
    tie = Residency.objects.get()
    assert tie.transitions().get().actor_id == here.worker.pk
    carry_out(here.desk, tie, "confirm")
    assert (
        enter(here.desk, "people.representative", person=here.resident.pk, household=here.household.pk).status_code
        == 302
    )
    carry_out(here.desk, Representative.objects.get(), "end", reason="本人不愿意")
    assert Representative.objects.get().until == clock.today()
    history = here.desk.get(page("people.residency", "history", tie.pk)).content.decode()
    assert "提出" in history
    assert "已确认" in history


def test_a_half_share_keeps_its_fraction(here) -> None:
    typed = {"person": here.resident.pk, "household": here.household.pk, "since": YESTERDAY}
    enter(here.desk, "people.ownership", channel="counter", share_numerator=2, share_denominator=4, **typed)
    tie = Ownership.objects.get()
    assert Fraction(tie.share_numerator, tie.share_denominator) == Fraction(1, 2)
    wrong = enter(here.desk, "people.ownership", channel="counter", share_numerator=3, share_denominator=2, **typed)
    assert wrong.status_code == 200
    wrong = enter(here.desk, "people.ownership", channel="counter", share_numerator=1, share_denominator=0, **typed)
    assert wrong.status_code == 200


def test_guardians_are_for_children_and_authorisations_for_grown_ups(here, there) -> None:
    child = worlds.person(here.community, birth_date=dt.date(clock.today().year - 8, 1, 1))
    grown = worlds.person(here.community, birth_date=dt.date(1950, 1, 1))
    typed = {"bond": "mother", "kind": "女儿", "document": "hukou", "since": YESTERDAY, "channel": "counter"}

    def entered(model, **people):
        return enter(here.desk, model, paper=upload(), **typed, **people)

    assert entered("people.guardianship", child=child.pk, guardian=here.resident.pk).status_code == 302
    wrong = entered("people.guardianship", child=grown.pk, guardian=here.resident.pk)
    assert wrong.context["adminform"].form.errors["child"] == ["这个人已经满 18 岁，请登记代办授权。"]
    assert entered("people.authorisation", principal=grown.pk, agent=here.resident.pk).status_code == 302
    assert Authorisation.objects.get().recorded_by == here.worker
    for row in (Guardianship.objects.get(), Authorisation.objects.get()):
        papers.confirm(row, here.head)
        carry_out(here.desk, row, "end", reason="情况变了")
        row.refresh_from_db()
        assert row.until == clock.today()
    with pytest.raises(PermissionDenied):
        entrusting.record_guardianship(child=child, guardian=there.resident, **guarding(there.worker))
