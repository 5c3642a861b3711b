"""The register of processing is held against the tables, both ways: what stands in a table about a person belongs to a
purpose, what a purpose names exists, and everything it names is read out and has an end."""

import datetime as dt

import pytest
from django.apps import apps
from django.db import models

from portal.core import tasks
from portal.core.registries import Purpose, purposes
from portal.core.sealed import SealedField
from portal.people.models import Person, User

# Fields that point at a person and belong to no purpose of that person, each with its reason.
NOBODYS = {
    "admin.LogEntry.user": "Django's own log stays empty: the back office writes to our audit trail",
    "account.EmailAddress.user": "allauth's table of addresses stays empty: addresses are our own account's",
}


def _registered() -> set[str]:
    return {name for purpose in purposes for name in purpose.fields}


def _label(field: models.Field) -> str:
    return f"{field.model._meta.app_label}.{field.model.__name__}.{field.name}"


def _every_field() -> list[models.Field]:
    return [field for model in apps.get_models() for field in model._meta.local_concrete_fields]


def test_every_sealed_field_belongs_to_a_purpose():
    sealed = {_label(field) for field in _every_field() if isinstance(field, SealedField)}
    assert len(sealed) > 15
    assert sealed - _registered() == set()


def test_everything_that_points_at_a_person_or_an_account_belongs_to_a_purpose():
    pointing = {_label(field) for field in _every_field() if field.related_model in (Person, User)}
    assert len(pointing) > 20
    assert pointing - _registered() - set(NOBODYS) == set()


def test_every_number_of_an_account_that_is_no_key_belongs_to_a_purpose():
    numbers = {_label(field) for field in _every_field() if field.name in ("actor_id", "owner_id", "credited_by_id")}
    assert numbers - _registered() == set()


def test_no_reason_stands_for_a_field_that_is_gone_or_registered():
    known = {_label(field) for field in _every_field()}
    assert set(NOBODYS) - known <= {"admin.LogEntry.user"}
    assert set(NOBODYS) & _registered() == set()


@pytest.mark.parametrize("model", [Person, User])
def test_every_column_about_a_person_belongs_to_a_purpose(model):
    columns = {_label(field) for field in model._meta.concrete_fields if not field.primary_key}
    assert columns - _registered() == set()


def test_every_name_in_the_register_is_a_field_that_exists():
    for name in _registered():
        label, model, field = name.split(".")
        assert apps.get_model(label, model)._meta.get_field(field), name


@pytest.mark.parametrize("purpose", list(purposes), ids=lambda purpose: purpose.id)
def test_every_purpose_says_all_that_the_law_asks_for(purpose: Purpose):
    for part in ("title", "basis", "notice", "readers", "field_words", "retention", "erasure"):
        assert str(getattr(purpose, part)).strip(), part
    assert "法" in str(purpose.basis)
    assert purpose.fields


@pytest.mark.parametrize("purpose", list(purposes), ids=lambda purpose: purpose.id)
def test_every_purpose_has_an_end_or_says_why_not(purpose: Purpose):
    assert (purpose.erase is None) == bool(str(purpose.kept_because).strip()), "one of the two"


@pytest.mark.parametrize("purpose", list(purposes), ids=lambda purpose: purpose.id)
def test_every_purpose_is_read_out_or_says_why_not(purpose: Purpose):
    assert (purpose.collect is None) == bool(str(purpose.uncollected).strip()), "one of the two"


@pytest.mark.parametrize(
    "purpose", [purpose for purpose in purposes if purpose.consent], ids=lambda purpose: purpose.id
)
def test_every_consent_has_its_words_and_says_what_stops(purpose: Purpose):
    consent = purpose.consent
    assert consent is not None
    assert "同意" in str(purpose.basis)
    assert str(consent.text).strip() and str(consent.effect).strip() and consent.version
    assert len(consent.version) <= 20


def test_a_purpose_whose_basis_is_consent_has_one():
    for purpose in purposes:
        if str(purpose.basis).startswith(("您的同意", "监护人的同意")):
            assert purpose.consent is not None, purpose.id


@pytest.mark.django_db
def test_every_end_runs_on_an_empty_database():
    assert tasks.erase(dt.datetime(2031, 1, 1, tzinfo=dt.UTC)) == 0


@pytest.mark.django_db
def test_one_purpose_that_fails_does_not_keep_the_others(monkeypatch, caplog):
    ran = []

    def fails(_at):
        raise RuntimeError("broken")

    def purpose(name, erase):
        found = next(iter(purposes))
        return Purpose(**{**found.__dict__, "id": name, "erase": erase})

    monkeypatch.setattr(tasks, "purposes", [purpose("a", fails), purpose("b", lambda at: ran.append(at) or 1)])
    with pytest.raises(RuntimeError, match="broken"):
        tasks.erase(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert len(ran) == 1
