"""Ownerships, residencies, representatives, guardians, authorisations: acts, limits, history."""

import datetime as dt
from fractions import Fraction

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from portal.core import clock
from portal.core.models import AuditEntry
from portal.core.moves import MoveRefused
from portal.people import relations, tying
from portal.people.models import Authorisation, Guardianship, Ownership, Representative, Residency, TieState
from tests import worlds

from .desks import YESTERDAY, carry_out, claim, enter, page

pytestmark = pytest.mark.postgres


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
    tying.end(tie=halves[0], actor=here.worker, at=clock.now(), until=clock.today())
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
    tying.end(tie=tie, actor=here.worker, at=clock.now(), until=clock.today())
    assert not Representative.objects.filter(until__isnull=True).exists()


def test_who_keeps_another_tie_goes_on_speaking(here) -> None:
    living, owning = claim(here.resident, here.household), own(here.resident, here.household)
    for tie in (living, owning):
        confirm(tie, here.worker)
    tying.set_representative(household=here.household, person=here.resident, actor=here.worker, at=clock.now())
    tying.end(tie=living, actor=here.worker, at=clock.now(), until=clock.today())
    assert Representative.objects.filter(until__isnull=True).exists()


def test_the_desk_enters_ties_and_representatives(here) -> None:
    typed = {"person": here.resident.pk, "household": here.household.pk, "since": YESTERDAY}
    assert enter(here.desk, "people.residency", kind="family", **typed).status_code == 302
    assert enter(here.desk, "people.ownership", share_numerator=1, share_denominator=2, **typed).status_code == 302
    twice = enter(here.desk, "people.residency", kind="family", **typed)
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
    enter(here.desk, "people.ownership", share_numerator=2, share_denominator=4, **typed)
    tie = Ownership.objects.get()
    assert Fraction(tie.share_numerator, tie.share_denominator) == Fraction(1, 2)
    wrong = enter(here.desk, "people.ownership", share_numerator=3, share_denominator=2, **typed)
    assert wrong.status_code == 200
    wrong = enter(here.desk, "people.ownership", share_numerator=1, share_denominator=0, **typed)
    assert wrong.status_code == 200


def test_guardians_are_for_children_and_authorisations_for_grown_ups(here, there) -> None:
    child = worlds.person(here.community, birth_date=dt.date(clock.today().year - 8, 1, 1))
    grown = worlds.person(here.community, birth_date=dt.date(1950, 1, 1))
    since = {"relation": "母亲", "since": YESTERDAY}
    assert (
        enter(here.desk, "people.guardianship", child=child.pk, guardian=here.resident.pk, **since).status_code == 302
    )
    wrong = enter(here.desk, "people.guardianship", child=grown.pk, guardian=here.resident.pk, **since)
    assert wrong.context["adminform"].form.errors["child"] == ["这个人已经满 18 岁，请登记代办授权。"]
    assert (
        enter(here.desk, "people.authorisation", principal=grown.pk, agent=here.resident.pk, **since).status_code == 302
    )
    assert Authorisation.objects.get().recorded_by == here.worker
    for row in (Guardianship.objects.get(), Authorisation.objects.get()):
        carry_out(here.desk, row, "end", reason="情况变了")
        row.refresh_from_db()
        assert row.until == clock.today()
    with pytest.raises(PermissionDenied):
        relations.record_guardianship(
            child=child,
            guardian=there.resident,
            relation="叔叔",
            since=YESTERDAY,
            actor=there.worker,
            at=clock.now(),
        )
