"""Every state change is a button with its reason: who ends, refuses or passes on says why, and it is read."""

import pytest
from django import forms
from django.contrib import admin

from portal.backoffice.acts import Act, ActsAdmin
from portal.core import clock
from portal.people import handling
from tests import worlds
from tests.wishes import scenes

from .desks import act_url, carry_out, page

pytestmark = pytest.mark.django_db

# By name, whatever the room: what ends, refuses, takes back, or passes work on.
FINAL = {"refuse", "decline", "end", "part", "close", "reopen", "give_up", "put_back", "assign", "recall", "return"}
# What takes only from whoever wants it: the requester's own request for an Excel, and a guardian's word about their
# child, which is as easily taken back as given.
OWN = {("backoffice.export", "withdraw"), ("people.person", "take_back")}


def decisions() -> list[tuple[str, Act]]:
    """Every act of every page that is final, negative or dangerous, by the label of its model."""
    found = []
    for model, page_of in admin.site._registry.items():
        for act in page_of.acts if isinstance(page_of, ActsAdmin) else ():
            label = model._meta.label_lower
            if (act.tone == "danger" or act.name in FINAL) and (label, act.name) not in OWN:
                found.append((label, act))
    return found


def test_whatever_is_final_or_negative_asks_for_a_reason() -> None:
    found = decisions()
    assert len(found) > 20
    for label, act in found:
        reason: forms.Field | None = act.form.declared_fields.get("reason")
        assert reason is not None and reason.required, f"{label}: {act.name}"


def test_passing_work_on_and_putting_it_back_ask_why_and_the_record_says_it() -> None:
    here = scenes.scene()
    wish, head = scenes.ordered(here), worlds.client_for(worlds.head(here.community))
    colleague = worlds.worker(here.community, name="接手的人")
    handling.take(record=wish, actor=here.worker, at=clock.now())
    silent = carry_out(head, wish, "assign", to=colleague.pk)
    assert silent.context["form"].errors.keys() == {"reason"}
    assert silent.context["form"]["to"].value() == str(colleague.pk)
    assert carry_out(head, wish, "assign", to=colleague.pk, reason="他会修电器").status_code == 302
    assert carry_out(head, wish, "put_back").context["form"].errors.keys() == {"reason"}
    assert carry_out(head, wish, "put_back", reason="等配件到了再办").status_code == 302
    told = {step.what: step for step in head.get(page("wishes.wish", "change", wish.pk)).context["steps"]}
    assert (told["指定经办人"].remark, told["指定经办人"].details) == ("他会修电器", f"从{here.worker}交给接手的人")
    assert told["放回窗口"].remark == "等配件到了再办"


def test_taking_in_hand_asks_for_nothing() -> None:
    here = scenes.scene()
    wish, desk = scenes.ordered(here), worlds.client_for(here.worker)
    assert not desk.get(act_url(wish, "take")).context["form"].fields
    assert carry_out(desk, wish, "take").status_code == 302
