"""What did not go out, at the desk: whose, what of it, and what the desk decides."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.core import clock
from portal.core.models import AuditEntry
from portal.core.moves import MoveRefused
from portal.core.registries import todos
from portal.notices import resending
from portal.notices.models import Delivery, Notice
from portal.notices.outbox import deliver_due
from portal.notices.wording import texts
from portal.people.models import RoleKind
from tests import worlds
from tests.backoffice.desks import carry_out, messages_of, page
from tests.races import race, winners

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)
BODY = "月塘巷8号的事"
State = Delivery.State


def stuck(home, state=State.UNCERTAIN, person=None, **more) -> Delivery:
    """A delivery to somebody of ``home`` that waits for the desk."""
    reached = {"sms_notices": True, "phone_confirmed_at": AT}
    who: Any = person or worlds.account(home, **reached).person
    notice = Notice.objects.create(person=who, kind="wishes", title="您的心愿办结了", body=BODY, at=AT)
    values = {"channel": "sms", "state": state, "stuck_at": AT, "attempts": 5, "changed_at": AT}
    return Delivery.objects.create(notice=notice, **{**values, **more})


@pytest.fixture
def here():
    return worlds.community()


@pytest.fixture
def worker(here):
    return worlds.worker(here)


def listed(user, query: str = "") -> list[Delivery]:
    response = worlds.client_for(user).get(page("notices.delivery", "changelist") + query)
    assert response.status_code == 200
    return list(response.context["cl"].result_list)


def test_the_desk_sees_whom_it_serves_and_nobody_else(here, worker):
    mine = stuck(here)
    elsewhere = worlds.community("向阳社区", parent=worlds.subdistrict("桂花街道"))
    stuck(elsewhere)
    assert listed(worker) == [mine]
    assert listed(worlds.supervisor(here)) == [mine]
    assert len(listed(worlds.administrator())) == 2
    assert listed(worlds.worker(elsewhere)) != [mine]


def test_what_simply_went_is_nobodys_business(here, worker):
    stuck(here, state=State.SENT, stuck_at=None)
    stuck(here, state=State.DROPPED, stuck_at=None)
    assert listed(worker) == []


def test_a_message_to_a_record_that_was_merged_is_seen_where_the_person_is(here, worker):
    standing = worlds.person(here)
    old = worlds.person(worlds.community("向阳社区", parent=worlds.subdistrict("桂花街道")), merged_into=standing)
    delivery = stuck(here, person=old)
    assert listed(worker) == [delivery]


def test_the_pages_say_who_what_and_when_and_never_the_words(here, worker):
    delivery = stuck(here)
    client = worlds.client_for(worker)
    for url in (
        page("notices.delivery", "changelist"),
        page("notices.delivery", "change", delivery.pk),
        page("notices.delivery", "act", delivery.pk, "again"),
        page("notices.delivery", "history", delivery.pk),
    ):
        said = client.get(url).content.decode()
        assert BODY not in said
        assert "您的心愿办结了" not in said
    row = client.get(page("notices.delivery", "changelist")).content.decode()
    for word in (delivery.notice.person.name, "微心愿", "短信", "不确定是否送达"):
        assert word in row


def test_a_sealed_part_that_does_not_open_closes_no_page(here, worker):
    delivery = stuck(here)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notices_notice SET title = body WHERE id = %s", [delivery.notice_id])
    assert listed(worker) == [delivery]


def test_the_todo_counts_what_waits_and_opens_it(here, worker):
    waits = [stuck(here), stuck(here, state=State.FAILED)]
    stuck(here, state=State.DROPPED)
    todo = todos["notices.stuck"]
    at = clock.now()
    assert todo.count(worker, at) == 2
    assert set(listed(worker, "?" + todo.url(worker, at).split("?")[1])) == set(waits)
    assert [item.url for item in todo.items(worker, at, 5)] == [page("notices.delivery", "change", d.pk) for d in waits]
    assert not todo.shown(worlds.account(here))


def test_once_more_with_a_reason_and_it_goes(here, worker, sms_sent, settings):
    settings.PHONE_TRUST_DAYS = 10_000
    delivery = stuck(here)
    key = delivery.key
    refused = carry_out(worlds.client_for(worker), delivery, "again", reason=" ")
    assert refused.status_code == 200
    answer = carry_out(worlds.client_for(worker), delivery, "again", reason="本人说没收到")
    assert answer.status_code in {200, 302}
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.key) == (State.QUEUED, 0, key)
    entry = AuditEntry.objects.get(verb="delivery.sent_again")
    assert entry.details == {"channel": "sms", "was": "uncertain"}
    assert entry.remark.text == "本人说没收到"
    day = AT + dt.timedelta(days=1)
    Delivery.objects.update(next_attempt=day)
    assert deliver_due(at=day) == 1
    assert len(sms_sent) == 1
    assert listed(worker) == [delivery], "what became of it stays to be seen"


def test_what_was_refused_goes_under_a_new_key(here, worker):
    delivery = stuck(here, state=State.FAILED)
    key = delivery.key
    resending.send_again(delivery=delivery, actor=worker, at=AT, reason="换了服务商")
    assert delivery.key != key


def test_no_more_one_by_one_and_many_at_once(here, worker):
    deliveries = [stuck(here) for _number in range(3)]
    client = worlds.client_for(worker)
    carry_out(client, deliveries[0], "give_up", reason="本人已经来过窗口")
    url = page("notices.delivery", "bulk", "give_up")
    ids = ",".join(str(delivery.pk) for delivery in deliveries)
    opened = client.get(url, {"ids": ids})
    answer = client.post(url, {"ids": ids, "once": opened.context["once"], "reason": "已经电话告知"}, follow=True)
    assert any("办成 2 件" in message for message in messages_of(answer))
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.DROPPED}
    assert AuditEntry.objects.filter(verb="delivery.given_up").count() == 3


def test_who_may_not_and_what_does_not_wait_is_refused(here, worker):
    delivery = stuck(here)
    for stranger in (worlds.supervisor(here), worlds.account(here), worlds.staff(RoleKind.PRIVACY_OFFICER, here)):
        with pytest.raises(PermissionDenied):
            resending.give_up(delivery=delivery, actor=stranger, at=AT, reason="x")
    for act in (resending.send_again, resending.give_up):
        with pytest.raises(ValidationError, match="理由"):
            act(delivery=delivery, actor=worker, at=AT, reason="  ")
    sent = stuck(here, state=State.SENT)
    with pytest.raises(MoveRefused, match="不在等处理"):
        resending.send_again(delivery=sent, actor=worker, at=AT, reason="再发")


def test_two_desks_decide_one_wins(here, worker):
    delivery = stuck(here)
    first, second = Delivery.objects.get(pk=delivery.pk), Delivery.objects.get(pk=delivery.pk)
    resending.give_up(delivery=first, actor=worker, at=AT, reason="作废")
    with pytest.raises(MoveRefused, match="先办了"):
        resending.send_again(delivery=second, actor=worker, at=AT, reason="再发")
    assert Delivery.objects.get().state == State.DROPPED


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres(only=True)
def test_two_desks_at_the_same_moment():
    here = worlds.community()
    worker, delivery = worlds.worker(here), stuck(here)
    rows = [Delivery.objects.get(pk=delivery.pk) for _desk in range(2)]
    acts = [
        lambda: resending.give_up(delivery=rows[0], actor=worker, at=AT, reason="作废"),
        lambda: resending.send_again(delivery=rows[1], actor=worker, at=AT, reason="再发"),
    ]
    assert len(winners(race(*acts))) == 1
    assert AuditEntry.objects.filter(verb__startswith="delivery.").count() == 1


def _asked(client) -> int:
    """Queries of the list, without those that note from time to time that the session is still in use."""
    with CaptureQueriesContext(connection) as queries:
        client.get(page("notices.delivery", "changelist"))
    return len([query for query in queries if query["sql"].startswith("SELECT")])


def test_one_row_and_fifty_cost_the_same(here, worker):
    client = worlds.client_for(worker)
    stuck(here)
    _asked(client)
    one = _asked(client)
    for _number in range(49):
        stuck(here)
    assert _asked(client) == one <= 8


def test_every_text_is_read_by_staff_room_by_room(here, worker):
    said = worlds.client_for(worker).get("/admin/notices/texts/").content.decode()
    for text in texts():
        assert str(text.title) in said
    assert "%(" not in said
    assert "短信、邮件" in said
    assert worlds.client_for(worlds.account(here)).get("/admin/notices/texts/").status_code == 403
