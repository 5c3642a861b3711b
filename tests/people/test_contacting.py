"""A person's own phone and address: no number of a document in what is kept as words."""

import pytest
from django.core.exceptions import ValidationError

from portal.core import clock
from portal.people import contacting
from tests import worlds

pytestmark = pytest.mark.django_db
NUMBER = "430202194911230023"


def test_no_number_of_a_document_stands_in_an_address() -> None:
    community = worlds.community()
    account = worlds.account(community)
    person, worker = account.person, worlds.worker(community)
    with pytest.raises(ValidationError) as at_desk:
        contacting.change_contact(person=person, actor=worker, at=clock.now(), address=f"2栋 {NUMBER}")
    with pytest.raises(ValidationError) as own:
        contacting.change_own_contact(
            actor=account, at=clock.now(), contact_phone=person.contact_phone, address=f"2栋 {NUMBER}"
        )
    assert set(at_desk.value.message_dict) == set(own.value.message_dict) == {"address"}
    person.refresh_from_db()
    assert NUMBER not in person.address
