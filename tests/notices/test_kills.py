"""Workers killed in mid-work, a broker killed, a broker that forgets everything: nothing is lost, nothing sent twice.

A real Redis server, real Celery workers as processes of their own, a provider on loopback. What is said outside is said
at most once; what is kept inside is done at least once.
"""

import datetime as dt
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.db.models import F

from portal import celery
from portal.core import clock, schedule
from portal.notices import outbox
from portal.notices.models import Delivery, QuietHours
from portal.notices.telling import DELIVER, tell
from tests import worlds

from .redis_server import RedisServer, wait_for
from .rig import Crew, Provider, closing_all

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.redis, pytest.mark.postgres(only=True)]
State = Delivery.State
FAST = 2.0  # seconds: a broker that is gone must not be felt


@pytest.fixture
def rig(tmp_path, settings) -> Iterator[SimpleNamespace]:
    """Everything together; this process is a web process that calls workers through the broker, and may tick itself."""
    broker, provider = RedisServer(tmp_path).start(), Provider()
    crew = Crew(broker=broker.url, provider=provider.url, folder=tmp_path)
    settings.CELERY_BROKER_URL = broker.url
    settings.SMS_BACKEND, settings.SMS_URL, settings.SMS_TOKEN = "portal.core.sms.HttpBackend", provider.url, "token"
    schedule.install_waker(celery.Waker())
    user = worlds.account(worlds.community(), sms_notices=True)
    QuietHours.objects.create(user=user, kept=False)  # tests run by night, too
    calls_nobody = SimpleNamespace(close=lambda: schedule.install_waker(None))
    with closing_all(crew, provider, SimpleNamespace(close=broker.kill), calls_nobody):
        yield SimpleNamespace(broker=broker, provider=provider, crew=crew, user=user)


def news(rig, count: int = 1) -> list[Delivery]:
    """Messages to the one person of the rig; the workers know the rooms' own texts alone."""
    said = [
        tell(person=rig.user.person, text="wishes.closed", values={"wish": str(number)}, at=clock.now())
        for number in range(count)
    ]
    return list(Delivery.objects.filter(notice__in=said))


def knock() -> None:
    """A web process that has not met a dead broker calls the workers."""
    celery.Waker()(DELIVER)


def state(delivery: Delivery) -> str:
    delivery.refresh_from_db()
    return delivery.state


def is_in(wanted: State, *deliveries: Delivery):
    return lambda: all(state(delivery) == wanted for delivery in deliveries)


def ten_minutes_pass() -> None:
    """Whatever was claimed was claimed longer ago than a provider may take."""
    Delivery.objects.update(changed_at=F("changed_at") - outbox.CUT_OFF_AFTER - dt.timedelta(seconds=1))


def sweep() -> None:
    """The schedule's turn, in this process."""
    outbox.deliver_due(at=clock.now())


@pytest.mark.parametrize("takes_key", [False, True])
def test_a_worker_killed_while_the_provider_was_called(rig, settings, takes_key):
    rig.provider.answers.clear()
    worker = rig.crew.worker()
    (delivery,) = news(rig)
    wait_for(lambda: rig.provider.keys, "the call")
    rig.crew.kill(worker)
    rig.provider.answers.set()
    assert state(delivery) == State.SENDING
    ten_minutes_pass()
    if takes_key:
        settings.SMS_TAKES_KEY = True
    else:
        rig.crew.worker("two")
        knock()
        wait_for(is_in(State.UNCERTAIN, delivery), "the row to be picked up")
    sweep()
    if takes_key:
        assert state(delivery) == State.SENT
        assert rig.provider.times == {str(delivery.key): 2}, "the same key: the provider sends one message"
    else:
        assert rig.provider.times == {str(delivery.key): 1}, "never again by a machine"
        assert delivery.stuck_at is not None, "the desk sees it"


@pytest.mark.parametrize("takes_key", [False, True])
def test_a_worker_killed_between_its_claim_and_the_call(rig, settings, takes_key):
    rig.provider.gate.clear()
    worker = rig.crew.worker()
    (delivery,) = news(rig)
    wait_for(lambda: rig.provider.at_gate, "the worker at the gate")
    assert state(delivery) == State.SENDING, "the claim is committed before the call"
    rig.crew.kill(worker)
    rig.provider.gate.set()
    ten_minutes_pass()
    settings.SMS_TAKES_KEY = takes_key
    sweep()
    assert state(delivery) == (State.SENT if takes_key else State.UNCERTAIN)
    assert len(rig.provider.keys) == int(takes_key), "whether it was called cannot be known, so the desk decides"


def test_the_process_that_works_is_killed_and_its_parent_hands_the_task_to_another(rig):
    rig.provider.answers.clear()
    worker = rig.crew.worker()
    (first,) = news(rig)
    wait_for(lambda: rig.provider.keys, "the call")
    rig.crew.kill_child(worker)
    rig.provider.answers.set()
    (second,) = news(rig)
    wait_for(is_in(State.SENT, second), "the next message")
    assert state(first) == State.SENDING
    assert rig.provider.times == {str(first.key): 1, str(second.key): 1}


def test_a_broker_killed_is_not_felt_and_the_schedule_takes_over(rig, caplog):
    rig.broker.kill()
    began = time.monotonic()
    deliveries = [delivery for _number in range(3) for delivery in news(rig)]
    assert time.monotonic() - began < FAST
    assert all(is_in(State.QUEUED, delivery)() for delivery in deliveries)
    assert caplog.text.count("broker does not answer") == 1, "said once"
    sweep()
    assert all(is_in(State.SENT, delivery)() for delivery in deliveries)
    assert set(rig.provider.times.values()) == {1}


def test_a_broker_that_comes_back_finds_its_worker_waiting(rig):
    rig.crew.worker()
    (before,) = news(rig)
    wait_for(is_in(State.SENT, before), "the first message")
    rig.broker.kill()
    (during,) = news(rig)
    rig.broker.start()
    (after,) = news(rig)
    knock()
    wait_for(is_in(State.SENT, before, during, after), "what was said meanwhile")
    assert set(rig.provider.times.values()) == {1}


def test_a_broker_that_forgets_everything_loses_nothing(rig):
    deliveries = news(rig, 5)
    assert rig.broker.queued() == 5
    rig.broker.client.flushall()
    assert rig.broker.queued() == 0
    rig.crew.worker()
    rig.crew.beat()
    wait_for(is_in(State.SENT, *deliveries), "the schedule")
    assert rig.provider.times == {str(delivery.key): 1 for delivery in deliveries}


def test_two_workers_beat_and_ticks_at_once_send_nothing_twice(rig):
    rig.crew.worker("one")
    rig.crew.worker("two")
    rig.crew.beat()
    deliveries = []

    def both_have_worked_beside_the_ticks() -> bool:
        deliveries.extend(news(rig, 4))
        sweep()
        return len(set(rig.provider.at_gate)) == 2 and len(rig.provider.keys) > len(rig.provider.at_gate)

    wait_for(both_have_worked_beside_the_ticks, "both workers")
    wait_for(is_in(State.SENT, *deliveries), "the rest")
    assert rig.provider.times == {str(delivery.key): 1 for delivery in deliveries}


def test_control_without_the_claim_two_workers_send_one_message_twice(rig):
    rig.provider.answers.clear()
    rig.crew.worker("one", RIG_WITHOUT_CLAIM="1")
    rig.crew.worker("two", RIG_WITHOUT_CLAIM="1")
    (delivery,) = news(rig)

    def called_twice() -> bool:
        knock()
        return rig.provider.times[str(delivery.key)] >= 2

    wait_for(called_twice, "both workers")
