"""What the desk is asked for with a wish, and what it is told: a door to come to, one order of locks, whole words."""

import pytest
from django.core.exceptions import ValidationError

from portal.core import clock
from portal.people import consenting, correcting
from services.wishes import ordering
from services.wishes.models import Wish
from tests import worlds

from . import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return scenes.scene()


def test_who_is_to_come_in_gets_the_households_door_or_a_word_at_the_field(here) -> None:
    home = worlds.household(worlds.building(here.community))
    assert scenes.ordered(here, household=home, contact_address=" ").contact_address == str(home)
    with pytest.raises(ValidationError) as refused:
        scenes.ordered(here, contact_address="")
    assert "contact_address" in refused.value.message_dict and Wish.objects.count() == 1
    assert scenes.ordered(here, slug="errand", contact_address="").contact_address == ""


def _order_of(monkeypatch, module) -> list[str]:
    """What of the two is done, in turn: the person held, the consent looked at."""
    done: list[str] = []
    held, asked = module.standing_locked, consenting.refuse_without_consent

    def hold(*people):
        done.append("held")
        return held(*people)

    def ask(*args):
        done.append("asked")
        return asked(*args)

    monkeypatch.setattr(module, "standing_locked", hold)
    monkeypatch.setattr(consenting, "refuse_without_consent", ask)
    return done


def test_an_order_holds_the_person_before_it_looks_at_the_consent(here, monkeypatch) -> None:
    done = _order_of(monkeypatch, ordering)
    scenes.ordered(here)
    assert done == ["held", "asked"]


def test_a_request_to_correct_holds_the_person_before_it_looks_at_the_consent(here, monkeypatch) -> None:
    done = _order_of(monkeypatch, correcting)
    person = here.asker.person
    correcting.ask(person=person, field="sex", value="female", words="", actor=here.asker, at=clock.now())
    assert done[:2] == ["held", "asked"]


def test_words_that_are_cut_end_with_one_sign(here) -> None:
    scenes.ordered(here, details="=HYPERLINK(“楼道的灯坏了，晚上看不见路，想请人来换”)")
    listing = worlds.client_for(here.worker).get("/admin/wishes/wish/").content.decode()
    assert "…</span>" in listing and "...</span>" not in listing


def test_what_a_choice_needs_is_said_when_it_is_needed(here) -> None:
    wish = scenes.approved(here)
    shown = worlds.client_for(here.worker).get(f"/admin/wishes/wish/{wish.pk}/act/dispatch/").content.decode()
    assert "（可不填）" not in shown
    assert 'data-only="to=named"' in shown and "（上面选“指定志愿者”才选）" in shown
    assert 'data-only="to=team"' in shown and "（上面选“派给队伍”才选）" in shown
