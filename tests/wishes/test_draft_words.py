"""An order that was not sent is read out under its labels, without keys of ours."""

import pytest

from portal.core import clock, drafts
from services.wishes.own_records import ORDER
from tests import worlds

pytestmark = pytest.mark.django_db


def test_labels_and_no_key_of_ours() -> None:
    user = worlds.account(worlds.community(), name="林小荷")
    typed = {
        "kind": "repair",
        "subject": user.person.pk,
        "details": "灯坏了",
        "price": 1200,
        "when": "weekends",
        "contact_name": "林小荷",
        "once": "token-of-ours",
    }
    draft = drafts.keep(owner_id=user.pk, form=ORDER, data=typed, at=clock.now())
    lines = dict(drafts.read_out(draft))
    assert lines == {
        "想要": "维修",
        "为谁提": "林小荷",
        "是什么事": "灯坏了",
        "大约价钱": "¥12.00",
        "什么时候": "周末白天",
        "联系人": "林小荷",
    }


def test_an_empty_draft_and_one_of_no_form_say_nothing() -> None:
    user = worlds.account(worlds.community())
    assert drafts.read_out(drafts.keep(owner_id=user.pk, form=ORDER, data={}, at=clock.now())) == []
    assert drafts.read_out(drafts.keep(owner_id=user.pk, form="nothing", data={"a": "b"}, at=clock.now())) == []
