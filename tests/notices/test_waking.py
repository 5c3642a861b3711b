"""Clocks and workers: what is due once, what was cut off again, and a knock that holds up nobody."""

import datetime as dt
import socket
import time

import pytest
from django.db import transaction

from portal import celery
from portal.core import schedule
from portal.core.models import ScheduledRun
from portal.notices.models import Delivery
from portal.notices.telling import DELIVER, tell
from tests import worlds

AT = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def ran(monkeypatch):
    """What the tasks of this test ran; no other task is declared."""
    monkeypatch.setattr(schedule, "_TASKS", {})
    return []


@pytest.fixture
def knocked():
    """The names that a waker got."""
    names: list[str] = []
    schedule.install_waker(names.append)
    yield names
    schedule.install_waker(None)


@pytest.mark.django_db
def test_one_task_is_run_when_it_is_due_and_no_other(ran):
    schedule.periodic("one", every=HOUR)(ran.append)
    schedule.periodic("other", every=HOUR)(lambda _at: ran.append("other"))
    assert [schedule.run_if_due("one", at) for at in (AT, AT + SECOND, AT + HOUR)] == ["ok", "", "ok"]
    assert ran == [AT, AT + HOUR]
    with pytest.raises(KeyError):
        schedule.run_if_due("none", AT)


@pytest.mark.django_db
def test_beat_and_tick_share_one_row(ran):
    schedule.periodic("one", every=HOUR)(ran.append)
    assert schedule.run_if_due("one", AT) == "ok"
    assert schedule.run_due(AT + SECOND) == {}


@pytest.mark.django_db
def test_a_run_whose_process_was_killed_is_due_again_before_its_next_time(ran):
    def dies(_at):
        raise KeyboardInterrupt  # no Exception: nothing of it is written down, as after kill -9

    schedule._TASKS["daily"] = schedule.Periodic("daily", dt.timedelta(days=1), dies)
    with pytest.raises(KeyboardInterrupt):
        schedule.run_if_due("daily", AT)
    schedule._TASKS["daily"] = schedule.Periodic("daily", dt.timedelta(days=1), ran.append)
    assert schedule.run_if_due("daily", AT + schedule.LOST_AFTER) == "", "it may still be at it"
    again = AT + schedule.LOST_AFTER + SECOND
    assert schedule.run_if_due("daily", again) == "ok"
    assert schedule.run_if_due("daily", again + SECOND) == ""
    row = ScheduledRun.objects.get()
    assert (row.last_started, row.last_finished) == (again, again)


@pytest.mark.django_db
def test_run_now_asks_no_row(ran):
    schedule.periodic("one", every=HOUR)(ran.append)
    assert schedule.run_now("one", AT) == "ok"
    assert not ScheduledRun.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_knock_comes_after_the_commit_and_once_a_transaction(knocked):
    with transaction.atomic():
        for _number in range(3):
            schedule.wake_after_commit("post")
        with transaction.atomic():
            schedule.wake_after_commit("post")
            schedule.wake_after_commit("other")
        assert knocked == []
    assert knocked == ["post", "other"]
    with pytest.raises(LookupError), transaction.atomic():
        schedule.wake_after_commit("post")
        raise LookupError
    assert knocked == ["post", "other"], "what is rolled back calls nobody"


@pytest.mark.django_db(transaction=True)
def test_a_message_that_goes_now_knocks_and_one_that_waits_does_not(words, knocked):
    user = worlds.account(sms_notices=True, phone_confirmed_at=AT)
    tell(person=user.person, text="inside.news", at=AT)
    tell(person=user.person, text="tests.news", values={"what": "x"}, at=AT + 14 * HOUR)
    assert knocked == []
    tell(person=user.person, text="tests.news", values={"what": "x"}, at=AT)
    assert knocked == [DELIVER]
    assert Delivery.objects.count() == 2


@pytest.fixture
def hours():
    """A clock that a test turns."""
    return [0.0]


def _time_of(act) -> float:
    began = time.monotonic()
    act()
    return time.monotonic() - began


def test_a_broker_that_is_gone_is_said_once_and_asked_again_after_a_minute(settings, hours, monkeypatch, caplog):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{nobody.getsockname()[1]}/0"
        waker = celery.Waker(lambda: hours[0])
        tried = []
        knock = waker._knock
        monkeypatch.setattr(waker, "_knock", lambda name: (tried.append(name), knock(name)))
        for second in (0, 1, 59, 61):
            hours[0] = float(second)
            waker(DELIVER)
    assert len(tried) == 2
    assert caplog.text.count("broker does not answer") == 2


def test_a_broker_that_never_answers_holds_a_request_up_for_a_moment_and_the_next_not_at_all(settings, caplog):
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(5)
        settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{deaf.getsockname()[1]}/0"
        waker = celery.Waker()
        assert _time_of(lambda: waker(DELIVER)) < 3 * celery.HAND_OVER
        assert _time_of(lambda: waker(DELIVER)) < 0.1


def test_beat_has_one_entry_a_task_and_knocks_twice_a_period_or_each_minute():
    entries = celery.beat_schedule()
    assert set(entries) == set(schedule.declared())
    for name, entry in entries.items():
        task = schedule.declared()[name]
        assert entry["schedule"] <= max(task.every / 2, celery.KNOCK_AT_LEAST)
        assert entry["schedule"] <= celery.KNOCK_AT_MOST
        assert entry["options"]["expires"] == entry["schedule"].total_seconds()
    assert entries[DELIVER]["options"]["queue"] == "post"
    assert entries["core.erase"]["options"]["queue"] == "work"


def test_workers_take_late_acks_one_at_a_time_and_speak_json_alone():
    conf = celery.app.conf
    assert conf.task_acks_late
    assert conf.task_reject_on_worker_lost
    assert conf.worker_prefetch_multiplier == 1
    assert conf.accept_content == ["json"]
    assert conf.task_ignore_result
    assert not conf.task_publish_retry
    assert conf.task_soft_time_limit < conf.task_time_limit < conf.broker_transport_options["visibility_timeout"]
    assert conf.task_time_limit < schedule.LOST_AFTER.total_seconds()
    assert {queue.name for queue in conf.task_queues} == {"work", "post"}
