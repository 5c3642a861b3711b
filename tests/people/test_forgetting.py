"""Erasing: what is promised is what is done, nothing of it is found again, and what stays says why."""

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliance.volunteers.models import Volunteer
from portal.core import aging, audit, clock, files
from portal.core.models import AuditEntry, Draft, OnceKey, Remark, StoredFile
from portal.core.registries import purposes
from portal.core.sealed import SealedField
from portal.notices.models import Notice
from portal.people import correcting, forgetting, leaving, own_records, relations, retaining, tying
from portal.people.models import (
    Authorisation,
    DataRequest,
    Guardianship,
    Ownership,
    Person,
    Representative,
    Residency,
    Role,
    TieState,
    User,
)
from services.wishes.models import Wish
from tests import worlds
from tests.front.lives import Life, life
from tests.wishes import scenes

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
YEARS = dt.timedelta(days=366 * 11)


def _columns() -> list[tuple[type[models.Model], str]]:
    """Every column of every table that can hold words, sealed or not."""
    return [
        (model, field.attname)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.CharField | models.TextField | models.JSONField)
    ]


def found_in_clear(secrets: list[str]) -> list[str]:
    """Where one of ``secrets`` stands, whatever the table; sealed fields are read in clear."""
    found = []
    for model, column in _columns():
        for value in model._base_manager.values_list(column, flat=True):
            found += [f"{model._meta.label}.{column}: {secret}" for secret in secrets if secret in str(value)]
    return found


def _unbind(here: Life) -> None:
    """Everything that binds the person is over: homes, family, offices, requests, service, the neighbour's wish."""
    now, day = clock.now(), clock.today()
    for tie in [*Residency.objects.filter(person=here.person), *Ownership.objects.filter(person=here.person)]:
        if tie.state == TieState.CONFIRMED:
            tying.end(tie=tie, actor=None, at=now, until=day)
    Representative.objects.filter(person=here.person).update(until=day)
    for row in Guardianship.objects.filter(guardian=here.person, until__isnull=True):
        relations.end_guardianship(guardianship=row, actor=None, at=now, reason="迁走了")
    for authorisation in Authorisation.objects.filter(principal=here.person, until__isnull=True):
        relations.end_authorisation(authorisation=authorisation, actor=None, at=now, reason="不用了")
    for request in DataRequest.objects.open().filter(subject=here.person):
        correcting.withdraw(request=request, actor=here.user, at=now)


def test_control_the_walk_finds_what_stands_there():
    here = life()
    found = found_in_clear(here.secrets)
    for secret in here.secrets:
        assert any(secret in line for line in found), secret
    assert sum(isinstance(m._meta.get_field(c), SealedField) for m, c in _columns()) > 15


def test_after_leaving_and_erasing_nothing_is_found_in_any_table():
    here = life()
    _unbind(here)
    phone = here.secrets[2]
    Person.objects.filter(pk=here.neighbour.person.pk).update(contact_phone="", contact_phone_index=None)
    leaving.leave(user=here.user, at=clock.now(), erase=True)
    # Homes that ended just now are the community's register for a while yet; time takes the rest.
    retaining.erase_ties(at=clock.now() + YEARS)
    assert found_in_clear(here.secrets) == []
    here.person.refresh_from_db()
    assert (here.person.name, here.person.contact_phone, here.person.community) == (forgetting.ERASED_NAME, "", None)
    assert here.person.erased_on is not None
    assert not here.person.areas.exists()
    text = "\n".join(
        cell
        for purpose in purposes
        if purpose.collect is not None
        for table in purpose.collect(here.person.record_ids(), None)
        for row in table.rows
        for cell in row
    )
    for secret in [*here.secrets, "会修收音机"]:
        assert secret not in text
    assert phone not in text


def test_the_neighbours_keep_everything():
    here = life()
    _unbind(here)
    before = {wish.pk: wish.details for wish in Wish.objects.exclude(subject=here.person)}
    notices = Notice.objects.exclude(person=here.person).count()
    leaving.leave(user=here.user, at=clock.now(), erase=True)
    assert {wish.pk: wish.details for wish in Wish.objects.exclude(subject=here.person)} == before
    assert Notice.objects.exclude(person=here.person).count() >= notices - 1
    here.neighbour.refresh_from_db()
    assert here.neighbour.is_active and here.neighbour.person.name == "皇甫邻居"


def test_what_is_promised_is_done_and_promising_changes_nothing():
    here = life()
    before = _counts()
    promised = forgetting.prospects(person=here.person, at=clock.now())
    assert _counts() == before
    for one in promised:  # each can be chosen by itself, and then comes to what the page said of it
        with transaction.atomic():
            _entry, [alone] = forgetting.forget(
                person=here.person, at=clock.now(), actor_id=here.user.pk, only=[one.purpose.id]
            )
            assert (alone.erased, alone.kept) == (one.erased, one.kept), one.purpose.id
            transaction.set_rollback(True)
    entry, done = forgetting.forget(person=here.person, at=clock.now(), actor_id=here.user.pk)
    assert {one.purpose.id for one in done if one.erased} <= {one.purpose.id for one in promised if one.erased}
    assert entry.details["erased"] == {one.purpose.id: one.erased for one in done if one.erased}
    again = forgetting.prospects(person=here.person, at=clock.now())
    assert [one.purpose.id for one in again if one.erased] == [], "nothing is left to erase"
    assert all(one.kept for one in again)


def _counts() -> dict[str, int]:
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


def test_what_is_chosen_goes_and_nothing_else():
    here = life()
    notices = Notice.objects.filter(person=here.person).count()
    forgetting.forget(person=here.person, at=clock.now(), actor_id=None, only=["core.drafts"])
    assert not Draft.objects.exists()
    assert Notice.objects.filter(person=here.person).count() == notices
    here.wish.refresh_from_db()
    assert here.wish.details


def test_with_an_account_the_name_stays_and_the_facts_that_no_matter_needs_go():
    user = worlds.account(
        worlds.community(), person=worlds.person(worlds.community(), sex="male", address="月塘巷8号", name="林小荷")
    )
    forgetting.forget(person=user.person, at=clock.now(), actor_id=user.pk)
    user.person.refresh_from_db()
    assert (user.person.name, user.person.sex, user.person.address) == ("林小荷", "", "")
    assert user.person.contact_phone


def test_a_childs_birth_date_stays_as_long_as_its_guardian():
    home = worlds.community()
    child = worlds.person(home, birth_date=dt.date(clock.today().year - 5, 1, 1))
    Guardianship.objects.create(child=child, guardian=worlds.person(home), relation="父亲", since=dt.date(2021, 1, 1))
    forgetting.forget(person=child, at=clock.now(), actor_id=None)
    child.refresh_from_db()
    assert child.birth_date is not None


def test_open_matters_stay_and_say_why():
    here = scenes.scene()
    wish = scenes.claimed(here)
    found = {one.purpose.id: one for one in forgetting.prospects(person=here.asker.person, at=clock.now())}
    assert "还在办" in found["wishes.service"].kept
    forgetting.forget(person=here.asker.person, at=clock.now(), actor_id=None)
    wish.refresh_from_db()
    assert wish.details and wish.contact_phone


def test_a_failure_half_way_erases_nothing(monkeypatch):
    here = life()
    before = _counts()
    last = [purpose for purpose in purposes if purpose.forget is not None][-1]

    def fails(_ids: Any, _at: Any) -> Any:
        raise RuntimeError

    broken = [purpose for purpose in purposes if purpose is not last]
    broken.append(type(last)(**{**last.__dict__, "forget": fails}))
    monkeypatch.setattr(forgetting, "purposes", broken)
    with pytest.raises(RuntimeError):
        forgetting.forget(person=here.person, at=clock.now(), actor_id=None)
    assert _counts() == before


# -- by time ----------------------------------------------------------------------------------------------------------


def _person_of(age_days: int) -> Person:
    return worlds.person(
        worlds.community(), name="林小荷", created_at=clock.now() - dt.timedelta(days=age_days), address="月塘巷8号"
    )


def test_who_left_is_erased_by_time_and_who_is_bound_is_not():
    now = clock.now()
    left, lately, bound, holder = (_person_of(days) for days in (1200, 900, 1200, 1200))
    Residency.objects.create(
        person=bound,
        household=worlds.household(worlds.building(worlds.community())),
        kind="family",
        state=TieState.CONFIRMED,
        state_since=now - dt.timedelta(days=1200),
        since=dt.date(2010, 1, 1),
    )
    worlds.account(person=holder, phone=worlds.phone())
    assert retaining.erase_left(at=now) == 1
    names = {person.pk: person.name for person in Person.objects.all()}
    assert names[left.pk] == forgetting.ERASED_NAME
    assert {names[person.pk] for person in (lately, bound, holder)} == {"林小荷"}
    assert retaining.erase_left(at=now) == 0


def test_every_hour_has_its_part_of_the_people_and_nobody_is_left_out(monkeypatch):
    monkeypatch.setattr(retaining, "AN_HOUR", 2)
    people = [_person_of(1200) for _number in range(7)]
    now, erased = clock.now(), []
    for hour in range(5):
        erased.append(retaining.erase_left(at=now + dt.timedelta(hours=hour)))
    assert sum(erased) == len(people)
    assert max(erased) <= 2, "no run looks at more than its part"


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_what_binds_a_record_binds_the_one_it_was_merged_into(depth):
    top = _person_of(1200)
    below = top
    for _level in range(depth):
        record = _person_of(1200)
        Person.objects.filter(pk=record.pk).update(merged_into=below)
        below = record
    worlds.account(person=below, phone=worlds.phone())
    assert retaining.erase_left(at=clock.now()) == 0
    top.refresh_from_db()
    assert top.erased_on is None and top.address


def test_whom_no_query_but_the_erasing_itself_finds_bound_is_passed_by(monkeypatch):
    stays, goes = _person_of(1200), _person_of(1200)
    monkeypatch.setattr(retaining, "BATCH", 1)
    monkeypatch.setattr(retaining, "binding", lambda ids, _at: "还有事" if stays.pk in ids else "")
    assert retaining.erase_left(at=clock.now()) == 1
    assert retaining.erase_left(at=clock.now()) == 0
    stays.refresh_from_db()
    goes.refresh_from_db()
    assert (stays.erased_on, stays.address, goes.address) == (None, "月塘巷8号", "")


def test_a_public_name_that_outlived_the_wish_is_counted_and_goes():
    here = scenes.scene()
    wish = scenes.closed(here, at=clock.now())
    Wish.objects.filter(pk=wish.pk).update(erased_on=clock.today(), title="修灯", alias="李邻居")
    found = {one.purpose.id: one.erased for one in forgetting.prospects(person=here.asker.person, at=clock.now())}
    assert found["wishes.service"] == 1
    forgetting.forget(person=here.asker.person, at=clock.now(), actor_id=None)
    wish.refresh_from_db()
    assert wish.alias == "居民"


def test_a_volunteer_who_left_loses_the_paper():
    here = scenes.scene()
    paper = files.store(
        upload=SimpleUploadedFile("scan.pdf", b"%PDF-1.7\n%%EOF", "application/pdf"),
        kind="volunteers.scan",
        owner_id=here.worker.pk,
        documents=True,
    )
    person = here.volunteer.person
    Volunteer.objects.filter(pk=here.volunteer.pk).update(state=Volunteer.State.LEFT, scan=paper)
    forgetting.forget(person=person, at=clock.now(), actor_id=None)
    assert not StoredFile.objects.filter(pk=paper.pk).exists()


def test_a_wish_of_last_year_keeps_its_person():
    here = scenes.scene()
    person = worlds.person(here.community, created_at=clock.now() - dt.timedelta(days=2000))
    scenes.closed(here, subject=person, asker=person, at=clock.now() - dt.timedelta(days=400))
    assert retaining.erase_left(at=clock.now()) == 0
    assert retaining.erase_left(at=clock.now() + dt.timedelta(days=800)) == 1


def test_a_closed_account_that_the_administrator_closed_forgets_its_phone():
    user = worlds.account(worlds.community(), last_login=clock.now())
    User.objects.filter(pk=user.pk).update(is_active=False, closed_at=clock.now() - dt.timedelta(days=181))
    assert retaining.erase_closed_accounts(at=clock.now()) == 1
    user.refresh_from_db()
    assert (user.phone, user.phone_index, user.last_login) == (None, None, None)
    assert retaining.erase_closed_accounts(at=clock.now()) == 0


@pytest.mark.parametrize(("days", "stays"), [(364, True), (366, False)])
def test_an_ended_home_goes_a_year_later_with_its_reasons(days, stays):
    home, now = worlds.community(), clock.now()
    tie = tying.claim_residency(
        person=worlds.person(home),
        household=worlds.household(worlds.building(home)),
        kind="family",
        since=dt.date(2020, 1, 1),
        actor_id=None,
        actor_part="staff",
        at=now - dt.timedelta(days=days),
    )
    tying.refuse(tie=tie, actor=None, at=now - dt.timedelta(days=days), reason="不住这里")
    retaining.erase_ties(at=now)
    assert Residency.objects.filter(pk=tie.pk).exists() is stays
    assert Remark.objects.exists() is stays


def test_an_ended_relation_goes_after_three_years():
    home, day = worlds.community(), clock.today()
    for days in (1000, 1100):
        Guardianship.objects.create(
            child=worlds.person(home),
            guardian=worlds.person(home),
            relation="父亲",
            since=dt.date(2010, 1, 1),
            until=day - dt.timedelta(days=days),
        )
    assert retaining.erase_relations(at=clock.now()) == 1


def test_an_answered_request_is_blanked_after_a_year():
    user = worlds.account(worlds.community())
    request = correcting.ask(
        person=user.person, field="other", value="", words="门牌写错了", actor=user, at=clock.now()
    )
    correcting.withdraw(request=request, actor=user, at=clock.now())
    assert retaining.erase_requests(at=clock.now() + dt.timedelta(days=300)) == 0
    assert retaining.erase_requests(at=clock.now() + dt.timedelta(days=366)) == 1
    request.refresh_from_db()
    assert request.words == "" and request.erased_on is not None


def test_the_record_of_acts_has_an_end_and_its_erasing_is_on_record():

    now = clock.now()
    old = audit.record("tests.old", actor_id=None, at=now - dt.timedelta(days=1096), reason="旧理由")
    kept = audit.record("tests.new", actor_id=None, at=now - dt.timedelta(days=1094))
    assert aging.erase_record(at=now) == 1
    assert not AuditEntry.objects.filter(pk=old.pk).exists()
    assert AuditEntry.objects.filter(pk=kept.pk).exists()
    assert AuditEntry.objects.filter(verb="appendonly.lifted", details={"reason": "audit.retention"}).count() == 1
    assert aging.erase_record(at=now) == 0
    assert AuditEntry.objects.filter(verb="appendonly.lifted").count() == 1, "the door stays shut where nothing is due"


def test_spent_tokens_go_after_a_week():
    OnceKey.objects.create(owner="x:1", token="t", at=clock.now() - dt.timedelta(days=8))
    OnceKey.objects.create(owner="x:1", token="u", at=clock.now())
    assert aging.erase_spent(at=clock.now()) == 1


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(age=st.integers(0, 3000), closed=st.booleans(), ended=st.integers(0, 3000), has_tie=st.booleans())
def test_property_nobody_is_erased_before_everything_is_over(age, closed, ended, has_tie):
    """Whoever is erased by time has been gone for at least the term in every respect."""
    now, day = clock.now(), dt.timedelta(days=1)
    person = _person_of(age)
    user = worlds.account(person=person, phone=worlds.phone())
    if closed:
        User.objects.filter(pk=user.pk).update(is_active=False, closed_at=now - ended * day)
    if has_tie:
        Residency.objects.create(
            person=person,
            household=worlds.household(worlds.building(worlds.community())),
            kind="family",
            state=TieState.ENDED,
            state_since=now - ended * day,
            since=dt.date(2010, 1, 1),
        )
    retaining.erase_left(at=now)
    person.refresh_from_db()
    gone = person.erased_on is not None
    assert gone == (closed and age > 1095 and ended > 1095)
    assert own_records.accounts_of([person.pk]) == [user.pk]
    Person.objects.filter(pk=person.pk).update(erased_on=clock.today())
    assert not Role.objects.exists()
