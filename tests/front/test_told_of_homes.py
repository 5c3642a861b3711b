"""What people are told when their claim to a home is decided."""

import datetime as dt

import pytest
from django.utils import timezone

from portal.core import clock
from portal.notices.models import Delivery, Notice
from portal.notices.outbox import deliver_due
from portal.people.models import Residency
from portal.people.tying import claim_ownership, claim_residency, confirm, end, refuse
from tests import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return worlds.household(worlds.building(worlds.community(), name="8栋"))


@pytest.fixture
def desk(home):
    return worlds.worker(home.building.community)


def _claim(home, person, **more):
    return claim_residency(
        person=person,
        household=home,
        kind=Residency.Kind.TENANT,
        since=clock.today(),
        actor_id=None,
        actor_part="requester",
        at=clock.now(),
        **more,
    )


def test_a_confirmed_home_is_told_in_plain_words(home, desk):
    user = worlds.account(home.building.community, sms_notices=True)
    tie = _claim(home, user.person)
    assert not Notice.objects.exists(), "one's own claim is no news"
    confirm(tie=tie, actor=desk, at=clock.now())
    notice = Notice.objects.get(person=user.person)
    assert str(home) in notice.body
    assert "已确认" in notice.title
    assert Delivery.objects.filter(notice=notice).count() == 1
    assert notice.url == "/me/homes/"
    assert str(home) in worlds.client_for(user).get("/messages/").content.decode()


def test_a_refusal_carries_the_reason_that_staff_wrote(home, desk):
    person = worlds.person(home.building.community)
    refuse(tie=_claim(home, person), actor=desk, at=clock.now(), reason="租约上是另一户")
    notice = Notice.objects.get(person=person)
    assert "没有通过" in notice.title
    assert str(home) in notice.body
    assert "租约上是另一户" in notice.body


def test_an_end_without_a_reason_says_what_to_do(home, desk):
    person = worlds.person(home.building.community)
    tie = claim_ownership(
        person=person, household=home, since=clock.today(), actor_id=None, actor_part="requester", at=clock.now()
    )
    confirm(tie=tie, actor=desk, at=clock.now())
    end(tie=tie, actor=None, at=clock.now(), until=clock.today())
    last = Notice.objects.filter(person=person).latest("pk")
    assert "已经结束" in last.title
    assert "窗口" in last.body


@pytest.mark.parametrize("decide", ["confirm", "refuse", "end"])
@pytest.mark.parametrize("claim", ["residency", "ownership"])
def test_no_text_message_says_where_somebody_lives(home, desk, sms_sent, claim, decide):
    user = worlds.account(home.building.community, sms_notices=True)
    own = {"household": home, "since": clock.today(), "actor_id": None, "actor_part": "requester", "at": clock.now()}
    tie = _claim(home, user.person) if claim == "residency" else claim_ownership(person=user.person, **own)
    if decide == "refuse":
        refuse(tie=tie, actor=desk, at=clock.now(), reason="租约上是另一户")
    else:
        confirm(tie=tie, actor=desk, at=clock.now())
    if decide == "end":
        end(tie=tie, actor=desk, at=clock.now(), until=clock.today(), reason="看过租约")
    last = Notice.objects.filter(person=user.person).latest("pk")
    assert str(home) in last.body
    tomorrow = clock.today() + dt.timedelta(days=1)
    deliver_due(at=timezone.make_aware(dt.datetime.combine(tomorrow, dt.time(12))))  # at no quiet hour of the night
    assert sms_sent
    for message in sms_sent:
        for part in (home.building.name, home.number, home.building.community.name, "租约"):
            assert part not in message.text.replace("【益+亲】", ""), message.text
