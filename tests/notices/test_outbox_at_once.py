"""Several deliverers and several clocks on one outbox: the claim decides, and a slow batch is nobody's prey."""

import datetime as dt
import threading

import pytest
from django.db.models import QuerySet

from portal.core import sms
from portal.notices import outbox
from portal.notices.models import Delivery
from portal.notices.outbox import BATCH_LASTS, CUT_OFF_AFTER, deliver_due
from tests import worlds
from tests.races import race, winners

from .outgoing import AT, news, state, tell

pytestmark = pytest.mark.usefixtures("words", "no_time_passes")
DELIVERERS = 4


@pytest.fixture
def slow(monkeypatch):
    """A provider that takes ten seconds a message; what another clock does in the meantime is given to it."""
    passed = [0.0]
    meanwhile: list = []

    def send(self, message):
        passed[0] += 10
        for happens in meanwhile:
            happens(AT + dt.timedelta(seconds=passed[0]))

    monkeypatch.setattr(sms.RecordingBackend, "send", send)
    monkeypatch.setattr(outbox, "monotonic", lambda: passed[0])
    return meanwhile


@pytest.mark.django_db
def test_a_slow_batch_is_not_taken_for_cut_off_by_another_clock(slow):
    """A hundred messages of ten seconds take longer than the pause after which a row counts as cut off; and so long no
    round of a worker lasts."""
    user = worlds.account(sms_notices=True, phone_confirmed_at=AT)
    for _number in range(100):
        news(user.person)
    slow.append(lambda at: Delivery.objects.cut_off(at, CUT_OFF_AFTER).update(state=Delivery.State.UNCERTAIN))
    begun = int(BATCH_LASTS / dt.timedelta(seconds=10)) + 1
    assert deliver_due(at=AT) == begun, "no row is begun after the batch's time"
    sent = begun
    for number in range(1, 20):
        sent += deliver_due(at=AT + number * BATCH_LASTS)
    assert sent == 100
    assert set(Delivery.objects.values_list("state", flat=True)) == {Delivery.State.SENT}


@pytest.mark.django_db
def test_what_is_written_into_a_row_is_the_moment_it_is_written(slow):
    deliveries = [tell() for _number in range(3)]
    assert deliver_due(at=AT) == 3
    for seconds, delivery in zip((10, 20, 30), deliveries, strict=True):
        assert state(delivery) == Delivery.State.SENT
        assert delivery.changed_at == AT + dt.timedelta(seconds=seconds)


def _all_deliverers_at_once(monkeypatch, *, claim_is_believed: bool) -> list[int]:
    """Every deliverer has read the row as queued before any of them claims it."""
    tell()
    line = threading.Barrier(DELIVERERS)
    update = QuerySet.update

    def together(self, **values):
        if values.get("state") != Delivery.State.SENDING:
            return update(self, **values)
        line.wait(30)
        return update(self, **values) if claim_is_believed else 1

    monkeypatch.setattr(QuerySet, "update", together)
    return winners(race(*[lambda: deliver_due(at=AT)] * DELIVERERS))


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres(only=True)
def test_four_deliverers_send_one_message(monkeypatch, provider):
    counts = _all_deliverers_at_once(monkeypatch, claim_is_believed=True)
    assert sorted(counts) == [0, 0, 0, 1]
    assert len(provider[0]) == 1
    assert Delivery.objects.get().state == Delivery.State.SENT


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres(only=True)
def test_control_without_the_claim_each_of_them_sends(monkeypatch, provider):
    _all_deliverers_at_once(monkeypatch, claim_is_believed=False)
    assert len(provider[0]) == DELIVERERS
