"""A message says something new, and is read once its reader has acted on it."""

import pytest

from portal.core import clock
from portal.notices.models import Notice
from services.wishes import closing, ordering, serving
from tests import worlds

from . import scenes

pytestmark = pytest.mark.django_db


def _titles(user) -> list[str]:
    return [notice.title for notice in Notice.objects.filter(person=user.person).order_by("id")]


def _unread(user) -> list[str]:
    return [notice.title for notice in Notice.objects.filter(person=user.person).unread().order_by("id")]


def test_accepted_and_put_into_the_pool_is_one_message():
    here = scenes.scene()
    scenes.dispatched(here)
    assert _titles(here.asker) == ["您的心愿收到了，社区正在审核。", "社区答应帮您办，正在找志愿者。"]


@pytest.mark.parametrize(("to", "words"), [("named", "请了一位志愿者来帮您"), ("team", "请了志愿者队伍来帮您")])
def test_to_whom_it_was_sent_is_new(to, words):
    here = scenes.scene()
    target = {"volunteer": here.volunteer} if to == "named" else {"team": worlds.team(here.community, here.volunteer)}
    scenes.dispatched(here, to=to, **target)
    assert len(_titles(here.asker)) == 3 and words in _titles(here.asker)[-1]


def test_a_second_dispatch_is_new():
    here = scenes.scene()
    wish = scenes.claimed(here)
    serving.give_back(wish=wish, reason="病了来不了", actor=here.helper, at=clock.now())
    serving.dispatch(wish=wish, to="pool", actor=here.worker, at=clock.now())
    assert _titles(here.asker)[-2:] == ["志愿者有事来不了，社区正在另找人。", "您的心愿重新安排好了，等志愿者来帮。"]


def test_what_was_offered_is_read_by_who_took_it_and_by_nobody_else():
    here, other = scenes.scene(), None
    other = worlds.volunteer(here.community)
    team = worlds.team(here.community, here.volunteer, other)
    wish, another = (scenes.dispatched(here, to="team", team=team) for _one in range(2))
    serving.claim(wish=wish, volunteer=here.volunteer, actor=here.helper, at=clock.now())
    assert _unread(here.helper) == ["有一张心愿单等您接。"], "that of the other wish waits"
    assert Notice.objects.filter(person=here.helper.person, url=f"/wishes/{another.code}/").unread().count() == 1
    assert len(_unread(other.person.user)) == 2
    assert "有志愿者来帮您了，会和您联系。" in _unread(here.asker), "nobody has answered that yet"


def test_who_refuses_it_has_read_it_too():
    here = scenes.scene()
    wish = scenes.dispatched(here, to="named", volunteer=here.volunteer)
    assert _unread(here.helper)
    serving.refuse(wish=wish, volunteer=here.volunteer, reason="那天有事", actor=here.helper, at=clock.now())
    assert not _unread(here.helper)


def test_a_claim_that_came_too_late_leaves_it_unread():
    here = scenes.scene()
    other = worlds.volunteer(here.community)
    wish = scenes.dispatched(here, to="team", team=worlds.team(here.community, here.volunteer, other))
    serving.claim(wish=wish, volunteer=here.volunteer, actor=here.helper, at=clock.now())
    with pytest.raises(serving.MoveRefused):
        serving.claim(wish=wish, volunteer=other, actor=other.person.user, at=clock.now())
    assert _unread(other.person.user) == ["有一张心愿单等您接。"]


def test_who_rates_or_takes_back_has_read_what_asked_for_it():
    here = scenes.scene()
    done = scenes.completed(here)
    assert "志愿者说办好了，请您评一评。" in _unread(here.asker)
    closing.rate(wish=done, stars=5, comment="", actor=here.asker, actor_part="requester", at=clock.now())
    assert not _unread(here.asker)
    wish = scenes.approved(here)
    ordering.withdraw(wish=wish, actor=here.asker, actor_part="requester", at=clock.now())
    assert not _unread(here.asker)


def test_the_desks_word_answers_nobodys_message():
    here = scenes.scene()
    done = scenes.completed(here)
    closing.rate(wish=done, stars=5, comment="", actor=here.worker, actor_part="staff", at=clock.now())
    assert "志愿者说办好了，请您评一评。" in _unread(here.asker)
