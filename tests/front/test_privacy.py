"""The register of processing is held against the tables: nothing sealed, and nothing of a person, is left out."""

import pytest
from django.apps import apps

from portal.core.registries import purposes
from portal.core.sealed import SealedField
from portal.people.models import Person, User
from tests import worlds


def _registered() -> set[str]:
    return {name for purpose in purposes for name in purpose.fields}


def _names(model, fields) -> set[str]:
    return {f"{model._meta.app_label}.{model.__name__}.{field.name}" for field in fields}


def test_every_sealed_field_has_a_purpose():
    sealed: set[str] = set()
    for model in apps.get_models():
        own = [field for field in model._meta.local_concrete_fields if isinstance(field, SealedField)]
        sealed |= _names(model, own)
    assert len(sealed) > 10
    assert sealed - _registered() == set()


@pytest.mark.parametrize("model", [Person, User])
def test_every_column_about_a_person_has_a_purpose(model):
    columns = _names(model, [field for field in model._meta.concrete_fields if not field.primary_key])
    assert columns - _registered() == set()


def test_every_name_in_the_register_is_a_field_that_exists():
    for name in _registered():
        label, model, field = name.split(".")
        assert apps.get_model(label, model)._meta.get_field(field).concrete, name


def test_every_purpose_says_all_that_the_law_asks_for():
    for purpose in purposes:
        for part in ("title", "basis", "notice", "readers", "field_words", "retention", "erasure"):
            assert str(getattr(purpose, part)).strip(), f"{purpose.id}.{part}"
        assert "法" in str(purpose.basis), purpose.id


@pytest.mark.django_db
def test_the_page_is_made_from_the_register_and_is_linked_from_every_page():
    client = worlds.client_for(None)
    page = client.get("/privacy/").content.decode()
    for purpose in purposes:
        for part in (purpose.title, purpose.basis, purpose.retention, purpose.erasure):
            assert str(part) in page
    assert 'href="/privacy/"' in client.get("/").content.decode()


@pytest.mark.django_db
def test_nothing_is_promised_that_no_act_does():
    """No act erases a person, closes an account with its data or makes a copy: the page says that people do it."""
    page = worlds.client_for(None).get("/privacy/").content.decode()
    for untrue in ("随账号一起删除", "谁看过您的电话，您的单子上都有记录", "核对身份后就办。"):
        assert untrue not in page
    assert "15 个工作日内答复" in page
    assert "系统不会自动删除" in page
