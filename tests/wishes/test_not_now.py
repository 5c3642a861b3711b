"""An act that is not possible as the wish stands shows no form: it says why not, and leads back."""

import datetime as dt

import pytest
from django.urls import reverse

from portal.core import clock
from services.wishes import closing, ordering, serving
from services.wishes.models import Wish, WishState
from tests import worlds

from . import scenes

pytestmark = pytest.mark.django_db
ACTS = {"withdraw": "withdraw", "rate": "rate", "complete": "complete", "return": "return", "refuse": "refuse"}
FORM = 'name="once"'


def _in_every_state(here) -> dict[str, Wish]:
    late = scenes.completed(here)
    closing.auto_close(at=clock.now() + dt.timedelta(days=60))
    found = {
        "new": scenes.ordered(here),
        "approved": scenes.approved(here),
        "offered": scenes.dispatched(here, to="named", volunteer=here.volunteer),
        "serving": scenes.dispatched(here, to="named", volunteer=here.volunteer),
        "done": scenes.completed(here),
        "rated": scenes.closed(here),
        "declined": scenes.ordered(here),
        "withdrawn": scenes.ordered(here),
        "late": late,
    }
    now = clock.now()
    serving.claim(wish=found["serving"], volunteer=here.volunteer, actor=here.helper, at=now)
    ordering.decline(wish=found["declined"], reason="不在范围", actor=here.worker, at=now)
    ordering.withdraw(wish=found["withdrawn"], actor=here.asker, actor_part="requester", at=now)
    return {name: Wish.objects.get(pk=wish.pk) for name, wish in found.items()}


def test_every_act_in_every_state():
    here = scenes.scene()
    wishes = _in_every_state(here)
    assert {wish.state for wish in wishes.values()} == set(WishState)
    seen = set()
    for act, move in ACTS.items():
        client = worlds.client_for(here.asker if act in ("withdraw", "rate") else here.helper)
        for name, wish in wishes.items():
            answer = client.get(reverse(f"wishes:{act}", args=[wish.code]))
            page = answer.content.decode()
            if answer.status_code in (403, 404):
                continue  # not theirs to do at all
            possible = wish.state in wish.MOVES[move].sources
            assert (answer.status_code, FORM in page) == ((200, True) if possible else (409, False)), (act, name)
            if not possible:
                assert reverse("wishes:detail", args=[wish.code]) in page and "看这张单子" in page
                seen.add((act, name))
    assert {("withdraw", "done"), ("withdraw", "withdrawn"), ("rate", "new"), ("rate", "rated")} <= seen
    assert {("complete", "rated"), ("return", "late"), ("refuse", "serving")} <= seen


@pytest.mark.parametrize(
    ("act", "name", "words"),
    [
        ("rate", "new", ("现在还不能评价", "社区正在审核这个心愿", "办好以后会发消息请您来评")),
        ("rate", "rated", ("已经评过了",)),
        ("rate", "withdrawn", ("现在不能评价了", "已经撤回")),
        ("withdraw", "withdrawn", ("现在不能撤回了", "已经撤回")),
        ("withdraw", "declined", ("没有受理这个心愿",)),
    ],
)
def test_the_words_say_why(act, name, words):
    here = scenes.scene()
    wish = _in_every_state(here)[name]
    page = worlds.client_for(here.asker).get(reverse(f"wishes:{act}", args=[wish.code])).content.decode()
    for one in words:
        assert one in page


def test_a_form_that_is_sent_too_late_says_why_too_and_one_that_was_taken_leads_on():
    here = scenes.scene()
    wish = scenes.completed(here)
    client, address = worlds.client_for(here.asker), reverse("wishes:rate", args=[wish.code])
    said = {"rating": "5", "comment": "", "once": "r" * 32}
    first = client.post(address, said)
    assert first.status_code == 302 and client.post(address, said).url == first.url
    late = client.post(address, {**said, "once": "s" * 32})
    assert late.status_code == 409 and "已经评过了" in late.content.decode() and FORM not in late.content.decode()
