"""Sealed values: what opens them and what does not, turning the keys over, the blind index, sealed sessions."""

import base64
import secrets

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.sessions.models import Session
from django.core.exceptions import FieldError
from django.core.management import call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from portal.core import appendonly, sealed
from portal.core.models import AuditEntry, Draft
from portal.core.sealed import KeyLost, SealedValueError
from portal.core.sessions import SessionStore
from portal.people.models import Person, User
from tests import worlds

from .everything import make, our_models, sealed_fields

PHONE = "15400004321"


def new_key(name: str) -> str:
    return f"{name}:{base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}"


def stored(model, pk, column: str) -> str:
    """The raw column, as the database holds it."""
    with connection.cursor() as cursor:
        table, key = model._meta.db_table, model._meta.pk.column
        cursor.execute(f'SELECT "{column}" FROM "{table}" WHERE "{key}" = %s', [pk])
        return cursor.fetchone()[0]


# Values --------------------------------------------------------------------------------------------------------------


@given(text=st.text())
def test_what_is_sealed_opens_again_and_never_looks_the_same(text):
    first, second = (sealed.seal(text, context="a.b.c") for _ in range(2))
    assert first != second
    assert sealed.unseal(first, context="a.b.c") == sealed.unseal(second, context="a.b.c") == text
    assert sealed.key_id_of(first) == "test1"


def test_in_another_place_it_does_not_open():
    box = sealed.seal(PHONE, context="people.person.contact_phone")
    with pytest.raises(SealedValueError, match="changed or moved"):
        sealed.unseal(box, context="people.person.address")


@given(place=st.integers(min_value=0, max_value=10**6), bit=st.integers(0, 7))
def test_a_changed_bit_is_noticed(place, bit):
    prefix, key_id, encoded = sealed.seal(PHONE, context="c").split(".")
    box = bytearray(base64.urlsafe_b64decode(encoded))
    box[place % len(box)] ^= 1 << bit
    with pytest.raises(SealedValueError):
        sealed.unseal(".".join([prefix, key_id, base64.urlsafe_b64encode(box).decode()]), context="c")


@pytest.mark.parametrize(
    "value", [PHONE, "s1", "s1.test1", "s1.test1.", "s2.test1.AAAA", "s1.test1.AAAA", "s1.test1.*"]
)
def test_what_is_no_sealed_value_raises(value):
    with pytest.raises(SealedValueError):
        sealed.unseal(value, context="c")


def test_a_lost_key_raises_and_never_gives_the_ciphertext(settings):
    box = sealed.seal(PHONE, context="c")
    settings.SEALED_KEYS = new_key("other")
    with pytest.raises(KeyLost, match="test1"):
        sealed.unseal(box, context="c")


def test_the_first_key_seals_and_every_key_opens(settings):
    old = sealed.seal(PHONE, context="c")
    settings.SEALED_KEYS = f"{new_key('new1')},{settings.SEALED_KEYS}"
    assert sealed.key_id_of(sealed.seal(PHONE, context="c")) == "new1"
    assert sealed.unseal(old, context="c") == PHONE


# Fields --------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_field_is_sealed_in_the_database_and_plain_in_python():
    person = worlds.person(contact_phone=PHONE)
    raw = stored(Person, person.pk, "contact_phone")
    assert raw.startswith("s1.test1.")
    assert PHONE not in raw
    assert Person.objects.get(pk=person.pk).contact_phone == PHONE
    assert Person.objects.values_list("contact_phone", flat=True).get() == PHONE


@pytest.mark.django_db
def test_empty_stays_empty_and_unknown_stays_unknown():
    person = worlds.person(contact_phone="")
    assert stored(Person, person.pk, "contact_phone") == ""
    assert stored(Person, person.pk, "contact_phone_index") is None
    user = User.objects.create_user()
    assert stored(User, user.pk, "phone") is None
    assert User.objects.filter(phone__isnull=True).get() == user


@pytest.mark.django_db
@pytest.mark.parametrize("lookup", ["contact_phone", "contact_phone__contains", "contact_phone__in", "address__gt"])
def test_a_sealed_column_cannot_be_searched(lookup):
    with pytest.raises(FieldError, match="blind index"):
        list(Person.objects.filter(**{lookup: [PHONE] if lookup.endswith("in") else PHONE}))


def _problems(model) -> set[str]:
    return {problem.id for problem in model._meta.get_field("address").check()}


def test_an_order_by_ciphertext_is_a_finding_of_the_checks(monkeypatch):
    assert _problems(Person) == set()
    monkeypatch.setattr(Person._meta, "ordering", ["name", "-address"])
    assert _problems(Person) == {"core.E002"}


def test_a_sealed_field_in_an_append_only_table_is_a_finding_of_the_checks(monkeypatch):
    """Rotation could not rewrite it, so its key could never be taken away."""
    monkeypatch.setattr(appendonly, "_DECLARED", [Person])
    assert _problems(Person) == {"core.E003"}
    monkeypatch.undo()
    assert not [model for model in appendonly.declared() if sealed_fields(model)]


@pytest.mark.django_db
def test_a_value_copied_to_another_column_raises():
    person = worlds.person(contact_phone=PHONE)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_person SET address = contact_phone WHERE id = %s", [person.pk])
    with pytest.raises(SealedValueError):
        Person.objects.get(pk=person.pk)


@pytest.mark.django_db
def test_update_and_bulk_create_seal_too():
    person = worlds.person()
    Person.objects.filter(pk=person.pk).update(address="袁家湾 2栋")
    assert stored(Person, person.pk, "address").startswith("s1.")
    (bulk,) = Person.objects.bulk_create([Person(name="黄立秋", contact_phone=PHONE)])
    assert stored(Person, bulk.pk, "contact_phone").startswith("s1.")
    assert Person.objects.get(pk=bulk.pk).contact_phone_index == _index(PHONE)


@pytest.mark.django_db
def test_json_comes_back_as_it_was():
    data = {"phone": PHONE, "steps": [1, {"更多": None}], "数": 1.5}
    draft = make(Draft, data=data)
    assert Draft.objects.get(pk=draft.pk).data == data
    assert stored(Draft, draft.pk, "data").startswith("s1.")


# The blind index -----------------------------------------------------------------------------------------------------


def _index(phone: str) -> str | None:
    return Person._meta.get_field("contact_phone_index").index_of(phone)


def test_equal_values_meet_and_purposes_do_not():
    assert sealed.blind_index("x", purpose="a") == sealed.blind_index("x", purpose="a")
    assert sealed.blind_index("x", purpose="a") != sealed.blind_index("x", purpose="b")
    assert sealed.blind_index("x", purpose="a") != sealed.blind_index("y", purpose="a")
    assert sealed.blind_index("bc", purpose="a") != sealed.blind_index("c", purpose="a\0b")
    assert sealed.blind_index("", purpose="a") == ""


def test_it_hangs_on_its_own_key(settings):
    before = sealed.blind_index(PHONE, purpose="a")
    settings.SEALED_KEYS = new_key("other")
    assert sealed.blind_index(PHONE, purpose="a") == before
    settings.BLIND_INDEX_KEY = new_key("").removeprefix(":")
    assert sealed.blind_index(PHONE, purpose="a") != before


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed", [PHONE, "154 0000 4321", "+86 154-0000-4321", "１５４００００４３２１", "008615400004321"]
)
def test_a_number_is_found_however_it_was_typed(typed):
    user = worlds.account(phone=PHONE)
    assert User.objects.with_phone(typed) == user


@pytest.mark.django_db
def test_the_index_follows_the_value():
    person = worlds.person(contact_phone=PHONE)
    person.contact_phone = "15400004322"
    person.save()
    assert Person.objects.filter(contact_phone_index=_index("15400004322")).get() == person
    assert not Person.objects.filter(contact_phone_index=_index(PHONE)).exists()


@pytest.mark.django_db
def test_saving_the_value_alone_takes_its_index_along():
    """``update_fields`` that names the sealed field must not leave the index of the old number behind."""
    person = worlds.person(contact_phone=PHONE)
    person.contact_phone = "15400004322"
    person.save(update_fields=["contact_phone"])
    assert Person.objects.get(pk=person.pk).contact_phone_index == _index("15400004322")


# Turning the keys over -----------------------------------------------------------------------------------------------


@pytest.fixture
def full_house(db):
    """A record of every table with sealed values, an authenticator, and a session."""
    made = [make(model, sealed="15400007654") for model in our_models() if sealed_fields(model)]
    TOTP.activate(worlds.account(), worlds.TOTP_SECRET)
    session = SessionStore()
    session.update({"phone": PHONE})
    session.create()
    return made


def _key_ids() -> set[str]:
    found = set()
    for model in our_models():
        for field in sealed_fields(model):
            with connection.cursor() as cursor:
                column, table = field.column, model._meta.db_table
                cursor.execute(
                    f'SELECT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL AND "{column}" <> %s', [""]
                )
                found |= {sealed.key_id_of(value) for (value,) in cursor.fetchall()}
    found |= {sealed.key_id_of(row) for row in Session.objects.values_list("session_data", flat=True)}
    found |= {sealed.key_id_of(row["secret"]) for row in Authenticator.objects.values_list("data", flat=True)}
    return found


def test_after_rotating_the_old_key_can_be_taken_away(full_house, settings):
    assert _key_ids() == {"test1"}
    new = new_key("new1")
    settings.SEALED_KEYS = f"{new},{settings.SEALED_KEYS}"
    call_command("rotate_sealed", verbosity=0)
    assert _key_ids() == {"new1"}
    settings.SEALED_KEYS = new
    for record in full_house:
        again = type(record)._base_manager.get(pk=record.pk)
        assert all("15400007654" in str(getattr(again, field.attname)) for field in sealed_fields(type(record)))
    assert SessionStore(Session.objects.get().session_key).load() == {"phone": PHONE}
    assert TOTP(Authenticator.objects.get()).instance.data["secret"].startswith("s1.new1.")
    assert AuditEntry.objects.filter(verb="sealed.rotated").count() == 1


@pytest.mark.parametrize("value", ["", 0, False, [], {}, "null"])
def test_a_sealed_value_that_opens_to_nothing_is_rotated_too(db, settings, value):
    draft = make(Draft, data=value)
    settings.SEALED_KEYS = f"{new_key('new1')},{settings.SEALED_KEYS}"
    call_command("rotate_sealed", verbosity=0)
    assert sealed.key_id_of(stored(Draft, draft.pk, "data")) == "new1"
    assert Draft.objects.get(pk=draft.pk).data == value


def test_rotating_once_more_is_harmless(full_house, settings):
    settings.SEALED_KEYS = f"{new_key('new1')},{settings.SEALED_KEYS}"
    for _time in range(2):
        call_command("rotate_sealed", verbosity=0)
        assert _key_ids() == {"new1"}


def test_without_its_key_rotating_stops_and_destroys_nothing(full_house, settings):
    settings.SEALED_KEYS = new_key("new1")
    with pytest.raises(KeyLost):
        call_command("rotate_sealed", verbosity=0)
    assert _key_ids() == {"test1"}


def test_a_new_index_key_finds_again_after_reindexing(full_house, settings):
    user = worlds.account(person=worlds.person(contact_phone=PHONE))
    settings.BLIND_INDEX_KEY = new_key("").removeprefix(":")
    assert User.objects.with_phone(PHONE) is None
    call_command("rotate_sealed", "--reindex", verbosity=0)
    assert User.objects.with_phone(PHONE) == user
    assert Person.objects.filter(contact_phone_index=_index(PHONE)).get() == user.person


# Sessions ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_session_is_sealed_in_its_row():
    session = SessionStore()
    session.update({"phone": PHONE, "code": "493817"})
    session.create()
    raw = Session.objects.get().session_data
    assert raw.startswith("s1.test1.")
    assert PHONE not in base64.urlsafe_b64decode(raw.split(".")[2]).decode("latin-1")
    assert SessionStore(session.session_key).load() == {"phone": PHONE, "code": "493817"}


@pytest.mark.django_db
@pytest.mark.parametrize("damage", ["", "nonsense", "s1.gone.AAAA", "s1.test1.AAAA", "s1.test1.%%%"])
def test_a_session_that_does_not_open_is_an_empty_one(damage):
    session = SessionStore()
    session.update({"phone": PHONE})
    session.create()
    Session.objects.update(session_data=damage)
    assert SessionStore(session.session_key).load() == {}
